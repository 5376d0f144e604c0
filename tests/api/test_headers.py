"""Security headers on every answer, whoever gives it."""

from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from abcd.api.headers import content_policy, origin_of, secured
from abcd.config import settings
from tests.api.conftest import fresh_link

LOGGED_OUT = ("/", "/find", "/map/assets.geojson", "/sign-in", "/sign-in/x", "/invitation/x", "/health", "/nowhere")
#: Method, address and headers of one answer of each sort, and its status.
EVERY = [
    ("GET", "/", {}, 200),
    ("GET", "/health", {}, 200),
    ("GET", "/nowhere", {}, 404),
    ("GET", "/export/moons.geojson", {}, 404),
    ("GET", "/map/assets.geojson?zoom=far", {}, 400),
    ("GET", f"/map/assets.geojson?place={'x' * 9_000}", {}, 414),
    ("GET", "/web/door.css", {}, 200),
    ("GET", "/vendor/leaflet/leaflet.js", {"Accept-Encoding": "gzip"}, 200),
    ("GET", "/static/nothing.js", {}, 200),
    ("GET", "/_stcore/host-config", {}, 200),
    ("GET", "/media/nothing.png", {}, 404),
    ("GET", "/favicon.png", {}, 200),
    ("GET", "/map/assets.geojson", {}, 200),
    ("GET", "/.well-known/change-password", {}, 303),
    ("POST", "/sign-in/none", {}, 404),
    ("DELETE", "/health", {}, 405),
    ("POST", "/sign-out", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("PUT", "/_stcore/upload_file/a/b", {}, 403),
]


def is_dressed(got: Any) -> None:
    """Every header of ours is there, and nothing tells what serves."""
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Referrer-Policy"] == "no-referrer"
    assert "geolocation=(self)" in got["Permissions-Policy"]
    assert "frame-ancestors 'none'" in got["Content-Security-Policy"]
    assert got["Cache-Control"]
    assert "Strict-Transport-Security" not in got
    assert "uvicorn" not in got.get("server", "")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"), EVERY, ids=[f"{one[1][:40]} {one[3]}" for one in EVERY]
)
def test_every_answer_is_dressed(
    browser: httpx.Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = browser.request(method, path, headers=headers)
    assert answer.status_code == status
    is_dressed(answer.headers)


@pytest.mark.parametrize("path", LOGGED_OUT)
def test_what_a_stranger_is_told_is_dressed_and_kept_nowhere(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path, headers={"Accept": "text/html"})
    is_dressed(answer.headers)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_copy_that_is_still_good_is_dressed(browser: httpx.Client) -> None:
    for path in ("/map/places.geojson", "/vendor/leaflet/leaflet.js"):
        known = browser.get(path).headers["etag"]
        again = browser.get(path, headers={"If-None-Match": known})
        assert again.status_code == 304
        is_dressed(again.headers)


def test_a_refused_socket_is_dressed(server: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(f"{server.replace('http', 'ws')}/_stcore/stream")
    assert refused.value.response.status_code == 403
    is_dressed(refused.value.response.headers)


def test_over_tls_alone_browsers_are_told_to_stay_there(behind_proxy: httpx.Client, stranger: httpx.Client) -> None:
    told = behind_proxy.get("/sign-in").headers["Strict-Transport-Security"]
    assert told.startswith("max-age=31536000")
    forged = stranger.get("/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})
    assert "Strict-Transport-Security" not in forged.headers


def test_over_tls_every_cookie_is_secure(behind_proxy: httpx.Client) -> None:
    behind_proxy.post(fresh_link())
    given = behind_proxy.get("/_stcore/host-config").headers.get_list("set-cookie")
    given += behind_proxy.get("/").headers.get_list("set-cookie")
    assert [cookie.partition("=")[0] for cookie in given if "; secure" not in cookie.lower()] == []
    assert secured(b"Set-Cookie", b"a=b; Path=/") == b"a=b; Path=/; Secure"
    assert secured(b"set-cookie", b"a=b; Secure") == b"a=b; Secure"


def test_the_policy_names_no_other_host(browser: httpx.Client) -> None:
    policy = browser.get("/").headers["Content-Security-Policy"]
    assert "http" not in policy
    assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval", "")
    assert "script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-" in policy


def test_a_basemap_of_the_owners_is_the_only_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_TILE_URL", "https://{s}.tiles.example/{z}/{x}/{y}.png")
    policy = dict(part.split(" ", 1) for part in content_policy(settings()).split("; "))
    assert policy["img-src"] == "'self' data: blob: https://*.tiles.example"
    assert "tiles" not in policy["script-src"]


@pytest.mark.parametrize(
    ("url", "origin"), [("", ""), ("tiles/{z}", ""), ("http://t.example:81/a", "http://t.example:81")]
)
def test_the_origin_of_an_address(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_pages_are_kept_nowhere_and_versioned_files_for_ever(browser: httpx.Client) -> None:
    assert browser.get("/").headers["Cache-Control"] == "no-store"
    assert browser.get("/web/door.css").headers["Cache-Control"] == "public, no-cache"
    assert "immutable" in browser.get("/web/door.css?v=1").headers["Cache-Control"]
