"""Gap closed by a gift: who and what is named, in which order, and what is told of neighbours to whom."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from abcd.connections.closing import Closing, closings
from abcd.connections.willing import willing
from abcd.db.session import Actor
from abcd.errors import NotFound
from abcd.gaps.possibilities import possibilities
from abcd.people.skills import load_skills
from tests.builders import HERE, TODAY, a_group, a_place, a_search, a_small_area, a_venue
from tests.connections.wishing import a_neighbour, gives
from tests.people.conftest import an_association, ask_as

WANTED = [("arts-and-music", "culture-and-faith"), ("youth-group", "young-people")]


@pytest.fixture
def manager(s: Session) -> Actor:
    """A manager of an association, who has opened the session; gifts are known."""
    made = Actor("Mona Manager", "manager", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, made)
    load_skills(s)
    return made


def looked_for(s: Session, category: str) -> UUID:
    """An estate where connectors looked for a category and found none, again and again."""
    place = a_place(s, size=600)
    a_small_area(s, HERE, 120)
    for method in ("connectors", "residents' meeting", "field walk"):
        a_search(s, place, category, method)
    return place


def closing(s: Session, place: UUID, category: str) -> Closing:
    missing = [one for one in possibilities(s, place, on=TODAY, voiced={category: 1}) if one.category == category]
    assert [one.is_question for one in missing] == [False]
    return closings(s, place, missing)[0]


def test_groups_of_neighbours_come_before_others_and_the_same_kind_before_its_kin(s: Session, manager: Actor) -> None:
    place = looked_for(s, "youth-group")
    a_group(s, "youth-group", (HERE[0] + 760, HERE[1]), name="Youth of the town", run_by="staff")
    a_group(s, "arts-and-music", HERE, name="A choir")
    kin = a_group(s, "parent-and-toddler", HERE, name="Stay and play", run_by="residents")
    found = closing(s, place, "youth-group")
    assert [(one.name, one.is_same) for one in found.groups] == [("Youth of the town", True)]
    assert kin not in {one.asset_id for one in found.groups}
    by_us = a_group(s, "youth-group", (HERE[0] + 780, HERE[1]), name="Our own youth", run_by="residents")
    assert [one.name for one in closing(s, place, "youth-group").groups] == ["Our own youth", "Youth of the town"]
    assert closing(s, place, "youth-group").groups[0].asset_id == by_us


def test_only_rooms_that_are_known_to_stand_empty_the_nearest_first(s: Session, manager: Actor) -> None:
    place = looked_for(s, "youth-group")
    a_venue(s, "common-room", (HERE[0] + 400, HERE[1]), name="Further room", is_underused=True)
    a_venue(s, "common-room", (HERE[0] + 100, HERE[1]), name="Nearer room", spare_grid=7)
    a_venue(s, "common-room", HERE, name="Full room")
    rooms = closing(s, place, "youth-group").rooms
    assert [one.name for one in rooms] == ["Nearer room", "Further room"]
    assert rooms[0].minutes == pytest.approx(100 * 1.3 / 66.7)
    a_search(s, place, "bus-stop", "connectors")
    a_search(s, place, "bus-stop", "residents' meeting")
    assert closing(s, place, "bus-stop").rooms == ()


def test_neighbours_count_once_and_only_with_their_yes_and_a_gift_that_waits(s: Session, manager: Actor) -> None:
    patch = a_place(s, kind="patch")
    piano = a_neighbour(s, patch)
    gives(s, piano, "piano")
    gives(s, piano, "singing")
    gives(s, a_neighbour(s, patch, agreed=False), "piano")
    gives(s, a_neighbour(s, patch, safety_risk=True), "piano")
    gives(s, a_neighbour(s, patch), "piano", state="ended")
    gives(s, a_neighbour(s, a_place(s, kind="patch", at=(HERE[0] + 5000, HERE[1]))), "piano")
    assert willing(s, patch, WANTED) == {"arts-and-music": 1, "youth-group": 0}
    assert willing(s, patch, []) == {}


def test_beyond_casework_counts_are_protected_and_partners_are_told_none(s: Session, manager: Actor) -> None:
    patch, ward = a_place(s, kind="patch"), a_place(s, kind="ward")
    for number in range(12):
        gives(s, a_neighbour(s, patch, preferred_name=f"Ada {number}"), "piano")
    ask_as(s, replace(manager, role="data_officer"))
    assert willing(s, patch, WANTED) == {"arts-and-music": 10, "youth-group": None}
    assert willing(s, ward, WANTED) is None
    ask_as(s, replace(manager, role="partner_viewer"))
    assert willing(s, patch, WANTED) is None


def test_a_question_is_not_closed_but_asked(s: Session, manager: Actor) -> None:
    place = a_place(s)
    missing = possibilities(s, place, on=TODAY)
    assert all(one.is_question for one in missing)
    assert closings(s, place, missing) == []
    stated = [replace(missing[0], is_question=False)]
    with pytest.raises(NotFound):
        closings(s, uuid4(), stated)
