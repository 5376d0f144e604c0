"""Every address against the policy: what a stranger reaches, what each role may, and that a new address is asked about.

The addresses are read from the live tables of routes, ours and Streamlit's own: one that is not written here fails.
"""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from abcd.access import can
from abcd.access.accounts import add_account
from abcd.access.sessions import COOKIE, close_sessions_of, open_session
from abcd.api import server
from abcd.api.answers import told
from abcd.api.gate import Gate, page_paths
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import ROLES
from abcd.errors import AbcdError

ANYBODY, SIGNED_IN = ("", "anybody"), ("", "signed in")
#: The feed for GIS: its doors ask for a key where one is needed.
FEED = (
    "/ogc",
    "/ogc/",
    "/ogc/conformance",
    "/ogc/api",
    "/ogc/collections",
    "/ogc/collections/{collection}",
    "/ogc/collections/{collection}/queryables",
    "/ogc/collections/{collection}/schema",
    "/ogc/collections/{collection}/items",
    "/ogc/collections/{collection}/items/{item}",
    "/ogc/collections/{collection}/tiles",
    "/ogc/collections/{collection}/tiles/{matrices}",
    "/ogc/collections/{collection}/tiles/{matrices}/tilejson.json",
    "/ogc/collections/{collection}/tiles/{matrices}/{z}/{y}/{x}",
    "/ogc/tileMatrixSets",
    "/ogc/tileMatrixSets/{matrices}",
)
#: Every address and what it takes: (verb, thing) of the policy, or nothing but a session, or not even that.
TAKES: dict[tuple[str, str], tuple[str, str]] = {
    ("GET", "/health"): ANYBODY,
    ("GET", "/sign-in"): ANYBODY,
    ("POST", "/sign-in"): ANYBODY,
    ("GET", "/sign-in/{token}"): ANYBODY,
    ("POST", "/sign-in/{token}"): ANYBODY,
    ("GET", "/invitation/{token}"): ANYBODY,
    ("POST", "/invitation/{token}"): ANYBODY,
    ("GET", "/oidc/start"): ANYBODY,
    ("GET", "/oidc/start/{token}"): ANYBODY,
    ("GET", "/oidc/callback"): ANYBODY,
    ("GET", "/s/{token:path}"): ANYBODY,
    ("GET", "/shared/{slug}"): ANYBODY,
    ("GET", "/shared/{slug}/asset/{asset_id:uuid}"): ANYBODY,
    ("GET", "/shared/{slug}/print"): ANYBODY,
    ("GET", "/shared/{slug}/table/{layer}"): ANYBODY,
    **{(verb, f"/{base}/{{slug}}/walk"): ANYBODY for verb in ("GET", "POST") for base in ("shared", "open", "embed")},
    ("GET", "/shared/{slug}/map/{layer}.geojson"): ANYBODY,
    ("GET", "/shared/{slug}/suggest"): ANYBODY,
    ("POST", "/shared/{slug}/suggest"): ANYBODY,
    ("GET", "/open/{slug}/suggest"): ANYBODY,
    ("POST", "/open/{slug}/suggest"): ANYBODY,
    **{(verb, f"/{base}/{{slug}}/introduce"): ANYBODY for verb in ("GET", "POST") for base in ("shared", "open")},
    ("GET", "/still-right/{token}"): ANYBODY,
    ("POST", "/still-right/{token}"): ANYBODY,
    ("GET", "/still-right/{token}/changed"): ANYBODY,
    ("POST", "/still-right/{token}/changed"): ANYBODY,
    ("GET", "/mine/{token}"): ANYBODY,
    ("POST", "/mine/{token}"): ANYBODY,
    ("GET", "/mine/{token}/card"): ANYBODY,
    ("GET", "/mine/{token}/forget"): ANYBODY,
    ("POST", "/mine/{token}/forget"): ANYBODY,
    ("GET", "/mine/{token}/everything.html"): ANYBODY,
    ("GET", "/mine/{token}/everything.json"): ANYBODY,
    ("GET", "/open/{slug}"): ANYBODY,
    ("GET", "/open/{slug}/asset/{asset_id:uuid}"): ANYBODY,
    ("GET", "/open/{slug}/print"): ANYBODY,
    ("GET", "/open/{slug}/table/{layer}"): ANYBODY,
    ("GET", "/open/{slug}/map/{layer}.geojson"): ANYBODY,
    ("GET", "/embed/{slug}"): ANYBODY,
    ("GET", "/embed/{slug}/asset/{asset_id:uuid}"): ANYBODY,
    ("GET", "/embed/{slug}/print"): ANYBODY,
    ("GET", "/embed/{slug}/table/{layer}"): ANYBODY,
    ("GET", "/embed/{slug}/map/{layer}.geojson"): ANYBODY,
    ("GET", "/embed/{slug}/list"): ANYBODY,
    **{(verb, "/embed/{slug}/list/walk"): ANYBODY for verb in ("GET", "POST")},
    **{(method, path): ANYBODY for method in ("GET", "OPTIONS") for path in FEED},
    ("GET", "/vendor"): ANYBODY,
    ("GET", "/web"): ANYBODY,
    ("GET", "/sign-out"): SIGNED_IN,
    ("GET", "/.well-known/change-password"): SIGNED_IN,
    ("GET", "/openapi.json"): SIGNED_IN,
    ("GET", "/account"): ("view", "own_account"),
    ("GET", "/account/passphrase"): ("edit", "own_account"),
    ("POST", "/account/passphrase"): ("edit", "own_account"),
    ("GET", "/account/code"): ("edit", "own_account"),
    ("POST", "/account/code"): ("edit", "own_account"),
    ("POST", "/account/code/remove"): ("edit", "own_account"),
    ("POST", "/account/sessions/{session_id:uuid}/end"): ("edit", "own_account"),
    ("POST", "/account/sessions/end-others"): ("edit", "own_account"),
    ("GET", "/map/{layer}.geojson"): ("view", "layer"),
    ("GET", "/export/map/{ref}.html"): ("export", "layer"),
    ("GET", "/export/profile/{ref}.pdf"): ("export", "layer"),
    ("GET", "/export/profile/{ref}.html"): ("export", "layer"),
    ("GET", "/export/plan/{plan:uuid}.gpkg"): ("export", "layer"),
    ("GET", "/export/plan/{plan:uuid}.geojson"): ("export", "layer"),
    ("GET", "/export/{layer}.geojson"): ("export", "layer"),
    ("GET", "/export/files/{job}"): ("export", "layer"),
    ("GET", "/export/person/{person_id:uuid}/everything.{format}"): ("give_all_data", "person"),
    ("GET", "/shared/{slug}/files/{layer}.{format}"): ANYBODY,
    ("GET", "/open/{slug}/files/{layer}.{format}"): ANYBODY,
    ("GET", "/imports/{import_id}/points.geojson"): ("stage", "import"),
    ("GET", "/imports/{import_id}/lines.geojson"): ("stage", "import"),
    ("GET", "/imports/{import_id}/crossings.geojson"): ("stage", "import"),
    ("GET", "/imports/{import_id}/issues.csv"): ("view", "issue"),
    ("POST", "/draft"): ("save", "draft"),
    ("GET", "/shares/{share_id:uuid}/receipt"): ("view", "share"),
    ("GET", "/sheets/{sheet_id:uuid}"): ("record", "search_effort"),
    ("POST", "/sign-out"): SIGNED_IN,
}
#: The directory and the calendars, which any site's script may read.
FOR_ANY_SITE = (
    "/oruk", "/oruk/", "/oruk/services", "/oruk/services/{id}", "/oruk/service_at_locations",
    "/oruk/service_at_locations/{id}", "/oruk/taxonomies", "/oruk/taxonomies/{id}", "/oruk/taxonomy_terms",
    "/oruk/taxonomy_terms/{id}", "/ical/{kind}/{id}.ics",
)  # fmt: skip
TAKES |= {(method, path): ANYBODY for method in ("GET", "OPTIONS") for path in FOR_ANY_SITE}
TAKES |= {
    ("GET", "/oruk/openapi.json"): ANYBODY,
    ("GET", "/shared/{slug}/ical/{id}.ics"): ANYBODY,
    ("GET", "/open/{slug}/ical/{id}.ics"): ANYBODY,
}
#: What of Streamlit's own a stranger reaches: whether it is up.
STREAMLIT_OPEN = {"/_stcore/health"}
NONE = "00000000-0000-4000-8000-000000000000"


def filled(path: str) -> str:
    """An address with something in its gaps."""
    gaps = {"layer": "assets", "import_id": NONE, "token": "A" * 43}
    return re.sub(r"\{([^}]+)\}", lambda gap: NONE if gap[1].endswith(":uuid") else gaps.get(gap[1], "x"), path)


def addresses(routes: list[BaseRoute]) -> set[tuple[str, str]]:
    """(method, path) of every route."""
    found = set()
    for route in routes:
        methods = (route.methods or {"GET"}) - {"HEAD"} if isinstance(route, Route) else {"GET"}
        found |= {(method, str(getattr(route, "path", ""))) for method in methods}
    return found


def streamlits_own() -> list[BaseRoute]:
    """The routes that Streamlit adds to ours: what its application holds beyond them."""
    inner = server.app._build_starlette_app()
    ours = {id(route) for route in server.ROUTES}
    return [route for route in inner.routes if id(route) not in ours]


class Reached(Exception):
    """Somebody came through the gate."""


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """What lies behind the gate: it only says that it was reached."""
    raise Reached(scope["path"])


@pytest.fixture(scope="module")
def team(store: str) -> dict[str, str]:
    """A session's cookie for each role."""
    with session(SYSTEM) as s:
        return {role: open_session(s, add_account(s, role, role, by=SYSTEM)) for role in ROLES}


@pytest.fixture
def gate(store: str) -> TestClient:
    """The gate with nothing behind it."""
    return TestClient(Gate(behind, server.ROUTES))


@pytest.fixture(scope="module")
def house(store: str) -> Iterator[TestClient]:
    """Our own routes behind the gate."""
    app = Starlette(
        routes=server.ROUTES, middleware=[Middleware(Gate, routes=server.ROUTES)], exception_handlers={AbcdError: told}
    )
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


def test_every_address_of_ours_is_written_here() -> None:
    assert addresses(server.ROUTES) == set(TAKES)


@pytest.mark.parametrize(("method", "path"), sorted(TAKES))
def test_a_stranger_comes_no_further_than_the_gate(gate: TestClient, method: str, path: str) -> None:
    is_open = TAKES[method, path] == ANYBODY
    where = filled(path) + ("/x.css" if path in ("/web", "/vendor") else "")
    for cookie in ("", "A" * 43):
        headers = {"Cookie": f"{COOKIE}={cookie}"}
        if is_open:
            with pytest.raises(Reached):
                gate.request(method, where, headers=headers)
        else:
            assert gate.request(method, where, headers=headers).status_code == 401


def test_streamlits_own_addresses_are_shut_to_strangers(gate: TestClient) -> None:
    own = addresses(streamlits_own())
    assert {"/_stcore/health", "/_stcore/metrics"} <= {path for _method, path in own}
    reached = set()
    for method, path in own:
        try:
            assert gate.request(method, filled(path)).status_code in (401, 404), path
        except Reached:
            reached.add(path)
    assert reached == STREAMLIT_OPEN


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json", "/auth/login"]
)
def test_what_we_do_not_use_is_shut_to_everybody(gate: TestClient, team: dict[str, str], path: str) -> None:
    assert gate.get(path, headers={"Cookie": f"{COOKIE}={team['owner']}"}).status_code == 404


@pytest.mark.parametrize(
    "path", sorted(page_paths() | {"/media/x.png", "/_stcore/host-config", "/_stcore/upload_file/a/b"})
)
def test_pages_and_their_files_open_to_sessions_only(gate: TestClient, team: dict[str, str], path: str) -> None:
    assert gate.get(path).status_code == 401
    for cookie in team.values():
        with pytest.raises(Reached):
            gate.get(path, headers={"Cookie": f"{COOKIE}={cookie}"})


@pytest.mark.parametrize(
    ("origin", "may"),
    [("http://testserver", True), (None, False), ("null", False), ("http://testserver.evil.test", False),
     ("https://testserver", False), ("http://testserver:81", False), ("http://evil.test", False)],
)  # fmt: skip
def test_a_socket_takes_a_session_and_our_origin(
    gate: TestClient, team: dict[str, str], origin: str | None, may: bool
) -> None:
    headers = {"Origin": origin} if origin else {}
    with pytest.raises(WebSocketDisconnect), gate.websocket_connect("/_stcore/stream", headers=headers):
        pass
    signed = headers | {"Cookie": f"{COOKIE}={team['coach']}"}
    with (
        pytest.raises(BaseExceptionGroup if may else WebSocketDisconnect),
        gate.websocket_connect("/_stcore/stream", headers=signed),
    ):
        pass


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_the_policy_says_at_each_address(house: TestClient, team: dict[str, str], role: str) -> None:
    for (method, path), (verb, thing) in TAKES.items():
        if (verb, thing) in (ANYBODY, SIGNED_IN):
            continue
        answer = house.request(method, filled(path), headers={"Cookie": f"{COOKIE}={team[role]}"}, data={"code": "1"})
        may = can(Actor("Somebody", role), verb, thing)
        assert (answer.status_code != 403) is may, (role, method, path, answer.status_code)
        assert answer.status_code not in (401, 500), (role, method, path)


def test_a_session_that_ended_opens_nothing_any_more(house: TestClient, store: str) -> None:
    with session(SYSTEM) as s:
        actor = add_account(s, f"Short {uuid4().hex[:4]}", "owner", by=SYSTEM)
        cookie = open_session(s, actor)
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    assert house.get("/account", headers=headers).status_code == 200
    with session(SYSTEM) as s:
        close_sessions_of(s, actor.account_id, by=SYSTEM)
    shut = {house.request(method, filled(path), headers=headers).status_code
            for (method, path), takes in TAKES.items() if takes != ANYBODY}  # fmt: skip
    assert shut == {401}


def test_mounts_hand_out_files_and_nothing_else() -> None:
    assert {route.path for route in server.ROUTES if isinstance(route, Mount)} == {"/web", "/vendor"}
