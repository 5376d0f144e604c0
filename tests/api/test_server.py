"""How the server runs: its settings, its silence, its end."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from streamlit import config

from abcd.api.addresses import own_hosts, own_origins
from abcd.api.decided import decided
from abcd.api.gate import SCRIPT, page_paths
from abcd.config import settings
from tests.api.conftest import fresh_link


def test_no_log_holds_a_token(browser: httpx.Client, server_log: Path) -> None:
    link = fresh_link()
    browser.get(link)
    browser.post(link)
    browser.get("/map/assets.geojson?zoom=far")
    assert link.rsplit("/", 1)[-1] not in server_log.read_text()
    assert "/sign-in/" not in server_log.read_text()


DECIDED = {
    "runner.postScriptGC": False,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "viewer",
    "server.enableXsrfProtection": True,
    "server.enableStaticServing": False,
    "server.maxUploadSize": 25,
    "server.maxWidgetStateSize": 4,
}


def test_streamlit_is_told_what_we_decided_wherever_we_were_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = decided()
    assert {name: told[name] for name in DECIDED} == DECIDED
    assert "server.trustedUserHeaders" not in told
    assert "server.corsAllowedOrigins" not in told


def test_every_option_is_one_that_streamlit_has() -> None:
    assert set(decided()) <= set(config.get_config_options())


def test_only_our_own_pages_may_frame_and_steer(browser: httpx.Client, server: str) -> None:
    allowed = browser.get("/_stcore/host-config").json()["allowedOrigins"]
    assert server in allowed
    assert all(origin.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:")) for origin in allowed)


def test_an_upload_without_its_token_is_refused(browser: httpx.Client) -> None:
    upload = {"files": {"file": ("a.csv", b"name\nMill")}, "headers": {"Sec-Fetch-Site": "same-origin"}}
    assert browser.put("/_stcore/upload_file/a/b", **upload).status_code == 403


@pytest.mark.parametrize(
    ("host", "url", "hosts", "origins"),
    [
        (
            "127.0.0.1",
            "http://127.0.0.1:8600",
            ["127.0.0.1", "::1", "localhost"],
            ["http://127.0.0.1:8600", "http://[::1]:8600", "http://localhost:8600"],
        ),
        ("10.0.0.4", "http://10.0.0.4:8600", ["10.0.0.4"], ["http://10.0.0.4:8600"]),
        (
            "10.0.0.4",
            "https://abcd.example",
            ["10.0.0.4", "abcd.example"],
            ["http://10.0.0.4:8600", "https://abcd.example"],
        ),
        (
            "0.0.0.0",
            "http://0.0.0.0:8600",
            ["*"],
            [f"http://{name}:8600" for name in ("127.0.0.1", "[::1]", "localhost")],
        ),
    ],
)
def test_our_own_names(host: str, url: str, hosts: list[str], origins: list[str]) -> None:
    here = replace(settings(), host=host, port=8600, url=url)
    assert (own_hosts(here), own_origins(here)) == (hosts, origins)


def test_the_gate_knows_every_page_of_the_script() -> None:
    scripts = {f"/{path.stem}" for path in (SCRIPT.parent / "abcd" / "pages").glob("*.py")}
    assert {"/", "/place", "/find", "/assets", "/add_data", "/places", "/data_health"} <= page_paths()
    assert page_paths() - {"/"} <= scripts


def test_bytes_that_were_changed_are_asked_for_again(browser: httpx.Client) -> None:
    first = browser.get("/vendor/leaflet/leaflet.js")
    again = browser.get("/vendor/leaflet/leaflet.js", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
