"""Walks on a shared map as people walk them: the ground that one reaches, and how long to each row of the answer.

The search is imported when somebody first asks for a walk, so that a process which is never asked holds none of it.
"""

from dataclasses import replace

import numpy as np
import shapely
from sqlalchemy.orm import Session

from abcd.db.tables import GRID
from abcd.maps.asked import Asked, Spot
from abcd.maps.listing import Listed

FINE = 2.0
"""Metres by which the ground may differ from the ring."""


def reach_of(s: Session, spot: Spot | None, minutes: float | None) -> bytes:
    """The ground of a walk as EWKB in metres; empty where nothing is asked, or where it is a plain circle."""
    from abcd.gaps.onfoot import on_foot

    if spot is None or minutes is None:
        return b""
    walks = on_foot(s, shapely.Point(*spot), ready_only=True)
    if walks.is_plain:
        return b""
    ground = shapely.simplify(walks.ring(minutes), FINE)
    return shapely.to_wkb(shapely.set_srid(ground, GRID), include_srid=True)


def walked(s: Session, asked: Asked, listed: Listed) -> Listed:
    """A page with its walks measured again, nearest first; and how they were measured, in words."""
    from abcd.gaps.onfoot import on_foot

    if asked.spot is None:
        return listed
    walks = on_foot(s, shapely.Point(*asked.spot), ready_only=True)
    if walks.is_plain:
        return replace(listed, walks=walks.words())
    placed = [row for row in listed.rows if row["spot"] is not None]
    minutes = walks.minutes(np.array([row["spot"] for row in placed], dtype=float).reshape(-1, 2))
    for row, each in zip(placed, minutes, strict=True):
        row["minutes"] = float(each) if np.isfinite(each) else None
    rows = sorted(listed.rows, key=lambda row: np.inf if row["minutes"] is None else row["minutes"])
    return replace(listed, rows=rows, walks=walks.words())
