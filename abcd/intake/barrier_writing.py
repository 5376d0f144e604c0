"""Writing the lines and points of a file into the register: what is new, what differs, what people changed since.

A line or a point is told again by its reference or name within its source, else by where it lies. A corrected file
changes what differs, except what people have changed or ended since; what a newer file no longer holds stays until
somebody ends it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import Barrier, Crossing, Import, ImportBefore
from abcd.errors import BadRequest
from abcd.intake.barrier_again import known_again
from abcd.intake.barrier_rows import BarrierRow, CrossingRow
from abcd.intake.barriers_held import Held, facts, held, is_as_left, is_same, place_of, standing_as
from abcd.intake.issues import Issues
from abcd.places.barrier_deeds import keep_barrier, rewrite_barrier
from abcd.places.barrier_lines import NEAR, on_the_line
from abcd.places.barriers import barriers_near
from abcd.places.crossing_deeds import keep_crossing, rewrite_crossing

FAULTS = ("no_barrier", "not_changed")
"""Kinds of issue that only writing finds: they may differ between a look and the loading."""


@dataclass
class Loading:
    """One import under way: what its source brought before, by key (id, the version as it was left), and counts.

    ``taken`` are the rows of the file that are in, or were before; ``new`` what it added, with their keys.
    """

    s: Session
    made: Import
    issues: Issues
    by: Actor
    lines: Held = field(default_factory=dict)
    points: Held = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    new: dict[UUID, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "changed", "unchanged", "kept"), 0))

    def remember(self, row: Barrier | Crossing, key: str, was: dict[str, Any] | None) -> None:
        """Keep how a barrier or crossing was, None when it was not there, and how this file leaves it."""
        kind = "barrier" if isinstance(row, Barrier) else "crossing"
        told = {"key": key, "was": was, "now": facts(row)}
        self.s.add(ImportBefore(import_id=self.made.id, thing_kind=kind, thing_key=str(row.id), before=told))

    def counted(self, rows: int) -> dict[str, int]:
        """What became of a file of so many rows."""
        return self.counts | {"rows": rows, "rejected": rows - len(self.taken)}


def write(now: Loading, lines: list[BarrierRow], points: list[CrossingRow]) -> tuple[str, ...]:
    """Write what a file holds, lines first; what happened, in sentences."""
    s, source = now.s, now.made.source_id
    now.lines = held(s, source, "barrier")
    lines = known_again(lines, [row.line for row in lines], now.lines)
    now.taken = {row.row for row in lines if _line(now, row)}
    s.flush()
    now.points = held(s, source, "crossing")
    points = known_again(points, [_landed(now, row) for row in points], now.points)
    now.taken |= {row.row for row in points if _point(now, row)}
    _remember_new(now)
    return _notes(now, lines, points)


def _line(now: Loading, row: BarrierRow) -> bool:
    """Write one barrier; False when it is left out."""
    told: dict[str, Any] = {
        "name": row.name, "nature": row.nature, "is_hard": row.is_hard, "source": now.made.file_name,
    }  # fmt: skip
    if row.key not in now.lines:
        return _added(now, row, keep_barrier(now.s, told, row.line, now.by))
    was = _untouched(now, "barrier", *now.lines[row.key])
    if not isinstance(was, Barrier):
        return True
    line = None if is_same(place_of(was), row.line) else row.line
    if line is None and facts(was).items() >= (told | {"source": was.source}).items():
        now.counts["unchanged"] += 1
        return True
    return _changed(now, row, was, partial(rewrite_barrier, now.s, was.id, told, line, version=was.version, by=now.by))


def _landed(now: Loading, row: CrossingRow) -> Any:
    """Where a point comes to lie that is not known by its key: on the line that it crosses."""
    if row.key in now.points or not now.points:
        return row.point
    barrier = _crossed(now.s, row)
    if barrier is None:
        return row.point
    return on_the_line(place_of(now.s.get_one(Barrier, barrier)), row.point.x, row.point.y)


def _point(now: Loading, row: CrossingRow) -> bool:
    """Write one crossing; False when it is left out."""
    told: dict[str, Any] = {"name": row.name, "step_free": row.step_free}
    if row.key in now.points:
        return _point_again(now, row, told)
    barrier = _crossed(now.s, row)
    if barrier is None:
        return _on_none(now, row)
    return _added(now, row, keep_crossing(now.s, barrier, told, (row.point.x, row.point.y), now.by))


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
    now.issues.add(
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


def _added(now: Loading, row: BarrierRow | CrossingRow, key: UUID) -> bool:
    now.new[key] = row.key
    now.counts["added"] += 1
    return True


def _remember_new(now: Loading) -> None:
    """Keep what was added as the store has it: asked one by one, that would be half of the work."""
    now.s.flush()
    ids = literal(list(now.new), ARRAY(Uuid))
    lines, points = select(Barrier).where(Barrier.id == any_(ids)), select(Crossing).where(Crossing.id == any_(ids))
    afresh = {"populate_existing": True}
    for row in (*now.s.scalars(lines, execution_options=afresh), *now.s.scalars(points, execution_options=afresh)):
        now.remember(row, now.new[row.id], None)


def _changed(
    now: Loading, row: BarrierRow | CrossingRow, was: Barrier | Crossing, write: Callable[[], object]
) -> bool:  # fmt: skip
    """Write what differs; what cannot be written is an issue."""
    before = facts(was)
    try:
        with now.s.begin_nested():
            write()
    except BadRequest as error:
        now.issues.add("not_changed", str(error), "Mend the line, or move the crossing.", row=row.row,
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
    notes = [f"{_so_many(len(lines), 'line')} and {_so_many(len(points), 'crossing')}."]
    if now.counts["kept"]:
        notes.append(f"{now.counts['kept']} were changed by people since and stay as they are.")
    gone = len(set(now.lines) - {row.key for row in lines}) + len(set(now.points) - {row.key for row in points})
    if gone:
        notes.append(f"{gone} that an earlier file of this source held are not in this one; they stay until ended.")
    return tuple(notes)


def _so_many(n: int, what: str) -> str:
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"
