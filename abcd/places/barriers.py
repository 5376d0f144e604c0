"""What cannot be walked across, or is rather avoided, and where it can be crossed all the same."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import Float, Select, cast, func, select, text, true
from sqlalchemy.orm import Session

from abcd.db.tables import GRID, Barrier, Crossing
from abcd.errors import NotFound

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""

#: Who told of a barrier is the team's to read: what only asks where one cannot walk never asks for it.
TOLD = (Barrier.source, Barrier.made_by)

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
    touching = Barrier.geom.op("&&")(func.ST_MakeEnvelope(*map(float, box), GRID))
    return _barriers(s, _standing().where(touching).order_by(Barrier.name, Barrier.id))


def barriers_mark(s: Session, box: Box) -> tuple[Any, ...]:
    """What differs whenever one of the barriers that touch ``box``, or of their crossings, does; empty for none.

    Their ids and versions are summed in the store, so that thousands need not be read to learn that none changed.
    """
    touching = Barrier.geom.op("&&")(func.ST_MakeEnvelope(*map(float, box), GRID))
    lines = select(Barrier.id, Barrier.version).where(Barrier.ended_on.is_(None), touching).cte("lines")
    crossings = select(Crossing.id, Crossing.version).where(
        Crossing.ended_on.is_(None), Crossing.barrier_id.in_(select(lines.c.id))
    )
    sums = [select(func.count(), func.sum(_mark(one.c))).subquery() for one in (lines, crossings.cte("gates"))]
    both = sums[0].join(sums[1], true())
    told = tuple(s.execute(select(*sums[0].c, *sums[1].c).select_from(both)).one())
    return told if told[0] else ()


def _mark(one: Any) -> Any:
    return func.hashtextextended(func.concat(one.id, " ", one.version), 0)


def barrier(s: Session, barrier_id: UUID) -> BarrierRecord:
    """One barrier that stands, with its crossings.

    Raises:
        NotFound: there is none; it may have ended.
    """
    found = _barriers(s, _standing(*TOLD).where(Barrier.id == barrier_id))
    if not found:
        raise NotFound("This barrier is not there. It may have ended.")
    return found[0]


def barriers_listed(s: Session, part: str = "", most: int = 50) -> list[BarrierRecord]:
    """Barriers by name, those whose name holds ``part``; at most so many."""
    named = Barrier.name.icontains(part.strip(), autoescape=True)
    return _barriers(s, _standing(*TOLD).where(named).order_by(func.lower(Barrier.name), Barrier.id).limit(most))


def streets_across(s: Session, barrier_id: UUID, gap: float, most: int = 40) -> list[tuple[float, float]]:
    """Where streets of the map in use meet a barrier farther than ``gap`` metres from its crossings, along its line."""
    rows = s.execute(STREETS_ACROSS, {"id": barrier_id, "gap": gap, "most": most})
    return [(row.easting, row.northing) for row in rows]


def _standing(*more: Any) -> Select[Any]:
    plain = Barrier.id, Barrier.name, Barrier.nature, Barrier.is_hard, Barrier.version
    return select(*plain, *more, func.ST_AsBinary(Barrier.geom).label("line")).where(Barrier.ended_on.is_(None))


def _barriers(s: Session, wanted: Select[Any]) -> list[BarrierRecord]:
    rows = s.execute(wanted).all()
    crossings = _crossings(s, [row.id for row in rows])
    return [_barrier(row, tuple(crossings[row.id])) for row in rows]


def _crossings(s: Session, barrier_ids: list[UUID]) -> defaultdict[UUID, list[CrossingRecord]]:
    found: defaultdict[UUID, list[CrossingRecord]] = defaultdict(list)
    if barrier_ids:
        point = cast(func.ST_X(Crossing.point), Float), cast(func.ST_Y(Crossing.point), Float)
        wanted = select(Crossing.barrier_id, Crossing.id, Crossing.name, Crossing.step_free, *point, Crossing.version)
        standing = Crossing.barrier_id.in_(barrier_ids), Crossing.ended_on.is_(None)
        for barrier_id, *told in s.execute(wanted.where(*standing).order_by(Crossing.name, Crossing.id)):
            found[barrier_id].append(CrossingRecord(*told))
    return found


def _barrier(row: Any, crossings: tuple[CrossingRecord, ...]) -> BarrierRecord:
    told = {name: row._mapping[name] for name in ("source", "made_by") if name in row._mapping}
    line = shapely.from_wkb(bytes(row.line))
    return BarrierRecord(row.id, row.name, row.nature, row.is_hard, line, crossings, row.version, **told)
