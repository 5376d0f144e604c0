"""Nobody gets in: every path, the WebSocket, files; and what is never served at all."""

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from abcd.access.sessions import COOKIE

SHUT = (
    "/", "/place", "/find", "/media/x.png", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/static/js/index.js",
    "/component/x/index.html", "/manifest.json", "/map/assets.geojson", "/export/assets.geojson", "/export/map/P1.html",
    "/export/profile/P1.pdf", "/export/plan/00000000-0000-4000-8000-000000000000.gpkg",
    "/imports/00000000-0000-4000-8000-000000000000/issues.csv", "/sign-out",
    "/imports/00000000-0000-4000-8000-000000000000/lines.geojson",
    "/imports/00000000-0000-4000-8000-000000000000/crossings.geojson",
    "/sheets/00000000-0000-4000-8000-000000000000",
)  # fmt: skip
NEVER = """
/_stcore/metrics /_stcore/agent/openapi.json /_stcore/agent/mcp /_stcore/script-health-check /metrics /nowhere
/place/_stcore/agent/openapi.json /.env /web/templates/plain.html /web/node_modules/x.js /export/x /map/assets
/account/code/remove /account/sessions/end-others
/sign-in/a/b /web/../config.py /web/%2e%2e/config.py /vendor/..%2f..%2fconfig.py /app/static/x /docs
""".split()


@pytest.mark.parametrize("path", SHUT)
def test_a_stranger_is_told_how_to_come_in(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "abcd sign-in" in answer.text
    assert "streamlit" not in answer.text.lower()


def test_a_script_is_told_so_in_json(stranger: httpx.Client) -> None:
    answer = stranger.get("/map/assets.geojson")
    assert answer.json() == {"error": "Please sign in: open your one-time link first."}


@pytest.mark.parametrize("path", NEVER)
def test_what_is_not_ours_is_not_there_for_anybody(browser: httpx.Client, path: str) -> None:
    assert browser.get(path).status_code in (400, 404)


@pytest.mark.parametrize("path", ["/", "/place", "/find", "/assets", "/add_data", "/_stcore/host-config"])
def test_the_owner_gets_the_pages(browser: httpx.Client, path: str) -> None:
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/_stcore/health", "/web/door.css", "/vendor/leaflet/leaflet.css"])
def test_a_few_things_are_open(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 200


def socket_status(server: str, origin: str | None, cookie: str = "") -> int:
    """What the handshake of the WebSocket answers."""
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    address = f"{server.replace('http', 'ws')}/_stcore/stream"
    try:
        with connect(address, origin=origin, additional_headers=headers) as opened:
            return int(opened.response.status_code)
    except InvalidStatus as refused:
        return int(refused.response.status_code)


def test_a_socket_needs_a_session_and_our_origin(server: str, browser: httpx.Client) -> None:
    cookie = browser.cookies[COOKIE]
    assert socket_status(server, server, cookie) == 101
    assert socket_status(server, server) == 403
    assert socket_status(server, server, "A" * 43) == 403
    assert socket_status(server, "https://elsewhere.example", cookie) == 403
    assert socket_status(server, None, cookie) == 403


def test_a_socket_is_refused_at_once_after_signing_out(server: str, browser: httpx.Client) -> None:
    cookie = browser.cookies[COOKIE]
    browser.post("/sign-out")
    assert socket_status(server, server, cookie) == 403


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}],
)
def test_another_site_changes_nothing(browser: httpx.Client, headers: dict[str, str]) -> None:
    assert browser.put("/_stcore/upload_file/a/b", headers=headers, content=b"x").status_code == 403


def test_a_form_of_ours_passes_although_its_origin_is_null(stranger: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert stranger.post("/sign-in/none", headers=headers).status_code == 404
