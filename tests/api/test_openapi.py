"""Our addresses do what their document says, whatever they are asked (trust.md 2.1: 0 answers of 5xx, 0 undocumented).

A few hundred requests with every test run; 20,000 with ``./dev faults --long``.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from schemathesis.checks import content_type_conformance, not_a_server_error, status_code_conformance
from schemathesis.specs.openapi.checks import response_schema_conformance
from starlette.routing import Route

from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, open_session
from abcd.api.openapi import document
from abcd.api.server import ROUTES
from abcd.db.session import SYSTEM, session
from abcd.maps.sharing.deeds import make_share
from abcd.maps.sharing.wish import Wish

REQUESTS = 20_000 if os.environ.get("ABCD_FAULTS") == "long" else 500
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DOCUMENT = document(ROUTES)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
#: What ends a session gets one of its own each time.
ENDING = ("/sign-out", "/account/sessions/", "/account/passphrase")
ROLES = ("owner", "manager", "officer", "partner_viewer")
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]

tally: Counter[int] = Counter()


class From(HTTPAdapter):
    """Speaks from one loopback address, so that callers are counted apart as they are in life."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *given: object, **named: object) -> None:
        super().init_poolmanager(*given, source_address=(self.address, 0), **named)  # type: ignore[arg-type]


def caller(number: int) -> requests.Session:
    opened = requests.Session()
    opened.mount("http://", From(f"127.0.1.{number}"))
    return opened


def a_cookie(role: str = "owner") -> str:
    with session(SYSTEM) as s:
        return open_session(s, add_account(s, f"A {role}", role, by=SYSTEM))


@pytest.fixture(scope="module")
def cookies(server: str) -> Iterator[str]:
    """Cookies of many sessions, one after the other: nobody should meet the rate limits here."""
    return cycle([a_cookie(role) for role in ROLES * 10])


@pytest.fixture(scope="module")
def callers() -> Iterator[requests.Session]:
    return cycle([caller(number) for number in range(1, 200)])


@pytest.fixture(scope="module")
def slug(server: str) -> str:
    """The name of a map that is open to anybody: a guessed one leads nowhere, and nothing would be tried."""
    wish = Wish("open", "Around Old Mill", "public", ("assets", "places", "coverage"))
    with session(SYSTEM) as s:
        return make_share(s, wish, by=SYSTEM).share.slug


def test_every_route_is_in_the_document() -> None:
    ours = {
        (re.sub(r":\w+}", "}", route.path), method.lower())
        for route in ROUTES
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert ours <= set(OPERATIONS)
    assert {f"/{path.split('/')[1]}/{{file}}" for path, _method in OPERATIONS if "{file}" in path} == {
        "/web/{file}",
        "/vendor/{file}",
    }


def test_it_says_what_each_address_is_for() -> None:
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert {name for name in operation["responses"] if name.startswith("2") or name.startswith("3")}, path


def test_it_is_for_people_who_are_signed_in(browser: httpx.Client) -> None:
    address = str(browser.base_url)
    assert browser.get("/openapi.json").json()["openapi"].startswith("3.1")
    assert httpx.get(f"{address}/openapi.json").status_code == 401


@pytest.mark.parametrize("who", ["signed in", "stranger"])
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{method} {path}" for path, method in OPERATIONS])
def test_no_question_breaks_it(
    server: str,
    cookies: Iterator[str],
    callers: Iterator[requests.Session],
    slug: str,
    path: str,
    method: str,
    who: str,
) -> None:
    operation = SCHEMA[path][method.upper()]
    each = REQUESTS // (2 * len(OPERATIONS))
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    cases = some.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]

    @settings(max_examples=each, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=quiet)
    @given(case=cases)
    def ask(case: schemathesis.Case) -> None:
        cookie = "" if who == "stranger" else a_cookie() if path.startswith(ENDING) else next(cookies)
        if "{slug}" in path:
            case.path_parameters["slug"] = slug
        named = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        answer = case.call(base_url=server, session=next(callers), headers=named, allow_redirects=False, timeout=30)
        tally[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    ask()


def test_most_questions_were_understood() -> None:
    """The control: had all been refused at the door, nothing would have been tried."""
    assert tally[429] < 0.05 * tally.total()
    # An empty tile is an answer, and so is being sent on.
    assert tally[200] + tally[204] + tally[303] > 0.1 * tally.total()
    assert tally[200] > 0.05 * tally.total()
    print(dict(tally))
