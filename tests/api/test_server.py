"""How the server runs: its settings, its silence, its end."""

from pathlib import Path

import httpx
from streamlit import config

from abcd.api.gate import SCRIPT, page_paths
from tests.api.conftest import fresh_link


def test_no_log_holds_a_token(browser: httpx.Client, server_log: Path) -> None:
    link = fresh_link()
    browser.get(link)
    browser.post(link)
    browser.get("/map/assets.geojson?zoom=far")
    assert link.rsplit("/", 1)[-1] not in server_log.read_text()
    assert "/sign-in/" not in server_log.read_text()


def test_streamlit_is_told_what_we_decided() -> None:
    told = config.get_config_options(force_reparse=True)
    assert told["runner.postScriptGC"].value is False
    assert told["browser.gatherUsageStats"].value is False
    assert told["client.showErrorDetails"].value == "none"
    assert told["client.toolbarMode"].value == "viewer"
    assert told["server.maxUploadSize"].value == 200
    assert told["server.enableStaticServing"].value is False
    assert not [origin for origin in told["client.allowedOrigins"].value if "streamlit" in origin]


def test_the_gate_knows_every_page_of_the_script() -> None:
    scripts = {f"/{path.stem}" for path in (SCRIPT.parent / "abcd" / "pages").glob("*.py")}
    assert {"/", "/place", "/find", "/assets", "/add_data", "/places", "/data_health"} <= page_paths()
    assert page_paths() - {"/"} <= scripts


def test_bytes_that_were_changed_are_asked_for_again(browser: httpx.Client) -> None:
    first = browser.get("/vendor/leaflet/leaflet.js")
    again = browser.get("/vendor/leaflet/leaflet.js", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
