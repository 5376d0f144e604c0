"""Walks from a patch, never from a door: a home is somewhere in its patch, and a walk is told as a band (C.3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.tables import HOME_KINDS
from abcd.gaps.walk import StraightLine, walk_model

Numbers = NDArray[np.float64]

BAND = 5
"""Minutes of a band."""

TO_THE_MIDDLE = 2 / 3
BETWEEN_TWO = 128 / (45 * np.pi)
"""Mean way from a point of a disc to its middle, and between two of its points, in radii (elementary integrals)."""

CENTRES = """
select p.id, p.name, ST_Area(p.geom) as area, coalesce(h.east, ST_X(p.point)) as east,
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
    walk: StraightLine

    def between(self, place_id: UUID) -> Numbers:
        """Minutes from the homes of one patch to those of each, shape (n,)."""
        here = self.at[place_id]
        straight = self.walk.minutes(self.middles[here][None, :], self.middles)[0]
        inside = self.metres_as_minutes(TO_THE_MIDDLE * np.maximum(self.radii[here], self.radii))
        found: Numbers = np.maximum(straight, inside)
        found[here] = self.metres_as_minutes(BETWEEN_TWO * self.radii[here])
        return found

    def to_points(self, place_id: UUID, points: Numbers) -> Numbers:
        """Minutes from the homes of a patch to points (n, 2); not known where a point is not."""
        here = self.at[place_id]
        straight = self.walk.minutes(self.middles[here][None, :], points)[0]
        least = self.metres_as_minutes(TO_THE_MIDDLE * self.radii[here])
        return np.asarray(np.maximum(straight, least))

    def metres_as_minutes(self, metres: Numbers) -> Numbers:
        """A straight line as a walk."""
        return np.asarray(metres * self.walk.detour / self.walk.metres_per_minute)


def patches_near(s: Session, place_id: UUID, minutes: float) -> Patches:
    """A place of homes and those that a walk of ``minutes`` from its homes may reach, and some more."""
    walk = walk_model()
    return _patches(s.execute(NEAR, {"kinds": list(HOME_KINDS), "place": place_id,
                                     "metres": walk.reach_metres(minutes)}).all(), walk)  # fmt: skip


def patches_of(s: Session, place_ids: Collection[UUID]) -> Patches:
    """The places of homes with these ids."""
    return _patches(s.execute(ALL, {"kinds": list(HOME_KINDS), "places": list(place_ids)}).all(), walk_model())


def _patches(rows: Sequence[Any], walk: StraightLine) -> Patches:
    middles = np.array([(row.east, row.north) for row in rows], dtype=float).reshape(-1, 2)
    radii = np.sqrt(np.array([row.area for row in rows], dtype=float) / np.pi)
    return Patches({row.id: at for at, row in enumerate(rows)}, tuple(row.name for row in rows), middles, radii, walk)


def band(minutes: float) -> str:
    """A walk as a band of five minutes; no words for one that is not known."""
    if not np.isfinite(minutes):
        return ""
    low = int(minutes // BAND) * BAND
    if low == 0:
        return _("less than {n} minutes’ walk").format(n=BAND)
    return _("about {low} to {high} minutes’ walk").format(low=low, high=low + BAND)
