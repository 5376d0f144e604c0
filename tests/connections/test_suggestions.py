"""What is suggested, in which order, with which reasons; and what never is."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.connections.records import Suggestion
from abcd.connections.suggestions import suggestions
from tests.builders import HERE, TODAY, a_group, a_place, a_small_area, a_venue, an_asset
from tests.connections.network.builders import a_tie

MONDAY_EVENING, TUESDAY_MORNING = 1 << 2, 1 << 3


def walk_of(minutes: float) -> tuple[float, float]:
    """A point this many minutes east of here."""
    return HERE[0] + minutes * 66.7 / 1.3, HERE[1]


def found(s: Session, place: UUID, kind: str | None = None, **more: object) -> list[Suggestion]:
    every = suggestions(s, place, on=TODAY, **more)  # type: ignore[arg-type]
    return [one for one in every if kind in (None, one.kind)]


def test_an_empty_place_suggests_nothing(s: Session) -> None:
    assert found(s, a_place(s)) == []


def test_a_group_that_needs_a_room_meets_a_venue_with_one(s: Session) -> None:
    place = a_place(s)
    group = a_group(s, needs_room=True, room_need="for 12 people, Mondays", name="Seed Savers",
                    open_grid=MONDAY_EVENING, source_kind="group")  # fmt: skip
    hall = a_venue(s, at=walk_of(5), capacity=40, name="Mill Hall", spare_grid=MONDAY_EVENING, step_free="yes",
                   cost="free", source_kind="group")  # fmt: skip
    (one,) = found(s, place, "room")
    assert (one.a.asset_id, one.b.asset_id, one.tier) == (group, hall, 3)
    assert one.minutes == pytest.approx(5)
    assert {part.letter: round(part.value, 3) for part in one.parts} == {"T": 1, "D": 0.707, "A": 1, "Q": 1}
    assert one.score == pytest.approx((0.40 + 0.20 * 0.7071 + 0.15 + 0.05) / 0.80, abs=1e-4)
    assert one.reasons == (
        "Seed Savers needs a room: for 12 people, Mondays. Mill Hall has room for 40 people.",
        "About 5 minutes’ walk from each other.",
        "The room is free when it meets: Monday evening.",
    )
    assert one.not_checked == (
        "Whether either side wants this: nobody has asked them.",
        "Whether they know each other already.",
    )


def test_what_is_only_usual_counts_less_and_says_what_was_not_checked(s: Session) -> None:
    place = a_place(s)
    an_asset(s, "gardening-group", kind="association", name="Diggers")
    an_asset(s, "library", at=walk_of(3), name="Library")
    (one,) = found(s, place, "room")
    assert one.parts[0].value == 0.3
    assert one.reasons[0] == "Groups like Diggers usually need a room. Places like Library usually have one."
    for words in ("needs a room at all", "there is a room", "step-free", "costs", "times suit both"):
        assert any(words in line for line in one.not_checked)


def test_a_group_with_a_room_of_its_own_needs_none(s: Session) -> None:
    place, hall = a_place(s), a_venue(s)
    a_group(s, needs_room=False, meets_at=hall)
    a_group(s, "youth-group", needs_room=True, meets_at=hall)
    assert found(s, place, "room") == []


def test_two_groups_of_one_theme_within_reach(s: Session) -> None:
    place = a_place(s)
    first, second = a_group(s), a_group(s, at=walk_of(10))
    a_group(s, "faith-group", at=walk_of(2))
    (one,) = found(s, place, "theme")
    assert {one.a.asset_id, one.b.asset_id} == {first, second}
    assert (one.tier, one.theme) == (1, "Green and growing")


def test_groups_that_meet_in_one_place_know_each_other(s: Session) -> None:
    place, hall = a_place(s), a_venue(s, "library", at=walk_of(8))
    a_group(s, meets_at=hall)
    a_group(s, at=walk_of(1), meets_at=hall)
    assert found(s, place, "theme") == []


def test_groups_that_are_tied_already_need_no_introduction(s: Session) -> None:
    place = a_place(s)
    first, second = a_group(s), a_group(s, at=walk_of(10))
    assert len(found(s, place, "theme")) == 1
    a_tie(s, first, second, "refers")
    assert found(s, place, "theme") == []


def test_a_tie_with_the_same_group_makes_two_less_new_to_each_other(s: Session) -> None:
    place = a_place(s)
    first, second, third = a_group(s), a_group(s, at=walk_of(5)), a_group(s, "faith-group")
    for one in (first, second):
        a_tie(s, one, third)
    (pair,) = found(s, place, "theme")
    assert next(part.value for part in pair.parts if part.letter == "B") == 0


def test_a_new_link_is_worth_more_than_one_more_of_the_same(s: Session) -> None:
    place = a_place(s)
    hall, chapel = a_venue(s, at=walk_of(9)), a_venue(s, "place-of-worship", at=walk_of(-9))
    a_group(s, meets_at=hall)
    a_group(s, "faith-group", meets_at=hall)
    a_group(s, at=walk_of(1), meets_at=chapel)
    a_group(s, "sports-club", at=walk_of(1), meets_at=chapel)
    (one,) = found(s, place, "theme")
    bridge = next(part for part in one.parts if part.letter == "B")
    assert bridge.value == 1
    assert "new link" in bridge.words


def test_a_spare_space_near_something_that_may_be_missing(s: Session) -> None:
    a_small_area(s, HERE, 100)
    place = a_place(s, size=200)
    a_venue(s, at=walk_of(4), is_underused=True, name="Empty Hall")
    spaces = found(s, place, "space")
    assert spaces
    assert {one.a.name for one in spaces} == {"Empty Hall"}
    assert all(one.b.asset_id is None for one in spaces)
    assert spaces[0].minutes == pytest.approx(4)
    assert "Half of the homes here are within about 4 minutes’ walk." in spaces[0].reasons
    assert "Whether it is really missing: nobody has looked yet." in spaces[0].not_checked


def test_community_first_services_last_whatever_the_score(s: Session) -> None:
    place = a_place(s)
    a_group(s, "faith-group", needs_room=True, at=walk_of(0))
    a_group(s, at=walk_of(0))
    a_group(s, at=walk_of(14))
    a_venue(s, "school", at=walk_of(0), capacity=30)
    a_venue(s, "community-centre", at=walk_of(9), capacity=30)
    every = found(s, place)
    assert [one.tier for one in every] == [1, 3, 5]
    assert every[2].score > every[1].score
    assert [one.tier_name.split()[0] for one in every] == ["Neighbours", "Spaces", "Landlord"]


def test_who_runs_a_group_decides_its_tier(s: Session) -> None:
    place = a_place(s)
    a_group(s, "youth-group", run_by="residents")
    a_group(s, "youth-group", at=walk_of(1), run_by="members")
    (one,) = found(s, place, "theme")
    assert one.tier == 2
    a_group(s, "gardening-group", run_by="staff")
    a_group(s, "gardening-group", at=walk_of(1))
    assert [one.tier for one in found(s, place, "theme")] == [2, 4]


def test_never_a_sensitive_closed_or_personal_thing(s: Session) -> None:
    place = a_place(s)
    a_group(s)
    an_asset(s, "gardening-group", at=None, kind="association", is_sensitive=True)
    an_asset(s, "gardening-group", kind="association", status="defunct")
    an_asset(s, "gardening-group", kind="individual")
    assert found(s, place) == []


def test_nothing_below_the_least_score(s: Session) -> None:
    place = a_place(s)
    an_asset(s, "gardening-group", kind="association", checked=None)
    an_asset(s, "library", at=walk_of(14.9), checked=None)
    # T 0.3, D 0.356, Q 0.177: 0.31 in all.
    assert found(s, place, "room") == []


def test_one_thing_on_record_twice_is_not_brought_together_with_itself(s: Session) -> None:
    place = a_place(s)
    a_group(s, name="The Diggers")
    a_group(s, at=walk_of(1), name="the diggers")
    assert found(s, place, "theme") == []
    a_group(s, at=walk_of(2), name="Sowers")
    (one,) = found(s, place, "theme")
    assert {one.a.name.lower(), one.b.name.lower()} == {"the diggers", "sowers"}


def test_no_further_than_fifteen_minutes(s: Session) -> None:
    place = a_place(s)
    a_group(s)
    a_group(s, at=walk_of(15.1))
    assert found(s, place, "theme") == []


def test_no_asset_more_than_twice_and_no_more_than_asked_for(s: Session) -> None:
    place = a_place(s)
    for step in range(6):
        a_group(s, at=walk_of(step))
        a_venue(s, at=walk_of(step), capacity=10)
    every = found(s, place, limit=6)
    sides = [side.asset_id for one in every for side in (one.a, one.b)]
    assert len(every) <= 6
    assert max(sides.count(side) for side in sides) <= 2
