"""Barriers and crossings that a source brought: what its files left, and whether people changed or ended it since.

People change the words of a crossing and the line of a barrier, never the place of a crossing: it follows its line.
"""

from typing import Any
from uuid import UUID

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.tables import Barrier, Crossing

SAME = 0.01
"""Metres within which a line or point is where it was."""

WORDS: dict[str, tuple[str, ...]] = {
    "barrier": ("name", "nature", "is_hard", "source"),
    "crossing": ("name", "step_free"),
}

HELD = text("""
select distinct on (b.thing_key) b.before ->> 'key' as key, cast(b.thing_key as uuid) as id, b.before -> 'now' as left
from core.import_before b join core.import i on i.id = b.import_id
where i.source_id = :source and i.kind = 'barriers' and i.status = 'loaded' and b.thing_kind = :kind
order by b.thing_key, i.loaded_at desc""")

Held = dict[str, tuple[UUID, dict[str, Any]]]
"""By key: the barrier or crossing, and its facts as the newest file that told of it left them."""


def held(s: Session, source: UUID, kind: str) -> Held:
    """What the loaded files of a source brought; ``kind`` is ``barrier`` or ``crossing``."""
    return {row.key: (row.id, row.left) for row in s.execute(HELD, {"source": source, "kind": kind})}


def standing_as(s: Session, kind: str, key: UUID) -> Barrier | Crossing | None:
    """A barrier or crossing as it is in the store now, None when it ended."""
    row = s.get(Barrier if kind == "barrier" else Crossing, key, populate_existing=True)
    is_standing = isinstance(row, Barrier | Crossing) and row.ended_on is None
    return row if is_standing else None  # type: ignore[return-value]


def facts(row: Barrier | Crossing) -> dict[str, Any]:
    """The words of a barrier or crossing, and under ``at`` where it is: hexadecimal WKB in metres."""
    names = WORDS["barrier" if isinstance(row, Barrier) else "crossing"]
    return {name: getattr(row, name) for name in names} | {"at": shapely.to_wkb(place_of(row), hex=True)}


def place_of(row: Barrier | Crossing) -> Any:
    """The line of a barrier, the point of a crossing."""
    return to_shape(row.geom if isinstance(row, Barrier) else row.point)


def is_as_left(row: Barrier | Crossing, left: dict[str, Any]) -> bool:
    """Whether nobody changed it since a file left it so."""
    now = facts(row)
    is_there = isinstance(row, Crossing) or is_same(place_of(row), shapely.from_wkb(left["at"]))
    return is_there and all(now[name] == left[name] for name in now if name != "at")


def is_same(one: Any, other: Any) -> bool:
    """Whether two lines or points are in one place."""
    return bool(shapely.equals_exact(one, other, SAME))
