"""The main story on real files: a council's messy files become a place page, and the council gets GeoJSON back."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geojson_validator
import pytest
from geojson_pydantic import FeatureCollection
from playwright.sync_api import BrowserContext, Page, expect
from typer.testing import CliRunner

from abcd.access.accounts import ensure_owner
from abcd.access.sessions import open_session
from abcd.assets.taxonomy import load_taxonomy
from abcd.cli import app
from abcd.db.session import SYSTEM, session
from tests.walks.browsing import a_tab, a_window, add_a_venue, foreign_requests, serving

expect.set_options(timeout=30_000)
geojson_validator.configure_logging(enabled=False)

GROUNDWORK = (
    ("postcodes", "postcodes/trafford_postcodes.csv"),
    ("places", "boundaries/trafford_local_authority_full_resolution.geojson", "--kind", "lad"),
    ("places", "boundaries/trafford_ward_full_resolution.geojson", "--kind", "ward"),
    ("places", "boundaries/trafford_oa_generalised_2021.geojson", "--kind", "oa"),
    ("places", "estates/derived_estates_standin_trafford.geojson", "--kind", "estate"),
    ("households", "census/2021_household_tenure_oa_trafford.csv", "--kind", "oa"),
)
ESTATE = "TRF-E01"


@dataclass(frozen=True)
class Council:
    """A store that holds everything a council published, and somebody signed in."""

    url: str
    cookie: str
    reports: dict[str, dict[str, object]]


def abcd(*words: str) -> str:
    """What a command prints; it must succeed."""
    done = CliRunner().invoke(app, list(words), prog_name="abcd")
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout


@pytest.fixture(scope="module")
def council(store: str, real_data: Path) -> Council:
    with session(SYSTEM) as s:
        load_taxonomy(s)
        cookie = open_session(s, ensure_owner(s, by=SYSTEM))
    for command, file, *more in GROUNDWORK:
        abcd("import", command, str(real_data / file), *more)
    files = sorted((real_data / "assets").iterdir())
    reports = {file.name: json.loads(abcd("import", "assets", str(file), "--json")) for file in files}
    return Council(store, cookie, reports)


@pytest.fixture(scope="module")
def here(council: Council) -> Iterator[str]:
    with serving(council.url) as address:
        yield address


@pytest.fixture(scope="module")
def window(here: str, council: Council) -> Iterator[BrowserContext]:
    with a_window(here, council.cookie) as opened:
        yield opened


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    with a_tab(window) as opened:
        opened.set_default_timeout(30_000)
        yield opened


def test_no_row_of_any_file_is_lost(council: Council) -> None:
    assert len(council.reports) == 43
    for name, report in council.reports.items():
        parts = [report[part] for part in ("added", "changed", "unchanged", "duplicates", "rejected")]
        assert report["rows"] == sum(parts), name  # type: ignore[arg-type]


def test_the_estate_is_told_in_order(page: Page, here: str, council: Council) -> None:
    left = foreign_requests(page, here)
    page.goto(f"{here}/?place={ESTATE}")
    expect(page.get_by_role("heading", name="Old Trafford 1", exact=True)).to_be_visible()
    titles = ("What is strong here", "On the map and as a list", "Possibilities", "Possible connections", "Context")
    for title in titles:
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    told = [one for one in page.get_by_role("heading").all_inner_texts() if one in titles]
    assert told == list(titles)
    page.locator(".abcd-mark").first.wait_for()
    expect(page.get_by_text("1,917").first).to_be_visible()
    assert left == []


def test_a_figure_opens_to_how_it_was_worked_out(page: Page, here: str, council: Council) -> None:
    page.goto(f"{here}/?place={ESTATE}")
    page.get_by_text("How was this worked out?").first.click()
    expect(page.get_by_text("Worked out on").first).to_be_visible()


def test_a_venue_goes_on_the_map_and_an_asset_is_confirmed(page: Page, here: str, council: Council) -> None:
    page.goto(f"{here}/assets?place={ESTATE}")
    page.locator(".abcd-mark, .abcd-cluster").first.wait_for()
    add_a_venue(page, "Seymour Park Tea Room", "ask at the park gate", at=(30, 370))
    page.get_by_role("button", name="Yes, still right").click()
    expect(page.get_by_text("Confirmed. Thank you")).to_be_visible()


def test_the_council_gets_geojson_that_strict_readers_take(
    page: Page, here: str, council: Council, tmp_path: Path
) -> None:
    page.goto(f"{here}/?place={ESTATE}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Assets as GeoJSON").click()
    file = tmp_path / "old_trafford_1.geojson"
    waiting.value.save_as(file)
    told = json.loads(file.read_text("utf-8"))
    FeatureCollection.model_validate(told)
    assert geojson_validator.validate_structure(str(file), check_crs=True) == {}
    assert len(told["features"]) == told["metadata"]["rows"] > 20
    read = subprocess.run(["ogrinfo", "-so", "-al", str(file)], capture_output=True, text=True, check=True)
    assert f"Feature Count: {len(told['features'])}" in read.stdout


def test_the_same_files_again_change_nothing(council: Council, real_data: Path) -> None:
    again = json.loads(abcd("import", "assets", str(real_data / "assets" / "trafford_libraries.csv"), "--json"))
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 13)
