"""Lines and points of a newer file that are known again by where they lie, because nothing else tells them.

The number of a row is no name: one row put between the others would make another line of each after it. So a line that
nothing names is the one that lies there, or that runs along it for most of its length, and keeps what it was called;
one that was given a name since is the one that lies exactly there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import shapely

from abcd.intake.barrier_rows import BarrierRow, CrossingRow
from abcd.intake.barriers_held import Held, is_same

#: Metres from a point, or from a line, within which one that was told before is looked for.
NEAR = 25.0
#: Two lines are one that was mended when this part of each lies within ``ALONG`` metres of the other.
ALONG, MOST = 10.0, 0.5
SURE = 1.0

Row = TypeVar("Row", BarrierRow, CrossingRow)


def known_again(rows: Sequence[Row], shapes: Sequence[Any], before: Held) -> list[Row]:
    """``rows`` as they are written: those without a name by the name they had.

    What is known again goes over to the key of its row in ``before``. ``shapes`` are where the rows lie, in metres.
    """
    told = {row.key for row in rows}
    free = {key: shapely.from_wkb(left["at"]) for key, (_id, left) in before.items() if key not in told}
    new = {at: shapes[at] for at, row in enumerate(rows) if row.key not in before}
    found = list(rows)
    for likeness, at, key in sorted(_alike(new, free), key=lambda one: (-one[0], *one[1:])):
        row = found[at]
        if key not in free or row.key in before or likeness < (MOST if row.is_nameless else SURE):
            continue
        del free[key]
        before[row.key] = before.pop(key)
        found[at] = _as_it_was(row, before[row.key][1]) if row.is_nameless else row
    return found


def _as_it_was(row: Row, left: Mapping[str, Any]) -> Row:
    """A row by the name of what it was known for, unless it is something else now."""
    is_what_it_was = left.get("nature", "") == getattr(row, "nature", "")
    return replace(row, name=left["name"]) if is_what_it_was else row


def _alike(new: Mapping[int, Any], free: Mapping[str, Any]) -> Iterator[tuple[float, int, str]]:
    """How much each of ``new`` is like one of ``free`` that lies near: 1 the same, 0 something else."""
    numbers, keys, there = list(new), list(free), list(free.values())
    if not (numbers and keys):
        return
    for one, other in shapely.STRtree(there).query(list(new.values()), predicate="dwithin", distance=NEAR).T:
        yield likeness(new[numbers[one]], there[other]), numbers[one], keys[other]


def likeness(one: Any, other: Any) -> float:
    """How sure two lines or two points are one, from 0 to 1; it is 1 only where they lie in the same place."""
    if is_same(one, other) or is_same(one, shapely.reverse(other)):
        return SURE
    if one.geom_type == "Point":
        return max(0.0, 1.0 - float(one.distance(other)) / (2 * NEAR))
    shared = min(_part_along(one, other), _part_along(other, one))
    return min(shared, 0.99)


def _part_along(one: Any, other: Any) -> float:
    return float(one.intersection(other.buffer(ALONG)).length / one.length)
