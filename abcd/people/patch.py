"""A coach's patch as far as people go: which places it is made of, whom everybody knows, whom to greet again.

Nobody marked as a safety risk is among those whom a hint may name or a figure may count, whoever asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import today
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import HOME_KINDS, Person, Place, PlaceParent
from abcd.people.queries import in_scope

GREET_DAYS = 60
"""So long before the day on which somebody is asked again they are on the list of those to greet."""


@dataclass(frozen=True, repr=False)
class Neighbour:
    """Somebody of the patch; ``confirmed_on`` is the day on which what we keep of them was last said to be right."""

    person_id: UUID
    preferred_name: str
    confirmed_on: date

    def __repr__(self) -> str:
        return f"Neighbour({self.person_id})"


def homes_in(s: Session, place_id: UUID) -> list[UUID]:
    """A place, and the patches and estates that lie in it: where the people of a patch may be written down."""
    smaller = select(PlaceParent.place_id).where(PlaceParent.parent_id == place_id)
    standing = Place.end_date.is_(None) & Place.kind.in_(HOME_KINDS)
    found = select(Place.id).where(or_(Place.id == place_id, Place.id.in_(smaller) & standing))
    return list(s.scalars(found.order_by(called(Place), Place.id)))


def neighbours(s: Session, place_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Everybody of these places whom a hint may name; for the team's own eyes.

    Raises:
        NotAllowed: whoever asks may not look at people.
    """
    require(actor_of(s), "view", "person")
    return frozenset(s.scalars(_named(place_ids, Person.id).where(in_scope(s))))


def known_to_all(s: Session, place_ids: Sequence[UUID]) -> list[Neighbour]:
    """The connectors of these places, by name: the people whom everybody knows.

    Raises:
        NotAllowed: whoever asks may not look at people.
    """
    require(actor_of(s), "view", "person")
    return _listed(s, _rows(place_ids).where(Person.roles.contains(["connector"])))


def to_greet(s: Session, place_ids: Sequence[UUID], day: date | None = None) -> list[Neighbour]:
    """People of these places who are soon to be asked whether what we keep is still right, by name.

    Raises:
        NotAllowed: whoever asks may not look at people.
    """
    require(actor_of(s), "view", "person")
    soon = (day or today()) + timedelta(GREET_DAYS)
    return _listed(s, _rows(place_ids).where(Person.retention_review_on <= soon))


def _rows(place_ids: Sequence[UUID]) -> Select[Any]:
    return _named(place_ids, Person.id, Person.preferred_name, Person.confirmed_on)


def _named(place_ids: Sequence[UUID], *columns: Any) -> Select[Any]:
    with_us = Person.status.in_(("active", "inactive")) & Person.safety_risk.is_(False)
    return select(*columns).where(Person.place_id.in_(place_ids), with_us)


def _listed(s: Session, wanted: Select[Any]) -> list[Neighbour]:
    by_name = wanted.where(in_scope(s)).order_by(func.lower(Person.preferred_name), Person.id)
    return [Neighbour(*row) for row in s.execute(by_name)]
