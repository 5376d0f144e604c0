"""Whom somebody asked not to be brought together with: no reason is asked for, and none is kept (product.md E.2).

Whoever is named is never told: the row is of the person who asked, and leaves with either of the two.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.db.audit import once, record
from abcd.db.session import Actor, actor_of
from abcd.db.tables import Asset, Person, PersonAvoids
from abcd.errors import BadRequest, NotFound
from abcd.people.actions import association_of
from abcd.people.keeping import require_person
from abcd.people.queries import in_scope, person


@dataclass(frozen=True, repr=False)
class Avoided:
    """Somebody, or a group or place, that a person would rather not meet."""

    id: UUID
    name: str

    def __repr__(self) -> str:
        return f"Avoided({self.id})"


def avoid(
    s: Session, person_id: UUID, *, other_id: UUID | None = None, asset_id: UUID | None = None, by: Actor,
    key: str | None = None,
) -> None:  # fmt: skip
    """They asked not to be brought together with another person, or with a group or place; asked twice it is one.

    Raises:
        BadRequest: neither or both are named, or they named themselves.
        NotFound: there is no such person or asset for ``by``.
        NotAllowed: as ``keeping.require_person``.
    """
    require_person(s, person_id, by)
    if (other_id is None) == (asset_id is None) or other_id == person_id:
        raise BadRequest(_("Choose one neighbour, or one group or place."))
    if other_id:
        person(s, other_id)
    elif s.get(Asset, asset_id) is None:
        raise NotFound(_("There is no such group or place."))
    once(s, key or str(uuid4()), by, lambda: {"id": str(_kept(s, person_id, other_id, asset_id, by))})


def _kept(s: Session, person_id: UUID, other_id: UUID | None, asset_id: UUID | None, by: Actor) -> UUID:
    which = PersonAvoids.other_id == other_id if other_id else PersonAvoids.asset_id == asset_id
    known = s.scalar(select(PersonAvoids.id).where(PersonAvoids.person_id == person_id, which))
    if known:
        return known
    row = PersonAvoids(id=uuid4(), person_id=person_id, organisation_id=association_of(by), other_id=other_id,
                       asset_id=asset_id)  # fmt: skip
    s.add(row)
    s.flush()
    record(s, "avoid", "person", person_id, by=by)
    return row.id


def avoid_no_more(s: Session, avoided_id: UUID, *, by: Actor, key: str | None = None) -> None:
    """They would meet them after all; one that is gone stays gone.

    Raises:
        NotFound, NotAllowed: as ``avoid``.
    """
    row = s.get(PersonAvoids, avoided_id)
    if row is None:
        return
    require_person(s, row.person_id, by)

    def act() -> dict[str, str]:
        person_id = row.person_id
        s.delete(row)
        s.flush()
        record(s, "avoid_no_more", "person", person_id, by=by)
        return {}

    once(s, key or str(uuid4()), by, act)


def avoided_by(s: Session, person_id: UUID) -> list[Avoided]:
    """Whom and what a person asked not to meet, by name; one that whoever asks may not see is not among them.

    Raises:
        NotFound: there is no such person for whoever asks.
        NotAllowed: whoever asks may not read what people said.
    """
    require(actor_of(s), "view", "person_note")
    person(s, person_id)
    mine = PersonAvoids.person_id == person_id
    people = (
        select(PersonAvoids.id, Person.preferred_name)
        .join(Person, Person.id == PersonAvoids.other_id)
        .where(mine, in_scope(s))
    )
    assets = select(PersonAvoids.id, Asset.name).join(Asset, Asset.id == PersonAvoids.asset_id).where(mine)
    found = [Avoided(*row) for query in (people, assets) for row in s.execute(query)]
    return sorted(found, key=lambda one: one.name.lower())
