"""``abcd export`` and ``abcd sign-in`` as they are typed."""

import json
from pathlib import Path
from zipfile import ZipFile

import pandas as pd  # noqa: F401 - so that the command finds it loaded, and leaves it to the tests after it
import pytest
from typer.testing import CliRunner

from abcd.access.links import use_link
from abcd.assets.taxonomy import load_taxonomy
from abcd.cli import app
from abcd.db.session import SYSTEM, session
from abcd.db.tables import PlaceAsset
from abcd.errors import BadFile, BadRequest, NotFound
from tests.builders import a_place, an_asset


@pytest.fixture(scope="module")
def place(store: str) -> str:
    """An estate with a library; another library lies outside it."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        estate, inside = a_place(s), an_asset(s, name="Inside")
        an_asset(s, "park", name="Elsewhere")
        s.add(PlaceAsset(place_id=estate, asset_id=inside, relation="within"))
    return str(estate)


def typed(*words: object) -> str:
    """What a command prints."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_assets_of_a_place(place: str, tmp_path: Path) -> None:
    out = tmp_path / "assets.geojson"
    told = typed("export", "assets", "-o", out, "--place", place)
    assert told == f"{out}: 1 features, 0 of them without a place on the map.\n"
    assert [one["properties"]["name"] for one in json.loads(out.read_text())["features"]] == ["Inside"]


def test_assets_of_a_category(place: str, tmp_path: Path) -> None:
    typed("export", "assets", "-o", tmp_path / "parks.geojson", "--category", "park")
    file = json.loads((tmp_path / "parks.geojson").read_text())
    assert [one["properties"]["name"] for one in file["features"]] == ["Elsewhere"]


def test_places(place: str, tmp_path: Path) -> None:
    typed("export", "places", "-o", tmp_path / "places.geojson")
    assert json.loads((tmp_path / "places.geojson").read_text())["metadata"]["rows"] == 1


def test_a_map(place: str, tmp_path: Path) -> None:
    assert typed("export", "map", "-o", tmp_path / "map.html", "--place", place).endswith(": 1 assets.\n")
    assert "<b>Inside</b>" in (tmp_path / "map.html").read_text()


def test_a_profile(place: str, tmp_path: Path) -> None:
    told = typed("export", "profile", place, "-o", tmp_path / "profile.pdf")
    assert ": 1 page, " in told
    assert (tmp_path / "profile.pdf").read_bytes().startswith(b"%PDF-1.7")
    with pytest.raises(BadRequest, match="Name the place"):
        typed("export", "profile", "-o", tmp_path / "profile.pdf")


def test_several_layers_in_one_file_for_an_audience(place: str, tmp_path: Path) -> None:
    out = tmp_path / "town.xlsx"
    told = typed("export", "assets", "patches", "-o", out, "--audience", "council", "--dictionary")
    assert told.splitlines()[0] == f"{out} assets: 2 features, 0 of them without a place on the map."
    assert {file.name for file in tmp_path.iterdir()} == {"town.xlsx", "assets.schema.json", "patches.schema.json"}


def test_a_folder_and_an_archive_of_a_named_format(place: str, tmp_path: Path) -> None:
    typed("export", "assets", "places", "-o", tmp_path / "files", "--format", "parquet")
    typed("export", "assets", "places", "-o", tmp_path / "files.zip")
    assert (tmp_path / "files" / "assets.parquet").is_file()
    assert {"assets.geojson", "places.schema.json"} <= set(ZipFile(tmp_path / "files.zip").namelist())


def test_a_name_that_tells_no_format_is_asked_about(place: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="does not tell its format"):
        typed("export", "assets", "-o", tmp_path / "assets.shp")


def test_a_map_is_published(place: str, tmp_path: Path) -> None:
    told = typed("publish", tmp_path / "site", "--place", place)
    assert f"{tmp_path / 'site'}: 1 assets on a page of" in told
    assert "<b>Inside</b>" in (tmp_path / "site" / "index.html").read_text()


def test_a_definition_is_published_for_its_audience(place: str, tmp_path: Path) -> None:
    wanted = tmp_path / "map.toml"
    wanted.write_text(f'place = "{place}"\nlanguages = ["cy"]\nformats = ["csv"]\n[title]\ncy = "Fy map"\n')
    typed("publish", tmp_path / "site", "--map", wanted)
    assert "<h1>Fy map</h1>" in (tmp_path / "site" / "index.html").read_text()
    with pytest.raises(BadFile, match="audience cannot be"):
        typed("publish", tmp_path / "other", "--audience", "officer")


def test_a_place_that_is_not_there_writes_nothing(place: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        typed("export", "assets", "-o", tmp_path / "x.geojson", "--place", "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_link_for_the_owner(place: str) -> None:
    token = typed("sign-in").strip().rsplit("/", 1)[-1]
    with session(SYSTEM) as s:
        assert use_link(s, token).role == "owner"
