"""The invented borough comes in through the ordinary doors, with every oddity it holds on purpose."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.assets.search import Search, find
from abcd.connections.suggestions import suggestions
from abcd.db.session import Actor, session
from abcd.db.tables import Asset, Issue, Place, SensitiveLocation, Setting
from abcd.gaps.possibilities import possibilities
from abcd.intake import millfield
from abcd.places.households import households_in
from abcd.places.queries import place


@pytest.fixture(scope="module")
def borough(store: str, owner: Actor) -> str:
    millfield.load(actor=owner)
    return store


@pytest.fixture
def here(borough: str, owner: Actor) -> Iterator[Session]:
    with session(owner) as opened:
        yield opened


def test_every_row_of_every_file_is_there(here: Session) -> None:
    assert here.scalar(select(func.count()).select_from(Asset)) == 78
    assert dict(here.execute(select(Place.kind, func.count()).group_by(Place.kind)).all()) == {
        "lad": 1, "ward": 4, "oa": 64, "estate": 6, "development": 1, "water": 2, "greenspace": 6, "street": 22,
    }  # fmt: skip


def test_a_load_that_was_cut_short_is_completed(borough: str, owner: Actor) -> None:
    with session(owner) as s:
        assert not millfield.is_wanted(s)
        s.get_one(Setting, millfield.MARK).value = "loading"
    with session(owner) as s:
        assert millfield.is_wanted(s)
        s.get_one(Setting, millfield.MARK).value = "loaded"


def test_the_oddities_are_told(here: Session) -> None:
    told = set(here.scalars(select(Issue.kind)))
    assert {"swapped_axes", "repaired_geometry", "repeated_row", "one_row_per_weekday"} <= told


def test_nothing_in_it_is_a_mystery(here: Session) -> None:
    assert here.scalars(select(Asset.name).where(Asset.category == "other")).all() == []


def test_the_refuge_has_no_place_but_in_its_own_room(here: Session) -> None:
    hidden = here.scalars(select(Asset).where(Asset.is_sensitive)).one()
    assert (hidden.point, hidden.geom, hidden.address, hidden.postcode) == (None, None, "", "")
    assert here.get(SensitiveLocation, hidden.id) is not None


def test_an_estate_counts_its_own_small_areas(here: Session) -> None:
    assert households_in(here, place(here, "MF-E01").id).count == 410
    assert households_in(here, place(here, "MF-E06").id).count == 38


def test_possibilities_tell_not_there_from_nobody_looked(here: Session) -> None:
    states = {one.category: one.state for one in possibilities(here, place(here, "MF-E02").id)}
    assert states["parent-and-toddler"] == "absent_confirmed"
    assert "not_recorded" in set(states.values())


def test_a_group_without_a_room_meets_a_room_without_people(here: Session) -> None:
    rooms = [one for one in suggestions(here, place(here, "MF-E02").id) if one.kind == "room"]
    assert any({one.a.name, one.b.name} == {"Weavers' Green Gardeners", "Weavers' Green Common Room"} for one in rooms)


def test_a_mistyped_word_still_finds_the_gardeners(here: Session) -> None:
    found = find(here, Search(words="gardning"))
    assert "Weavers' Green Gardeners" in [line.name for line in found.lines]
