"""Where rows are when the file gives no numbers: by property reference, postcode, or the name of a place."""

from pathlib import Path

import pytest
from shapely import Point
from sqlalchemy import text

from abcd.db.session import Actor, session
from abcd.db.tables import Postcode, Property
from abcd.intake.placing import POSTCODE_PRECISION_M, UPRN_PRECISION_M
from tests.builders import HERE, a_place, shape
from tests.conftest import emptied
from tests.intake.publisher import brought_in, kinds

HEADER = ("ref", "name", "address", "postcode", "town", "uprn")


@pytest.fixture(autouse=True)
def _lists(store: str, owner: Actor) -> None:
    """One postcode, one property, a village of 400 m and a county, both with names."""
    emptied(store, "core.asset, core.import, core.source, core.issue, core.place, core.postcode, core.property")
    with session(owner) as s:
        s.add(Postcode(postcode="ZZ11AA", point=shape(Point(381_000, 394_500))))
        s.add(Property(uprn=100012345678, point=shape(Point(382_000, 395_000))))
        a_place(s, HERE, kind="neighbourhood", name="Old Mill")
        a_place(s, HERE, kind="locality", name="Greater Mill", size=40_000)


def placed(ref: str) -> tuple[object, ...]:
    query = "select located_by, precision_m, ST_X(point), ST_Y(point) from core.asset where source_ref = :ref"
    with session(Actor("reader")) as s:
        return tuple(s.execute(text(query), {"ref": ref}).one())


ROWS = (
    ("A1", "First Club", "1 High Street", "ZZ1 1AA", "Old Mill", "100012345678"),
    ("A2", "Second Club", "2 High Street", "zz11aa", "Old Mill", ""),
    ("A3", "Third Club", "3 High Street, ZZ1 1AA", "", "Old Mill", ""),
    ("A4", "Fourth Club", "4 High Street", "", "old mill", ""),
    ("A5", "Fifth Club", "5 High Street", "", "Greater Mill", ""),
    ("A6", "Sixth Club", "6 High Street", "ZZ9 9ZZ", "", "999999999999"),
)


def test_the_surest_way_is_taken_and_said(tmp_path: Path, owner: Actor) -> None:
    report = brought_in(tmp_path, owner, ROWS, HEADER, "clubs.csv")
    assert placed("A1") == ("uprn", UPRN_PRECISION_M, 382_000, 395_000)
    assert placed("A2") == ("postcode", POSTCODE_PRECISION_M, 381_000, 394_500)
    assert placed("A3") == ("postcode in address", POSTCODE_PRECISION_M, 381_000, 394_500)
    assert placed("A4") == ("place name", pytest.approx(225.7, abs=0.1), *HERE)
    assert report.located_by == {"place name": 1, "postcode": 1, "postcode in address": 1, "uprn": 1}


def test_a_county_is_no_place_to_put_a_club(tmp_path: Path, owner: Actor) -> None:
    report = brought_in(tmp_path, owner, ROWS, HEADER, "clubs.csv")
    assert placed("A5") == placed("A6") == ("", None, None, None)
    assert (report.unlocated, kinds(report)["unlocated"]) == (2, 2)


def test_what_lies_outside_the_working_area_is_told_and_kept(tmp_path: Path, owner: Actor) -> None:
    with session(owner) as s:
        a_place(s, HERE, kind="lad", name="Here", size=1_000)
    report = brought_in(tmp_path, owner, ROWS, HEADER, "clubs.csv")
    assert kinds(report)["outside_area"] == 3
    assert report.added == len(ROWS)


def test_new_assets_are_in_their_places_at_once(tmp_path: Path, owner: Actor) -> None:
    brought_in(tmp_path, owner, ROWS, HEADER, "clubs.csv")
    query = """select a.source_ref from core.place_asset h join core.asset a on a.id = h.asset_id
               join core.place p on p.id = h.place_id where p.name = 'Old Mill'"""
    with session(owner) as s:
        assert s.scalars(text(query)).all() == ["A4"]
