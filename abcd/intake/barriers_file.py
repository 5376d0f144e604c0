"""Barriers and their crossings: ``abcd import barriers FILE``, a layer of lines and points.

A line or a point is told again by its reference or name within its source. A corrected file changes what differs,
except what people have changed or ended since; what a newer file no longer holds stays until somebody ends it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.db.session import Actor, session
from abcd.db.tables import BARRIER_NATURES, Barrier, Crossing, Import, ImportBefore
from abcd.errors import BadRequest
from abcd.intake.barrier_rows import BarrierRow, CrossingRow, Usual, understood
from abcd.intake.barriers_held import Held, facts, held, is_as_left, is_same, place_of, standing_as
from abcd.intake.lists import WholeFile, begin, finish, read_whole
from abcd.intake.place_columns import epsg_of
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport
from abcd.places.barrier_deeds import keep_barrier, rewrite_barrier
from abcd.places.barrier_lines import NEAR, on_the_line
from abcd.places.barriers import barriers_near
from abcd.places.crossing_deeds import keep_crossing, rewrite_crossing


@dataclass
class Loading:
    """One import under way: what its source brought before, by key (id, the version as it was left), and counts."""

    s: Session
    made: Import
    file: WholeFile
    by: Actor
    lines: Held
    points: Held
    counts: dict[str, int]

    def remember(self, row: Barrier | Crossing, key: str, was: dict[str, Any] | None) -> None:
        """Keep how a barrier or crossing was, None when it was not there, and how this file leaves it."""
        kind = "barrier" if isinstance(row, Barrier) else "crossing"
        told = {"key": key, "was": was, "now": facts(row)}
        self.s.add(ImportBefore(import_id=self.made.id, thing_kind=kind, thing_key=str(row.id), before=told))


def import_barriers(
    path: Path | str, *, actor: Actor, nature: str = "other", is_hard: bool = True, layer: str | None = None
) -> ImportReport:
    """Bring barriers and crossings in; ``nature`` and ``is_hard`` are of the rows that do not say their own.

    Raises:
        BadRequest: an unknown nature.
        NotFound, BadFile: the file is not there, cannot be read, or has no lines and no points.
        NotAllowed: ``actor`` may not bring files in.
    """
    if nature not in BARRIER_NATURES:
        raise BadRequest(f"A barrier is one of: {', '.join(BARRIER_NATURES)}.")
    file = read_whole(path, ReadChoice(layer=layer))
    with session(actor, patient=True) as s:
        return load_barriers(s, file, Usual(nature, is_hard), by=actor)


def load_barriers(s: Session, file: WholeFile, usual: Usual, *, by: Actor) -> ImportReport:
    """The part of ``import_barriers`` that writes, in the caller's transaction."""
    lines, points = understood(file, usual)
    made = begin(s, file, "barriers", {}, by=by)
    counts = dict.fromkeys(("added", "changed", "unchanged", "kept"), 0)
    now = Loading(s, made, file, by, held(s, made.source_id, "barrier"), {}, counts)
    taken = {row.row for row in lines if _line(now, row)}
    s.flush()
    now.points = held(s, made.source_id, "crossing")
    taken |= {row.row for row in points if _point(now, row)}
    counts |= {"rows": file.rows.num_rows, "rejected": file.rows.num_rows - len(taken)}
    return finish(s, made, file, counts, by=by, crs=f"EPSG:{epsg_of(file)}", notes=_notes(now, lines, points))


def _line(now: Loading, row: BarrierRow) -> bool:
    """Write one barrier; False when it is left out."""
    told: dict[str, Any] = {
        "name": row.name, "nature": row.nature, "is_hard": row.is_hard, "source": now.file.path.name,
    }  # fmt: skip
    if row.key not in now.lines:
        return _added(now, row, "barrier", keep_barrier(now.s, told, row.line, now.by))
    was = _untouched(now, "barrier", *now.lines[row.key])
    if not isinstance(was, Barrier):
        return True
    line = None if is_same(place_of(was), row.line) else row.line
    if line is None and facts(was).items() >= (told | {"source": was.source}).items():
        now.counts["unchanged"] += 1
        return True
    return _changed(now, row, was, partial(rewrite_barrier, now.s, was.id, told, line, version=was.version, by=now.by))


def _point(now: Loading, row: CrossingRow) -> bool:
    """Write one crossing; False when it is left out."""
    told: dict[str, Any] = {"name": row.name, "step_free": row.step_free}
    if row.key in now.points:
        return _point_again(now, row, told)
    barrier = _crossed(now.s, row)
    if barrier is None:
        return _on_none(now, row)
    return _added(now, row, "crossing", keep_crossing(now.s, barrier, told, (row.point.x, row.point.y), now.by))


def _point_again(now: Loading, row: CrossingRow, told: dict[str, Any]) -> bool:
    was = _untouched(now, "crossing", *now.points[row.key])
    if not isinstance(was, Crossing):
        return True
    line = place_of(now.s.get_one(Barrier, was.barrier_id))
    if line.distance(row.point) > NEAR:
        return _on_none(now, row)
    there = on_the_line(line, row.point.x, row.point.y)
    at = None if is_same(there, place_of(was)) else there
    if at is None and facts(was).items() >= told.items():
        now.counts["unchanged"] += 1
        return True
    return _changed(
        now, row, was, partial(rewrite_crossing, now.s, was.id, told, at=at, version=was.version, by=now.by)
    )


def _on_none(now: Loading, row: CrossingRow) -> bool:
    now.file.issues.add(
        "no_barrier", f"This crossing lies on no barrier: none is within {NEAR:.0f} metres.",
        "Bring in the line that it crosses, or put the point onto it.", row=row.row, column="geometry", value=row.name,
    )  # fmt: skip
    return False


def _untouched(now: Loading, kind: str, key: UUID, left: dict[str, Any]) -> Barrier | Crossing | None:
    """What an earlier file left, None when people changed or ended it since: then it stays as it is."""
    was = standing_as(now.s, kind, key)
    if was is not None and is_as_left(was, left):
        return was
    now.counts["kept"] += 1
    now.counts["unchanged"] += 1
    return None


def _added(now: Loading, row: BarrierRow | CrossingRow, kind: str, key: UUID) -> bool:
    made = standing_as(now.s, kind, key)
    if made is not None:
        now.remember(made, row.key, None)
        now.counts["added"] += 1
    return made is not None


def _changed(
    now: Loading, row: BarrierRow | CrossingRow, was: Barrier | Crossing, write: Callable[[], object]
) -> bool:  # fmt: skip
    """Write what differs; what cannot be written is an issue."""
    before = facts(was)
    try:
        with now.s.begin_nested():
            write()
    except BadRequest as error:
        now.file.issues.add("not_changed", str(error), "Mend the line, or move the crossing.", row=row.row,
                            column="geometry", value=row.name)  # fmt: skip
        return False
    now.s.refresh(was)
    now.remember(was, row.key, before)
    now.counts["changed"] += 1
    return True


def _crossed(s: Session, row: CrossingRow) -> UUID | None:
    """The barrier that a crossing lies on: of those that it may, the one it names, else the nearest."""
    near = barriers_near(s, row.point.buffer(NEAR).bounds)
    those = [(one.name.casefold() != row.barrier.casefold(), one.line.distance(row.point), one.id) for one in near]
    return min((one for one in those if one[1] <= NEAR), default=(True, 0.0, None))[2]


def _notes(now: Loading, lines: list[BarrierRow], points: list[CrossingRow]) -> tuple[str, ...]:
    notes = [f"{len(lines):,} lines and {len(points):,} crossings."]
    if now.counts["kept"]:
        notes.append(f"{now.counts['kept']} were changed by people since and stay as they are.")
    gone = len(set(now.lines) - {row.key for row in lines}) + len(set(now.points) - {row.key for row in points})
    if gone:
        notes.append(f"{gone} that an earlier file of this source held are not in this one; they stay until ended.")
    return tuple(notes)
