"""A coach of one patch, and the gifts that people speak of."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.people.skills import load_skills
from tests.builders import a_place
from tests.people.conftest import an_association, ask_as


@pytest.fixture
def coach(s: Session, taxonomy: None) -> Actor:
    """A coach of an association, who has opened the session."""
    load_skills(s)
    made = Actor("Cara Coach", "coach", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, made)
    return made


@pytest.fixture
def patch(s: Session, coach: Actor) -> UUID:
    """A patch of 300 by 300 metres."""
    return a_place(s, kind="patch", name="North patch", size=300)
