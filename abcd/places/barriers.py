"""What cannot be walked across, or is rather avoided, and where it can be crossed all the same."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""

NEAR = text("""
select b.id, b.name, b.nature, b.is_hard, b.version, ST_AsBinary(b.geom) as line,
  (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'step_free', c.step_free,
      'easting', ST_X(c.point), 'northing', ST_Y(c.point), 'version', c.version) order by c.name, c.id), '[]')
   from core.crossing c where c.barrier_id = b.id and c.ended_on is null) as crossings
from core.barrier b
where b.ended_on is null and b.geom && ST_MakeEnvelope(:west, :south, :east, :north, 27700)
order by b.name, b.id""")


@dataclass(frozen=True)
class CrossingRecord:
    """Where a barrier is crossed; metres in EPSG:27700, ``step_free`` is ``yes``, ``no`` or ``unknown``."""

    id: UUID
    name: str
    step_free: str
    easting: float
    northing: float
    version: int


@dataclass(frozen=True)
class BarrierRecord:
    """A barrier; ``line`` is a shapely LineString in EPSG:27700, ``is_hard`` that nobody walks across it."""

    id: UUID
    name: str
    nature: str
    is_hard: bool
    line: Any
    crossings: tuple[CrossingRecord, ...]
    version: int


def barriers_near(s: Session, box: Box) -> list[BarrierRecord]:
    """The barriers whose box touches ``box``, with their crossings, by name."""
    west, south, east, north = box
    rows = s.execute(NEAR, {"west": west, "south": south, "east": east, "north": north})
    return [
        BarrierRecord(row.id, row.name, row.nature, row.is_hard, shapely.from_wkb(bytes(row.line)),
                      tuple(_crossing(one) for one in row.crossings), row.version)
        for row in rows
    ]  # fmt: skip


def _crossing(one: dict[str, Any]) -> CrossingRecord:
    return CrossingRecord(**one | {"id": UUID(one["id"])})
