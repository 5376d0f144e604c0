"""No canary leaves: every address for partners and the public, in every format, for every kind of caller (P1, P9, P11).

The routes are read from the live table of the process for the public, so that a new one is crawled by itself; links
inside answers are followed. That the search would find what it looks for is shown for each kind of answer.
"""

import base64
import gzip
import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from limits import RateLimitItemPerSecond
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from abcd.api import caps, public
from abcd.core.geo import to_degrees
from abcd.db import confined
from abcd.db.confined import SHARE_ROLE, confine
from abcd.db.session import Actor, engine, session
from abcd.maps.definition import Definition
from abcd.maps.files.formats import FORMATS
from abcd.maps.layer import reaches
from abcd.maps.layers import LAYERS
from abcd.maps.site import publish
from tests.canary import Search, files_under
from tests.crawling import Answer, Caller, Crawl, Fillings, callers, unwrapped
from tests.planted import NOWHERE, Planted, plant

#: Degrees and metres round the place that nobody may find.
NEAR_DEGREES, NEAR_METRES = 0.02, 1_500
NUMBER = re.compile(rb"-?\d{1,6}\.\d{3,}|\b\d{6}\b")
POSTCODES = re.compile(rb"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
LIMITS = ("OF_AN_ADDRESS", "OF_AN_ADDRESS_OUTSIDE", "OF_A_CALLER", "OF_A_SHARE", "OF_FILES", "OF_EXPORTS")


@pytest.fixture(scope="module")
def planted(store: str) -> Planted:
    return plant()


@pytest.fixture(scope="module")
def unhurried() -> Iterator[None]:
    """The limits of callers are not what is tried here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in LIMITS:
            patch.setattr(caps, name, RateLimitItemPerSecond(1_000_000))
        yield


@pytest.fixture(scope="module")
def said() -> list[str]:
    """Every statement of the role of strangers, once the crawl is done."""
    return []


@pytest.fixture(scope="module")
def faults() -> Iterator[list[str]]:
    """What nobody foresaw during the crawl: its type and the last of its lines."""
    found: list[str] = []

    class Heard(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            fault = getattr(record, "fault", {})
            lines = [line for line in fault.get("lines", []) if line.startswith("abcd/")]
            found.append(f"{fault.get('type')} {fault.get('sqlstate', '')}: {' > '.join(lines[-3:])}")

    log = logging.getLogger("abcd.faults")
    log.addHandler(hearing := Heard())
    yield found
    log.removeHandler(hearing)


@pytest.fixture(scope="module")
def crawled(planted: Planted, unhurried: None, said: list[str], faults: list[str]) -> list[Answer]:
    """All answers to all callers, asked of a process that is confined as the real one is."""
    confine(SHARE_ROLE)
    listening = engine(SHARE_ROLE)
    event.listen(listening, "before_cursor_execute", heard := lambda *told: said.append(told[2]))
    try:
        return everything(planted, public.app)
    finally:
        event.remove(listening, "before_cursor_execute", heard)
        confined._roles.clear()


def everything(planted: Planted, app: Starlette) -> list[Answer]:
    """All answers to all callers."""
    number = count(1)
    return [
        answer
        for caller in callers(planted)
        for answer in Crawl(app, app.routes, planted, caller, next(number)).answers()
    ]


def hits(answers: list[Answer], words: dict[str, str]) -> list[str]:
    """Where these words stand, in any wrapping; what several answers hold alike is looked at once."""
    search, found, clean = Search(words), [], set()
    for answer in answers:
        content = unwrapped(answer)
        if hash(content) in clean:
            continue
        here = [f"{answer.where}: {hit.name} as {hit.form} {around(content, hit.offset)}" for hit in
                search.in_bytes(content, answer.where)]  # fmt: skip
        found += here
        clean |= set() if here else {hash(content)}
    return found


def around(content: bytes, offset: int) -> bytes:
    """What stands before a hit."""
    return content[max(0, offset - 80) : offset + 20]


def test_the_crawl_goes_everywhere(crawled: list[Answer], faults: list[str]) -> None:
    """The control of the crawl itself: each route answered somebody with something, and nothing failed."""
    assert set(faults) == set()
    assert [answer.where for answer in crawled if answer.status >= 500] == []
    assert [answer.where for answer in crawled if answer.status == 429] == []
    good = {answer.path for answer in crawled if answer.status < 400 and answer.method == "GET"}
    ours = [one for one in public.PUBLIC_ROUTES if isinstance(one, Route) and "GET" in (one.methods or ())]
    dark = {one.path for one in ours if not any(re.fullmatch(pattern_of(one), path) for path in good)}
    assert dark - UNREACHED == set()
    print(f"{len(crawled)} answers, {sum(len(answer.body) for answer in crawled):,} bytes")


#: Addresses that lead on and show nothing themselves.
UNREACHED = {"/s/{token:path}"}


def pattern_of(route: Route) -> str:
    """The address of a route, whatever stands in its gaps, with any question."""
    return re.sub(r"\\?{[^}]*}", "[^?]*", re.escape(route.path).replace(r"\{", "{").replace(r"\}", "}")) + r"(\?.*)?"


def test_no_canary_of_a_resident_an_officer_or_a_hidden_asset(crawled: list[Answer], planted: Planted) -> None:
    assert hits(crawled, planted.marks.never) == []


def test_a_group_sees_its_own_contact_and_address_and_nobody_else_does(crawled: list[Answer], planted: Planted) -> None:
    """P11: without consent to publish them they are shown to whoever holds the group's own link, and to no other."""
    own = planted.marks.only_of_itself
    assert hits([answer for answer in crawled if answer.caller.name != "group"], own) == []
    assert hits([answer for answer in crawled if answer.caller.name == "group"], own) != []


def test_a_resident_sees_their_own_words_and_nobody_else_does(crawled: list[Answer], planted: Planted) -> None:
    """Not whoever they were brought together with, nor what they said in confidence: those are canaries to all."""
    own = {"theirs": planted.marks.theirs}
    assert hits([answer for answer in crawled if answer.caller.name != "resident"], own) == []
    seen = [answer for answer in crawled if answer.caller.name == "resident" and hits([answer], own)]
    assert {answer.kind for answer in seen} == {"text/html", "application/json"}


@pytest.mark.parametrize("audience", ["public", "council"])
def test_a_published_site_holds_no_canary(planted: Planted, owner: Actor, tmp_path: Path, audience: str) -> None:
    """The folder that goes onto a stick: its pages, its data in every format, the names of its files."""
    # Figures about people leave in releases, and here is none; a directory of services is no list of places.
    layers = tuple(name for name, layer in LAYERS.items() if reaches(layer.audience, audience) and name != "people")
    definition = Definition({"en": "A map"}, audience=audience, layers=layers, formats=tuple(set(FORMATS) - {"oruk"}))
    with session(owner, patient=True) as s:
        publish(s, definition, tmp_path / "site", by=owner)
    files = list(files_under([tmp_path]))
    told = [Answer(Caller("stick"), "GET", str(file), 200, file.suffix, b"", file.read_bytes()) for file in files]
    hidden = planted.marks.never | planted.marks.only_of_itself
    sought = hidden if audience == "council" else hidden | {"partners": planted.marks.partner}
    assert hits(told, sought) == []
    assert Search(sought).in_folders(tmp_path) == []
    assert len({file.suffix for file in files}) > 5
    data = [one for one in told if "assets" in one.path and one.kind != ".json"]
    blind = [one.kind for one in data if not hits([one], {"shown": planted.marks.shown})]
    assert blind == []


def test_the_search_sees_into_every_kind_of_answer(crawled: list[Answer], planted: Planted) -> None:
    """The control: what may be seen is found in each kind of answer that holds features at all."""
    by_kind: dict[str, list[Answer]] = defaultdict(list)
    for answer in crawled:
        if answer.status == 200 and answer.kind not in WITHOUT_FEATURES:
            by_kind[answer.kind].append(answer)
    assert by_kind
    blind = [kind for kind, answers in by_kind.items() if not hits(answers, {"shown": planted.marks.shown})]
    assert blind == []


#: Kinds of answer that tell of the feed itself and never of what is in it.
WITHOUT_FEATURES = {"", "application/vnd.oai.openapi+json", "application/schema+json", "image/png", "text/plain"}


def test_what_is_for_partners_reaches_nobody_else(crawled: list[Answer], planted: Planted) -> None:
    theirs = [answer for answer in crawled if answer.caller.is_partner]
    others = [answer for answer in crawled if not answer.caller.is_partner]
    sought = {"partners": planted.marks.partner}
    assert hits(others, sought) == []
    assert hits(theirs, sought) != []


def test_what_lies_elsewhere_reaches_nobody_who_is_confined(crawled: list[Answer], planted: Planted) -> None:
    sought = {"elsewhere": planted.marks.elsewhere}
    assert hits([answer for answer in crawled if answer.caller.is_here], sought) == []
    assert hits([answer for answer in crawled if not answer.caller.is_here], sought) != []


def test_no_number_tells_where_the_refuge_is(crawled: list[Answer]) -> None:
    """No coordinate, edge of a box or middle of a cluster comes near a place that is kept private (P3)."""
    lon, lat = (float(each[0]) for each in to_degrees([NOWHERE[0]], [NOWHERE[1]]))
    # The seconds at which a resident's row was written look like degrees.
    maps = [answer for answer in crawled if answer.caller.name != "resident"]
    near = [f"{answer.where}: {number!r}" for answer in maps for number in set(NUMBER.findall(unwrapped(answer)))
            if is_near(float(number), lon, lat)]  # fmt: skip
    assert near == []
    assert is_near(lat + 0.001, lon, lat)


def is_near(number: float, lon: float, lat: float) -> bool:
    """Whether a number could be a coordinate of what nobody may find."""
    in_degrees = abs(number - lon) < NEAR_DEGREES or abs(number - lat) < NEAR_DEGREES
    return in_degrees or any(abs(number - metres) < NEAR_METRES for metres in NOWHERE)


def test_no_secret_of_a_share_is_told_to_anybody(crawled: list[Answer], planted: Planted) -> None:
    """Not even to whoever brought it; and no share learns the name of another (P15, P16)."""
    tokens = {f"secret of {name}": made.key or made.address.rpartition("/s/")[2]
              for name, made in planted.shares.items() if not made.share.is_open}  # fmt: skip
    assert hits(crawled, tokens) == []
    for name, made in planted.shares.items():
        others = [answer for answer in crawled if made.share.slug != answer.caller.slug]
        assert hits(others, {f"name of {name}": made.share.slug}) == []


def test_ids_of_what_is_hidden_are_told_to_nobody(crawled: list[Answer], planted: Planted) -> None:
    hidden = {name: str(planted.ids[name]) for name in ("officers", "gift", "merged")}
    unasked = [answer for answer in crawled if not any(one in answer.path for one in hidden.values())]
    assert hits(unasked, hidden) == []


def test_what_is_hidden_is_not_there_rather_than_forbidden(crawled: list[Answer], planted: Planted) -> None:
    """P16: an id that somebody guessed right gets the same answer as one that nobody has."""
    hidden = [str(planted.ids[name]) for name in ("officers", "gift", "merged")]
    asked = [answer for answer in crawled if any(one in answer.path for one in hidden)]
    assert len(asked) > 20
    assert {answer.where for answer in asked if answer.status not in (404, 503)} == set()


def test_a_cookie_of_one_share_opens_no_other(planted: Planted, unhurried: None) -> None:
    """P16: every address of every other share, and of one that nobody made, gives the same bytes to whoever has one."""
    own = planted.shares["partner"]
    browser = TestClient(public.app, follow_redirects=False)
    let_in = browser.get(f"/s/{own.address.rpartition('/s/')[2]}").headers["set-cookie"].split(";")[0]
    slugs = [planted.shares[name].share.slug for name in ("partner here", "council", "open here", "feed")]
    for route in public.PUBLIC_ROUTES:
        if not isinstance(route, Route) or not route.path.startswith("/shared/{slug}") or "GET" not in route.methods:
            continue
        told = {}
        for slug in (*slugs, "A" * 22):
            for path in islice(Fillings(planted, Caller("guesser", slug)).addresses(route), 2):
                answer = browser.get(path, headers={"Cookie": let_in, "Accept": "text/html"})
                told[path] = answer.status_code, answer.text
        assert {status for status, _words in told.values()} == {404}, route.path
        assert len({words.replace(slug, "") for _status, words in told.values() for slug in slugs}) == 1, route.path
    good = browser.get(f"/shared/{own.share.slug}", headers={"Cookie": let_in})
    assert good.status_code == 200


def test_counts_of_people_come_without_a_postcode(crawled: list[Answer]) -> None:
    """P29."""
    of_people = [answer for answer in crawled if "people" in answer.path]
    assert [answer.where for answer in of_people if POSTCODES.search(unwrapped(answer))] == []


def test_what_a_layer_keeps_for_officers_is_not_in_the_sql(crawled: list[Answer], said: list[str]) -> None:
    """P9: a column that no caller may see is absent from every statement, not taken out of its answer."""
    assert len(said) > 50
    kept_back = {column.name for layer in LAYERS.values() for column in layer.columns if column.audience == "officer"}
    told = {column.name for layer in LAYERS.values() for column in layer.columns_for("council")}
    told |= {column.name for layer in LAYERS.values() for column in layer.columns_for("council", on_map=True)}
    named = {name for name in kept_back - told for statement in said if re.search(rf' AS "?{name}\b', statement, re.I)}
    assert kept_back
    assert named == set()
    assert [statement for statement in said if re.search(r"\bcore\.\w+", without_functions(statement))] == []


def without_functions(statement: str) -> str:
    """A statement without the names of our functions, which are not tables."""
    return re.sub(r"core\.\w+\(|'core\.plain'", "", statement)


@pytest.mark.parametrize("wrapping", ["plain", "gzip of base64", "header"])
def test_a_leak_is_found(planted: Planted, unhurried: None, wrapping: str) -> None:
    """The control: one address that tells one word of one resident is noticed, whatever it is wrapped in."""
    word = f"{planted.marks.secret} Zoë".encode()

    def leak(_request: Request) -> Response:
        wrapped = {"plain": word, "gzip of base64": gzip.compress(base64.b64encode(b"x" + word))}.get(wrapping, b"")
        return Response(wrapped, headers={"ETag": word.hex()} if wrapping == "header" else None)

    leaking = Starlette(routes=[Route("/open/{slug}/leak", leak)])
    caller = Caller("open here", slug="B" * 22)
    answers = list(Crawl(leaking, leaking.routes, planted, caller, 1).answers())
    assert {hit.split(": ")[0] for hit in hits(answers, planted.marks.never)} == {"open here"}
