"""An association with two estates, patches in one of them, and people to count."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from abcd.db.session import Actor, session
from abcd.db.tables import Person, PersonNote
from tests.builders import a_place
from tests.conftest import Undo
from tests.people.conftest import an_association, ask_as

DAY = date(2026, 11, 22)
_numbers = count(1)


@dataclass(frozen=True)
class Town:
    """Where people may belong: two estates, two patches within the first, and a row of houses too small for figures."""

    by: Actor
    old_mill: UUID
    north: UUID
    south: UUID
    new_mill: UUID
    close: UUID

    @property
    def whole(self) -> UUID:
        """The association as an area."""
        return UUID(self.by.organisation_id)


def a_town(s: Session) -> Town:
    """A town of one association, as whose manager the session goes on."""
    by = Actor("Mona Manager", "manager", organisation_id=an_association(s, f"Millfield Homes {next(_numbers)}"))
    ask_as(s, by)
    return Town(
        by,
        old_mill=a_place(s, size=400, households=500, name="Old Mill"),
        north=a_place(s, (380_000, 394_100), kind="patch", size=150, households=175, name="North patch"),
        south=a_place(s, (380_000, 393_900), kind="patch", size=150, households=175, name="South patch"),
        new_mill=a_place(s, (381_000, 394_000), size=400, households=300, name="New Mill"),
        close=a_place(s, (382_000, 394_000), size=50, households=12, name="Millfield Close"),
    )


def people(s: Session, by: Actor, place: UUID, n: int, *, said: tuple[str, ...] = (), **more: object) -> list[UUID]:
    """So many people of a place; returns their ids."""
    told = {"purpose": "introductions", "lawful_basis": "consent", "source": "the person"}
    here = UUID(by.organisation_id)
    rows = [
        Person(id=uuid4(), organisation_id=here, place_id=place, preferred_name=f"P {next(_numbers)}", consent_on=DAY,
               confirmed_on=DAY, retention_review_on=DAY, **told, **more)
        for _ in range(n)
    ]  # fmt: skip
    s.add_all(rows)
    s.flush()
    s.add_all(
        PersonNote(person_id=row.id, organisation_id=here, kind=kind, words="Said", said_on=DAY, consent_on=DAY, **told)
        for row in rows for kind in said
    )  # fmt: skip
    s.flush()
    return [row.id for row in rows]


def settled(s: Session, town: Town) -> None:
    """So many people in the town that some figures show and some are masked."""
    people(s, town.by, town.north, 23, said=("gift",))
    people(s, town.by, town.north, 12, language="cy")
    people(s, town.by, town.south, 8, language="pl", said=("hope", "interest"))
    people(s, town.by, town.old_mill, 14)
    people(s, town.by, town.new_mill, 36, said=("gift", "hope"))
    people(s, town.by, town.close, 6)


@pytest.fixture
def town(s: Session) -> Town:
    """A town with people."""
    made = a_town(s)
    settled(s, made)
    return made


@pytest.fixture
def steward(town: Town) -> Actor:
    """Whoever makes releases and may not publish them."""
    return replace(town.by, name="Dana Data", role="data_officer")


@contextmanager
def undone(by: Actor) -> Iterator[Session]:
    """A session of ``by``'s of which nothing stays."""
    with suppress(Undo), session(by) as opened:
        yield opened
        raise Undo
