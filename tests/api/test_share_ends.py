"""A share that was taken back is gone from every address that partners have, read from the list of routes (P13)."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from abcd.access.tokens import fingerprint, new_share_token
from abcd.api.answers import told
from abcd.api.gate import Gate
from abcd.api.headers import SecurityHeaders
from abcd.api.public_routes import PUBLIC_ROUTES
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Share as Row
from abcd.errors import AbcdError
from abcd.maps.sharing import share_by_token
from abcd.maps.sharing.opening import new_slug
from tests.api.shares import a_share, revoked, secret_of
from tests.builders import HERE, a_place, an_asset

NONE = "00000000-0000-4000-8000-000000000000"
GAPS = {
    "layer": "assets", "collection": "assets", "format": "geojson", "asset_id": NONE, "id": NONE, "item": NONE,
    "kind": "place", "z": "10", "x": "505", "y": "330", "name": "assets", "path": "/collections",
}  # fmt: skip
#: Addresses of feeds, which take a key in a header.
FEEDS = ("/ogc", "/oruk", "/ical")
#: What describes the feed as such, and holds nothing of anybody's.
ABOUT_ITSELF = {"/oruk/openapi.json"}
#: Of the processor's time, so that other work on the machine is not counted: an end counts for the very next question.
SECONDS = 1.0


def asked_of(prefix: str) -> list[tuple[str, str]]:
    """(method, path with gaps) of each address below a prefix."""
    routes = [route for route in PUBLIC_ROUTES if isinstance(route, Route) and route.path.startswith(prefix)]
    return sorted(
        (method, route.path) for route in routes for method in (route.methods or {"GET"}) - {"HEAD", "OPTIONS"}
    )


def filled(path: str, slug: str = "") -> str:
    """An address with something in its gaps."""
    return re.sub(r"{(\w+)(:\w+)?}", lambda gap: slug if gap[1] == "slug" else GAPS.get(gap[1], "x"), path)


@pytest.fixture(scope="module")
def outside(store: str) -> Iterator[TestClient]:
    """All that partners and the public reach, with an asset in it."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        place = a_place(s, name="Old Mill")
        an_asset(s, "library", HERE, name="Mill Library")
    monkeypatched = pytest.MonkeyPatch()
    monkeypatched.setitem(GAPS, "id", str(place))
    app = Starlette(
        routes=PUBLIC_ROUTES,
        middleware=[Middleware(SecurityHeaders), Middleware(Gate, routes=PUBLIC_ROUTES)],
        exception_handlers={AbcdError: told},
    )
    with TestClient(app, follow_redirects=False) as opened:
        yield opened
    monkeypatched.undo()


def plain(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """What somebody can tell of an answer."""
    return answer.status_code, answer.content, sorted(answer.headers.items())


@pytest.mark.parametrize(
    ("kind", "prefix"), [("link", "/shared/{slug}"), ("open", "/open/{slug}"), ("open", "/embed/{slug}")]
)
def test_every_address_of_a_map_ends(outside: TestClient, kind: str, prefix: str) -> None:
    one, other = a_share(kind, layers=("assets", "places")), revoked(a_share(kind))
    for each in (one, other):
        outside.get(f"/s/{secret_of(each)}")
    asked = asked_of(prefix)
    assert len(asked) >= 5
    kept = {}
    for method, path in asked:
        answer = outside.request(method, filled(path, one.share.slug))
        kept[method, path] = answer.headers.get("etag", "*")
    assert outside.get(filled(prefix, one.share.slug)).status_code == 200
    revoked(one)
    for (method, path), etag in kept.items():
        began = time.process_time()
        found = [
            plain(outside.request(method, filled(path, slug), headers={"If-None-Match": etag, "Accept": accept}))
            for slug, accept in ((one.share.slug, "text/html"), (other.share.slug, "text/html"), ("x", "text/html"))
        ]
        assert time.process_time() - began < SECONDS, path
        assert found[0][0] == 404, (method, path)
        assert found[0] == found[1] == found[2], (method, path)


@pytest.mark.parametrize("prefix", FEEDS)
def test_every_address_of_a_feed_ends(outside: TestClient, prefix: str) -> None:
    one = a_share("feed", layers=("assets", "places"))
    good, unknown = {"X-API-Key": secret_of(one)}, {"X-API-Key": new_share_token()}
    asked = [(method, path) for method, path in asked_of(prefix) if method == "GET"]
    assert asked
    answers = {path: outside.get(filled(path), headers=good) for _method, path in asked}
    assert 200 in {answer.status_code for answer in answers.values()}
    kept = {path: answer.headers.get("etag", "*") for path, answer in answers.items()}
    revoked(one)
    for path, etag in kept.items():
        began = time.process_time()
        again = {"If-None-Match": etag}
        dead, never = (plain(outside.get(filled(path), headers=key | again)) for key in (good, unknown))
        assert time.process_time() - began < SECONDS, path
        assert dead == never, path
        assert path in ABOUT_ITSELF or dead[0] == 404, path


def test_a_thousand_links_that_were_taken_back_are_dead_each_within_a_second(outside: TestClient) -> None:
    secrets, now = [new_share_token() for _ in range(1_000)], datetime.now(UTC)
    with session(SYSTEM) as s:
        s.add_all(
            Row(slug=new_slug(), token_hash=fingerprint(secret), kind="link", title="One of many", audience="partner",
                layers=["assets"], made_by="Ola", counted_from=now, expires_at=now + timedelta(days=90))
            for secret in secrets
        )  # fmt: skip
    assert outside.get(f"/s/{secrets[500]}").status_code == 303
    with session(SYSTEM) as s:
        s.execute(update(Row).where(Row.title == "One of many").values(revoked_at=now))
    slowest = 0.0
    for number, secret in enumerate(secrets):
        began = time.process_time()
        assert share_by_token(secret) is None
        assert number % 10 or outside.get(f"/s/{secret}").status_code == 404
        slowest = max(slowest, time.process_time() - began)
    assert slowest < SECONDS
