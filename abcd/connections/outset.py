"""From where a line looks, and the walks from there: the streets round it are searched once, whatever is looked for.

Things are measured from the edge of a place, as everywhere in Find, and from the point of a postcode. People are
measured from where a patch has its homes to where theirs has them, as suggestions do (``matching.ways``).
"""

from collections.abc import Collection, Sequence
from functools import cached_property
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.search import Search, stands_at
from abcd.connections.matching.ways import patches_of
from abcd.connections.stand import Stand
from abcd.db.spatial import grid_point, within_metres
from abcd.db.tables import HOME_KINDS, Place
from abcd.gaps.onfoot import OnFoot, on_foot


class Outset:
    """Where somebody sets out from, within one session."""

    def __init__(self, s: Session, stand: Stand) -> None:
        self.session, self.stand = s, stand

    @property
    def near(self) -> UUID | tuple[float, float]:
        """The place, or the point in metres, as a search of the register names it."""
        return self.stand.place_id or (self.stand.easting, self.stand.northing)

    @cached_property
    def to_things(self) -> OnFoot:
        """Walks from the edge of the place, or from the point."""
        start = stands_at(self.session, Search(near=self.near))
        assert start is not None, "it is asked near something"
        return on_foot(self.session, start)

    @cached_property
    def from_the_point(self) -> OnFoot:
        """Walks from the point, or from the middle of the place."""
        if self.stand.place_id is None:
            return self.to_things
        return on_foot(self.session, shapely.Point(self.stand.easting, self.stand.northing))

    def minutes(self, spots: Sequence[tuple[float | None, float | None]]) -> list[float | None]:
        """Minutes to each spot in metres: None where nobody knows it, infinite where there is no way."""
        points = np.array([[np.nan if one is None else one for one in spot] for spot in spots], dtype=float)
        points = points.reshape(-1, 2)
        is_known = np.isfinite(points).all(axis=1)
        walked = iter(self.to_things.minutes(points[is_known]).tolist() if is_known.any() else ())
        return [next(walked) if known else None for known in is_known]

    def homes_within(self, minutes: float) -> list[UUID]:
        """Patches and estates that a walk of ``minutes`` may reach."""
        metres = self.to_things.walk.reach_metres(minutes)
        here = grid_point(self.stand.easting, self.stand.northing)
        near = Place.kind.in_(HOME_KINDS), Place.end_date.is_(None), within_metres(Place.geom, here, metres)
        return list(self.session.scalars(select(Place.id).where(*near)))

    def to_homes(self, homes: Collection[UUID]) -> dict[UUID, float]:
        """Minutes to the homes of each of these patches and estates."""
        if not homes:
            return {}
        own = self.stand.place_id if self.stand.is_home else None
        patches = patches_of(self.session, {*homes, own} if own else set(homes), {own} if own else set())
        is_own = own is not None and own in patches.at
        minutes = patches.between(own) if is_own and own else patches.from_point(self.from_the_point)
        return {home: float(minutes[at]) for home, at in patches.at.items()}
