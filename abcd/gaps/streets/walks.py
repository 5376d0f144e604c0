"""The ways to walk round many places: maps and barriers are read once, and equal ways are one."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from abcd.gaps.streets.walk import Box, grown, pace_of, walking_by
from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel
from abcd.places.barriers import barriers_near
from abcd.places.records import PlaceRecord

PROFILE = "standard"


class Walks:
    """The way to walk at the standard pace round each of some places, as ``walking`` gives it for one."""

    def __init__(self, s: Session, boxes: Sequence[Box]) -> None:
        """Read the barriers round all of ``boxes`` (at least one)."""
        self.session, self.reach = s, pace_of(PROFILE).metres_per_minute * CUT_OFF_MINUTES
        west, south, east, north = zip(*boxes, strict=True)
        self.barriers = barriers_near(s, grown((min(west), min(south), max(east), max(north)), self.reach))
        self.tree = shapely.STRtree([shapely.box(*one.line.bounds) for one in self.barriers])
        self.made: dict[tuple[UUID | None, tuple[UUID, ...]], WalkModel] = {}

    def of(self, here: PlaceRecord, used: tuple[UUID, str] | None) -> WalkModel:
        """The way to walk round ``here`` on the map ``used``."""
        return self.round(here.box, used)

    def round(self, box: Box, used: tuple[UUID, str] | None) -> WalkModel:
        """The way to walk round ``box`` on the map ``used``."""
        near = [self.barriers[at] for at in np.sort(self.tree.query(shapely.box(*grown(box, self.reach))))]
        key = used[0] if used else None, tuple(one.id for one in near)
        if key not in self.made:
            self.made[key] = walking_by(self.session, used, near, PROFILE)
        return self.made[key]
