"""Places that people draw, edit and end."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.core.geo import to_degrees
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Place, PlaceAsset
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from abcd.places.actions import PlaceDraft, add_place, edit_place, end_place
from abcd.places.queries import boundary, place, places_of_kind
from tests.builders import HERE, an_asset

EAST, NORTH = HERE


def drawn(size: float = 200, at: tuple[float, float] = HERE) -> dict[str, Any]:
    """A square drawn on the map, in degrees."""
    east, north = at
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    lon, lat = to_degrees([east + x * size / 2 for x, _ in corners], [north + y * size / 2 for _, y in corners])
    return {"type": "Polygon", "coordinates": [[list(pair) for pair in zip(lon, lat, strict=True)]]}


def verbs(s: Session, thing: UUID) -> list[str]:
    """What was done to a place."""
    return list(s.scalars(select(AuditEvent.verb).where(AuditEvent.thing_id == str(thing)).order_by(AuditEvent.id)))


def test_a_drawn_place_is_stored_in_metres_and_gets_its_assets(s: Session, owner: Actor) -> None:
    asset = an_asset(s)
    made = add_place(s, PlaceDraft("  Mill Lane gardens ", json.dumps(drawn())), by=owner)
    assert (made.name, made.kind, made.drawn, made.version) == ("Mill Lane gardens", "resident_drawn", True, 1)
    assert made.reference.startswith("mill-lane-gardens-")
    assert made.area_km2 == pytest.approx(0.04, rel=1e-3)
    assert (made.easting, made.northing) == (pytest.approx(EAST, abs=0.5), pytest.approx(NORTH, abs=0.5))
    assert s.scalars(select(PlaceAsset.asset_id).where(PlaceAsset.place_id == made.id)).all() == [asset]
    assert verbs(s, made.id) == ["add"]


def test_degrees_come_back_as_they_went_in(s: Session, owner: Actor) -> None:
    shape = drawn()
    made = add_place(s, PlaceDraft("Mill", {"type": "Feature", "properties": {}, "geometry": shape}), by=owner)
    back = json.loads(boundary(s, made.id))["coordinates"][0][0]
    given = sorted(map(tuple, shape["coordinates"][0]))
    assert sorted(map(tuple, back)) == [pytest.approx(pair, abs=1.1e-6) for pair in given]


def test_a_bow_tie_is_repaired(s: Session, owner: Actor) -> None:
    ring = drawn()["coordinates"][0]
    bow = {"type": "Polygon", "coordinates": [[ring[0], ring[2], ring[1], ring[3], ring[0]]]}
    assert add_place(s, PlaceDraft("Bow", bow), by=owner).area_km2 == pytest.approx(0.02, rel=1e-2)


@pytest.mark.parametrize(
    "shape",
    ["", "{", "[]", {}, {"type": "Point", "coordinates": [-2.3, 53.4]}, {"type": "Polygon", "coordinates": []},
     {"type": "LineString", "coordinates": [[-2.3, 53.4], [-2.4, 53.4]]}, {"type": "Polygon", "coordinates": [["a"]]}],
)  # fmt: skip
def test_what_is_no_area_is_refused_with_what_to_do(s: Session, owner: Actor, shape: Any) -> None:
    with pytest.raises(BadRequest, match="Draw"):
        add_place(s, PlaceDraft("Mill", shape), by=owner)


def test_a_place_needs_a_name_and_a_kind_we_know(s: Session, owner: Actor) -> None:
    with pytest.raises(BadRequest, match="needs a name"):
        add_place(s, PlaceDraft(" ", drawn()), by=owner)
    with pytest.raises(BadRequest, match="not a kind of place"):
        add_place(s, PlaceDraft("Mill", drawn(), kind="turf"), by=owner)


def test_pressing_save_twice_makes_one_place(s: Session, owner: Actor) -> None:
    first = add_place(s, PlaceDraft("Mill", drawn()), by=owner, key="k1")
    assert add_place(s, PlaceDraft("Mill", drawn()), by=owner, key="k1") == first
    assert len(places_of_kind(s, "resident_drawn")) == 1


def test_an_edit_names_its_version_and_moves_the_boundary(s: Session, owner: Actor) -> None:
    asset = an_asset(s, at=(EAST + 150, NORTH))
    made = add_place(s, PlaceDraft("Mill", drawn()), by=owner)
    edited = edit_place(s, made.id, {"name": "Mill Road"}, version=1, by=owner, boundary=drawn(400))
    assert (edited.name, edited.version) == ("Mill Road", 2)
    assert edited.area_km2 == pytest.approx(0.16, rel=1e-3)
    assert s.scalars(select(PlaceAsset.asset_id).where(PlaceAsset.place_id == made.id)).all() == [asset]
    assert verbs(s, made.id) == ["add", "edit"]


def test_a_stale_edit_shows_both_sides(s: Session, owner: Actor) -> None:
    made = add_place(s, PlaceDraft("Mill", drawn()), by=owner)
    edit_place(s, made.id, {"name": "Mill Road"}, version=1, by=owner)
    with pytest.raises(Conflict) as told:
        edit_place(s, made.id, {"name": "Mill Street"}, version=1, by=owner)
    assert (told.value.theirs, told.value.ours) == ({"name": "Mill Road"}, {"name": "Mill Street"})
    with pytest.raises(VersionMissing):
        edit_place(s, made.id, {"name": "Mill Street"}, version=None, by=owner)
    with pytest.raises(BadRequest, match="kind"):
        edit_place(s, made.id, {"kind": "ward"}, version=2, by=owner)


def test_an_ended_place_leaves_lists_and_keeps_its_row(s: Session, owner: Actor) -> None:
    an_asset(s)
    made = add_place(s, PlaceDraft("Mill", drawn()), by=owner)
    end_place(s, made.id, "demolished", version=1, by=owner)
    assert places_of_kind(s, "resident_drawn") == []
    with pytest.raises(NotFound):
        place(s, made.id)
    assert s.scalars(select(PlaceAsset).where(PlaceAsset.place_id == made.id)).all() == []
    assert s.get_one(Place, made.id).version == 2


def test_a_partner_who_views_cannot_draw(s: Session) -> None:
    with pytest.raises(NotAllowed):
        add_place(s, PlaceDraft("Mill", drawn()), by=Actor("Pat", "partner_viewer"))
