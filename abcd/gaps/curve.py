"""Coverage by minutes: what share of homes has one within each length of walk (product.md D.2, 2)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.gaps.formulas import coverage
from abcd.gaps.ground import Ground, ground_of
from abcd.gaps.needs import check_needs, meets
from abcd.gaps.records import Standard
from abcd.gaps.walk import CUT_OFF_MINUTES

Curve = list[tuple[int, float]]
"""``(minutes, share)`` for each whole minute from 0 to 30; empty when households are not known."""


def curve(
    s: Session, place_id: UUID, category: str, profile: str = "standard", on: date | None = None,
    needs: Collection[str] = (),
) -> Curve:  # fmt: skip
    """The share of households with one of ``category`` within each length of walk; never falls, and 1 is all of them.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile or need.
    """
    return curves(s, place_id, [category], profile, on, needs).get(category, [])


def curves(
    s: Session, place_id: UUID, categories: Collection[str], profile: str = "standard", on: date | None = None,
    needs: Collection[str] = (),
) -> dict[str, Curve]:  # fmt: skip
    """As ``curve`` for several categories in one search; a category that is not judged by walking is left out."""
    wanted, ground = check_needs(needs), ground_of(s, place_id, profile, on, categories)
    return {one.category: curve_of(ground, one, wanted) for one in ground.judged if one.category in categories}


def curve_of(ground: Ground, standard: Standard, needs: Collection[str] = ()) -> Curve:
    """The curve of one category from what was found round a place."""
    usable = np.array([meets(row, needs) for row in ground.found[standard.category].rows], dtype=bool)
    cheapest = ground.minutes(standard)[:, usable].min(axis=1, initial=np.inf)
    shares = ((minute, coverage(cheapest, ground.homes.households, minute)) for minute in MINUTES)
    return [(minute, share) for minute, share in shares if share is not None]


MINUTES = range(int(CUT_OFF_MINUTES) + 1)
