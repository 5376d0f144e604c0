"""What cannot be walked across, or is rather avoided, and where it can be crossed all the same."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.errors import NotFound

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""

WITH_CROSSINGS = """
select b.id, b.name, b.nature, b.is_hard, b.source, b.made_by, b.version, ST_AsBinary(b.geom) as line,
  (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'step_free', c.step_free,
      'easting', ST_X(c.point), 'northing', ST_Y(c.point), 'version', c.version) order by c.name, c.id), '[]')
   from core.crossing c where c.barrier_id = b.id and c.ended_on is null) as crossings
from core.barrier b
where b.ended_on is null"""

NEAR = text(f"""{WITH_CROSSINGS} and b.geom && ST_MakeEnvelope(:west, :south, :east, :north, 27700)
order by b.name, b.id""")

ONE = text(f"{WITH_CROSSINGS} and b.id = :id")

LISTED = text(f"{WITH_CROSSINGS} and b.name ilike :part order by lower(b.name), b.id limit :most")

STREETS_ACROSS = text("""
with wall as (select geom, (select ST_Union(ST_Buffer(c.point, :gap)) from core.crossing c
    where c.barrier_id = b.id and c.ended_on is null) as gaps from core.barrier b where b.id = :id)
select ST_X(met.at) as easting, ST_Y(met.at) as northing
from wall
join core.street e on e.geom && wall.geom and ST_Intersects(e.geom, wall.geom)
join core.street_map m on m.id = e.map_id and m.ended_at is null
cross join lateral (select ST_PointOnSurface(ST_Intersection(e.geom, wall.geom)) as at) met
where wall.gaps is null or not ST_Intersects(wall.gaps, met.at)
order by ST_LineLocatePoint(wall.geom, met.at) limit :most""")


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
    source: str = ""
    made_by: str = ""

    @property
    def box(self) -> Box:
        """The box round it, in metres."""
        west, south, east, north = self.line.bounds
        return west, south, east, north


def barriers_near(s: Session, box: Box) -> list[BarrierRecord]:
    """The barriers whose box touches ``box``, with their crossings, by name."""
    west, south, east, north = box
    rows = s.execute(NEAR, {"west": west, "south": south, "east": east, "north": north})
    return [_barrier(row) for row in rows]


def barrier(s: Session, barrier_id: UUID) -> BarrierRecord:
    """One barrier that stands, with its crossings.

    Raises:
        NotFound: there is none; it may have ended.
    """
    row = s.execute(ONE, {"id": barrier_id}).first()
    if row is None:
        raise NotFound("This barrier is not there. It may have ended.")
    return _barrier(row)


def barriers_listed(s: Session, part: str = "", most: int = 50) -> list[BarrierRecord]:
    """Barriers by name, those whose name holds ``part``; at most so many."""
    like = part.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [_barrier(row) for row in s.execute(LISTED, {"part": f"%{like}%", "most": most})]


def streets_across(s: Session, barrier_id: UUID, gap: float, most: int = 40) -> list[tuple[float, float]]:
    """Where streets of the map in use meet a barrier farther than ``gap`` metres from its crossings, along its line."""
    rows = s.execute(STREETS_ACROSS, {"id": barrier_id, "gap": gap, "most": most})
    return [(row.easting, row.northing) for row in rows]


def _barrier(row: Any) -> BarrierRecord:
    crossings = tuple(_crossing(one) for one in row.crossings)
    line = shapely.from_wkb(bytes(row.line))
    return BarrierRecord(
        row.id, row.name, row.nature, row.is_hard, line, crossings, row.version, row.source, row.made_by
    )


def _crossing(one: dict[str, Any]) -> CrossingRecord:
    return CrossingRecord(**one | {"id": UUID(one["id"])})
