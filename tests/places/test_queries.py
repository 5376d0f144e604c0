"""Places by reference, by name, by kind."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from abcd.db.tables import Organisation, Place, PlaceLandlord
from abcd.errors import NotFound
from abcd.places.queries import boundary, landlords, place, places_matching, places_of_kind
from tests.builders import HERE, a_place


def test_a_place_is_found_by_its_id_or_its_reference(s: Session) -> None:
    made = a_place(s, households=120)
    found = place(s, made)
    assert (found.id, found.name, found.households, found.version) == (made, "Old Mill", 120, 1)
    assert place(s, str(made)) == place(s, found.reference) == found


def test_a_record_says_where_and_how_large_in_metres(s: Session) -> None:
    found = place(s, a_place(s, size=500))
    assert (found.easting, found.northing) == HERE
    assert found.box == (379_750.0, 393_750.0, 380_250.0, 394_250.0)
    assert found.area_km2 == pytest.approx(0.25)


def test_of_two_editions_the_newest_answers(s: Session) -> None:
    made = {vintage: a_place(s, kind="lsoa", vintage=vintage) for vintage in ("2021", "2011")}
    s.execute(update(Place).where(Place.kind == "lsoa").values(reference="E01000001"))
    assert place(s, "E01000001").id == made["2021"]
    assert [row.vintage for row in places_of_kind(s, "lsoa")] == ["2021", "2011"]


def test_an_unknown_place_is_said_to_be_unknown(s: Session) -> None:
    for asked in ("TRF-E99", str(uuid4()), "", "'; drop table"):
        with pytest.raises(NotFound, match="No place has the reference"):
            place(s, asked)


@pytest.mark.parametrize("words", ["old mill", "OLD", "mill", "old mil", "odl mill", "old miil"])
def test_part_of_a_name_or_a_slip_finds_it(s: Session, words: str) -> None:
    made = a_place(s)
    a_place(s, name="Greenheys")
    assert [found.id for found in places_matching(s, words)] == [made]


def test_a_pattern_sign_is_a_letter_like_any_other(s: Session) -> None:
    a_place(s)
    assert places_matching(s, "%") == places_matching(s, "_ld") == []


def test_names_are_searched_within_one_kind_when_asked(s: Session) -> None:
    a_place(s, kind="ward")
    estate = a_place(s)
    assert [found.id for found in places_matching(s, "old mill", kind="estate")] == [estate]
    assert [found.kind for found in places_matching(s, "old mill")] == ["estate", "ward"]


def test_landlords_come_with_their_homes_the_largest_first(s: Session) -> None:
    place_id, small, large = a_place(s), Organisation(name="Small Homes"), Organisation(name="Large Homes")
    s.add_all([small, large])
    s.flush()
    s.add_all([PlaceLandlord(place_id=place_id, organisation_id=small.id, homes=12),
               PlaceLandlord(place_id=place_id, organisation_id=large.id, homes=300)])  # fmt: skip
    s.flush()
    assert landlords(s, place_id) == [("Large Homes", 300), ("Small Homes", 12)]


def test_a_boundary_is_geojson_in_degrees(s: Session) -> None:
    shape = json.loads(boundary(s, a_place(s)))
    lon, lat = shape["coordinates"][0][0][0]
    assert shape["type"] == "MultiPolygon"
    assert (lon, lat) == (pytest.approx(-2.30, abs=0.01), pytest.approx(53.44, abs=0.01))
    with pytest.raises(NotFound):
        boundary(s, uuid4())
