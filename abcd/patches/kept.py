"""Whose coach stayed: how many homes of a patch have had one and the same coach for two years (product.md 002-5).

Patches are drawn anew, so the question is asked of the homes and not of the patch: each is looked up in the patches in
which it lay, on the days on which these held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.clock import months_after, today
from abcd.patches.coaches import CONTINUITY_MONTHS
from abcd.patches.net import Shapes
from abcd.places.households import demand_points

SPANS = text("""
select coach.account_id, ST_AsBinary(held.geom) as shape, held.id,
  greatest(coach.from_on, held.start_date) as first_on, least(coach.until_on, held.end_date) as last_on
from core.place here
join core.place held on held.geom && here.geom and held.kind = 'patch'
join core.patch_coach coach on coach.place_id = held.id
where here.id = any(:ids) and coalesce(least(coach.until_on, held.end_date), 'infinity') > :since
  and greatest(coach.from_on, held.start_date) <= :day
group by coach.id, held.id""")


@dataclass(frozen=True)
class Kept:
    """Households of a patch: all, those whose coaches of the whole span are known, those that kept theirs."""

    homes: float
    known: float
    same: float

    @property
    def share(self) -> float | None:
        """The share of those known; None while nobody is."""
        return self.same / self.known if self.known else None


@dataclass(frozen=True)
class Span:
    """Somebody was the coach of the homes in a shape from a day on until another (the first day without them)."""

    account_id: UUID
    first_on: date
    last_on: date


def kept_coach(s: Session, place_ids: Sequence[UUID], day: date | None = None) -> dict[UUID, Kept]:
    """For each of these patches, how many of its households kept the same coach over the 24 months before ``day``.

    A home counts as known when somebody was its coach when the span began. It kept its coach when nobody else was
    ever in between and the coach is theirs still, without a day off; years are not joined over a gap.
    """
    last = day or today()
    since = months_after(last, -CONTINUITY_MONTHS)
    rows = s.execute(SPANS, {"ids": list(place_ids), "since": since, "day": last}).all()
    tree = shapely.STRtree(shapely.from_wkb([bytes(row.shape) for row in rows]))
    spans = [Span(row.account_id, row.first_on, row.last_on or date.max) for row in rows]
    return {each: _kept(demand_points(s, each), tree, spans, since, last) for each in place_ids}


def _kept(homes: pd.DataFrame, tree: shapely.STRtree, spans: list[Span], since: date, day: date) -> Kept:
    weight = homes["households"].to_numpy(dtype=np.float64)
    middles = homes[["easting", "northing"]].to_numpy(dtype=np.float64)
    points: Shapes = np.asarray(shapely.points(middles))
    held = [stayed(theirs, since, day) for theirs in _of_each(points, tree, spans)]
    known = np.array([one is not None for one in held], dtype=bool)
    same = np.array([bool(one) for one in held], dtype=bool)
    return Kept(float(weight.sum()), float(weight[known].sum()), float(weight[same].sum()))


def _of_each(points: Shapes, tree: shapely.STRtree, spans: list[Span]) -> list[list[Span]]:
    """The spans of each point (n,), looked up by its shape."""
    found: list[list[Span]] = [[] for _point in points]
    for point, span in tree.query(points, predicate="intersects").T:
        found[point].append(spans[span])
    return found


def stayed(spans: Sequence[Span], since: date, day: date) -> bool | None:
    """Whether one coach held from ``since`` to ``day`` without a gap; None when nobody held at ``since``."""
    if not any(one.first_on <= since < one.last_on for one in spans):
        return None
    reached = since
    for one in sorted(spans, key=lambda each: each.first_on):
        if one.first_on <= reached:
            reached = max(reached, one.last_on)
    return reached > day and len({one.account_id for one in spans}) == 1
