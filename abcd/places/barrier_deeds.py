"""Add, edit and end a barrier, drawn on the map by whoever knows the place."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import require, require_at
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import BARRIER_NATURES, Barrier
from abcd.errors import BadRequest
from abcd.places.barrier_lines import drawn_line
from abcd.places.crossing_deeds import crossings_follow, ended, facts_of, reason_given
from abcd.places.shapes import stored

EDITABLE = ("name", "nature", "is_hard", "source")


@dataclass(frozen=True)
class BarrierDraft:
    """What a person gives of a new barrier. ``line`` is a GeoJSON line in degrees; ``source`` says who knows it."""

    name: str
    line: str | dict[str, Any] | None
    nature: str = "other"
    is_hard: bool = True
    source: str = ""


def add_barrier(s: Session, draft: BarrierDraft, *, by: Actor, key: str | None = None) -> UUID:
    """A new barrier, and its id.

    Raises:
        BadRequest: no name, an unknown nature, or no line.
        NotAllowed: the role may not, or the line touches no place of the actor.
    """
    require(by, "add", "barrier")
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_add(s, draft, by))})
    return UUID(done["id"])


def _add(s: Session, draft: BarrierDraft, by: Actor) -> UUID:
    told = _barrier_facts({name: getattr(draft, name) for name in EDITABLE})
    line = drawn_line(draft.line)
    return keep_barrier(s, told, line, by)


def keep_barrier(s: Session, told: dict[str, Any], line: Any, by: Actor) -> UUID:
    """Write a barrier whose facts and ``line`` (metres) were looked over; one audit event."""
    row = Barrier(id=uuid4(), geom=stored(line), made_by=by.name, **told)
    s.add(row)
    s.flush()
    record(s, "add", "barrier", row.id, by=by, after=told | {"metres": round(line.length)})
    require_at(s, by, "add", "barrier", row.id)
    return row.id


def edit_barrier(
    s: Session,
    barrier_id: UUID,
    changes: dict[str, Any],
    *,
    version: int | None,
    by: Actor,
    line: str | dict[str, Any] | None = None,
    key: str | None = None,
) -> UUID:
    """Change named columns and, when given, the line (GeoJSON in degrees); its crossings follow the line.

    Raises:
        BadRequest: a column that may not be edited, an empty name, no line, or one that leaves a crossing behind.
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    require_at(s, by, "edit", "barrier", barrier_id)
    once(s, key or str(uuid4()), by, lambda: _edit(s, barrier_id, changes, version, by, line))
    return barrier_id


def _edit(
    s: Session, barrier_id: UUID, changes: dict[str, Any], version: int | None, by: Actor, line: Any
) -> dict[str, Any]:
    told = _barrier_facts(changes)
    return rewrite_barrier(s, barrier_id, told, drawn_line(line) if line else None, version=version, by=by)


def rewrite_barrier(
    s: Session, barrier_id: UUID, told: dict[str, Any], line: Any, *, version: int | None, by: Actor
) -> dict[str, Any]:
    """Write facts that were looked over, and a ``line`` (metres) if there is one; one audit event.

    Raises:
        BadRequest: the line leaves a crossing behind.
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    row = for_edit(s, Barrier, barrier_id, version, told)
    before = {name: getattr(row, name) for name in told}
    for name, value in (told | ({"geom": stored(line)} if line is not None else {})).items():
        setattr(row, name, value)
    if line is not None:
        crossings_follow(s, barrier_id, line)
    s.flush()
    record(s, "edit", "barrier", barrier_id, by=by, before=before,
           after=told | ({"metres": round(line.length)} if line is not None else {}))  # fmt: skip
    require_at(s, by, "edit", "barrier", barrier_id)
    return {"id": str(barrier_id)}


def end_barrier(s: Session, barrier_id: UUID, reason: str, *, version: int | None, by: Actor) -> None:
    """A barrier that is no more, or never was; its history stays.

    Raises:
        BadRequest: no reason was given.
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    require_at(s, by, "end", "barrier", barrier_id)
    ended(s, Barrier, barrier_id, reason_given(reason), version, by)


def _barrier_facts(told: dict[str, Any]) -> dict[str, Any]:
    facts = facts_of(told, EDITABLE, "A barrier needs a name, such as “Railway to Altrincham”.")
    if facts.get("nature", "other") not in BARRIER_NATURES:
        raise BadRequest(f"A barrier is one of: {', '.join(BARRIER_NATURES)}.")
    return facts
