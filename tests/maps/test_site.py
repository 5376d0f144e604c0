"""A published map: what is in the folder, the same each time, opened from the disk, read by a person and a machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import AuditEvent
from abcd.errors import BadFile, BadRequest, NotAllowed, NotFound
from abcd.maps.definition import Definition, definition_in
from abcd.maps.site import Site, publish
from tests.maps.conftest import Borough
from tests.maps.test_drawing import BROWSER

MAPS = Path(__file__).parents[2] / "maps"
TITLED = Definition(title={"en": "Old Mill", "cy": "Yr Hen Felin"}, words={"en": "Tell us."}, place="OM1",
                    layers=("assets", "places"))  # fmt: skip


def published(out: Path, definition: Definition = TITLED) -> Site:
    """A site."""
    with session(SYSTEM) as s:
        return publish(s, definition, out, by=SYSTEM)


@pytest.fixture(scope="module")
def site(borough: Borough, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the estate."""
    return published(tmp_path_factory.mktemp("site") / "old-mill").path


def files(folder: Path) -> dict[str, bytes]:
    """The bytes of a folder's files."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_folder_holds_pages_data_and_a_manifest_of_them(site: Path) -> None:
    found = files(site)
    data = {f"data/{layer}.{ending}" for layer in ("assets", "places") for ending in ("geojson", "csv", "schema.json")}
    assert set(found) == {"index.html", "cy.html", "manifest.json"} | data
    told = json.loads(found.pop("manifest.json"))
    assert told == {name: sha256(bytes_).hexdigest() for name, bytes_ in found.items()}


def test_page_and_data_say_the_same(site: Path) -> None:
    whole = json.loads((site / "data/assets.geojson").read_text())
    listed = {one["properties"]["name"] for one in whole["features"] if one["properties"]["status"] != "defunct"}
    html = (site / "index.html").read_text()
    assert {"Garden", "Quiet", "Story"} <= listed
    for name in ("Garden", "Quiet", "Story"):
        assert f"<b>{name}</b>" in html
    assert "Neuadd y Felin" in (site / "cy.html").read_text()
    assert '<html lang="cy">' in (site / "cy.html").read_text()


def test_nothing_that_must_stay_inside_is_in_it(site: Path) -> None:
    for name, data in files(site).items():
        for secret in (b"canary", b"M16 7AA", b"200099999999", b"Partners only", b"Refuge"):
            assert secret not in data, (name, secret)


def test_the_same_store_gives_the_same_folder(site: Path, tmp_path: Path) -> None:
    assert files(published(tmp_path / "again").path) == files(site)


def test_it_takes_the_place_of_an_earlier_one_and_of_nothing_else(borough: Borough, tmp_path: Path) -> None:
    out = tmp_path / "site"
    published(out)
    published(out, Definition(place="FS1", languages=("en",)))
    assert "cy.html" not in files(out)
    (out / "mine.txt").write_text("dear")
    with pytest.raises(BadRequest, match=r"mine\.txt"):
        published(out)
    assert (out / "mine.txt").read_text() == "dear"
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


CRAMPED = """
import resource, signal, sys
from pathlib import Path
from tests.maps.test_site import published
from abcd.errors import StoreUnavailable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    published(Path(sys.argv[1]))
except StoreUnavailable as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_leaves_the_old_one(borough: Borough, store: str, tmp_path: Path) -> None:
    before = files(published(tmp_path / "site").path)
    environment = os.environ | {"ABCD_DATABASE_URL": store, "PYTHONPATH": str(MAPS.parent)}
    command = [sys.executable, "-c", CRAMPED, str(tmp_path / "site")]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "could not be written" in told.stdout, told.stderr[-2000:]
    assert [one.name for one in tmp_path.iterdir()] == ["site"]
    assert files(tmp_path / "site") == before


def test_it_is_written_down(borough: Borough, tmp_path: Path) -> None:
    done = published(tmp_path / "site")
    with session(SYSTEM) as s:
        event = s.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.verb, event.thing_id, event.after["rows"]) == ("export", "site", done.assets)
    assert event.after["sha256"] == sha256((tmp_path / "site/manifest.json").read_bytes()).hexdigest()


def test_a_partner_publishes_nothing(borough: Borough, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed), session(SYSTEM) as s:
        publish(s, TITLED, tmp_path / "x", by=Actor("Pat", "partner_viewer"))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    """A page of Chromium."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        yield chromium.new_page(viewport={"width": 1280, "height": 800})
        chromium.close()


def test_it_opens_from_a_stick_without_a_fault_for_anybody(browser: Page, site: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    browser.on("request", lambda request: asked.append(request.url))
    browser.on("console", lambda line: said.append(line.text))
    for width in (1280, 390):
        browser.set_viewport_size({"width": width, "height": 800})
        for name in ("index.html", "cy.html"):
            browser.goto((site / name).as_uri())
            browser.wait_for_selector(".mark")
            assert Axe().run(browser)["violations"] == []
    assert [url for url in asked if not url.startswith("file:")] == []
    assert said == []


def test_the_list_is_searched_and_the_map_follows(browser: Page, site: Path) -> None:
    browser.set_viewport_size({"width": 1280, "height": 800})
    browser.goto((site / "index.html").as_uri())
    browser.wait_for_selector(".mark")
    browser.get_by_label("Find in the list").fill("garden")
    assert browser.locator("details:visible b").all_inner_texts() == ["Garden"]
    assert browser.locator(".mark").count() == 1
    assert browser.locator(".search output").inner_text() == "1"
    browser.get_by_role("link", name="Cymraeg").click()
    assert browser.locator("h1").inner_text() == "Yr Hen Felin"


def test_the_list_needs_no_script(browser: Page, site: Path) -> None:
    plain: Any = browser.context.browser
    page = plain.new_page(java_script_enabled=False)
    page.goto((site / "index.html").as_uri())
    assert page.locator("summary:visible").count() == 4
    page.locator("summary", has_text="Garden").click()
    assert page.locator("details[open] b").all_inner_texts() == ["Garden"]
    page.close()


def test_the_example_is_a_definition() -> None:
    found = definition_in(MAPS / "millfield.toml")
    assert found.said("title", "cy") == "Yr hyn sy'n dda ym Maes y Felin"
    assert found.kinds[0] == "association"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("layer = 'assets'", "no “layer”"),
        ("layers = ['moons']", "layers cannot be “moons”"),
        ("layers = ['patches']", "layers cannot be “patches”"),
        ("audience = 'officer'", "audience cannot be “officer”"),
        ("formats = ['shp']", "formats cannot be “shp”"),
        ("kinds = ['individual']", "kinds cannot be “individual”"),
        ("[outlines]\nward = 'red;}</style>'", "is no colour"),
        ("title = ", "cannot be read as TOML"),
    ],
)
def test_what_a_definition_cannot_say_is_said(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(BadFile, match=error):
        definition_in(tmp_path / "map.toml")
    with pytest.raises(NotFound):
        definition_in(tmp_path / "none.toml")
