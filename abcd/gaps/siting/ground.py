"""What siting one category in one place rests on: homes, what is there already, and the walks between them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.db.remembered import remembered
from abcd.db.session import actor_of
from abcd.errors import BadRequest
from abcd.gaps.formulas import Numbers, weighted_median
from abcd.gaps.needs import check_needs, meets
from abcd.gaps.reach import Homes, homes_of, supplies
from abcd.gaps.records import Standard
from abcd.gaps.siting.covering import Which
from abcd.gaps.siting.records import Near
from abcd.gaps.standards import standards
from abcd.gaps.streets.walk import walking
from abcd.gaps.walk import CUT_OFF_MINUTES, Points, WalkModel
from abcd.places.queries import place
from abcd.places.records import PlaceRecord


@dataclass(frozen=True)
class Ground:
    """One category in one place: ``rows`` are what counts as there already, ``minutes`` (homes, rows) the walks."""

    here: PlaceRecord
    standard: Standard
    homes: Homes
    walk: WalkModel
    rows: Sequence[Any]
    minutes: Numbers
    voices: int = 0

    @property
    def households(self) -> int:
        """All households of the place."""
        return int(self.homes.households.sum())

    @property
    def is_near(self) -> Which:
        """Which homes are near one today, shape (homes,)."""
        return np.asarray(self.minutes.min(axis=1, initial=np.inf) <= self.standard.minutes)

    @property
    def nbytes(self) -> int:
        """About how much memory it takes (``abcd.db.remembered``): mostly the walks, a number a home and thing."""
        return int(self.minutes.nbytes + self.homes.points.nbytes + self.homes.households.nbytes)

    def weight(self) -> Numbers:
        """What each home counts: its households when none is near, else its share of those who asked for one.

        Nobody's home is stored, so those who asked are taken to be spread evenly; each is one household at most.
        """
        households = self.homes.households
        asked = min(1.0, self.voices / self.households) if self.households else 0.0
        return np.asarray(np.where(self.is_near, asked * households, households))

    def walks_to(self, points: Points) -> Numbers:
        """Minutes from each home to each point, shape (homes, points)."""
        return self.walk.minutes(self.homes.points, points)

    def nearness(self, minutes: Numbers) -> Near:
        """Who is near one when these are the walks, shape (homes, things)."""
        cheapest = np.asarray(minutes.min(axis=1, initial=np.inf))
        near = int(self.homes.households[cheapest <= self.standard.minutes].sum())
        median = weighted_median(cheapest, self.homes.households)
        is_known = median is not None and median <= CUT_OFF_MINUTES
        return Near(near, near / self.households if self.households else 0.0, median if is_known else None)


def ground(
    s: Session, place_id: UUID, category: str, profile: str = "standard", needs: Collection[str] = (), voices: int = 0
) -> Ground:
    """What siting ``category`` in a place rests on; under ``needs`` only what surely meets them is there already.

    Raises:
        NotFound: no such place.
        BadRequest: nobody judges this category by a walk, or an unknown profile or need.
        NotAllowed: single homes are known here, and whoever asks may not see where they are.
    """
    here, must = place(s, place_id), check_needs(needs)
    standard = judged(s, here, category)
    homes, walk = homes_of(s, here), walking(s, here.box, profile)
    if homes.kind == "dwelling":
        # A pin that is dragged about tells where each single home is, and a new place stands at one.
        require(actor_of(s), "view", "dwelling")
    supply = supplies(s, here.id, homes, [standard], walk, CUT_OFF_MINUTES)[category]
    counts = [at for at, row in enumerate(supply.rows) if meets(row, must)]
    rows = [supply.rows[at] for at in counts]
    return Ground(here, standard, homes, walk, rows, supply.cost[:, counts], voices)


def judged(s: Session, here: PlaceRecord, category: str) -> Standard:
    """What ``category`` is judged by in a place.

    Raises:
        BadRequest: it is not judged by a walk to a point.
    """
    found = next((one for one in standards(s, (category,), here.id) if one.category == category), None)
    if found is None:
        raise BadRequest(_("How near one is says nothing of this category, so there is no best place for it."))
    if found.metres_from_boundary is not None:
        raise BadRequest(_("A green space is judged by its size and its edge: it cannot be put into a room."))
    return found


def kept_ground(
    s: Session, place_id: UUID, category: str, profile: str = "standard", needs: tuple[str, ...] = ()
) -> Ground:
    """``ground`` without voices, worked out once until the register changes: so a pin can be dragged about."""
    question = ("siting ground", place_id, category, profile, needs)
    return remembered(s, question, lambda: ground(s, place_id, category, profile, needs))
