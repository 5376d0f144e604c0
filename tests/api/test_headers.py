"""Security headers on every answer, whoever gives it."""

import httpx
import pytest

from abcd.api.headers import content_policy, origin_of
from abcd.config import settings

EVERY = (
    "/",
    "/health",
    "/nowhere",
    "/web/door.css",
    "/_stcore/host-config",
    "/map/assets.geojson",
    "/static/nothing.js",
)


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_is_dressed(browser: httpx.Client, path: str) -> None:
    got = browser.get(path).headers
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Referrer-Policy"] == "no-referrer"
    assert "geolocation=(self)" in got["Permissions-Policy"]
    assert "frame-ancestors 'none'" in got["Content-Security-Policy"]
    assert "uvicorn" not in got.get("server", "")


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
    assert browser.get("/").headers["Cache-Control"] in ("no-store", "no-cache")
    assert browser.get("/web/door.css").headers["Cache-Control"] == "public, no-cache"
    assert "immutable" in browser.get("/web/door.css?v=1").headers["Cache-Control"]
