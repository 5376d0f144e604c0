"""Find, with walks as people walk them: what the register finds by straight line is measured again along streets.

Only the rows of the answer are, so that a search costs no more in a large store than in a small one.
"""

from dataclasses import replace

import numpy as np
from sqlalchemy.orm import Session

from abcd.assets.lines import METRES_PER_MINUTE
from abcd.assets.records import AssetLine
from abcd.assets.search import CLOSE_LOOK, Found, Search, find, stands_at
from abcd.gaps.onfoot import FAR_MINUTES, OnFoot, on_foot


def found_on_foot(s: Session, search: Search, walks: OnFoot | None = None) -> Found:
    """What ``abcd.assets.search.find`` finds, each walk along streets and round barriers where they are known.

    A search within some minutes is wider by straight line first, and leaves out what is further on foot. ``walks`` are
    those from where it stands, when they are known already.

    Raises:
        BadRequest, NotFound: as ``find``.
    """
    start = stands_at(s, search)
    if start is None:
        return find(s, search)
    walks = walks or on_foot(s, start)
    if walks.is_plain:
        return replace(find(s, search), walks=walks.words())
    return within(s, search, walks) if search.within_minutes is not None else again(s, search, walks)


def within(s: Session, search: Search, walks: OnFoot) -> Found:
    """What a walk of so many minutes reaches."""
    most = float(search.within_minutes or 0)
    wide = walks.walk.reach_metres(most) / METRES_PER_MINUTE
    every = find(s, replace(search, within_minutes=wide, limit=CLOSE_LOOK, offset=0))
    kept = [one for one in measured(every.lines, walks) if one.minutes is not None and one.minutes <= most]
    kept = nearest_first(kept) if search.order == "near" else kept
    page = kept[search.offset : search.offset + search.limit]
    return replace(every, lines=page, total=len(kept), walks=walks.words())


def again(s: Session, search: Search, walks: OnFoot) -> Found:
    """A page as it was found, with its walks measured again."""
    found = find(s, search)
    lines = measured(found.lines, walks)
    return replace(
        found, lines=nearest_first(lines) if search.order == "near" else lines, walks=walks.words()
    )  # fmt: skip


def measured(lines: list[AssetLine], walks: OnFoot) -> list[AssetLine]:
    """``lines`` with their minutes on foot; none where no way is known, and the straight line's beyond an hour."""
    placed = [one for one in lines if one.easting is not None and one.northing is not None]
    minutes = walks.minutes(np.array([(one.easting, one.northing) for one in placed], dtype=float).reshape(-1, 2))
    known = {one.id: float(each) for one, each in zip(placed, minutes, strict=True)}
    return [replace(one, minutes=told(one.minutes, known.get(one.id))) for one in lines]


def told(straight: float | None, walked: float | None) -> float | None:
    """The walk that is shown."""
    if straight is None or walked is None or straight > FAR_MINUTES / 2:
        return straight if walked is None or not np.isfinite(walked) else walked
    return walked if np.isfinite(walked) else None


def nearest_first(lines: list[AssetLine]) -> list[AssetLine]:
    """By walk, what has none last; equal ones stay in their order."""
    return sorted(lines, key=lambda one: np.inf if one.minutes is None else one.minutes)
