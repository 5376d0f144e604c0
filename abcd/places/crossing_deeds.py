"""Add, edit and end a crossing of a barrier, and what the deeds of both share."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.core.clock import today
from abcd.core.geo import to_grid
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor
from abcd.db.tables import STEP_FREE, Barrier, Crossing
from abcd.errors import BadRequest, NotFound
from abcd.places.barrier_lines import on_the_line
from abcd.places.shapes import stored

OF_A_CROSSING = ("name", "step_free")

SAME_SPOT = 0.001
"""Metres that are no move: a line that became longer leaves its crossings where they are."""


@dataclass(frozen=True)
class CrossingDraft:
    """What a person gives of a new crossing; ``step_free`` is ``yes``, ``no`` or ``unknown``."""

    name: str
    lon: float
    lat: float
    step_free: str = "unknown"


def add_crossing(s: Session, barrier_id: UUID, draft: CrossingDraft, *, by: Actor, key: str | None = None) -> UUID:
    """A new crossing of a barrier, moved onto its line; its id.

    Raises:
        BadRequest: no name, or the point lies off the line.
        NotFound: no such barrier.
    """
    require_at(s, by, "edit", "barrier", barrier_id)
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_add_crossing(s, barrier_id, draft, by))})
    return UUID(done["id"])


def _add_crossing(s: Session, barrier_id: UUID, draft: CrossingDraft, by: Actor) -> UUID:
    told = _crossing_facts({"name": draft.name, "step_free": draft.step_free})
    east, north = (float(one[0]) for one in to_grid([draft.lon], [draft.lat]))
    return keep_crossing(s, barrier_id, told, (east, north), by)


def keep_crossing(s: Session, barrier_id: UUID, told: dict[str, Any], at: tuple[float, float], by: Actor) -> UUID:
    """Write a crossing at a point in metres, moved onto the line; one audit event.

    Raises:
        BadRequest: the point lies off the line.
        NotFound: no such barrier.
    """
    standing = select(Barrier.geom).where(Barrier.id == barrier_id, Barrier.ended_on.is_(None))
    line = s.scalar(standing.with_for_update())
    if line is None:
        raise NotFound("This barrier is no longer there. Somebody may have ended it.")
    at_line = on_the_line(to_shape(line), *at)
    row = Crossing(id=uuid4(), barrier_id=barrier_id, point=stored(at_line), made_by=by.name, **told)
    s.add(row)
    s.flush()
    record(s, "add", "barrier", barrier_id, by=by, after={"crossing": told["name"], "step_free": told["step_free"]})
    return row.id


def edit_crossing(
    s: Session, crossing_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> UUID:
    """Change the name of a crossing, or whether it is step-free.

    Raises:
        BadRequest: a column that may not be edited, or an empty name.
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    require_at(s, by, "edit", "barrier", _barrier_of(s, crossing_id))

    def act() -> dict[str, Any]:
        return rewrite_crossing(s, crossing_id, _crossing_facts(changes), version=version, by=by)

    once(s, key or str(uuid4()), by, act)
    return crossing_id


def rewrite_crossing(
    s: Session, crossing_id: UUID, told: dict[str, Any], *, version: int | None, by: Actor, at: Any = None
) -> dict[str, Any]:
    """Write facts that were looked over, and where it is when ``at`` (a point on its line, metres) is given.

    Raises:
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    row = for_edit(s, Crossing, crossing_id, version, told)
    about = {"crossing": row.name}
    before = {name: getattr(row, name) for name in told}
    for name, value in (told | ({"point": stored(at)} if at is not None else {})).items():
        setattr(row, name, value)
    s.flush()
    record(s, "edit", "barrier", row.barrier_id, by=by, before=before, after=about | told)
    return {"id": str(crossing_id)}


def end_crossing(s: Session, crossing_id: UUID, reason: str, *, version: int | None, by: Actor) -> None:
    """A crossing that is closed, or never was one.

    Raises:
        BadRequest: no reason was given.
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    require_at(s, by, "edit", "barrier", _barrier_of(s, crossing_id))
    ended(s, Crossing, crossing_id, reason_given(reason), version, by)


def crossings_follow(s: Session, barrier_id: UUID, line: Any) -> None:
    """Move the crossings of a barrier onto its new line (metres).

    Raises:
        BadRequest: one of them would no longer lie on it.
    """
    open_ones = select(Crossing).where(Crossing.barrier_id == barrier_id, Crossing.ended_on.is_(None))
    for crossing in s.scalars(open_ones.with_for_update()):
        was = to_shape(crossing.point)
        try:
            there = on_the_line(line, *shapely.get_coordinates(was)[0])
        except BadRequest as error:
            raise BadRequest(
                f"The crossing “{crossing.name}” would no longer lie on the line. End it first, or draw nearer to it."
            ) from error
        if shapely.distance(was, there) > SAME_SPOT:
            crossing.point = stored(there)
            crossing.version += 1


def _barrier_of(s: Session, crossing_id: UUID) -> UUID:
    found = s.scalar(select(Crossing.barrier_id).where(Crossing.id == crossing_id))
    if found is None:
        raise NotFound("This crossing is no longer there. Somebody may have ended it.")
    return found


def _crossing_facts(told: dict[str, Any]) -> dict[str, Any]:
    facts = facts_of(told, OF_A_CROSSING, "A crossing needs a name, such as “Station footbridge”.")
    if facts.get("step_free", "unknown") not in STEP_FREE:
        raise BadRequest(f"Whether a crossing is step-free is one of: {', '.join(STEP_FREE)}.")
    return facts


def ended(
    s: Session, table: type[Barrier] | type[Crossing], key: UUID, reason: str, version: int | None, by: Actor
) -> None:
    """End a barrier or a crossing at this version; one audit event in the history of the barrier."""
    row = for_edit(s, table, key, version, {"ended_on": today()})
    row.ended_on = today()
    s.flush()
    told = {"ended_on": str(today()), "reason": reason}
    about, barrier_id = ({"crossing": row.name}, row.barrier_id) if isinstance(row, Crossing) else ({}, row.id)
    record(s, "end", "barrier", barrier_id, by=by, before={"ended_on": None}, after=about | told)


def reason_given(told: str) -> str:
    """The reason that was typed.

    Raises:
        BadRequest: there is none.
    """
    if not told.strip():
        raise BadRequest("Say why it ends, so that its history can be read later.")
    return told.strip()


def facts_of(told: dict[str, Any], known: tuple[str, ...], nameless: str) -> dict[str, Any]:
    """What was told, trimmed; ``known`` may be told, and ``nameless`` says what a name is for.

    Raises:
        BadRequest: something else was told, or an empty name.
    """
    unknown = set(told) - set(known)
    if unknown:
        raise BadRequest(f"These cannot be changed here: {', '.join(sorted(unknown))}.")
    facts = {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
    if not facts.get("name", "x"):
        raise BadRequest(nameless)
    return facts
