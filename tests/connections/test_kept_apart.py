"""Whom a coach has, whose no is whose, and what happens when a yes is taken back while something else is going on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from abcd.access.associations import ensure_association
from abcd.assets.taxonomy import load_taxonomy
from abcd.connections.by_hand import agreed
from abcd.connections.contacts import contact_to_pass
from abcd.connections.follow_ups import FollowUpDraft, add_follow_up, follow_ups_of
from abcd.connections.funnel import funnel
from abcd.connections.ideas import Idea, begin
from abcd.connections.introduced import ENDED, Introduction, introduction, introductions_of, over, resting, waiting
from abcd.connections.introducing import pass_contact, step
from abcd.connections.register import Suggested, add_introduction_in, introductions_in
from abcd.connections.settling import settle_yes
from abcd.core.clock import LOCAL, days_ago, today
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import EXITS, Connection, IntroductionIn, Person, PlaceParent
from abcd.errors import BadRequest
from abcd.people.avoiding import avoid
from abcd.people.consents import ConsentDraft, consents_of, give_consent, withdraw
from abcd.people.traces import Traces
from abcd.people.whereabouts import PEOPLE, rows_of
from abcd.people.wordings import load_wordings
from tests.builders import a_place, an_asset
from tests.connections.meeting import TO_BOTH, a_neighbour, an_introduction, go, runs_out, version_of
from tests.people.conftest import ask_as, manager, officer, patch, stranger

__all__ = ["manager", "officer", "patch", "stranger"]


@pytest.fixture
def south(s: Session, manager: Actor) -> UUID:
    """Another patch."""
    return a_place(s, kind="patch", name="South patch", at=(390_000, 394_000))


def coach_of(manager: Actor, *places: UUID) -> Actor:
    """A coach who has these places."""
    return replace(manager, name="Cara Coach", role="coach", places=frozenset(map(str, places)))


# A coach of an estate has the patches inside it.


@pytest.fixture
def estate(s: Session, patch: UUID) -> UUID:
    """An estate that holds the first patch."""
    made = a_place(s, name="The estate", at=(600_000, 200_000))
    s.add(PlaceParent(place_id=patch, parent_id=made, share=1.0))
    s.flush()
    return made


def test_a_coach_of_an_estate_has_the_patches_inside_it(
    s: Session, manager: Actor, patch: UUID, south: UUID, estate: UUID
) -> None:
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben")
    cyn, dai = a_neighbour(s, manager, south, "Cyn"), a_neighbour(s, manager, south, "Dai")
    ours = an_introduction(s, manager, ada, ben, *TO_BOTH, "introduced")
    an_introduction(s, manager, cyn, dai, *TO_BOTH, "introduced")
    add_follow_up(s, ours, ada, FollowUpDraft(0, confidence=5), by=manager)
    for place in (patch, south):
        add_introduction_in(s, Suggested("self", place), by=manager)
    ask_as(s, coach_of(manager, estate))
    assert [(one.id, one.a.name, one.speaks_for) for one in waiting(s)] == [(ours, "Ada", ("a", "b"))]
    assert [one.name for one in agreed(s)] == ["Ada", "Ben"]
    assert [one.confidence for one in follow_ups_of(s, ours)] == [5]
    assert [one.place_name for one in introductions_in(s)] == ["North patch"]
    told = funnel(s)
    assert (told.year.introduced, dict(told.sources)["self"]) == (1, 1)
    ask_as(s, coach_of(manager, a_place(s, kind="patch", at=(400_000, 394_000))))
    assert (waiting(s), agreed(s), follow_ups_of(s, ours), introductions_in(s)) == ([], [], [], [])


def test_whoever_said_yes_elsewhere_is_nothing_to_a_coach_who_saw_the_suggestion(
    s: Session, manager: Actor, patch: UUID, south: UUID
) -> None:
    """It was said of nowhere, so that every coach saw it while it waited."""
    add_introduction_in(s, Suggested("self"), by=manager)
    row = s.scalars(select(IntroductionIn.id)).one()
    for place in (patch, south):
        ask_as(s, coach_of(manager, place))
        assert len(introductions_in(s)) == 1
    ask_as(s, manager)
    settle_yes(s, row, a_neighbour(s, manager, south, "Cyn"), version=1, by=manager)
    seen = {}
    for name, actor in (("north", coach_of(manager, patch)), ("south", coach_of(manager, south)), ("all", manager)):
        ask_as(s, actor)
        seen[name] = len(introductions_in(s, "said_yes"))
    assert seen == {"north": 0, "south": 1, "all": 1}


# Whose no it was.


@pytest.mark.parametrize("way", ["not_now b", "not_for_me b", "no_reply b", "stopped b", "stopped_unsafe b"])
def test_the_coach_of_one_side_is_told_of_the_others_no_that_it_ended(
    s: Session, manager: Actor, patch: UUID, south: UUID, way: str
) -> None:
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, south, "Ben")
    made = an_introduction(s, manager, ada, ben, *TO_BOTH[:3], way)
    seen = {}
    for name, place in (("ada's", patch), ("ben's", south)):
        ask_as(s, coach_of(manager, place))
        one = introduction(s, made)
        assert [each.state for each in over(s)] == [one.state]
        seen[name] = (one.state, one.steps[-1].state, one.steps[-1].side, bool(one.next_states))
    said = way.split(maxsplit=1)[0]
    assert seen == {"ada's": (ENDED, ENDED, "", False), "ben's": (said, said, "b", said in ("not_now", "no_reply"))}
    ask_as(s, manager)
    assert introduction(s, made).state == said


def test_a_yes_that_was_taken_back_looks_no_different_to_the_others_coach(
    s: Session, manager: Actor, patch: UUID, south: UUID
) -> None:
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, south, "Ben")
    made = an_introduction(s, manager, ada, ben, *TO_BOTH)
    withdraw(s, consents_of(s, ben)[0].id, "in_person", by=manager)
    ask_as(s, coach_of(manager, patch))
    one = introduction(s, made)
    assert (one.state, one.steps[-1].state, one.steps[-1].side, one.next_states) == (ENDED, ENDED, "", ())


# A yes that has run out.


def test_what_rests_on_a_yes_that_has_run_out_goes_from_the_list_and_comes_back_with_a_new_one(
    s: Session, manager: Actor, patch: UUID
) -> None:
    ada, ben, cyn = (a_neighbour(s, manager, patch, name) for name in ("Ada", "Ben", "Cyn"))
    made, goes_on = an_introduction(s, manager, ada, ben, *TO_BOTH[:2]), an_introduction(s, manager, ada, cyn)
    runs_out(s, ben)
    assert [one.id for one in waiting(s)] == [goes_on]
    assert [(one.id, one.to_ask_again, one.state) for one in resting(s)] == [(made, ("b",), "yes_a")]
    one = introduction(s, made)
    assert one.next_states
    assert not set(one.next_states) - set(EXITS)
    assert over(s) == []
    assert {each.id: (each.state, each.is_resting) for each in introductions_of(s, ada)} == {
        made: (ENDED, False), goes_on: ("idea", False),
    }  # fmt: skip
    give_consent(s, ben, ConsentDraft("introductions", "in_person"), by=manager)
    assert ({one.id for one in waiting(s)}, resting(s)) == ({made, goes_on}, [])
    go(s, manager, made, "asked_b")
    runs_out(s, ben)
    assert [(each.state, each.is_resting) for each in introductions_of(s, ben)] == [("asked_b", True)]


def test_the_coach_of_the_other_side_is_told_no_more_than_that_it_ended(
    s: Session, manager: Actor, patch: UUID, south: UUID
) -> None:
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, south, "Ben")
    made = an_introduction(s, manager, ada, ben, *TO_BOTH)
    runs_out(s, ben)
    seen = {}
    for name, place in (("ada's", patch), ("ben's", south)):
        ask_as(s, coach_of(manager, place))
        one = introduction(s, made)
        listed = ([each.state for each in over(s)], len(waiting(s)), len(resting(s)))
        seen[name] = (one.state, one.to_ask_again, bool(one.next_states), listed)
    assert seen == {"ada's": (ENDED, (), False, ([ENDED], 0, 0)), "ben's": ("yes_b", ("b",), True, ([], 0, 1))}


# What rests, and what was refused.

MET = (*TO_BOTH, "introduced", "met")
ENDS = [(TO_BOTH[:3], "not_now b"), (TO_BOTH[:3], "not_for_me b"), (TO_BOTH[:3], "no_reply b"), (MET, "stopped b")]


def refused_and_resting(
    s: Session, manager: Actor, patch: UUID, south: UUID, reached: Sequence[str] = TO_BOTH[:3], way: str = "not_now b"
) -> tuple[UUID, UUID, UUID]:
    """Ada, and two introductions of her to neighbours of another patch: on one day one was refused, one yes ran out."""
    ada, ben, cyn = (a_neighbour(s, manager, home, name)
                     for home, name in ((patch, "Ada"), (south, "Ben"), (south, "Cyn")))  # fmt: skip
    with days_ago(30):
        refused, rests = (an_introduction(s, manager, ada, other, *reached) for other in (ben, cyn))
    with days_ago(10):
        go(s, manager, refused, way)
        runs_out(s, cyn, today())
    return ada, refused, rests


def as_shown(one: Introduction) -> dict[str, Any]:
    """All that is told of an introduction, its moments as days, but for who the two are and how often it changed."""
    told = {name: value for name, value in vars(one).items() if name not in ("id", "a", "b", "version")}
    steps = [(step.state, step.side, step.reason, step.at.astimezone(LOCAL).date()) for step in one.steps]
    return told | {"state_at": one.state_at.astimezone(LOCAL).date(), "steps": steps}


@pytest.mark.parametrize(("reached", "way"), ENDS)
def test_what_rests_is_told_to_the_others_coach_as_what_was_refused(
    s: Session, manager: Actor, patch: UUID, south: UUID, reached: Sequence[str], way: str
) -> None:
    ada, refused, rests = refused_and_resting(s, manager, patch, south, reached, way)
    ask_as(s, coach_of(manager, patch))
    one, other = (as_shown(introduction(s, key)) for key in (refused, rests))
    assert one == other
    assert one["steps"][-1][:3] == (ENDED, "", "")
    assert one["steps"][-1][3] == one["state_at"] > one["steps"][-2][3]
    listed = {each.id: as_shown(each) for each in over(s)}
    assert listed[refused] == listed[rests]
    assert (len(listed), waiting(s), resting(s)) == (2, [], [])
    theirs = introductions_of(s, ada)
    assert {(each.state, each.since, each.is_resting) for each in theirs} == {(ENDED, one["state_at"], False)}


def test_what_rests_stands_in_the_list_where_one_that_was_refused_on_its_day_would(
    s: Session, manager: Actor, patch: UUID, south: UUID
) -> None:
    ada, refused, rests = refused_and_resting(s, manager, patch, south)
    with days_ago(12):
        earlier = an_introduction(s, manager, ada, a_neighbour(s, manager, south, "Dai"), "asked_a", "not_now a")
    with days_ago(8):
        later = an_introduction(s, manager, ada, a_neighbour(s, manager, south, "Eve"), "asked_a", "not_now a")
    ask_as(s, coach_of(manager, patch))
    found = [one.id for one in over(s)]
    assert (found[0], {*found[1:3]}, found[3]) == (later, {refused, rests}, earlier)


def held_of(s: Session, person: UUID, key: UUID) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What somebody is given of one of their introductions and of its steps, without its id; moments as days."""
    homes = {home.table: rows_of(s, home, person, Traces((), ())) for home in PEOPLE}
    told = []
    for table in ("core.connection", "core.connection_step"):
        rows = [row for row in homes[table] if str(key) in (row["id"], row.get("connection_id"))]
        told.append(
            [{name: str(row[name])[:10] for name in row if name not in ("id", "connection_id")} for row in rows]
        )
    return told[0][0], told[1]


@pytest.mark.parametrize(("reached", "way"), ENDS)
def test_all_that_is_held_of_somebody_tells_no_refusal_from_a_yes_that_has_run_out(
    s: Session, manager: Actor, patch: UUID, south: UUID, reached: Sequence[str], way: str
) -> None:
    ada, refused, rests = refused_and_resting(s, manager, patch, south, reached, way)
    (one, steps), (other, others) = (held_of(s, ada, key) for key in (refused, rests))
    assert (one, steps) == (other, others)
    assert one["state"] == ENDED
    assert {step["state"] for step in steps} == {"idea", *reached} - {"asked_b", "yes_b"}


def test_what_was_taken_up_again_and_rests_then_is_for_the_second_what_they_said(
    s: Session, manager: Actor, patch: UUID
) -> None:
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben")
    with days_ago(30):
        made = an_introduction(s, manager, ada, ben, *TO_BOTH[:3], "not_now b")
    with days_ago(20):
        go(s, manager, made, "idea", "asked_a")
    before = introductions_of(s, ben)
    runs_out(s, ada)
    assert introductions_of(s, ben) == before
    assert [(one.state, one.since < today() - timedelta(25)) for one in before] == [("not_now", True)]


def test_reasons_that_are_counted_for_a_coach_are_those_of_their_own(
    s: Session, manager: Actor, patch: UUID, south: UUID
) -> None:
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, south, "Ben")
    made = an_introduction(s, manager, ada, ben, *TO_BOTH[:3])
    step(s, made, "not_for_me", "b", version=version_of(s, made), by=manager, reason="too_far")
    counted = {}
    for name, places in (("ada's", (patch,)), ("both", (patch, south)), ("everybody's", ())):
        ask_as(s, coach_of(manager, *places))
        counted[name] = dict(funnel(s).reasons)["too_far"]
    assert counted == {"ada's": 0, "both": 1, "everybody's": 1}


def test_one_with_a_group_rests_on_one_yes_and_what_is_over_on_none(s: Session, manager: Actor, patch: UUID) -> None:
    ada, ben = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben")
    group = begin(s, Idea("group", ada, b_asset_id=an_asset(s)), by=manager)
    ended = an_introduction(s, manager, ada, ben, "asked_a", "not_for_me a")
    runs_out(s, ada)
    assert [(one.id, one.to_ask_again) for one in resting(s)] == [(group, ("a",))]
    assert [(one.id, one.state) for one in over(s)] == [(ended, "not_for_me")]
    assert waiting(s) == []


# P12: whoever was marked since.


def test_nothing_passes_of_somebody_who_was_marked_since(s: Session, manager: Actor, patch: UUID) -> None:
    two = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben", phone="07700 900456")
    made = an_introduction(s, manager, *two, *TO_BOTH)
    s.execute(update(Person).where(Person.id == two[1]).values(safety_risk=True))
    for deed in (
        lambda: contact_to_pass(s, made),
        lambda: pass_contact(s, made, version=version_of(s, made), by=manager),
    ):
        with pytest.raises(BadRequest, match="has not said yes") as told:
            deed()
        assert "900456" not in str(told.value)


@pytest.mark.parametrize("who", [0, 1])
def test_nothing_passes_once_one_asked_not_to_meet_the_other(s: Session, manager: Actor, patch: UUID, who: int) -> None:
    two = a_neighbour(s, manager, patch, "Ada"), a_neighbour(s, manager, patch, "Ben")
    made = an_introduction(s, manager, *two, *TO_BOTH)
    avoid(s, two[who], other_id=two[1 - who], by=manager)
    for deed in (
        lambda: contact_to_pass(s, made),
        lambda: pass_contact(s, made, version=version_of(s, made), by=manager),
        lambda: go(s, manager, made, "introduced"),
    ):
        with pytest.raises(BadRequest, match="not to be brought together"):
            deed()
    go(s, manager, made, "stopped a")


# At the same moment.


def test_a_yes_taken_back_while_it_begins_ends_it(store: str) -> None:
    """The no waits until the idea is kept, and then ends it: nobody is left between the two."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        load_wordings(s)
        by = Actor("Olwen Owner", organisation_id=str(ensure_association(s, by=SYSTEM)))
    with session(by) as s:
        home = a_place(s, kind="patch", name="North patch")
        ada, ben = (a_neighbour(s, by, home, name) for name in ("Ada", "Ben"))
        yes = consents_of(s, ben)[0].id

    def take_back() -> None:
        with session(by) as s:
            withdraw(s, yes, "in_person", by=by)

    with ThreadPoolExecutor(2) as pool:
        with session(by) as s:
            made = begin(s, Idea("shared_interest", ada, b_person_id=ben), by=by)
            both = [pool.submit(take_back) for _press in range(2)]
            wait_until_somebody_waits(s, 2)
        for one in both:
            one.result()
    with session(by) as s:
        assert s.get_one(Connection, made).state == "stopped"
        assert [one.holds for one in consents_of(s, ben)] == [False]


def wait_until_somebody_waits(s: Session, many: int) -> None:
    """Until so many others wait for a lock."""
    waits = text("""select count(distinct l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where a.datname = current_database() and not l.granted""")
    for _moment in range(200):
        s.execute(text("select pg_stat_clear_snapshot(), pg_sleep(0.02)"))
        if s.scalar(waits) == many:
            return
    raise AssertionError("nobody waited")
