"""How new two sides are to each other, and who could be bridged."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.connections.ideas import Idea, begin
from abcd.connections.introducing import pass_contact
from abcd.connections.network.bridges import bridges
from abcd.connections.network.bridging import bridging_part, groups_joined, known_groups
from abcd.connections.network.place_network import network_of
from abcd.db.holding import assign
from abcd.db.session import Actor
from tests.builders import HERE, a_group, a_place, a_venue
from tests.connections.meeting import TO_BOTH, a_neighbour, go, version_of
from tests.connections.network.builders import EAST, NORTH, a_neighbourhood, a_tie
from tests.people.conftest import ask_as, manager, patch, stranger

__all__ = ["manager", "patch", "stranger"]


@pytest.mark.parametrize(
    ("ours", "theirs", "alike", "part"),
    [("ab", "bc", False, 1 - 1 / 3), ("ab", "ab", False, 0.0), ("ab", "cd", False, 1.0), ("a", "", False, 1.0),
     ("", "", False, None), ("ab", "cd", True, None)],
)  # fmt: skip
def test_the_part_is_what_is_not_shared(ours: str, theirs: str, alike: bool, part: float | None) -> None:
    groups = {letter: UUID(int=ord(letter)) for letter in "abcd"}
    sides = ({groups[letter] for letter in side} for side in (ours, theirs))
    assert bridging_part(*sides, wants_alike=alike) == (None if part is None else pytest.approx(part))


def test_who_meets_in_one_hall_knows_each_other_and_a_tie_is_known(s: Session) -> None:
    made = a_neighbourhood(s)
    a_tie(s, made["diggers"], made["tots"], "shares_members")
    known = known_groups(s, [made[name] for name in ("choir", "tots", "diggers", "hall", "library")])
    named = {made[name]: name for name in made}
    assert {named[one]: {named[other] for other in others} for one, others in known.items()} == {
        "choir": {"tots"}, "tots": {"choir", "diggers"}, "diggers": {"tots"}, "hall": {"choir", "tots"},
        "library": {"choir"},
    }  # fmt: skip


def test_nobody_asked_about_is_no_question(s: Session) -> None:
    assert known_groups(s, []) == {}
    assert groups_joined(s, []) == {}


def test_a_neighbour_knows_the_groups_that_they_went_on_with(
    s: Session, manager: Actor, stranger: Actor, patch: UUID
) -> None:
    ada, ben = (a_neighbour(s, manager, patch, name) for name in ("Ada", "Ben"))
    choir, diggers = a_group(s, name="Choir"), a_group(s, name="Diggers")
    for person, group, states in ((ada, choir, TO_BOTH), (ada, diggers, TO_BOTH[:2]), (ben, choir, TO_BOTH)):
        made = begin(s, Idea("group", person, b_asset_id=group), by=manager)
        go(s, manager, made, *states)
        if (person, group) == (ada, choir):
            pass_contact(s, made, version=version_of(s, made), by=manager)
            go(s, manager, made, "met")
    assert groups_joined(s, [ada, ben]) == {ada: frozenset((choir,)), ben: frozenset()}
    ask_as(s, stranger)
    assert groups_joined(s, [ada]) == {ada: frozenset()}


def test_bridges_lead_to_patches_next_door_first(s: Session) -> None:
    """Five groups that nobody has tied: across the road beats one theme, which beats the nearest."""
    estate = a_place(s, size=1000, name="Old Mill")
    for by, name in ((-100, "West"), (100, "East")):
        a_place(s, (EAST + by, NORTH), kind="patch", size=200, name=name)
    a_place(s, (EAST, NORTH + 400), kind="patch", size=100, name="Far")
    made = {name: a_group(s, category, (EAST + x, NORTH + y), name=name) for name, category, x, y in (
        ("Choir", "arts-and-music", -50, 0), ("Band", "arts-and-music", -60, 0), ("Dance", "sports-club", 60, 0),
        ("Tots", "parent-and-toddler", 0, 400), ("Chess", "sports-club", 0, -300),
    )}  # fmt: skip
    assign(s)
    pairs = [{a.name, b.name} for a, b in bridges(s, network_of(s, estate))]
    assert pairs == [{"Choir", "Dance"}, {"Band", "Chess"}]
    a_tie(s, made["Choir"], made["Dance"])
    assert {"Choir", "Dance"} not in [{a.name, b.name} for a, b in bridges(s, network_of(s, estate))]


def test_nobody_is_bridged_where_all_are_tied(s: Session) -> None:
    place = a_place(s)
    hall = a_venue(s)
    for name in ("One", "Two"):
        a_group(s, at=HERE, name=name, meets_at=hall)
    assign(s)
    assert bridges(s, network_of(s, place)) == []
