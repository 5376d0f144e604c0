"""Two neighbours who said yes to introductions, and what a coordinator does with them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from abcd.connections.ideas import Idea
from abcd.connections.introducing import begin, step
from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.db.tables import Connection, Consent
from abcd.people.actions import add_person
from abcd.people.consents import ConsentDraft, give_consent
from tests.connections.wishing import says_yes
from tests.people.conftest import a_draft

#: The way to the details.
TO_BOTH = ("asked_a", "yes_a", "asked_b", "yes_b")


def a_neighbour(s: Session, by: Actor, patch: UUID, name: str = "Ada", *, agrees: bool = True, **more: Any) -> UUID:
    """An adult of a patch who said yes to introductions."""
    given = {"preferred_name": name, "adult_confirmed": True, "email": f"{name.lower()}@millfield.example"} | more
    someone = add_person(s, a_draft(patch, **given), by=by).id
    if agrees:
        give_consent(s, someone, ConsentDraft("introductions", "in_person"), by=by)
    return someone


def an_introduction(s: Session, by: Actor, a: UUID, b: UUID, *states: str, **more: Any) -> UUID:
    """Two neighbours, taken through ``states``."""
    made = begin(s, Idea("shared_interest", a, b_person_id=b, **more), by=by)
    go(s, by, made, *states)
    return made


def go(s: Session, by: Actor, connection_id: UUID, *states: str) -> None:
    """Take an introduction through ``states``; ``"not_now b"`` names a side."""
    for told in states:
        state, _space, side = told.partition(" ")
        step(s, connection_id, state, side, version=version_of(s, connection_id), by=by)


def version_of(s: Session, connection_id: UUID) -> int:
    """The version that the next deed must name."""
    return s.get_one(Connection, connection_id).version


def runs_out(s: Session, person: UUID, on: date | None = None) -> None:
    """Their yes to introductions was said two years ago, and has run out today or on an earlier day."""
    s.execute(text("select set_config('abcd.erasing', 'yes', true)"))
    s.execute(delete(Consent).where(Consent.person_id == person))
    s.execute(text("select set_config('abcd.erasing', '', true)"))
    says_yes(s, person, on=(on or today()) - timedelta(730))
