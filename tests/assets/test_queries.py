"""One asset, and the strengths of a place."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from abcd.assets.queries import asset, assets_of, strengths
from abcd.db.tables import ASSET_KINDS
from abcd.errors import NotFound
from abcd.places.assign import assign
from tests.builders import HERE, a_group, a_place, an_asset

EAST, NORTH = HERE


def test_everything_known_of_an_asset_with_its_places(s: Session) -> None:
    ward, estate = a_place(s, kind="ward", size=4000, name="Mill Ward"), a_place(s)
    made = an_asset(s, name="Mill Library", phone="0161 000 0000", serves=["Mill Ward"])
    assign(s)
    found = asset(s, made)
    assert (found.name, found.category, found.line.category_name, found.phone) == (
        "Mill Library", "library", "Library or hub", "0161 000 0000"
    )  # fmt: skip
    assert (found.line.easting, found.line.northing, found.version) == (EAST, NORTH, 1)
    assert [(place.id, place.relation) for place in found.places][0] == (estate, "within")
    assert {(place.id, place.relation) for place in found.places} == {
        (estate, "within"), (ward, "within"), (ward, "serves")
    }  # fmt: skip


def test_an_unknown_asset_is_said_to_be_unknown(s: Session) -> None:
    with pytest.raises(NotFound):
        asset(s, uuid4())


def test_the_six_kinds_come_in_order_and_the_newest_checked_first(s: Session) -> None:
    place = a_place(s)
    an_asset(s, "library", name="Long ago", checked=date(2024, 1, 1))
    an_asset(s, "gp", name="Lately", checked=date(2026, 6, 1))
    a_group(s, name="Gardeners")
    assign(s)
    found = strengths(s, place)
    assert [one.kind for one in found] == list(ASSET_KINDS)
    by_kind = {one.kind: (one.count, [line.name for line in one.assets]) for one in found}
    assert by_kind["association"] == (1, ["Gardeners"])
    assert by_kind["institution"][0] == 2
    assert set(by_kind["institution"][1]) == {"Long ago", "Lately"}
    assert by_kind["economic"] == (0, [])


def test_one_of_each_category_before_a_second(s: Session) -> None:
    place = a_place(s)
    for number in range(4):
        an_asset(s, "bus-stop", kind="physical", name=f"Stop {number}", checked=date(2026, 6, 1))
    an_asset(s, "park", kind="physical", name="Park", checked=date(2025, 1, 1))
    assign(s)
    physical = next(one for one in strengths(s, place, per_kind=2) if one.kind == "physical")
    assert (physical.count, [line.name for line in physical.assets]) == (5, ["Park", "Stop 0"])


def test_what_serves_a_place_is_a_strength_of_it_and_what_is_gone_is_not(s: Session) -> None:
    place = a_place(s)
    far = (EAST + 9000, NORTH)
    an_asset(s, at=far, name="Comes by", serves=["Old Mill"])
    an_asset(s, name="Closed for good", status="defunct"), an_asset(s, name="Not any more", status="inactive")
    an_asset(s, name="Painted at the moment", status="temporarily closed")
    assign(s)
    names = [row.name for row in s.execute(assets_of(place))]
    assert sorted(names) == ["Comes by", "Painted at the moment"]
