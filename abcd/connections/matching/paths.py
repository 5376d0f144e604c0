"""How long it is on foot from the homes of a patch: along streets and round barriers where they are loaded.

From each patch as its own page walks: by the map that holds it and the barriers near it, whoever else is asked about.
"""

from collections.abc import Mapping
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from abcd.gaps.onfoot import FAR_MINUTES, OnFoot
from abcd.gaps.streets.loaded import in_use_by_place
from abcd.gaps.streets.walk import Box
from abcd.gaps.streets.walks import Walks

Numbers = NDArray[np.float64]


class Paths:
    """Walks from the middles of some patches; the search from a patch is made once, until another is asked for."""

    def __init__(self, s: Session, boxes: Mapping[UUID, Box], most: float = FAR_MINUTES) -> None:
        """``boxes`` of the patches that one walks from; nothing is told beyond ``most`` minutes along streets."""
        self.boxes, self.most = boxes, most
        self.maps = in_use_by_place(s, boxes) if boxes else {}
        self.walks = Walks(s, list(boxes.values())) if boxes else None
        self.latest: tuple[UUID, OnFoot] | None = None

    def on_foot(self, place_id: UUID, middle: Numbers) -> OnFoot:
        """Walks from the middle (2,) of a patch."""
        if self.latest is None or self.latest[0] != place_id:
            assert self.walks is not None, "nobody said that one walks from here"
            walk = self.walks.round(self.boxes[place_id], self.maps.get(place_id))
            self.latest = place_id, OnFoot(shapely.Point(middle), walk, self.most)
        return self.latest[1]

    def minutes(self, place_id: UUID, middle: Numbers, targets: Numbers) -> Numbers:
        """Minutes to each of ``targets`` (n, 2): infinite where there is no way, NaN where a target is not known."""
        found = np.full(len(targets), np.nan)
        is_known = np.isfinite(targets).all(axis=1)
        found[is_known] = self.on_foot(place_id, middle).minutes(targets[is_known])
        return found

    def reach_metres(self, place_id: UUID, middle: Numbers, minutes: float) -> float:
        """The straight line that no walk of ``minutes`` from a patch exceeds."""
        return self.on_foot(place_id, middle).walk.reach_metres(minutes)
