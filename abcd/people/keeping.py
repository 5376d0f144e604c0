"""How what people and groups say is kept: who may, one event, one key, one version. The trail learns no words of it."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import can, require
from abcd.access.scope import places_of_asset, places_of_place
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import Base
from abcd.errors import NotFound
from abcd.people.queries import person
from abcd.people.records import PersonRecord

Row = TypeVar("Row", bound=Base)
GONE = "This is no longer there. Somebody may have removed it."


def require_person(s: Session, person_id: UUID, by: Actor) -> PersonRecord:
    """The person, when ``by`` may write down what they say.

    Raises:
        NotFound: there is no such person for ``by``.
        NotAllowed: ``by`` may not write of people, or not there.
    """
    require(by, "edit", "person")
    one = person(s, person_id)
    if by.places:
        require(by, "edit", "person", places_of_place(s, one.place_id))
    return one


def sees_residents(by: Actor) -> bool:
    """Whether ``by`` may read what residents said, which is the casework roles' alone (product.md E.5)."""
    return can(by, "view", "person_note")


def require_where(s: Session, by: Actor, verb: str, kind: str, asset_id: UUID | None, place_id: UUID | None) -> None:
    """Let ``by`` through to what a group, a venue, a meeting or a partner says, where that lies.

    Raises:
        NotAllowed: the role may not, or it lies outside the places of ``by``.
    """
    require(by, verb, kind)
    if by.places:
        there = places_of_asset(s, asset_id) if asset_id else frozenset()
        require(by, verb, kind, there | (places_of_place(s, place_id) if place_id else frozenset()))


def found(s: Session, table: type[Row], key: UUID) -> Row:
    """The row with this key, if this session may see it.

    Raises:
        NotFound: there is none, or not for this session.
    """
    row = s.get(table, key)
    if row is None:
        raise NotFound(GONE)
    return row


def added(s: Session, row: Any, verb: str, about: tuple[str, UUID] | str, *, by: Actor) -> UUID:
    """Keep a new row under a new id; ``about`` is what its event tells of, a mere kind when that is the row itself."""
    row.id = uuid4()
    s.add(row)
    s.flush()
    record(s, verb, *((about, row.id) if isinstance(about, str) else about), by=by)
    new: UUID = row.id
    return new


def edited(
    s: Session, row: Any, values: dict[str, Any], version: int | None, verb: str, about: tuple[str, UUID], *, by: Actor
) -> UUID:
    """Change columns of a row that is still at ``version``.

    Raises:
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
    """
    fresh = for_edit(s, type(row), row.id, version, values)
    for name, value in values.items():
        setattr(fresh, name, value)
    s.flush()
    record(s, verb, *about, by=by, after={"changed": sorted(values)})
    key: UUID = row.id
    return key


def saved(s: Session, key: str | None, by: Actor, act: Callable[[], UUID]) -> UUID:
    """What ``act`` gives back, done once for ``key``."""
    return UUID(once(s, key or str(uuid4()), by, lambda: {"id": str(act())})["id"])
