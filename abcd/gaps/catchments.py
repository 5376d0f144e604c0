"""Who shares what there is: the enhanced two-step floating catchment round a place (product.md D.2, 3).

Homes outside a place walk to the same things, so they share them too: every home within the threshold of a thing that
somebody in the place reaches. Where only the place's own homes are known, only they share it, and ``sharing`` tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.hours import read_hours
from abcd.core.hours_week import week_of
from abcd.gaps.formulas import Numbers, access_per_1000, gaussian, stepped
from abcd.gaps.ground import Ground
from abcd.gaps.reach import widened
from abcd.gaps.records import Access, Standard
from abcd.gaps.walk import Points
from abcd.places.demand import SMALL_AREA_KINDS

# The place's own homes are known better already; of the areas round it one kind and one census count.
ROUND = text("""
with inside as materialized (
  select area.kind, area.geom, h.year, h.count
  from core.place area join core.households h on h.place_id = area.id and h.measure = 'all'
  where area.point && ST_MakeEnvelope(:west, :south, :east, :north, 27700) and area.kind = any(:kinds)
    and area.end_date is null
    and not exists (select from core.place here where here.id = :place_id and ST_Covers(here.geom, area.point))
),
chosen as (select kind, year from inside order by array_position(:kinds, kind), year desc limit 1)
select ST_X(ST_Centroid(geom)) as easting, ST_Y(ST_Centroid(geom)) as northing, count as households
from inside join chosen using (kind, year)""")

HOLDS = text("""
select a.id, a.opening_hours, v.capacity from core.asset a left join core.venue v on v.asset_id = a.id
where a.id = any(:ids)""")


@dataclass(frozen=True)
class Shared:
    """All who may share: ``points`` (n, 2) and ``households`` (n,), the first ``own`` of them the place's."""

    points: Points
    households: Numbers
    own: int


def accesses(s: Session, ground: Ground) -> dict[str, Access]:
    """What there is for each 1,000 households of a place, by category; only of those that its homes walk to.

    Without known households there is nothing to share it among, and nothing is said.
    """
    walked = [one for one in ground.judged if one.metres_from_boundary is None and ground.near(one).any()]
    if not walked or not ground.homes.households.sum():
        return {}
    shared = shared_by(s, ground, max(standard.minutes for standard in walked))
    things = {one.category: _reached(ground, one) for one in walked}
    minutes = _minutes(ground, shared, [row for rows in things.values() for row in rows])
    held = {row.id: row for row in s.execute(HOLDS, {"ids": [row.id for rows in things.values() for row in rows]})}
    found, first = {}, 0
    for standard in walked:
        rows = things[standard.category]
        found[standard.category] = _access(minutes[:, first : first + len(rows)], shared, standard, rows, held)
        first += len(rows)
    return found


def shared_by(s: Session, ground: Ground, minutes: float) -> Shared:
    """The homes of a place, and those round it that may walk ``minutes`` to the same things."""
    box = widened(ground.homes.box, 2 * ground.walk.reach_metres(minutes))
    rows = s.execute(ROUND, {"place_id": ground.here.id, "kinds": list(SMALL_AREA_KINDS)} | box).all()
    others = np.array([(row.easting, row.northing, row.households) for row in rows], dtype=float).reshape(-1, 3)
    points = np.vstack([ground.homes.points, others[:, :2]])
    return Shared(points, np.concatenate([ground.homes.households, others[:, 2]]), len(ground.homes.points))


def _reached(ground: Ground, standard: Standard) -> list[Any]:
    """The things of a category that some home of the place walks to."""
    rows = ground.found[standard.category].rows
    return [rows[at] for at in np.flatnonzero(ground.near(standard).any(axis=0)).tolist()]


def _minutes(ground: Ground, shared: Shared, rows: Sequence[Any]) -> Numbers:
    targets = np.array([(row.easting, row.northing) for row in rows], dtype=float).reshape(-1, 2)
    return ground.walk.minutes(shared.points, targets)


def _access(minutes: Numbers, shared: Shared, standard: Standard, rows: Sequence[Any], held: dict[Any, Any]) -> Access:
    kind, supply = supply_of([held[row.id] for row in rows])
    tau, own = standard.minutes, shared.households[: shared.own]
    shares = [access_per_1000(minutes, shared.households, supply, tau, decay)[: shared.own]
              for decay in (stepped, gaussian)]  # fmt: skip
    reached = shared.households @ (minutes <= tau)
    return Access(
        per_1000_stepped=float(own @ shares[0] / own.sum()),
        per_1000_gaussian=float(own @ shares[1] / own.sum()),
        supply=kind,
        amount=float(supply[reached > 0].sum()),
        assets=int((reached > 0).sum()),
        sharing=round(shared.households[(minutes <= tau).any(axis=1)].sum()),
    )


def supply_of(rows: Sequence[Any]) -> tuple[str, NDArray[np.float64]]:
    """What things count for: their capacity where all say it, else their hours in a week, else one each."""
    capacity = [float(row.capacity or 0) for row in rows]
    if all(capacity):
        return "capacity", np.array(capacity)
    hours = [sum(week_of(read_hours(row.opening_hours).rules)) for row in rows]
    return ("hours", np.array(hours)) if all(hours) else ("one", np.ones(len(rows)))
