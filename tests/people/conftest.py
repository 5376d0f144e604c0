"""Two associations with a patch each, whoever works for them, and people to write down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.db.session import APP_ROLE, Actor
from abcd.db.tables import Organisation
from abcd.people.drafts import Grounds, PersonDraft
from tests.builders import a_place


def an_association(s: Session, name: str) -> str:
    """An organisation whose people nobody else may see; its id."""
    row = Organisation(name=name)
    s.add(row)
    s.flush()
    return str(row.id)


def ask_as(s: Session, actor: Actor) -> None:
    """Go on in this transaction as ``actor``."""
    s.flush()
    s.expire_all()
    s.info["actor"] = actor
    told = {"abcd.actor": actor.name, "abcd.role": actor.role, "abcd.organisation": actor.organisation_id}
    for name, value in told.items():
        s.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})


def grounds(**more: object) -> Grounds:
    """Why something is kept, as it should be."""
    return replace(Grounds("introductions", "consent", date(2026, 5, 1), "the person"), **more)  # type: ignore[arg-type]


def a_draft(place_id: UUID, **more: object) -> PersonDraft:
    """Somebody to add."""
    given = {"preferred_name": "Ada of Millfield", "phone": "07700 900123", "email": "ada@millfield.example"}
    return PersonDraft(**{**given, "place_id": place_id, "grounds": grounds(), **more})  # type: ignore[arg-type]


@pytest.fixture
def manager(s: Session) -> Actor:
    """A manager of the first association, who has opened the session."""
    made = Actor("Mona Manager", "manager", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, made)
    return made


@pytest.fixture
def officer(manager: Actor) -> Actor:
    """An officer of the same association."""
    return replace(manager, name="Otis Officer", role="officer")


@pytest.fixture
def stranger(s: Session, manager: Actor) -> Actor:
    """An owner of another association."""
    return Actor("Stan Stranger", "owner", organisation_id=an_association(s, "Elsewhere Homes"))


@pytest.fixture
def patch(s: Session, manager: Actor) -> UUID:
    """A coach's patch."""
    return a_place(s, kind="patch", name="North patch")


@pytest.fixture
def as_app(store: str) -> Iterator[Connection]:
    """A connection that signed in as the app's role itself, with no stronger role behind it."""
    with create_engine(store.replace("postgres@", f"{APP_ROLE}@"), poolclass=NullPool).connect() as connection:
        yield connection
