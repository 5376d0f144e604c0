"""Walks from one place: how long to each of some points, and the ground within some minutes.

Along streets where a map of them is loaded, else by straight lines; round hard barriers either way.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.gaps.around import RoundBarriers
from abcd.gaps.sight import ring_round, starts_of
from abcd.gaps.streets.lean import reached
from abcd.gaps.streets.rings import ring, starts_in
from abcd.gaps.streets.walk import OFF_THE_MAP, StreetWalk, walking
from abcd.gaps.walk import Numbers, Points, StraightLine, WalkModel

FAR_MINUTES = 60.0
"""Walks longer than this are not searched for along streets."""


@dataclass(frozen=True)
class OnFoot:
    """A start (a shapely point or area in metres) and the way to walk from there.

    Along streets walks longer than ``most`` minutes are not searched for; the search is made once.
    """

    start: BaseGeometry
    walk: WalkModel
    most: float = FAR_MINUTES

    @property
    def is_along_streets(self) -> bool:
        """Whether a map of streets is walked on."""
        return isinstance(self.walk, StreetWalk)

    @property
    def is_plain(self) -> bool:
        """Whether a walk is nothing but a straight line: no street, and no barrier near by."""
        return type(self.walk) is StraightLine

    def words(self) -> str:
        """Which of the two was used, in one short sentence."""
        if self.is_along_streets:
            return _("Walks are along streets and paths.")
        if isinstance(self.walk, StraightLine) and self.walk.is_waiting:
            return _("Walks are by straight lines until the map of streets is ready.")
        return _("Walks are worked out from straight lines.")

    def minutes(self, targets: Points) -> Numbers:
        """Minutes to each of ``targets`` (m, 2); infinite for what is not reached within ``most``, shape (m,)."""
        if not len(targets):
            return np.zeros(0)
        walk = self.walk
        if not isinstance(walk, StreetWalk):
            return by_line(walk, self.start, targets)
        speed, streets = walk.straight.metres_per_minute, walk.streets
        far, away = self._far
        end, from_end = streets.nearest(targets)
        found: Numbers = (far[end] + from_end) / speed
        astray = np.flatnonzero((from_end > OFF_THE_MAP) | (away > OFF_THE_MAP))
        if len(astray):
            found[astray] = by_line(walk.straight, self.start, np.asarray(targets, dtype=float)[astray])
        return found

    def ring(self, minutes: float) -> BaseGeometry:
        """The ground within ``minutes``, the start included; by straight lines from where no street is near."""
        walk: WalkModel = self.walk
        if isinstance(walk, StreetWalk):
            nodes, extra = self._starts(walk)
            if extra.min(initial=np.inf) <= OFF_THE_MAP:
                found = ring(walk.streets, nodes, extra, walk.reach_metres(minutes), is_level=walk.is_level)
                return found if self.start.geom_type == "Point" else shapely.union(found, self.start)
            walk = walk.straight
        if isinstance(walk, RoundBarriers):
            return ring_round(walk, self.start, minutes)
        return self.start.buffer(walk.reach_metres(minutes), quad_segs=16)

    @cached_property
    def _far(self) -> tuple[Numbers, float]:
        """Metres to every node of the streets, and how far the start is from them."""
        assert isinstance(self.walk, StreetWalk)
        nodes, extra = self._starts(self.walk)
        limit = self.most * self.walk.straight.metres_per_minute
        far = reached(self.walk.streets.network, self.walk.ways, nodes, extra, limit)
        return far, float(extra.min(initial=np.inf))

    def _starts(self, walk: StreetWalk) -> tuple[np.ndarray, Numbers]:
        if self.start.geom_type == "Point":
            return walk.streets.nearest(shapely.get_coordinates(self.start))
        return starts_in(walk.streets, self.start)


def by_line(walk: WalkModel, start: BaseGeometry, targets: Points) -> Numbers:
    """Minutes by straight lines, from the edge of an area."""
    found: Numbers = walk.minutes(starts_of(start), targets).min(axis=0)
    if start.geom_type != "Point":
        found[shapely.intersects_xy(start, *targets.T)] = 0.0
    return found


def on_foot(s: Session, start: BaseGeometry, profile: str = "standard", *, ready_only: bool = False) -> OnFoot:
    """Walks from ``start``, a point or an area in metres; ``ready_only`` as ``walking`` has it.

    Raises:
        BadRequest: no such walking profile.
    """
    west, south, east, north = start.bounds
    return OnFoot(start, walking(s, (west, south, east, north), profile, ready_only=ready_only))
