"""What to go and ask: most relied upon first, in walking order, and nothing of what is fresh, sensitive or personal."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy.orm import Session

from abcd.core.clock import months_after, today
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.errors import NotAllowed
from abcd.gaps.asking import LOOKS, STOPS, Question, go_and_ask
from abcd.gaps.rounds import in_walking_order
from abcd.gaps.searching import Look, record_searches
from abcd.gaps.unseen import TwoLists, unseen, unseen_words
from abcd.gaps.walk import StraightLine
from tests.builders import HERE, TODAY, a_group, a_place, a_small_area, a_venue, an_asset
from tests.people.conftest import ask_as

EAST, NORTH = HERE
OLD = today() - timedelta(430)


@pytest.fixture
def place(s: Session) -> UUID:
    """An estate with 60 households in the west and 40 in the east, 1,400 m apart: a walk of 27 minutes."""
    a_small_area(s, (EAST - 700, NORTH), 60)
    a_small_area(s, (EAST + 700, NORTH), 40)
    return a_place(s, size=1600)


def asked(s: Session, place: UUID, kind: str = "check") -> list[Question]:
    s.flush()
    assign(s)
    return [one for one in go_and_ask(s, place) if one.kind == kind]


def test_most_relied_upon_first_then_who_meets_there_then_the_oldest(s: Session, place: UUID) -> None:
    west, east = (EAST - 700, NORTH), (EAST + 700, NORTH)
    an_asset(s, "library", east, name="East Library", checked=OLD)
    an_asset(s, "library", west, name="West Library", checked=OLD)
    for name, age in (("One café", 5), ("Two café", 400)):
        an_asset(s, "cafe", HERE, name=name, checked=OLD - timedelta(age))
    hall = a_venue(s, "community-centre", HERE, name="One hall", checked=OLD)
    a_venue(s, "community-centre", HERE, name="Other hall", checked=OLD - timedelta(600))
    a_group(s, "youth-group", HERE, name="Youth club", meets_at=hall, checked=today())
    found = {one.name: one for one in asked(s, place)}
    assert {name: (one.homes, one.hosted) for name, one in found.items()} == {
        "West Library": (60, 0), "East Library": (40, 0), "One hall": (0, 1), "Other hall": (0, 0),
        "One café": (0, 0), "Two café": (0, 0),
    }  # fmt: skip
    assert found["West Library"].why.endswith("60 households have no other one near.")
    assert found["One hall"].why.endswith("1 group or activity is there.")
    assert {one.round for one in found.values()} == {1}


def test_a_round_is_an_afternoon_and_begins_with_what_matters_most(s: Session, place: UUID) -> None:
    for at in range(STOPS + 1):
        checked = OLD - timedelta(at)
        an_asset(s, "cafe", (EAST + 40 * ((7 * at) % 13), NORTH), name=f"Café {at}", checked=checked)
    first, second = ([one for one in asked(s, place) if one.round == number] for number in (1, 2))
    assert [one.name for one in second] == ["Café 0"], "the youngest is left for the second round"
    places = [one.easting or 0.0 for one in first]
    assert places in (sorted(places), sorted(places, reverse=True)), "along the street"
    looks = [one for one in go_and_ask(s, place) if one.kind == "look" and one.round == 1]
    assert len(looks) == LOOKS


def test_fresh_sensitive_and_personal_records_are_not_asked_after(s: Session, place: UUID) -> None:
    an_asset(s, "library", name="Fresh", checked=today())
    an_asset(s, "food-bank", None, name="Refuge", checked=OLD, is_sensitive=True)
    an_asset(s, "cafe", name="Ada the baker", checked=OLD, kind="individual")
    an_asset(s, "cafe", (EAST + 9_000, NORTH), name="Elsewhere", checked=OLD)
    assert asked(s, place) == []


def test_what_neighbours_ask_for_is_looked_for_first(s: Session, place: UUID) -> None:
    plain = [one.category for one in go_and_ask(s, place)]
    wished = plain[-1]
    assert [one.category for one in go_and_ask(s, place, voiced={wished: 3})][0] == wished
    assert go_and_ask(s, place)[0].why == "Nobody has looked yet."


def test_a_record_beyond_the_edge_that_was_near_is_asked_after_too(s: Session) -> None:
    place = a_place(s, households=100)
    an_asset(s, "library", (EAST + 500, NORTH), name="Over the road", checked=OLD)
    assert [one.name for one in asked(s, place)] == ["Over the road"]


def test_whoever_may_not_note_searches_gets_no_round(s: Session, place: UUID) -> None:
    ask_as(s, Actor("Pat Partner", "partner_viewer"))
    with pytest.raises(NotAllowed):
        go_and_ask(s, place)


def test_telephones_are_for_those_who_may(s: Session, place: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    an_asset(s, "library", name="Mill Library", checked=OLD, phone="0161 496 0000")
    assert [one.phone for one in asked(s, place)] == ["0161 496 0000"]
    monkeypatch.setattr("abcd.gaps.asking.can", lambda *_asked: False)
    assert [one.phone for one in asked(s, place)] == [""]


@pytest.mark.parametrize("seed", range(6))
def test_the_way_round_is_the_shortest_there_is(seed: int) -> None:
    """Beside every other order of six stops."""
    stops = np.random.default_rng(seed).uniform(0, 2000, (6, 2))
    order, minutes = in_walking_order([(east, north) for east, north in stops], StraightLine())
    apart = StraightLine().minutes(stops, stops)
    every = [sum(apart[way[at], way[at + 1]] for at in range(5)) for way in permutations(range(6))]
    assert minutes == pytest.approx(min(every))
    assert sum(apart[order[at], order[at + 1]] for at in range(5)) == pytest.approx(minutes)


def test_no_stop_and_one_stop_are_no_walk() -> None:
    assert in_walking_order([], StraightLine()) == ([], 0.0)
    assert in_walking_order([HERE], StraightLine()) == ([0], 0.0)


def test_two_lists_tell_how_much_nobody_wrote_down() -> None:
    """The worked figure of product.md D.3; the limits by hand from Seber's variance 8.75."""
    one = TwoLists("", "Groups", 14, 11, 7, TODAY)
    assert one.every == pytest.approx(21.5)
    assert one.unseen == pytest.approx(3.5)
    assert one.limits == pytest.approx((0.830, 14.76), rel=0.005)
    assert TwoLists("", "", 5, 3, 3, TODAY).limits == (0.0, 0.0), "all that were found were known"
    assert "about 22, of which about 4 that nobody has written down (1 to 15)" in unseen_words(one)
    assert "rough" not in unseen_words(one)
    assert "rough" in unseen_words(TwoLists("", "Groups", 4, 3, 1, TODAY))


def test_a_walk_that_compares_makes_a_second_list(s: Session, place: UUID, owner: Actor) -> None:
    for category, many in (("library", 3), ("cafe", 2)):
        for _one in range(many):
            an_asset(s, category)
    an_asset(s, "library", (EAST + 9_000, NORTH))
    assign(s)
    looks = [Look("library", 2, 1), Look("cafe", 3, 2), Look("pub", 4)]
    record_searches(s, place, looks, "field walk", today(), by=owner)
    cafe, library, together = unseen(s, place)
    assert (library.listed, library.found, library.both, library.every) == (3, 2, 1, 5.0)
    assert (cafe.listed, cafe.found, cafe.both) == (2, 3, 2)
    assert (together.listed, together.found, together.both, together.name) == (5, 5, 3, "All of them together")
    assert unseen(s, place, months_after(today(), 36)) == []
