"""Walks from a patch, never from a door: a home is somewhere in its patch, and a walk is told as a band (C.3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.matching.paths import Paths
from abcd.core.language import _
from abcd.db.tables import HOME_KINDS
from abcd.gaps.onfoot import FAR_MINUTES, OnFoot
from abcd.gaps.walk import walk_model

Numbers = NDArray[np.float64]

BAND = 5
"""Minutes of a band."""

TO_THE_MIDDLE = 2 / 3
BETWEEN_TWO = 128 / (45 * np.pi)
"""Mean way from a point of a disc to its middle, and between two of its points, in radii (elementary integrals)."""

CENTRES = """
select p.id, p.name, ST_Area(p.geom) as area, ST_XMin(p.geom) as west, ST_YMin(p.geom) as south,
  ST_XMax(p.geom) as east_end, ST_YMax(p.geom) as north_end, coalesce(h.east, ST_X(p.point)) as east,
  coalesce(h.north, ST_Y(p.point)) as north
from core.place p
left join lateral (
  select sum(h.count * ST_X(a.point)) / sum(h.count) as east, sum(h.count * ST_Y(a.point)) / sum(h.count) as north
  from core.place a join core.households h on h.place_id = a.id and h.measure = 'all'
  where a.kind = 'oa' and a.point && p.geom and ST_Covers(p.geom, a.point)
  having sum(h.count) > 0) h on true
where p.end_date is null"""
ALL = text(f"{CENTRES} and p.kind = any(:kinds) and p.id = any(:places) order by p.id")
NEAR = text(f"""{CENTRES} and (p.kind = any(:kinds) or p.id = :place)
  and p.point && (select ST_Expand(o.point, :metres + sqrt(ST_Area(o.geom)))
  from core.place o where o.id = :place) order by p.id""")


@dataclass(frozen=True)
class Patches:
    """Where the homes of some patches are: ``middles`` (n, 2) in metres, ``radii`` of discs of their size."""

    at: Mapping[UUID, int]
    names: tuple[str, ...]
    middles: Numbers
    radii: Numbers
    paths: Paths

    def between(self, place_id: UUID) -> Numbers:
        """Minutes from the homes of one patch to those of each, shape (n,); infinite where nobody gets there."""
        here = self.at[place_id]
        walked = self.paths.minutes(place_id, self.middles[here], self.middles)
        found: Numbers = np.maximum(walked, self.inside(self.radii))
        found = np.maximum(found, self.inside(self.radii[here]))
        found[here] = metres_as_minutes(BETWEEN_TWO * self.radii[here])
        return found

    def to_points(self, place_id: UUID, points: Numbers) -> Numbers:
        """Minutes from the homes of a patch to points (n, 2); not known where a point is not."""
        here = self.at[place_id]
        walked = self.paths.minutes(place_id, self.middles[here], points)
        return np.asarray(np.maximum(walked, self.inside(self.radii[here])))

    def from_point(self, walks: OnFoot) -> Numbers:
        """Minutes from where somebody stands to the homes of each patch, shape (n,)."""
        return np.asarray(np.maximum(walks.minutes(self.middles), self.inside(self.radii)))

    def inside(self, radii: Any) -> Any:
        """The least that a walk to a patch of this size is taken to be: nobody says where in it a home is."""
        return metres_as_minutes(TO_THE_MIDDLE * radii)

    def reach_metres(self, place_id: UUID, minutes: float) -> float:
        """The straight line that no walk of ``minutes`` from the homes of a patch exceeds."""
        return self.paths.reach_metres(place_id, self.middles[self.at[place_id]], minutes)


def metres_as_minutes(metres: Any) -> Any:
    """A straight line as a walk."""
    walk = walk_model()
    return metres * walk.detour / walk.metres_per_minute


def patches_near(s: Session, place_id: UUID, minutes: float) -> Patches:
    """A place of homes and those that a walk of ``minutes`` from its homes may reach, and some more."""
    metres = minutes * walk_model().metres_per_minute
    rows = s.execute(NEAR, {"kinds": list(HOME_KINDS), "place": place_id, "metres": metres}).all()
    return _patches(s, rows, {place_id}, minutes)


def patches_of(
    s: Session, place_ids: Collection[UUID], starts: Collection[UUID], minutes: float = FAR_MINUTES
) -> Patches:
    """The places of homes with these ids; one may walk from ``starts``, at most ``minutes``."""
    rows = s.execute(ALL, {"kinds": list(HOME_KINDS), "places": list(place_ids)}).all()
    return _patches(s, rows, starts, minutes)


def _patches(s: Session, rows: Sequence[Any], starts: Collection[UUID], minutes: float) -> Patches:
    middles = np.array([(row.east, row.north) for row in rows], dtype=float).reshape(-1, 2)
    radii = np.sqrt(np.array([row.area for row in rows], dtype=float) / np.pi)
    boxes = {row.id: (row.west, row.south, row.east_end, row.north_end) for row in rows if row.id in starts}
    at = {row.id: at for at, row in enumerate(rows)}
    return Patches(at, tuple(row.name for row in rows), middles, radii, Paths(s, boxes, minutes))


def band(minutes: float) -> str:
    """A walk as a band of five minutes; no words for one that is not known."""
    if not np.isfinite(minutes):
        return ""
    low = int(minutes // BAND) * BAND
    if low == 0:
        return _("less than {n} minutes’ walk").format(n=BAND)
    return _("about {low} to {high} minutes’ walk").format(low=low, high=low + BAND)
