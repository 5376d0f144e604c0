"""What groups need and venues have to spare, written down through the asset's version."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.rooms import GroupWords, VenueWords, describe_rooms, words_of
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent
from abcd.errors import BadRequest, Conflict, NotAllowed
from tests.builders import a_term, an_asset


@pytest.fixture
def hall(s: Session) -> object:
    a_term(s, "community-centre")
    return an_asset(s, "community-centre")


def test_nothing_is_told_at_first(s: Session, hall: object) -> None:
    assert words_of(s, hall) == (None, None)


def test_what_is_told_is_kept_and_signed(s: Session, hall: object, owner: Actor) -> None:
    describe_rooms(s, hall, VenueWords(spare_grid=4, capacity=30), version=1, by=owner)
    describe_rooms(s, hall, VenueWords(spare_grid=8, capacity=40), version=2, by=owner)
    assert words_of(s, hall)[1] == VenueWords(spare_grid=8, capacity=40)
    told = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == str(hall)).order_by(AuditEvent.id)).all()
    assert [(one.by, one.before.get("capacity"), one.after["capacity"]) for one in told] == [
        (owner.name, None, 30), (owner.name, 30, 40),
    ]  # fmt: skip


def test_days_on_which_something_ends_are_kept(s: Session, hall: object, owner: Actor) -> None:
    group, venue = GroupWords(funded_until=date(2027, 3, 31)), VenueWords(lease_ends_on=date(2027, 6, 24))
    describe_rooms(s, hall, group, version=1, by=owner)
    describe_rooms(s, hall, venue, version=2, by=owner, key="lease")
    assert words_of(s, hall) == (group, venue)


def test_the_same_key_saves_once(s: Session, hall: object, owner: Actor) -> None:
    for _press in range(2):
        describe_rooms(s, hall, GroupWords(needs_room=True), version=1, by=owner, key="once")
    assert words_of(s, hall)[0] == GroupWords(needs_room=True)


def test_two_officers_cannot_overwrite_each_other(s: Session, hall: object, owner: Actor) -> None:
    describe_rooms(s, hall, GroupWords(run_by="residents"), version=1, by=owner)
    with pytest.raises(Conflict):
        describe_rooms(s, hall, GroupWords(run_by="staff"), version=1, by=owner)


def test_fewer_than_no_keys_is_refused(s: Session, hall: object, owner: Actor) -> None:
    with pytest.raises(BadRequest, match="less than none"):
        describe_rooms(s, hall, GroupWords(key_holder_count=-1), version=1, by=owner)


def test_a_partner_may_not(s: Session, hall: object) -> None:
    with pytest.raises(NotAllowed):
        describe_rooms(s, hall, GroupWords(), version=1, by=Actor("Pat", "partner_viewer"))
