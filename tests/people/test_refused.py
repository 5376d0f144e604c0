"""What the database itself refuses of consents and introductions, asked by bare SQL."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.people.actions import add_person
from abcd.people.consents import ConsentDraft, consents_of, give_consent, withdraw
from abcd.people.wordings import load_wordings
from tests.people.conftest import a_draft

BRING = """
insert into core.connection (id, organisation_id, kind, a_person_id, b_person_id, place_id, tier, coordinator, state)
values (:id, :org, 'shared_interest', :a, :b, :place, 1, 'Mona', :state)"""


@pytest.fixture
def two(s: Session, manager: Actor, patch: UUID) -> tuple[UUID, UUID]:
    """Two people who agreed to introductions."""
    load_wordings(s)
    both = []
    for name in ("Ada", "Ben"):
        one = add_person(s, a_draft(patch, preferred_name=name, phone="", email="", adult_confirmed=True), by=manager)
        give_consent(s, one.id, ConsentDraft("introductions", "in_person"), by=manager)
        both.append(one.id)
    return both[0], both[1]


@pytest.fixture
def met(s: Session, manager: Actor, patch: UUID, two: tuple[UUID, UUID]) -> UUID:
    """An idea of bringing them together."""
    return brought(s, manager, patch, two)


def brought(s: Session, by: Actor, patch: UUID, two: tuple[UUID, UUID], state: str = "idea") -> UUID:
    new = uuid4()
    s.execute(text(BRING), {"id": new, "org": by.organisation_id, "a": two[0], "b": two[1], "place": patch,
                            "state": state})  # fmt: skip
    return new


def refused(s: Session, statement: str, **values: object) -> str:
    """What the database says to a statement."""
    with pytest.raises(DBAPIError) as told, s.begin_nested():
        s.execute(text(statement), values)
    return str(told.value.orig).splitlines()[0]


def to(s: Session, met: UUID, *states: str) -> None:
    for state in states:
        s.execute(text("update core.connection set state = :state where id = :id"), {"state": state, "id": met})


@pytest.mark.parametrize("change", [
    "update core.consent set expires_on = expires_on + 900", "update core.consent set purpose = 'photo'",
    "update core.consent_withdrawn set withdrawn_on = withdrawn_on - 9", "delete from core.consent",
    "delete from core.consent_withdrawn",
])  # fmt: skip
def test_what_was_agreed_is_neither_changed_nor_removed(
    s: Session, manager: Actor, two: tuple[UUID, UUID], change: str
) -> None:
    withdraw(s, consents_of(s, two[1])[0].id, "phone", by=manager)
    said = refused(s, change)
    assert "stays as it was said" in said or "goes with the person alone" in said


def test_it_goes_with_the_person(s: Session, two: tuple[UUID, UUID]) -> None:
    s.execute(text("delete from core.person where id = :id"), {"id": two[0]})
    assert s.scalar(text("select count(*) from core.consent")) == 1


def test_nobody_is_brought_together_without_both_yeses(
    s: Session, manager: Actor, patch: UUID, two: tuple[UUID, UUID]
) -> None:
    brought(s, manager, patch, two)
    withdraw(s, consents_of(s, two[1])[0].id, "phone", by=manager)
    with pytest.raises(DBAPIError, match="Without a yes"), s.begin_nested():
        brought(s, manager, patch, two)


def test_a_yes_taken_back_between_two_steps_ends_it(
    s: Session, manager: Actor, two: tuple[UUID, UUID], met: UUID
) -> None:
    to(s, met, "asked_a", "yes_a", "asked_b", "yes_b")
    s.execute(text("insert into core.consent_withdrawn (consent_id, person_id, organisation_id, withdrawn_on, how, "
                   "recorded_by) select id, person_id, organisation_id, now(), 'phone', 'x' from core.consent "
                   "where person_id = :who"), {"who": two[0]})  # fmt: skip
    step = "update core.connection set state = :state where id = :id"
    assert "Without a yes" in refused(s, step, state="introduced", id=met)
    to(s, met, "stopped")


@pytest.mark.parametrize(("way", "state"), [
    ((), "asked_b"), ((), "introduced"), (("asked_a",), "yes_b"), (("asked_a", "yes_a"), "introduced"),
    (("asked_a", "not_for_me"), "idea"), (("asked_a", "yes_a", "asked_b", "yes_b", "introduced"), "settled"),
])  # fmt: skip
def test_no_step_is_left_out(s: Session, met: UUID, way: tuple[str, ...], state: str) -> None:
    to(s, met, *way)
    said = refused(s, "update core.connection set state = :state where id = :id", state=state, id=met)
    assert "does not go from" in said


def test_it_begins_as_an_idea(s: Session, manager: Actor, patch: UUID, two: tuple[UUID, UUID]) -> None:
    with pytest.raises(DBAPIError, match="begins as an idea"), s.begin_nested():
        brought(s, manager, patch, two, "introduced")


def test_details_do_not_pass_before_both_said_yes(s: Session, met: UUID) -> None:
    to(s, met, "asked_a", "yes_a", "asked_b")
    passing = "update core.connection set passed_on = now() where id = :id"
    assert "after both have said yes" in refused(s, passing, id=met)
    to(s, met, "yes_b", "introduced")
    s.execute(text(passing), {"id": met})


def test_steps_that_were_taken_stay(s: Session, manager: Actor, met: UUID) -> None:
    s.execute(text("insert into core.connection_step (id, connection_id, organisation_id, state, recorded_by) "
                   "values (gen_random_uuid(), :id, :org, 'idea', 'Mona')"),
              {"id": met, "org": manager.organisation_id})  # fmt: skip
    assert "stays as it was said" in refused(s, "update core.connection_step set side = 'a'")
    assert "goes with the person alone" in refused(s, "delete from core.connection_step")
    s.execute(text("delete from core.connection where id = :id"), {"id": met})
    assert s.scalar(text("select count(*) from core.connection_step")) == 0


def test_only_whoever_agreed_is_among_those_to_bring_together(
    s: Session, manager: Actor, patch: UUID, two: tuple[UUID, UUID]
) -> None:
    """A child, somebody without a yes, at risk, or asking for quiet is in neither view."""
    add_person(s, a_draft(patch, preferred_name="No yes", phone="", email="", adult_confirmed=True), by=manager)
    for name, more in (("Child", {}), ("Hidden", {"safety_risk": True, "adult_confirmed": True})):
        one = add_person(s, a_draft(patch, preferred_name=name, phone="", email="", **more), by=manager)
        give_consent(s, one.id, ConsentDraft("introductions", "in_person"), by=manager)
    names = text("select preferred_name from core.introducible order by 1")
    assert list(s.scalars(names)) == ["Ada", "Ben"]
    s.execute(text("update core.person set status = 'inactive' where id = :id"), {"id": two[0]})
    assert list(s.scalars(names)) == ["Ben"]
    assert list(s.scalars(text("select preferred_name from core.findable"))) == []
