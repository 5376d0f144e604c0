"""Four fields make an asset."""

from typing import Any

import pytest
from shapely import Point
from sqlalchemy.orm import Session

from abcd.assets.drafts import AssetDraft, asset_of, way
from abcd.db.tables import Postcode
from abcd.errors import BadRequest
from tests.builders import HERE, shape

EAST, NORTH = HERE


@pytest.mark.parametrize(
    ("reach", "column"),
    [("0161 912 3456", "phone"), ("+44 (0)161 912-3456", "phone"), ("ann@example.org", "email"),
     ("www.example.org/hall", "website"), ("https://example.org", "website"), ("example.org", "website")],
)  # fmt: skip
def test_one_field_of_contact_goes_where_it_belongs(reach: str, column: str) -> None:
    assert way(f" {reach} ") == {column: reach}


def test_words_are_a_way_too() -> None:
    assert way("Ask Bev at number 12") == {"extra": {"how_to_reach": "Ask Bev at number 12"}}
    assert way("  ") == {}


def test_a_point_and_a_category_say_the_rest(s: Session) -> None:
    row = asset_of(s, AssetDraft(" Mill  Hall ", "community-centre", "0161 912 3456", EAST, NORTH))
    assert (row.name, row.asset_kind, row.phone, row.located_by, row.precision_m) == (
        "Mill Hall", "physical", "0161 912 3456", "map", 10.0
    )  # fmt: skip


def test_a_postcode_is_roughly_where(s: Session) -> None:
    s.add(Postcode(postcode="M167AA", point=shape(Point(HERE))))
    s.flush()
    row = asset_of(s, AssetDraft("Mill Hall", "community-centre", "ask", postcode="m167aa"))
    assert (row.postcode, row.located_by, row.precision_m) == ("M16 7AA", "postcode", 100.0)
    within = asset_of(s, AssetDraft("Mill Hall", "community-centre", "ask", address="1 Mill Lane, M16 7AA"))
    assert (within.address, within.postcode) == ("1 Mill Lane, M16 7AA", "M16 7AA")


@pytest.mark.parametrize(
    ("missing", "told"),
    [({"name": " "}, "name"), ({"category": "thing"}, "not a category"), ({"category": "meeting-places"}, "not a cat"),
     ({"reach": ""}, "how to reach"), ({"easting": None}, "where"),
     ({"easting": None, "postcode": "M99 9ZZ"}, "not in the list"),
     ({"asset_kind": "thing"}, "kind of strength")],
)  # fmt: skip
def test_what_is_missing_is_asked_for(s: Session, missing: dict[str, Any], told: str) -> None:
    given = {"name": "Mill", "category": "library", "reach": "ask", "easting": EAST, "northing": NORTH} | missing
    with pytest.raises(BadRequest, match=told):
        asset_of(s, AssetDraft(**given))
