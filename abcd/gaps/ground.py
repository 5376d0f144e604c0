"""What every closer look at a place stands on: its homes, what it is judged by, and what a walk from them reaches."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.gaps.formulas import Numbers
from abcd.gaps.reach import Homes, Supply, homes_of, supplies
from abcd.gaps.records import Standard
from abcd.gaps.standards import standards
from abcd.gaps.streets.walk import walking
from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel
from abcd.places.queries import place
from abcd.places.records import PlaceRecord


@dataclass(frozen=True)
class Ground:
    """A place looked at on a day at a pace: ``found`` holds the supply of each category of ``judged``."""

    here: PlaceRecord
    homes: Homes
    judged: tuple[Standard, ...]
    found: dict[str, Supply]
    walk: WalkModel
    on: date

    def near(self, standard: Standard) -> NDArray[np.bool_]:
        """Which home has which asset within the threshold, shape (homes, assets); what serves the place is no walk."""
        limit = standard.metres_from_boundary or standard.minutes
        return np.asarray(self.found[standard.category].cost <= limit)

    def minutes(self, standard: Standard) -> Numbers:
        """Minutes from each home to each asset, those of a straight line as people walk it."""
        cost = self.found[standard.category].cost
        return cost if standard.metres_from_boundary is None else cost / self.walk.typical_metres(1.0)

    def share(self, is_near: NDArray[np.bool_]) -> float | None:
        """The share of households at the homes of ``is_near`` (homes,); None when households are not known."""
        weights = self.homes.households
        total = weights.sum()
        return float(weights[is_near].sum() / total) if total else None


def ground_of(
    s: Session, place_id: UUID, profile: str = "standard", on: date | None = None, asked_for: Collection[str] = ()
) -> Ground:
    """Everyday categories, and those in ``asked_for``, round a place, found in one bounded search.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile.
    """
    here = place(s, place_id)
    walk = walking(s, here.box, profile)
    judged, homes = standards(s, asked_for, place_id), homes_of(s, here)
    found = supplies(s, place_id, homes, judged, walk, CUT_OFF_MINUTES)
    return Ground(here, homes, tuple(judged), found, walk, on or today())
