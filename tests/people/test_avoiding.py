"""Please not with them: written down without a reason, told to nobody, taken back as easily."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, PersonAvoids
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.people.actions import add_person
from abcd.people.avoiding import avoid, avoid_no_more, avoided_by
from tests.builders import a_place, an_asset
from tests.people.conftest import a_draft, ask_as


@pytest.fixture
def ada(s: Session, manager: Actor, patch: UUID) -> UUID:
    return add_person(s, a_draft(patch), by=manager).id


@pytest.fixture
def ben(s: Session, manager: Actor, patch: UUID) -> UUID:
    return add_person(s, a_draft(patch, preferred_name="Ben", phone="", email=""), by=manager).id


def test_a_neighbour_and_a_group_are_kept_once_without_a_word_of_why(
    s: Session, manager: Actor, ada: UUID, ben: UUID
) -> None:
    load_taxonomy(s)
    choir = an_asset(s, "arts-and-music", name="Mill Choir", kind="association")
    avoid(s, ada, other_id=ben, by=manager)
    avoid(s, ada, other_id=ben, by=manager)
    avoid(s, ada, asset_id=choir, by=manager)
    assert [one.name for one in avoided_by(s, ada)] == ["Ben", "Mill Choir"]
    assert avoided_by(s, ben) == []
    told = list(s.execute(select(AuditEvent.thing_id, AuditEvent.after).where(AuditEvent.verb == "avoid")))
    assert {one.thing_id for one in told} == {str(ada)}
    assert str(ben) not in str(told)


def test_it_is_taken_back(s: Session, manager: Actor, ada: UUID, ben: UUID) -> None:
    avoid(s, ada, other_id=ben, by=manager)
    (one,) = avoided_by(s, ada)
    assert "Ben" not in repr(one)
    for _twice in range(2):
        avoid_no_more(s, one.id, by=manager)
    assert avoided_by(s, ada) == []


def test_a_coach_is_not_told_the_name_of_somebody_of_another_patch(
    s: Session, manager: Actor, patch: UUID, ada: UUID, ben: UUID
) -> None:
    south = a_place(s, kind="patch", name="South patch")
    bea = add_person(s, a_draft(south, preferred_name="Bea", phone="", email=""), by=manager).id
    for other in (ben, bea):
        avoid(s, ada, other_id=other, by=manager)
    assert [one.name for one in avoided_by(s, ada)] == ["Bea", "Ben"]
    ask_as(s, replace(manager, role="coach", places=frozenset({str(patch)})))
    assert [one.name for one in avoided_by(s, ada)] == ["Ben"]


def test_one_is_named_and_not_oneself(s: Session, manager: Actor, ada: UUID, ben: UUID) -> None:
    for wrong in ({}, {"other_id": ada}, {"other_id": ben, "asset_id": uuid4()}):
        with pytest.raises(BadRequest):
            avoid(s, ada, by=manager, **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        avoid(s, ada, other_id=uuid4(), by=manager)
    with pytest.raises(NotFound):
        avoid(s, ada, asset_id=uuid4(), by=manager)


def test_whoever_may_not_read_what_people_said_learns_nothing(
    s: Session, manager: Actor, stranger: Actor, ada: UUID, ben: UUID
) -> None:
    avoid(s, ada, other_id=ben, by=manager)
    ask_as(s, Actor("Dan", "data_officer", organisation_id=manager.organisation_id))
    with pytest.raises(NotAllowed):
        avoided_by(s, ada)
    ask_as(s, stranger)
    assert s.scalars(select(PersonAvoids)).all() == []
