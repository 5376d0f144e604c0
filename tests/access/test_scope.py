"""A coach scoped to one estate keeps its assets and touches nothing outside; an officer's own places do not grow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.assets.actions import (
    AssetDraft,
    add_asset,
    confirm_asset,
    edit_asset,
    merge_assets,
    retire_asset,
    say_not_same,
    unmerge_assets,
)
from abcd.assets.queries import asset
from abcd.assets.rooms import VenueWords, describe_rooms
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import PlaceParent
from abcd.errors import NotAllowed
from abcd.gaps.searching import record_search
from abcd.places.actions import PlaceDraft, add_place, edit_place, end_place
from abcd.places.queries import place
from tests.builders import HERE, a_place, a_term, an_asset

EAST, NORTH = HERE
THERE = (EAST + 5_000, NORTH)
OUTSIDE = "outside your places"
Act = Callable[[Session, Actor, UUID], object]


class Borough:
    """Two estates in one ward each, with a library in either."""

    def __init__(self, s: Session) -> None:
        a_term(s, "library")
        self.mine, self.other = a_place(s, HERE), a_place(s, THERE, name="Far Mill")
        self.ward = a_place(s, HERE, kind="ward", size=2_000, name="Mill Ward")
        s.add(PlaceParent(place_id=self.mine, parent_id=self.ward, share=1.0))
        self.inside, self.twin = an_asset(s, "library", HERE), an_asset(s, "library", (EAST + 5, NORTH))
        self.outside = an_asset(s, "library", THERE)
        assign(s)


@pytest.fixture
def borough(s: Session) -> Borough:
    return Borough(s)


def scoped(role: str, *places: UUID) -> Actor:
    return Actor("Somebody", role, places=frozenset(map(str, places)))


def version(s: Session, key: UUID) -> int:
    return asset(s, key).version


ACTS: dict[str, Act] = {
    "edit": lambda s, by, key: edit_asset(s, key, {"phone": "0161 496 0000"}, version=version(s, key), by=by),
    "confirm": lambda s, by, key: confirm_asset(s, key, version=version(s, key), by=by),
    "retire": lambda s, by, key: retire_asset(s, key, "It closed.", version=version(s, key), by=by),
    "describe": lambda s, by, key: describe_rooms(s, key, VenueWords(capacity=20), version=version(s, key), by=by),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_an_officer_acts_in_their_places_and_not_outside(s: Session, borough: Borough, act: Act) -> None:
    officer = scoped("officer", borough.mine)
    act(s, officer, borough.inside)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        act(s, officer, borough.outside)


def test_a_scoped_coach_may_do_no_more_than_a_coach(s: Session, borough: Borough) -> None:
    with pytest.raises(NotAllowed, match="Your role"):
        ACTS["retire"](s, scoped("coach", borough.mine), borough.inside)


def test_a_larger_place_holds_what_lies_in_it(s: Session, borough: Borough) -> None:
    ACTS["edit"](s, scoped("coach", borough.ward), borough.inside)


def test_without_places_everything_is_open(s: Session, borough: Borough) -> None:
    ACTS["edit"](s, scoped("coach"), borough.outside)


def test_a_thing_that_lies_nowhere_is_outside(s: Session, borough: Borough) -> None:
    nowhere = an_asset(s, "library", None)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        ACTS["edit"](s, scoped("coach", borough.mine), nowhere)


def test_nobody_carries_a_thing_over_their_border(s: Session, borough: Borough) -> None:
    coach = scoped("coach", borough.mine)
    move = {"easting": THERE[0], "northing": THERE[1]}
    with pytest.raises(NotAllowed, match=OUTSIDE):
        edit_asset(s, borough.inside, move, version=version(s, borough.inside), by=coach)


def test_a_new_asset_lies_inside(s: Session, borough: Borough) -> None:
    coach = scoped("coach", borough.mine)
    draft = AssetDraft(
        "Tea Club", "library", reach="Ask at the door", asset_kind="association", easting=EAST, northing=NORTH
    )
    add_asset(s, draft, by=coach)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        add_asset(s, replace(draft, easting=THERE[0], northing=THERE[1]), by=coach)


def test_two_are_joined_only_when_both_lie_inside(s: Session, borough: Borough) -> None:
    officer = scoped("officer", borough.mine)
    for deed in (say_not_same, lambda s, a, b, by: merge_assets(s, a, b, versions=(1, 1), by=by)):
        with pytest.raises(NotAllowed, match=OUTSIDE):
            deed(s, borough.inside, borough.outside, by=officer)
    merge_assets(s, borough.inside, borough.twin, versions=(version(s, borough.inside), 1), by=officer)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        unmerge_assets(s, borough.twin, by=scoped("officer", borough.other))
    unmerge_assets(s, borough.twin, by=officer)


def test_a_search_is_noted_where_one_works(s: Session, borough: Borough) -> None:
    coach = scoped("coach", borough.mine)
    record_search(s, borough.mine, "library", "desk", date(2026, 6, 1), 0, by=coach)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        record_search(s, borough.other, "library", "desk", date(2026, 6, 1), 0, by=coach)
    with pytest.raises(NotAllowed, match="Your role"):
        record_search(s, borough.mine, "library", "desk", date(2026, 6, 1), 0, by=scoped("partner_viewer"))


def square(s: Session, key: UUID) -> str:
    from abcd.places.queries import boundary

    return boundary(s, key)


def test_a_place_is_edited_and_ended_where_one_works(s: Session, borough: Borough) -> None:
    officer, steward = scoped("officer", borough.mine), scoped("manager", borough.mine)
    edit_place(s, borough.mine, {"households": 120}, version=place(s, borough.mine).version, by=officer)
    for key, by in ((borough.other, officer), (borough.ward, officer)):
        with pytest.raises(NotAllowed, match=OUTSIDE):
            edit_place(s, key, {"households": 1}, version=place(s, key).version, by=by)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        end_place(s, borough.other, "gone", version=place(s, borough.other).version, by=steward)


def test_nobody_draws_their_own_place_larger(s: Session, borough: Borough) -> None:
    new_edge = square(s, borough.other)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        edit_place(
            s, borough.mine, {}, version=place(s, borough.mine).version, by=scoped("officer", borough.mine),
            boundary=new_edge,
        )  # fmt: skip


def test_a_new_place_lies_inside(s: Session, borough: Borough) -> None:
    officer = scoped("officer", borough.ward)
    add_place(s, PlaceDraft("Corner", square(s, borough.mine), kind="neighbourhood"), by=officer)
    with pytest.raises(NotAllowed, match=OUTSIDE):
        add_place(s, PlaceDraft("Far corner", square(s, borough.other), kind="neighbourhood"), by=officer)
