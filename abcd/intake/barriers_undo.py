"""An import of barriers taken back: what it drew ends, and stays in the history; what it changed is as it was."""

from uuid import UUID

import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import Barrier, Crossing, Import, ImportBefore
from abcd.errors import BadRequest
from abcd.intake.barriers_held import is_as_left, standing_as
from abcd.intake.lists import begin_undo, finish_undo
from abcd.intake.undo import NEWER
from abcd.places.barrier_deeds import rewrite_barrier
from abcd.places.crossing_deeds import ended, rewrite_crossing


def undo(s: Session, import_id: UUID, *, by: Actor) -> dict[str, int]:
    """Take an import of barriers back: what it drew ends, what it changed is as before, what people touched is kept.

    Raises:
        BadRequest: a newer file of the same source has to be taken back first.
        BadRequest, NotFound, NotAllowed: as ``abcd.intake.lists.begin_undo``.
    """
    made = begin_undo(s, import_id, "barriers", by=by)
    newer = s.execute(text(NEWER), {"import_id": import_id}).first()
    if newer:
        raise BadRequest(f"“{newer.file_name}” was brought in after this one. Undo that import first.")
    kept = select(ImportBefore).where(ImportBefore.import_id == import_id)
    done = {"removed": 0, "restored": 0, "kept": 0}
    # Crossings first: a barrier on which people put one stays.
    for one in s.scalars(kept.order_by(ImportBefore.thing_kind.desc(), ImportBefore.thing_key)).all():
        done[_taken_back(s, made, one, by)] += 1
    return finish_undo(s, made, done, by=by)


def _taken_back(s: Session, made: Import, one: ImportBefore, by: Actor) -> str:
    """Take one barrier or crossing back; which of ``removed``, ``restored`` and ``kept`` it is."""
    row = standing_as(s, one.thing_kind, UUID(one.thing_key))
    was = one.before["was"]
    if row is None or not is_as_left(row, one.before["now"]):
        return "kept"
    if was is None:
        return _removed(s, row, f"“{made.file_name}” was taken back", by)
    told = {name: value for name, value in was.items() if name != "at"}
    if isinstance(row, Barrier):
        rewrite_barrier(s, row.id, told, shapely.from_wkb(was["at"]), version=row.version, by=by)
    else:
        rewrite_crossing(s, row.id, told, at=shapely.from_wkb(was["at"]), version=row.version, by=by)
    return "restored"


def _removed(s: Session, row: Barrier | Crossing, reason: str, by: Actor) -> str:
    if _is_leant_on(s, row):
        return "kept"
    ended(s, type(row), row.id, reason, row.version, by)
    return "removed"


def _is_leant_on(s: Session, row: Barrier | Crossing) -> bool:
    """Whether a crossing that people put there stands on a barrier."""
    standing = select(Crossing.id).where(Crossing.barrier_id == row.id, Crossing.ended_on.is_(None))
    return s.scalar(standing.limit(1)) is not None
