"""Adding, editing, confirming and retiring: versions, audit, places."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from shapely import Point, box
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.assets.actions import AssetDraft, add_asset, confirm_asset, edit_asset, retire_asset
from abcd.assets.queries import asset
from abcd.assets.search import Search, find
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import Asset, AuditEvent, Postcode, Verification
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound, VersionMissing
from tests.builders import HERE, a_place, an_asset, shape

EAST, NORTH = HERE


def a_draft(**more: Any) -> AssetDraft:
    """A hall at the usual point."""
    usual = {"name": "Mill Hall", "category": "community-centre", "reach": "0161 912 3456"}
    return AssetDraft(**(usual | {"easting": EAST, "northing": NORTH} | more))


def events(s: Session, thing: UUID) -> list[tuple[str, Any, Any]]:
    """(verb, before, after) of an asset."""
    rows = select(AuditEvent.verb, AuditEvent.before, AuditEvent.after).where(AuditEvent.thing_id == str(thing))
    return [tuple(row) for row in s.execute(rows.order_by(AuditEvent.id))]  # type: ignore[misc]


def test_four_fields_make_an_asset_that_is_in_its_places_and_found(s: Session, owner: Actor) -> None:
    place = a_place(s)
    made = add_asset(s, a_draft(source_kind="resident"), by=owner)
    assert [held.id for held in made.places] == [place]
    assert (made.line.freshness, made.line.confidence, made.version) == ("fresh", 1.0, 1)
    assert [line.id for line in find(s, Search("mill hall")).lines] == [made.id]
    assert events(s, made.id) == [("add", None, {"name": "Mill Hall", "category": "community-centre"})]
    assert s.scalars(select(Verification.result).where(Verification.asset_id == made.id)).all() == ["added"]


def test_pressing_save_twice_makes_one_asset(s: Session, owner: Actor) -> None:
    first = add_asset(s, a_draft(), by=owner, key="press")
    assert add_asset(s, a_draft(), by=owner, key="press").id == first.id
    assert s.scalar(select(func.count()).select_from(Asset)) == 1


def test_a_new_word_can_be_mistyped_at_once(s: Session, owner: Actor) -> None:
    made = add_asset(s, a_draft(name="Zebedee Rooms"), by=owner)
    found = find(s, Search("zebadee"))
    assert (found.mended, found.lines[0].id) == ({"zebadee": "zebedee"}, made.id)


def test_an_edit_says_what_changed_and_raises_the_version(s: Session, owner: Actor) -> None:
    made = add_asset(s, a_draft(), by=owner)
    edited = edit_asset(s, made.id, {"name": "Mill Rooms", "phone": "", "serves": ["Old Mill"]}, version=1, by=owner)
    assert (edited.name, edited.phone, edited.serves, edited.version) == ("Mill Rooms", "", ("Old Mill",), 2)
    assert events(s, made.id)[-1] == (
        "edit", {"name": "Mill Hall", "phone": {"hidden": True}, "serves": []},
        {"name": "Mill Rooms", "phone": {"hidden": True}, "serves": ["Old Mill"]},
    )  # fmt: skip


def test_a_stale_edit_shows_both_sides_and_saves_nothing(s: Session, owner: Actor) -> None:
    made = add_asset(s, a_draft(), by=owner)
    edit_asset(s, made.id, {"phone": "1"}, version=1, by=owner)
    with pytest.raises(Conflict) as told:
        edit_asset(s, made.id, {"phone": "2"}, version=1, by=owner)
    assert (told.value.theirs, told.value.ours) == ({"phone": "1"}, {"phone": "2"})
    with pytest.raises(VersionMissing):
        edit_asset(s, made.id, {"phone": "2"}, version=None, by=owner)
    assert asset(s, made.id).phone == "1"


@pytest.mark.parametrize(
    "changes",
    [{"version": 9}, {"source_id": None}, {"merged_into": None}, {"name": ""}, {"status": "gone"}, {"category": "x"}],
)
def test_what_cannot_be_edited_is_refused(s: Session, owner: Actor, changes: dict[str, Any]) -> None:
    made = add_asset(s, a_draft(), by=owner)
    with pytest.raises(BadRequest):
        edit_asset(s, made.id, changes, version=1, by=owner)


def test_moving_it_on_the_map_moves_it_to_other_places(s: Session, owner: Actor) -> None:
    here, there = a_place(s), a_place(s, (EAST + 1000, NORTH))
    made = add_asset(s, a_draft(), by=owner)
    assert [held.id for held in made.places] == [here]
    moved = edit_asset(s, made.id, {"easting": EAST + 1000, "northing": NORTH}, version=1, by=owner)
    assert ([held.id for held in moved.places], moved.located_by) == ([there], "map")
    assert events(s, made.id)[-1][2] == {"moved": True}


def test_a_new_postcode_moves_it_and_a_new_address_alone_does_not(s: Session, owner: Actor) -> None:
    s.add(Postcode(postcode="M167AA", point=shape(Point(EAST + 1000, NORTH))))
    made = add_asset(s, a_draft(), by=owner)
    told = edit_asset(s, made.id, {"address": "1 Mill Lane"}, version=1, by=owner)
    assert (told.line.address, told.line.easting, told.located_by) == ("1 Mill Lane", EAST, "map")
    moved = edit_asset(s, made.id, {"postcode": "M16 7AA"}, version=2, by=owner)
    assert (moved.line.easting, moved.line.address, moved.located_by) == (EAST + 1000, "1 Mill Lane", "postcode")


def test_a_drawn_shape_gives_way_to_the_point_it_was_moved_to(s: Session, owner: Actor) -> None:
    made = an_asset(s, geom=box(EAST, NORTH, EAST + 50, NORTH + 50))
    edit_asset(s, made, {"easting": EAST, "northing": NORTH}, version=1, by=owner)
    assert s.scalar(select(Asset.geom).where(Asset.id == made)) is None


def test_confirming_makes_it_fresh_and_says_how(s: Session, owner: Actor) -> None:
    made = an_asset(s, checked=date(2020, 1, 1), source_kind="import")
    confirmed = confirm_asset(s, made, version=1, by=owner, method="staff visit", note="Doors open")
    assert (confirmed.line.assured_on, confirmed.assured_by, confirmed.version) == (today(), "staff visit", 2)
    assert (confirmed.line.freshness, confirmed.line.confidence) == ("fresh", 0.9)
    check = s.execute(select(Verification).where(Verification.asset_id == made)).scalar_one()
    told = (check.method, check.by_kind, check.result, check.note)
    assert told == ("staff visit", "owner", "still right", "Doors open")
    with pytest.raises(BadRequest, match="how it was checked"):
        confirm_asset(s, made, version=2, by=owner, method="telepathy")


def test_confirming_twice_with_one_key_is_once(s: Session, owner: Actor) -> None:
    made = an_asset(s)
    confirm_asset(s, made, version=1, by=owner, key="once")
    assert confirm_asset(s, made, version=1, by=owner, key="once").version == 2


def test_a_retired_asset_leaves_find_and_keeps_its_record(s: Session, owner: Actor) -> None:
    made = add_asset(s, a_draft(), by=owner)
    with pytest.raises(BadRequest, match="why"):
        retire_asset(s, made.id, " ", version=1, by=owner)
    retired = retire_asset(s, made.id, "Sold for flats", version=1, by=owner)
    assert (retired.line.status, retired.end_date) == ("defunct", today())
    assert find(s, Search("mill hall")).total == 0
    assert events(s, made.id)[-1][2] == {"status": "defunct", "reason": "Sold for flats"}


def test_roles_are_kept(s: Session, owner: Actor) -> None:
    viewer, coach = Actor("Pat", "partner_viewer"), Actor("Cal", "coach")
    with pytest.raises(NotAllowed):
        add_asset(s, a_draft(), by=viewer)
    made = add_asset(s, a_draft(), by=coach)
    with pytest.raises(NotAllowed):
        retire_asset(s, made.id, "gone", version=1, by=coach)
    with pytest.raises(NotFound):
        confirm_asset(s, uuid4(), version=1, by=owner)
