"""``abcd patches`` as it is typed, on Trafford's real output areas: drawn, listed, adopted, exported."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import geopandas
import pytest
from typer.testing import CliRunner

from abcd.cli import app
from abcd.core import clock
from abcd.db.session import SYSTEM, session
from abcd.errors import AbcdError, BadRequest
from abcd.patches.locks import blocks_in, locks_of
from abcd.patches.outline import dissolved
from abcd.patches.plans import plan_part
from abcd.places.queries import place


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


def patches_of(place: str, folder: Path) -> list[dict[str, object]]:
    """The patches that somebody sees who takes the layer of places away."""
    typed("export", "places", "-o", folder / "seen.geojson", "--place", place)
    features = json.loads((folder / "seen.geojson").read_text())["features"]
    return [each["properties"] for each in features if each["properties"]["kind"] == "patch"]


def a_plan_leaves_as_a_file(plan: dict[str, Any], folder: Path) -> None:
    """Nobody adopted it yet: its patches in metres for QGIS, with the figures of its page."""
    file = folder / "plan.gpkg"
    assert f"{plan['patches']} patches." in typed("patches", "export", plan["id"], "-o", file)
    told = subprocess.run(["ogrinfo", "-so", file, "plan"], capture_output=True, text=True, check=True).stdout
    assert f"Feature Count: {plan['patches']}" in told
    assert "Geometry: Multi Polygon" in told
    assert 'ID["EPSG",27700]' in told
    seen = geopandas.read_file(file, layer="plan").sort_values("patch")
    assert seen["households"].tolist() == [each["households"] for each in plan["quality"]["patches"]]
    with session(SYSTEM) as s:
        _row, homes, part = plan_part(s, UUID(plan["id"]))
    for shape, ours in zip(seen.geometry, dissolved(homes.shapes, part), strict=True):
        assert shape.symmetric_difference(ours).area < 1.0, "the shape that the page draws"


def test_patches_of_a_thousand_from_drawing_to_the_file(
    trafford: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads(typed("patches", "design", "--place", trafford, "--target", 1000, "--seed", 2, "--json"))
    assert {each["leaning"] for each in told} == {"balance", "compact"}
    balance, compact = sorted(told, key=lambda each: each["leaning"])
    assert sum(patch["households"] for patch in balance["quality"]["patches"]) == 96243
    assert balance["quality"]["within"] == 1.0
    assert all(patch["pieces"] == 1 for each in told for patch in each["quality"]["patches"])
    assert compact["quality"]["gyration"] < balance["quality"]["gyration"]
    assert balance["id"] in typed("patches", "list", "--place", trafford)

    a_plan_leaves_as_a_file(compact, tmp_path)
    ahead = typed("patches", "adopt", compact["id"], "--from", "2027-01-04")
    assert "waits for 2027-01-04. Until then the patches of today hold." in ahead
    typed("patches", "take-back", compact["id"])
    typed("patches", "adopt", compact["id"], "--from", "2027-01-04")
    assert "waits for 2027-01-04" in typed("patches", "list", "--place", trafford)
    assert patches_of(trafford, tmp_path) == []
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 4, 0, 0, 1, tzinfo=UTC))
    count = compact["patches"]
    assert len(patches_of(trafford, tmp_path)) == count, "on its day the plan holds, though nobody did anything"
    patches = patches_of(trafford, tmp_path)
    assert sum(each["households"] for each in patches) == 96243
    assert "adopted from 2027-01-04" in typed("patches", "list", "--place", trafford)
    file = tmp_path / "patches.gpkg"
    typed("export", "patches", "-o", file, "--place", trafford, "--audience", "officer")
    seen = subprocess.run(["ogrinfo", "-so", file, "patches"], capture_output=True, text=True, check=True).stdout
    assert f"Feature Count: {count}" in seen, "GDAL opens it, and with it QGIS"
    assert re.search(r"Geometry: Multi Polygon", seen)


def test_what_is_shown_to_a_person(trafford: str) -> None:
    told = typed("patches", "design", "--target", 3000)  # of the only council that there is
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


def test_homes_are_kept_together_from_the_command_line(trafford: str) -> None:
    of = ("--place", trafford)
    told = typed("patches", "lock", "The crescent", "E00031377", "E00031367", *of)
    made = re.fullmatch(r"2 homes stay together: (\S+)\n", told)[1]
    assert re.match(rf"{made}  \S+  The crescent  2 homes  system", typed("patches", "locks", *of))
    drawn = json.loads(typed("patches", "design", *of, "--target", 3000, "--json"))[0]["id"]
    with session(SYSTEM) as s:
        _row, homes, part = plan_part(s, UUID(drawn))
        (court,) = locks_of(s, place(s, trafford).id)
        assert len(set(part[blocks_in(homes, court)].tolist())) == 1
    assert "The crescent" in typed("patches", "unlock", made)
    assert typed("patches", "locks", *of) == ""


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("lock", "Court", "E00031377", "E99"), "neither a home of its stock list nor a small area: E99"),
        (("lock", "Court", "--street", "Mill Lane"), "No home of the stock list in Trafford is on “Mill Lane”"),
        (("lock", "Court", "E00031377"), "at least two homes"),
        (("unlock", "soon"), "See 'abcd patches locks'"),
        (("unlock", "99999999-9999-4999-8999-999999999999"), "There is no such lock"),
        (("export", "99999999-9999-4999-8999-999999999999", "-o", "/tmp/plan.gpkg"), "There is no plan"),
        (("export", "99999999-9999-4999-8999-999999999999", "-o", "plan.txt"), "does not tell its format"),
        (("take-back", "99999999-9999-4999-8999-999999999999"), "There is no plan"),
    ],
)
def test_what_cannot_be_kept_together_is_told(trafford: str, words: tuple[str, ...], cure: str) -> None:
    of = ("--place", trafford) if words[0] == "lock" else ()
    with pytest.raises(AbcdError, match=cure):
        CliRunner().invoke(app, ["patches", *words, *of], catch_exceptions=False)


def test_a_seed_is_a_whole_number_from_0(store: str) -> None:
    told = CliRunner().invoke(app, ["patches", "design", "--place", "TOWN", "--seed", "-1"])
    assert (told.exit_code, "--seed" in told.output) == (2, True)
