"""What people rely on: for how many homes a thing is the only known one within a walk, and what happens in it."""

from collections.abc import Mapping
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.gaps.reach import homes_of, supplies
from abcd.gaps.standards import standards
from abcd.gaps.streets.walk import walking
from abcd.gaps.walk import CUT_OFF_MINUTES
from abcd.places.records import PlaceRecord

HOSTED = text("""
select at.venue_id as id, count(*) as n
from (select g.meets_at as venue_id, g.asset_id from core.community_group g where g.meets_at = any(:ids)
      union select v.venue_id, v.asset_id from core.activity v where v.venue_id = any(:ids)) at
join core.asset a on a.id = at.asset_id and a.status = 'active' and a.merged_into is null and not a.is_sensitive
group by 1""")


def only_near_one(s: Session, here: PlaceRecord, assets: Mapping[UUID, str]) -> dict[UUID, float]:
    """Households of a place for which each of ``assets`` (id: category) is the only known one of its category near.

    Near by the standard of the category in this place; those that serve nobody alone are left out.
    """
    wanted = set(assets.values())
    judged = [one for one in standards(s, sorted(wanted), here.id) if one.category in wanted]
    homes = homes_of(s, here)
    found = supplies(s, here.id, homes, judged, walking(s, here.box), CUT_OFF_MINUTES)
    alone: dict[UUID, float] = {}
    for one in judged:
        near = found[one.category].cost <= (one.metres_from_boundary or one.minutes)
        single = np.where(near.sum(axis=1) == 1, homes.households, 0.0) @ near
        rows = zip(found[one.category].rows, single, strict=True)
        alone |= {row.id: float(n) for row, n in rows if n and row.id in assets}
    return alone


def hosted_by(s: Session, assets: Mapping[UUID, str]) -> dict[UUID, int]:
    """How many groups and activities are known to happen in each of ``assets``; those without any are left out."""
    return {row.id: row.n for row in s.execute(HOSTED, {"ids": list(assets)})}
