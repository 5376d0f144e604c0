"""What the night found is as private as the people it is about."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import PersonSuggestion
from tests.connections.wishing import a_neighbour, hopes
from tests.people.conftest import an_association, ask_as


def how_many(s: Session) -> int:
    return s.scalar(select(func.count()).select_from(PersonSuggestion)) or 0


@pytest.fixture
def two(s: Session, patch: UUID, coach: Actor) -> tuple[UUID, UUID]:
    """Ada and Beth, whom the night thought of together."""
    ada, beth = a_neighbour(s, patch), a_neighbour(s, patch)
    s.add(PersonSuggestion(person_wish_id=hopes(s, ada), position=1, organisation_id=UUID(coach.organisation_id),
                           kind="volunteer", a_person_id=ada, b_person_id=beth, place_id=patch, tier=1, score=0.9,
                           worked_out_on=today()))  # fmt: skip
    s.flush()
    return ada, beth


def test_another_association_sees_none(s: Session, two: tuple[UUID, UUID], coach: Actor) -> None:
    assert how_many(s) == 1
    ask_as(s, Actor("Stan", "owner", organisation_id=an_association(s, "Elsewhere Homes")))
    assert how_many(s) == 0
    ask_as(s, replace(coach, organisation_id=""))
    assert how_many(s) == 0


@pytest.mark.parametrize("which", [0, 1])
def test_it_is_hidden_with_either_of_the_two_and_goes_with_them(
    s: Session, two: tuple[UUID, UUID], coach: Actor, which: int
) -> None:
    ask_as(s, replace(coach, role="owner"))
    s.execute(text("update core.person set safety_risk = true where id = :id"), {"id": two[which]})
    assert how_many(s) == 1
    ask_as(s, coach)
    assert how_many(s) == 0
    ask_as(s, replace(coach, role="owner"))
    s.execute(text("select set_config('abcd.erasing', 'yes', true)"))
    s.execute(text("delete from core.person where id = :id"), {"id": two[which]})
    assert how_many(s) == 0
