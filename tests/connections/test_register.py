"""Anybody may suggest somebody: nothing but a reference, a source and a day is kept before that person says yes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.connections.register import Suggested, add_introduction_in, introductions_in
from abcd.connections.settling import let_in, note_first_met, settle_no, settle_yes
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import IntroductionIn, Person
from abcd.db.tables.introductions import INTRODUCED_BY
from abcd.errors import BadRequest, Conflict, NotAllowed, NotFound
from tests.builders import a_place
from tests.connections.meeting import a_neighbour
from tests.people.conftest import ask_as, manager, officer, patch, stranger

__all__ = ["manager", "officer", "patch", "stranger"]


def logged(s: Session, by: Actor, **more: object) -> IntroductionIn:
    """The row of somebody who was suggested."""
    reference = add_introduction_in(s, Suggested(**{"source_kind": "faith_leader"} | more), by=by)  # type: ignore[arg-type]
    return s.scalars(select(IntroductionIn).where(IntroductionIn.reference == reference)).one()


@pytest.mark.parametrize("source", INTRODUCED_BY)
def test_everybody_on_the_wide_list_may_suggest_somebody(s: Session, manager: Actor, patch: UUID, source: str) -> None:
    row = logged(s, manager, source_kind=source, place_id=patch)
    (line,) = introductions_in(s)
    assert (line.source_kind, line.place_name, line.state) == (source, "North patch", "suggested")
    assert line.expires_on - line.received_on == timedelta(days=28)
    assert (line.person_id, row.share_id) == (None, None)
    assert len(row.reference) == 9


def test_before_a_yes_there_is_no_column_for_anything_about_the_person(s: Session, manager: Actor, patch: UUID) -> None:
    """000-19: what is stored is read from the table itself, so that a new column has to answer for itself here."""
    row = logged(s, manager, place_id=patch, coordinator="Mona")
    held = {
        name: value for name, value in vars(row).items() if not name.startswith("_") and value not in (None, "", False)
    }
    assert set(held) == {"id", "organisation_id", "reference", "source_kind", "place_id", "received_on", "expires_on",
                         "state", "coordinator", "version"}  # fmt: skip
    someone = a_neighbour(s, manager, patch)
    with pytest.raises(DBAPIError), s.begin_nested():
        s.execute(text("update core.introduction_in set person_id = :one"), {"one": someone})


def test_yes_tells_how_they_came_to_us_and_no_tells_nothing(s: Session, manager: Actor, patch: UUID) -> None:
    someone = a_neighbour(s, manager, patch)
    yes, no = logged(s, manager), logged(s, manager)
    settle_yes(s, yes.id, someone, version=1, accompaniment="long", by=manager)
    settle_no(s, no.id, version=1, by=manager)
    assert introductions_in(s) == []
    ((told,), (refused,)) = introductions_in(s, "said_yes"), introductions_in(s, "said_no")
    assert (told.person_id, told.accompaniment, told.settled_on) == (someone, "long", today())
    assert (refused.person_id, refused.settled_on) == (None, today())
    note_first_met(s, yes.id, today(), version=2, by=manager)
    assert introductions_in(s, "said_yes")[0].first_met_on == today()


@pytest.mark.parametrize("how", ["twice", "late", "stale", "nobody"])
def test_what_cannot_be_settled(s: Session, manager: Actor, patch: UUID, how: str) -> None:
    row, someone = logged(s, manager), a_neighbour(s, manager, patch)
    if how == "twice":
        settle_no(s, row.id, version=1, by=manager)
    if how == "late":
        s.execute(update(IntroductionIn).values(expires_on=today()))
        assert introductions_in(s) == []
    with pytest.raises({"stale": Conflict, "nobody": NotFound}.get(how, BadRequest)):
        settle_yes(s, row.id, uuid4() if how == "nobody" else someone, version={"twice": 2, "stale": 3}.get(how, 1),
                   by=manager)  # fmt: skip


@pytest.mark.parametrize("told", [Suggested("fortune_teller"), Suggested("self", received_on=date(2999, 1, 1))])
def test_what_cannot_be_logged(s: Session, manager: Actor, told: Suggested) -> None:
    with pytest.raises(BadRequest):
        add_introduction_in(s, told, by=manager)


def test_logged_twice_by_one_press_it_is_one(s: Session, manager: Actor) -> None:
    assert len({add_introduction_in(s, Suggested("self"), by=manager, key="once") for _ in range(2)}) == 1


def test_what_a_machine_seems_to_have_sent_lies_apart(s: Session, manager: Actor) -> None:
    row = logged(s, manager, kept_apart=True)
    assert (introductions_in(s), len(introductions_in(s, "apart"))) == ([], 1)
    let_in(s, row.id, version=1, by=manager)
    assert (len(introductions_in(s)), introductions_in(s, "apart")) == (1, [])


def test_it_is_of_one_association_of_ones_own_places_and_of_casework(
    s: Session, manager: Actor, officer: Actor, stranger: Actor, patch: UUID
) -> None:
    south = a_place(s, kind="patch", name="South patch", at=(390_000, 394_000))
    for place in (patch, south, None):
        logged(s, manager, place_id=place)
    coach = replace(officer, role="coach", places=frozenset((str(south),)))
    ask_as(s, coach)
    assert sorted(one.place_name for one in introductions_in(s)) == ["", "South patch"]
    north = s.scalars(select(IntroductionIn.id).where(IntroductionIn.place_id == patch)).one()
    with pytest.raises(NotAllowed):
        settle_no(s, north, version=1, by=coach)
    with pytest.raises(NotAllowed):
        add_introduction_in(s, Suggested("self", patch), by=coach)
    ask_as(s, replace(officer, role="data_officer"))
    with pytest.raises(NotAllowed):
        introductions_in(s)
    ask_as(s, stranger)
    assert introductions_in(s) == []
    with pytest.raises(NotFound):
        settle_no(s, north, version=1, by=stranger)


def test_how_somebody_at_risk_came_to_us_is_seen_by_the_named_roles_alone(
    s: Session, manager: Actor, officer: Actor, patch: UUID
) -> None:
    """P12."""
    row, someone = logged(s, manager), a_neighbour(s, manager, patch)
    settle_yes(s, row.id, someone, version=1, by=manager)
    s.execute(update(Person).where(Person.id == someone).values(safety_risk=True))
    assert len(introductions_in(s, "said_yes")) == 1
    ask_as(s, officer)
    assert introductions_in(s, "said_yes") == []
