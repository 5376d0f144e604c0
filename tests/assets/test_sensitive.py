"""Where a sensitive asset is, is nowhere but in its own room."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.assets.actions import AssetDraft, add_asset, edit_asset
from abcd.assets.history import history
from abcd.assets.queries import asset
from abcd.assets.sensitive import hidden_place
from abcd.db.session import Actor
from abcd.db.tables import Asset, AuditEvent, SensitiveLocation
from abcd.errors import NotAllowed, NotFound
from tests.builders import HERE, a_place

EAST, NORTH = HERE
DRAFT = AssetDraft(
    "Safe House", "support-and-recovery", "0161 912 3456", EAST, NORTH, address="7 Hidden Close", is_sensitive=True
)


def test_it_is_added_without_a_place_and_still_counts_in_its_places(s: Session, owner: Actor) -> None:
    place = a_place(s)
    made = add_asset(s, DRAFT, by=owner)
    assert (made.line.easting, made.line.northing, made.line.address, made.line.postcode) == (None, None, "", "")
    assert [held.id for held in made.places] == [place]
    hidden = hidden_place(s, made.id, by=owner)
    assert (hidden.easting, hidden.northing, hidden.address) == (EAST, NORTH, "7 Hidden Close")


def test_nothing_of_its_place_is_in_the_row_or_the_audit(s: Session, owner: Actor) -> None:
    made = add_asset(s, DRAFT, by=owner)
    row = s.scalar(text("select row_to_json(a)::text from core.asset a where id = :id"), {"id": made.id})
    trail = str(s.execute(select(AuditEvent.before, AuditEvent.after)).all())
    assert "Hidden" not in row + trail
    assert "380000" not in row + trail


def test_only_named_roles_look_and_each_look_is_written_down(s: Session, owner: Actor) -> None:
    made = add_asset(s, DRAFT, by=owner)
    for role in ("coach", "officer", "data_officer", "partner_viewer"):
        with pytest.raises(NotAllowed):
            hidden_place(s, made.id, by=Actor("X", role))
    hidden_place(s, made.id, by=owner)
    assert [event.what for event in history(s, made.id)][0] == "Its hidden place was looked at."


def test_an_asset_is_hidden_and_shown_again(s: Session, owner: Actor) -> None:
    draft = AssetDraft("House", "support-and-recovery", "ask", EAST, NORTH, address="7 Hidden Close")
    made = add_asset(s, draft, by=owner)
    hidden = edit_asset(s, made.id, {"is_sensitive": True}, version=1, by=owner)
    assert (hidden.line.is_sensitive, hidden.line.easting, hidden.line.address) == (True, None, "")
    shown = edit_asset(s, made.id, {"is_sensitive": False}, version=2, by=owner)
    assert (shown.line.easting, shown.line.address, shown.line.is_sensitive) == (EAST, "7 Hidden Close", False)
    assert s.get(SensitiveLocation, made.id) is None
    with pytest.raises(NotFound):
        hidden_place(s, made.id, by=owner)


def test_moving_a_sensitive_asset_moves_it_in_its_own_room(s: Session, owner: Actor) -> None:
    made, there = add_asset(s, DRAFT, by=owner), a_place(s, (EAST + 1000, NORTH))
    moved = edit_asset(s, made.id, {"easting": EAST + 1000, "northing": NORTH}, version=1, by=owner)
    assert (moved.line.easting, [held.id for held in moved.places]) == (None, [there])
    assert hidden_place(s, made.id, by=owner).easting == EAST + 1000
    assert hidden_place(s, made.id, by=owner).address == "7 Hidden Close"


def test_its_history_tells_no_values(s: Session, owner: Actor) -> None:
    made = add_asset(s, AssetDraft("House", "support-and-recovery", "ask", EAST, NORTH), by=owner)
    edit_asset(s, made.id, {"description": "Behind 7 Hidden Close"}, version=1, by=owner)
    edit_asset(s, made.id, {"is_sensitive": True}, version=2, by=owner)
    told = " ".join(event.what for event in history(s, made.id))
    assert "description" in told
    assert "Hidden" not in told
    assert s.get_one(Asset, made.id).point is None
    assert asset(s, made.id).description == "Behind 7 Hidden Close"
