"""Coverage and gaps as layers: what the place page says, and nothing that rests on something hidden."""

import json
from io import BytesIO
from uuid import UUID

import pytest

from abcd.db.session import Actor, session
from abcd.gaps.keeping import work_out
from abcd.maps.export import export_geojson
from abcd.maps.layers import LAYERS
from abcd.maps.reader import Reader
from abcd.maps.rows import rows
from abcd.maps.view import BRITAIN, Filters
from abcd.maps.viewport import features
from tests.builders import HERE, an_asset
from tests.maps.conftest import Borough

EAST, NORTH = HERE
FACTS = ("category", "place_name", "known", "state", "coverage", "judged_by")


@pytest.fixture(scope="module", autouse=True)
def _worked_out(borough: Borough, owner: Actor) -> None:
    with session(owner) as s:
        an_asset(s, "park", HERE, kind="physical", visibility="officer", name="Not for everybody")
        for name in ("estate", "far"):
            work_out(s, borough.places[name])


def read(layer: str, audience: str, within: tuple[UUID, ...] = ()) -> dict[tuple[str, str], dict[str, object]]:
    with Reader(audience, tuple(LAYERS), within).reading() as s:
        found = rows(s, LAYERS[layer], audience, FACTS)
    return {(str(row["place_name"]), str(row["category"])): row for row in found}


def test_coverage_has_a_row_for_each_category_and_gaps_only_what_is_missing() -> None:
    coverage, gaps = read("coverage", "public"), read("gaps", "public")
    assert coverage["Old Mill", "community-centre"]["known"] == "Here"
    assert coverage["Old Mill", "pharmacy"]["known"] == "Nobody has looked yet"
    assert ("Old Mill", "pharmacy") in gaps
    assert ("Old Mill", "community-centre") not in gaps
    assert set(gaps) < set(coverage)


def test_what_would_tell_of_something_hidden_stays_inside(owner: Actor) -> None:
    for audience in ("public", "partner", "council"):
        assert not [key for key in read("coverage", audience) if key == ("Old Mill", "park")]
    with session(owner) as s:
        officers = {row["category"] for row in rows(s, LAYERS["coverage"], "officer", FACTS)}
        outside = {row["category"] for row in rows(s, LAYERS["coverage"], "public", FACTS, LAYERS["coverage"].shown)}
    assert "park" in officers
    assert "park" in outside, "the far place knows of no hidden park"


def test_a_file_says_how_many_rows_were_left_out_and_confines_to_a_place(borough: Borough, owner: Actor) -> None:
    out = BytesIO()
    with session(owner) as s:
        export_geojson(s, "coverage", out, by=owner, place="OM1", category="community-centre")
    found = json.loads(out.getvalue())
    (one,) = found["features"]
    assert one["properties"]["place_reference"] == "OM1"
    assert one["properties"]["coverage"] is None or 0 <= one["properties"]["coverage"] <= 1
    assert one["geometry"]["type"] == "MultiPolygon"
    out = BytesIO()
    with session(owner) as s:
        export_geojson(s, "coverage", out, by=owner, place="OM1")
    assert json.loads(out.getvalue())["metadata"]["left_out"] == {
        "not for this audience": 3,
    }, "park, what a park counts as, and library"


def test_a_map_draws_one_category_within_the_places_of_the_reader(borough: Borough) -> None:
    def drawn(**asked: object) -> set[tuple[str, str]]:
        with Reader("public", ("coverage",)).reading() as s:
            found = json.loads(features(s, "coverage", BRITAIN, 16, Filters(**asked), "public"))  # type: ignore[arg-type]
        return {(one["properties"]["place_name"], one["properties"]["category"]) for one in found["features"]}

    assert drawn(category="community-centre") == {("Old Mill", "community-centre"), ("Far Side", "community-centre")}
    assert drawn(category="community-centre", within=(borough.places["far"],)) == {("Far Side", "community-centre")}
    assert drawn(category="community-centre", place=str(borough.places["estate"])) == {("Old Mill", "community-centre")}
