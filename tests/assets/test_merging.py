"""Two records of one thing, side by side."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.actions import merge_assets, say_not_same, unmerge_assets
from abcd.assets.duplicates import open_count, open_pairs
from abcd.assets.queries import asset
from abcd.assets.search import Search, find
from abcd.db.session import Actor
from abcd.db.tables import (
    Activity,
    Asset,
    AuditEvent,
    DuplicatePair,
    Edge,
    Group,
    NotSame,
    PlaceAsset,
    Schedule,
    Verification,
)
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from abcd.places.assign import assign
from tests.builders import HERE, a_group, a_place, a_venue, an_asset

EAST, NORTH = HERE


def a_pair(s: Session) -> tuple[UUID, UUID]:
    """Two records that look alike, proposed to a person."""
    one = a_venue(s, name="Mill Hall", checked=date(2026, 1, 1))
    there = (EAST + 300, NORTH)
    other = an_asset(s, "community-centre", there, name="The Mill Hall", phone="0161 912 3456", kind="physical")
    s.add(DuplicatePair(asset_id=other, other_id=one, score=0.92, reasons="Same name, 300 m apart"))
    s.flush()
    return one, other


def test_a_pair_waits_for_a_person(s: Session) -> None:
    one, other = a_pair(s)
    pair = open_pairs(s)[0]
    assert {pair.one.id, pair.other.id} == {one, other}
    assert (pair.score, pair.reasons, open_count(s)) == (0.92, "Same name, 300 m apart", 1)


def test_the_other_stays_as_merged_and_what_pointed_to_it_moves(s: Session, owner: Actor) -> None:
    a_place(s)
    one, other = a_pair(s)
    group = a_group(s, meets_at=other)
    check = {"method": "desk", "by_kind": "owner", "checked_on": date(2026, 1, 1), "result": "still right"}
    s.add_all([Verification(asset_id=other, **check),
               Activity(asset_id=group, venue_id=other), Schedule(asset_id=other, byday="MO")])  # fmt: skip
    s.flush()
    assign(s)
    merge_assets(s, one, other, versions=(1, 1), take=["phone"], by=owner)
    assert asset(s, other).merged_into == one
    assert (asset(s, one).phone, asset(s, one).version) == ("0161 912 3456", 2)
    assert s.get_one(Group, group).meets_at == s.get_one(Activity, group).venue_id == one
    assert s.scalars(select(Verification.asset_id)).all() == s.scalars(select(Schedule.asset_id)).all() == [one]
    assert find(s, Search("mill hall")).total == 1
    assert s.scalars(select(PlaceAsset.asset_id).where(PlaceAsset.asset_id == other)).all() == []
    assert open_pairs(s) == []


def test_ties_follow_and_none_leads_to_itself(s: Session, owner: Actor) -> None:
    one, other = a_pair(s)
    group = a_group(s)
    seen = {"relation": "joint_activity", "last_seen": date(2026, 1, 1), "source_kind": "group"}
    s.add_all([Edge(a_id=group, b_id=other, **seen), Edge(a_id=one, b_id=other, **seen)])
    s.flush()
    merge_assets(s, one, other, versions=(1, 1), by=owner)
    ends = {tuple(row) for row in s.execute(select(Edge.a_id, Edge.b_id))}
    assert ends == {(group, one), (one, other)}
    unmerge_assets(s, other, by=owner)
    assert {tuple(row) for row in s.execute(select(Edge.a_id, Edge.b_id))} == {(group, other), (one, other)}


def test_opening_times_of_both_are_not_mixed(s: Session, owner: Actor) -> None:
    one, other = a_pair(s)
    s.add_all([Schedule(asset_id=one, byday="TU"), Schedule(asset_id=other, byday="MO")])
    s.flush()
    merge_assets(s, one, other, versions=(1, 1), by=owner)
    assert s.scalars(select(Schedule.byday).where(Schedule.asset_id == one)).all() == ["TU"]


def test_undoing_a_merge_restores_both_exactly(s: Session, owner: Actor) -> None:
    a_place(s)
    one, other = a_pair(s)
    group = a_group(s, meets_at=other)
    assign(s)
    before = [(asset(s, key).line, asset(s, key).phone) for key in (one, other)]
    take = ["phone", "name", "where", "assured_on"]
    merge_assets(s, one, other, versions=(1, 1), take=take, by=owner)
    assert (asset(s, one).line.easting, asset(s, one).name) == (EAST + 300, "The Mill Hall")
    unmerge_assets(s, other, by=owner)
    assert [(asset(s, key).line, asset(s, key).phone) for key in (one, other)] == before
    assert s.get_one(Group, group, populate_existing=True).meets_at == other
    assert s.scalars(select(PlaceAsset.asset_id).where(PlaceAsset.asset_id == one)).all() == [one]
    assert len(open_pairs(s)) == 1
    with pytest.raises(NotFound, match="not merged"):
        unmerge_assets(s, other, by=owner)


def test_what_cannot_be_merged_is_refused(s: Session, owner: Actor) -> None:
    one, other = a_pair(s)
    with pytest.raises(BadRequest):
        merge_assets(s, one, one, versions=(1, 1), by=owner)
    with pytest.raises(BadRequest):
        merge_assets(s, one, other, versions=(1, 1), take=["version"], by=owner)
    with pytest.raises(NotAllowed):
        merge_assets(s, one, other, versions=(1, 1), by=Actor("Cal", "coach"))
    with pytest.raises(Conflict):
        merge_assets(s, one, other, versions=(1, 7), by=owner)


def test_a_sensitive_record_is_never_merged_with_an_open_one(s: Session, owner: Actor) -> None:
    one, hidden = an_asset(s), an_asset(s, at=None, is_sensitive=True)
    with pytest.raises(BadRequest, match="sensitive"):
        merge_assets(s, one, hidden, versions=(1, 1), take=["where"], by=owner)


def test_different_is_remembered_and_not_asked_again(s: Session, owner: Actor) -> None:
    one, other = a_pair(s)
    say_not_same(s, other, one, by=owner)
    say_not_same(s, one, other, by=owner)
    rows = s.execute(select(NotSame.asset_id, NotSame.other_id, NotSame.said_by)).all()
    assert [tuple(row) for row in rows] == [(*sorted((one, other)), owner.name)]
    assert open_pairs(s) == []
    assert s.get_one(Asset, one).merged_into is None


def test_a_contact_that_was_taken_over_is_in_no_event_and_comes_back(s: Session, owner: Actor) -> None:
    one, other = an_asset(s, phone="canary-kept"), an_asset(s, phone="canary-taken")
    merge_assets(s, one, other, versions=(1, 1), take=["phone"], by=owner)
    said = str(s.execute(select(AuditEvent.before, AuditEvent.after)).all())
    assert "merge" in str(s.scalars(select(AuditEvent.verb)).all())
    assert "canary" not in said
    unmerge_assets(s, other, by=owner)
    assert asset(s, one).phone == "canary-kept"
