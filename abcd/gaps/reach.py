"""What can be reached from the homes of a place: one bounded search of the register, by category."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.gaps.records import Standard
from abcd.gaps.standards import counts_as
from abcd.gaps.walk import Numbers, Points, WalkModel
from abcd.places.demand import demand_in
from abcd.places.records import PlaceRecord

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""

FAR_METRES = 30_000
"""Beyond this the nearest known one is no help to anybody, and the search for it stops."""

# OFFSET 0 keeps the planner from turning the search round; the shelf of a category is where the index holds it, to a
# metre or so, wherefore the box is asked for once more.
NEAR = text("""
select c.slug, a.id, a.name, ST_X(a.point) as easting, ST_Y(a.point) as northing, a.assured_on, a.source_kind,
  a.step_free, a.cost, a.open_to_new, a.open_grid, a.languages
from unnest(cast(:slugs as text[])) as c(slug)
cross join lateral (
  select * from core.asset a
  where a.category = c.slug and a.status = 'active' and a.merged_into is null
    and core.shelf(a.category, a.point) && core.shelf(c.slug, ST_MakeEnvelope(:west, :south, :east, :north, 27700))
    and ST_X(a.point) between :west and :east and ST_Y(a.point) between :south and :north
  offset 0) a""")

GREENS = text("""
select a.category as slug, a.id, a.name, ST_AsBinary(a.geom) as shape, a.assured_on, a.source_kind,
  a.step_free, a.cost, a.open_to_new, a.open_grid, a.languages
from core.asset a
where a.category = any(:slugs) and ST_Dimension(a.geom) = 2 and a.status = 'active' and a.merged_into is null
  and a.geom && ST_MakeEnvelope(:west, :south, :east, :north, 27700) and ST_Area(a.geom) >= :area""")

SERVING = text("""
select pa.place_id, a.category as slug, a.id, a.name, a.assured_on, a.source_kind, a.step_free, a.cost, a.open_to_new,
  a.open_grid, a.languages
from core.place_asset pa join core.asset a on a.id = pa.asset_id
where pa.place_id = any(:places) and pa.relation = 'serves' and a.status = 'active' and a.merged_into is null
  and not a.is_sensitive and a.category = any(:slugs)""")

FURTHER = text("""
select w.place_id, w.slug, a.id, a.name, a.metres
from (select place_id, slug, ST_SetSRID(ST_MakePoint(easting, northing), 27700) as origin
      from unnest(cast(:places as uuid[]), cast(:slugs as text[]), cast(:eastings as float8[]),
                  cast(:northings as float8[])) as asked(place_id, slug, easting, northing)) w
cross join lateral (
  select a.id, a.name, ST_Distance(a.point, w.origin) as metres from core.asset a
  where a.category = w.slug and a.status = 'active' and a.merged_into is null
    and core.shelf(a.category, a.point) && core.shelf(w.slug, ST_Expand(w.origin, :far))
  order by core.shelf(a.category, a.point) <-> core.shelf(w.slug, w.origin) limit 1) a""")


@dataclass(frozen=True)
class Homes:
    """Where the households of a place are: ``points`` (n, 2) and ``households`` (n,), 0 when unknown.

    ``kind`` says what a point is (``places.demand``), ``total`` how many households the place has, which a list of
    homes or the middles of areas need not add up to.
    """

    points: Points
    households: Numbers
    box: Box
    kind: str = "place"
    total: int = 0


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

    def some(self, wanted: NDArray[np.bool_]) -> list[Any]:
        """The rows that are ``wanted``, shape (assets,)."""
        return [self.rows[i] for i in np.flatnonzero(wanted).tolist()]


def homes_of(s: Session, place: PlaceRecord) -> Homes:
    """The homes of ``place``; its own point without households when nobody has given any figure."""
    return homes_from(place, demand_in(s, [place.id]))


def homes_from(place: PlaceRecord, found: pd.DataFrame) -> Homes:
    """The homes of ``place`` from its rows of ``places.demand.demand_in``."""
    return homes_by_place([place], found)[place.id]


def homes_by_place(places: Iterable[PlaceRecord], found: pd.DataFrame) -> dict[UUID, Homes]:
    """The homes of each of ``places`` from the rows of ``places.demand.demand_in`` for all of them."""
    points, households = found[["easting", "northing"]].to_numpy(float), found["households"].to_numpy(float)
    kinds, totals = found["kind"].to_numpy(), found["total"].to_numpy()
    theirs, none = found.groupby("place_id").indices, np.empty(0, dtype=np.intp)
    made = {}
    for place in places:
        at = theirs.get(place.id, none)
        kind, total = (kinds[at[0]], int(totals[at[0]])) if len(at) else ("place", 0)
        made[place.id] = _homes(place, points[at], households[at], kind, total)
    return made


def _homes(place: PlaceRecord, points: Points, households: Numbers, kind: str, total: int) -> Homes:
    if not len(points):
        points, households = np.array([[place.easting, place.northing]]), np.zeros(1)
    corners = np.vstack([points, np.reshape(place.box, (2, 2))])
    low, high = corners.min(axis=0), corners.max(axis=0)
    return Homes(points, households, (low[0], low[1], high[0], high[1]), kind, total)


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
    found = by_category(s.execute(NEAR, {"slugs": walked} | around))
    serving = by_category(
        s.execute(SERVING, {"places": [place_id], "slugs": [standard.category for standard in judged]})
    )
    result = {slug: _walked(found[slug], serving[slug], homes, walk) for slug in walked}
    greens = [standard for standard in judged if standard.metres_from_boundary is not None]
    return result | {green.category: _green(s, green, homes, around, serving[green.category]) for green in greens}


def further(s: Session, asked: Iterable[tuple[PlaceRecord, str]]) -> dict[tuple[UUID, str], Any]:
    """The nearest known asset of a category to the point of a place, up to 30 km away: ``id, name, metres``.

    ``asked`` are pairs of place and category, and so are the keys of the answer.
    """
    pairs = list(asked)
    if not pairs:
        return {}
    values = {
        "places": [place.id for place, _slug in pairs], "slugs": [slug for _place, slug in pairs],
        "eastings": [place.easting for place, _slug in pairs], "northings": [place.northing for place, _slug in pairs],
    }  # fmt: skip
    return {(row.place_id, row.slug): row for row in s.execute(FURTHER, values | {"far": FAR_METRES})}


def by_category(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    """Rows by their ``slug``."""
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.slug].append(row)
    return grouped


def _walked(near: list[Any], serving: list[Any], homes: Homes, walk: WalkModel) -> Supply:
    targets = np.array([(row.easting, row.northing) for row in near]).reshape(-1, 2)
    return supply_of(near, walk.minutes(homes.points, targets), serving)


def _green(s: Session, standard: Standard, homes: Homes, around: dict[str, float], serving: list[Any]) -> Supply:
    near, shapes = greens(s, standard, around)
    return supply_of(near, metres_to(shapes, homes), serving)


def greens(s: Session, standard: Standard, around: dict[str, float]) -> tuple[Sequence[Any], Any]:
    """The green spaces that meet ``standard`` in a widened box: rows, and their shapes as an array (assets,)."""
    near = s.execute(GREENS, {"slugs": counts_as(standard), "area": standard.minimum_area_m2} | around).all()
    return near, np.asarray(shapely.from_wkb([row.shape for row in near]), dtype=object)


def metres_to(shapes: Any, homes: Homes) -> Numbers:
    """Metres in a straight line from each home to the edge of each shape, shape (homes, assets)."""
    points = np.asarray(shapely.points(homes.points))
    metres: Numbers = shapely.distance(points[:, None], shapes[None, :])
    return metres


def supply_of(near: Sequence[Any], cost: Numbers, serving: list[Any]) -> Supply:
    """What is near, at its cost, together with what serves the place from wherever it is."""
    if not serving:
        return Supply(near, cost, np.zeros(len(near), dtype=bool))
    known = {row.id for row in serving}
    placed = {row.id for row in near}
    extra = [row for row in serving if row.id not in placed]
    never = np.full((len(cost), len(extra)), np.inf)
    marks = np.array([row.id in known for row in near] + [True] * len(extra), dtype=bool)
    return Supply([*near, *extra], np.hstack([cost, never]), marks)


def latest(dates: Iterable[date | None]) -> date | None:
    """The latest of ``dates`` that is known."""
    return max((day for day in dates if day is not None), default=None)
