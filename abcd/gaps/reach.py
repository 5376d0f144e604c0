"""What can be reached from the homes of a place: one bounded search of the register, by category."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.gaps.records import Standard
from abcd.gaps.standards import counts_as
from abcd.gaps.walk import Numbers, Points, WalkModel
from abcd.places.households import demand_points
from abcd.places.records import PlaceRecord

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""

FAR_METRES = 30_000
"""Beyond this the nearest known one is no help to anybody, and the search for it stops."""

# OFFSET 0 keeps the planner from turning the search round; the shelf of a category is where the index holds it.
NEAR = text("""
select c.slug, a.id, a.name, ST_X(a.point) as easting, ST_Y(a.point) as northing, a.assured_on, a.source_kind,
  a.step_free, a.cost, a.open_to_new, a.open_grid
from unnest(cast(:slugs as text[])) as c(slug)
cross join lateral (
  select * from core.asset a
  where a.category = c.slug and a.status = 'active' and a.merged_into is null
    and core.shelf(a.category, a.point) && core.shelf(c.slug, ST_MakeEnvelope(:west, :south, :east, :north, 27700))
  offset 0) a""")

GREENS = text("""
select a.category as slug, a.id, a.name, ST_AsBinary(a.geom) as shape, a.assured_on, a.source_kind,
  a.step_free, a.cost, a.open_to_new, a.open_grid
from core.asset a
where a.category = any(:slugs) and ST_Dimension(a.geom) = 2 and a.status = 'active' and a.merged_into is null
  and a.geom && ST_MakeEnvelope(:west, :south, :east, :north, 27700) and ST_Area(a.geom) >= :area""")

SERVING = text("""
select a.category as slug, a.id, a.name, a.assured_on, a.source_kind, a.step_free, a.cost, a.open_to_new, a.open_grid
from core.place_asset pa join core.asset a on a.id = pa.asset_id
where pa.place_id = :place_id and pa.relation = 'serves' and a.status = 'active' and a.merged_into is null
  and not a.is_sensitive and a.category = any(:slugs)""")

FURTHER = text("""
select c.slug, a.id, a.name, a.metres
from unnest(cast(:slugs as text[])) as c(slug)
cross join lateral (
  select a.id, a.name, ST_Distance(a.point, :origin) as metres from core.asset a
  where a.category = c.slug and a.status = 'active' and a.merged_into is null
    and core.shelf(a.category, a.point) && core.shelf(c.slug, ST_Expand(cast(:origin as geometry), :far))
  order by core.shelf(a.category, a.point) <-> core.shelf(c.slug, :origin) limit 1) a""")


@dataclass(frozen=True)
class Homes:
    """Where the households of a place are: ``points`` (n, 2) and ``households`` (n,), 0 when unknown."""

    points: Points
    households: Numbers
    box: Box


@dataclass(frozen=True)
class Supply:
    """The assets of one category round a place.

    ``cost`` (homes, assets) is in minutes, or in metres where the standard is a straight line; infinite for an asset
    without a place on the map. ``serving`` marks those that say they serve the place.
    """

    rows: Sequence[Any]
    cost: Numbers
    serving: NDArray[np.bool_]

    def reached(self, limit: float) -> NDArray[np.bool_]:
        """Which are within ``limit`` of some home, or say that they serve the place; shape (assets,)."""
        found: NDArray[np.bool_] = (self.cost <= limit).any(axis=0) | self.serving
        return found


def homes_of(s: Session, place: PlaceRecord) -> Homes:
    """The homes of ``place``; its own point without households when nobody has given any figure."""
    found = demand_points(s, place.id)
    points, households = found[["easting", "northing"]].to_numpy(float), found["households"].to_numpy(float)
    if not len(points):
        points, households = np.array([[place.easting, place.northing]]), np.zeros(1)
    corners = np.vstack([points, np.reshape(place.box, (2, 2))])
    low, high = corners.min(axis=0), corners.max(axis=0)
    return Homes(points, households, (low[0], low[1], high[0], high[1]))


def widened(box: Box, metres: float) -> dict[str, float]:
    """``box`` grown by ``metres`` on each side, as the parameters of a search."""
    west, south, east, north = box
    return {"west": west - metres, "south": south - metres, "east": east + metres, "north": north + metres}


def supplies(
    s: Session, place_id: UUID, homes: Homes, judged: Iterable[Standard], walk: WalkModel, minutes: float
) -> dict[str, Supply]:
    """The assets of each category that a walk of ``minutes`` could reach, and those that serve the place."""
    judged = list(judged)
    walked = [standard.category for standard in judged if standard.metres_from_boundary is None]
    around = widened(homes.box, walk.reach_metres(minutes))
    found = _by_category(s.execute(NEAR, {"slugs": walked} | around))
    serving = _by_category(
        s.execute(SERVING, {"place_id": place_id, "slugs": [standard.category for standard in judged]})
    )
    result = {slug: _walked(found[slug], serving[slug], homes, walk) for slug in walked}
    greens = [standard for standard in judged if standard.metres_from_boundary is not None]
    return result | {green.category: _green(s, green, homes, around, serving[green.category]) for green in greens}


def further(s: Session, origin: tuple[float, float], slugs: Sequence[str]) -> dict[str, Any]:
    """The nearest known asset of each category to a point, up to 30 km away: rows ``id, name, metres``."""
    if not slugs:
        return {}
    point = shapely.to_wkb(shapely.set_srid(shapely.Point(origin), 27700), hex=True, include_srid=True)
    rows = s.execute(FURTHER, {"slugs": list(slugs), "origin": point, "far": FAR_METRES})
    return {row.slug: row for row in rows}


def _by_category(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.slug].append(row)
    return grouped


def _walked(near: list[Any], serving: list[Any], homes: Homes, walk: WalkModel) -> Supply:
    targets = np.array([(row.easting, row.northing) for row in near]).reshape(-1, 2)
    return _supply(near, walk.minutes(homes.points, targets), serving)


def _green(s: Session, standard: Standard, homes: Homes, around: dict[str, float], serving: list[Any]) -> Supply:
    values = {"slugs": counts_as(standard), "area": standard.minimum_area_m2} | around
    near = s.execute(GREENS, values).all()
    shapes = shapely.from_wkb([row.shape for row in near])
    metres = shapely.distance(np.asarray(shapely.points(homes.points))[:, None], np.asarray(shapes)[None, :])
    return _supply(near, metres, serving)


def _supply(near: Sequence[Any], cost: Numbers, serving: list[Any]) -> Supply:
    known = {row.id for row in serving}
    placed = {row.id for row in near}
    extra = [row for row in serving if row.id not in placed]
    never = np.full((len(cost), len(extra)), np.inf)
    marks = np.array([row.id in known for row in near] + [True] * len(extra), dtype=bool)
    return Supply([*near, *extra], np.hstack([cost, never]), marks)


def latest(dates: Iterable[date | None]) -> date | None:
    """The latest of ``dates`` that is known."""
    return max((day for day in dates if day is not None), default=None)
