"""What lies about the blocks of a plan today: the way to walk, and the groups and venues that are nearest to each."""

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.gaps.streets.walk import walking
from abcd.gaps.walk import PROFILES, StraightLine, WalkModel
from abcd.patches.homes import Homes
from abcd.patches.net import Numbers, Places

#: Metres from a block within which a group or a venue is counted as its patch's.
NEAR = 400.0

#: Groups and places to meet that anybody may see, in a box.
STRONG = text("""
select a.asset_kind = 'association' as is_group, ST_X(a.point) as easting, ST_Y(a.point) as northing
from core.asset a left join core.term t on t.slug = a.category
where a.point && ST_MakeEnvelope(:west, :south, :east, :north, 27700) and a.status = 'active' and a.merged_into is null
  and (a.asset_kind = 'association' or t.has_room)""")


def with_around(s: Session, homes: Homes) -> Homes:
    """The same homes, with the way to walk and what is strong about them read from the store."""
    if not len(homes.called):
        return homes
    points = homes.points
    (west, south), (east, north) = points.min(axis=0) - NEAR, points.max(axis=0) + NEAR
    walk = walking(s, (west, south, east, north))
    rows = s.execute(STRONG, {"west": west, "south": south, "east": east, "north": north}).all()
    at = np.array([(row.easting, row.northing) for row in rows], dtype=np.float64).reshape(-1, 2)
    is_group = np.array([row.is_group for row in rows], dtype=bool)
    groups, venues = (nearest(points, at[which]) for which in (is_group, ~is_group))
    is_street = not isinstance(walk, StraightLine)
    seen = replace(homes.around, walk=walk if is_street else None, groups=groups, venues=venues)
    return homes.seen(replace(seen, to_base=to_base(homes, walk)))


def to_base(homes: Homes, walk: WalkModel) -> Numbers | None:
    """Metres on foot from each block to where the coach starts from; by straight line where that is far."""
    if homes.around.base is None:
        return None
    base = np.array([homes.around.base])
    metres: Numbers = walk.minutes(base, homes.points)[0] * PROFILES["standard"]
    straight = StraightLine().minutes(base, homes.points)[0] * PROFILES["standard"]
    return np.where(np.isfinite(metres), metres, straight)


def nearest(points: Numbers, things: Numbers) -> Places:
    """How many of ``things`` (m, 2) are nearest to each of ``points`` (n, 2), within ``NEAR``: (n,)."""
    if not len(things):
        return np.zeros(len(points), dtype=np.int64)
    found = cKDTree(points).query(things, distance_upper_bound=NEAR)
    away, at = np.asarray(found[0]), np.asarray(found[1])
    return np.bincount(at[np.isfinite(away)], minlength=len(points))
