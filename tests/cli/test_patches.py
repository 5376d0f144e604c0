"""``abcd patches`` as it is typed, on Trafford's real output areas: drawn, listed, adopted, exported."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from abcd.cli import app
from abcd.errors import AbcdError, BadRequest


def typed(*words: object) -> str:
    """What a command prints."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def trafford(store: str, real_data: Path) -> str:
    """The council with its 738 output areas and their households of 2021."""
    files = {"lad": "trafford_local_authority_full_resolution.geojson", "oa": "trafford_oa_generalised_2021.geojson"}
    for kind, name in files.items():
        typed("import", "places", real_data / "boundaries" / name, "--kind", kind)
    typed("import", "households", real_data / "census" / "2021_household_tenure_oa_trafford.csv", "--kind", "oa")
    return "E08000009"


def test_patches_of_a_thousand_from_drawing_to_the_file(trafford: str, tmp_path: Path) -> None:
    told = json.loads(typed("patches", "design", "--place", trafford, "--target", 1000, "--seed", 2, "--json"))
    balance, compact = told
    assert {each["leaning"] for each in told} == {"balance", "compact"}
    assert sum(patch["households"] for patch in balance["quality"]["patches"]) == 96243
    assert balance["quality"]["within"] == 1.0
    assert all(patch["pieces"] == 1 for each in told for patch in each["quality"]["patches"])
    assert compact["quality"]["gyration"] < balance["quality"]["gyration"]
    assert balance["id"] in typed("patches", "list", "--place", trafford)

    made = typed("patches", "adopt", compact["id"], "--from", "2027-01-04")
    count = int(re.match(r"(\d+) patches hold now", made)[1])
    assert count == compact["patches"]
    typed("export", "places", "-o", tmp_path / "places.geojson", "--place", trafford)
    features = json.loads((tmp_path / "places.geojson").read_text())["features"]
    patches = [each["properties"] for each in features if each["properties"]["kind"] == "patch"]
    assert len(patches) == count
    assert sum(each["households"] for each in patches) == 96243
    assert "adopted from 2027-01-04" in typed("patches", "list", "--place", trafford)
    file = tmp_path / "patches.gpkg"
    typed("export", "patches", "-o", file, "--place", trafford, "--audience", "officer")
    seen = subprocess.run(["ogrinfo", "-so", file, "patches"], capture_output=True, text=True, check=True).stdout
    assert f"Feature Count: {count}" in seen, "GDAL opens it, and with it QGIS"
    assert re.search(r"Geometry: Multi Polygon", seen)


def test_what_is_shown_to_a_person(trafford: str) -> None:
    told = typed("patches", "design", "--place", trafford, "--target", 3000)
    assert "Best balance:" in told
    assert "Most compact:" in told
    assert "100% of them within the tolerance" in told


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("x",), "See 'abcd patches list'"),
        (("99999999-9999-4999-8999-999999999999",), "There is no plan"),
    ],
)
def test_a_slip_of_typing_is_told(store: str, words: tuple[str, ...], cure: str) -> None:
    with pytest.raises(AbcdError, match=cure):
        CliRunner().invoke(app, ["patches", "adopt", *words], catch_exceptions=False)


def test_a_day_is_written_as_a_day(trafford: str) -> None:
    plan = typed("patches", "list", "--place", trafford).split()[0]
    with pytest.raises(BadRequest, match="2027-01-04"):
        CliRunner().invoke(app, ["patches", "adopt", plan, "--from", "soon"], catch_exceptions=False)


def test_a_seed_is_a_whole_number_from_0(store: str) -> None:
    told = CliRunner().invoke(app, ["patches", "design", "--place", "TOWN", "--seed", "-1"])
    assert (told.exit_code, "--seed" in told.output) == (2, True)
