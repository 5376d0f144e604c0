"""A way to walk that follows the streets, for the measures of ``abcd.gaps``."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.gaps.around import RoundBarriers, said_of
from abcd.gaps.streets.cutting import parted
from abcd.gaps.streets.loaded import Streets, folder_of, in_use, is_made, may_walk_on, streets
from abcd.gaps.streets.network import Floats, Ways, Whole
from abcd.gaps.walk import CUT_OFF_MINUTES, StraightLine, WalkModel, walk_model
from abcd.gaps.walls import walls_of
from abcd.places.barriers import BarrierRecord, barriers_mark, barriers_near

#: A point so far from any street was placed roughly, or the map ends before it: then the straight line is taken.
OFF_THE_MAP = 300.0

Box = tuple[float, float, float, float]
"""West, south, east, north in metres."""


@dataclass(frozen=True)
class StreetWalk:
    """``minutes = (metres along streets and paths + metres to the first and from the last) / metres_per_minute``."""

    streets: Streets
    straight: StraightLine
    is_level: bool = False
    barriers: int = 0

    @property
    def ways(self) -> Ways:
        """The ways that may be walked: without steps where one walks step-free."""
        return self.streets.level if self.is_level else self.streets.ways

    def minutes(self, origins: Floats, targets: Floats) -> Floats:
        """Minutes from each origin to each target, shape (origins, targets); infinite beyond the cut-off."""
        if not len(origins) or not len(targets):
            return np.zeros((len(origins), len(targets)))
        start, to_start = self.streets.nearest(origins)
        end, from_end = self.streets.nearest(targets)
        limit = CUT_OFF_MINUTES * self.straight.metres_per_minute
        metres = distances(self.streets, self.ways, start, end, limit)
        walked = (metres + to_start[:, None] + from_end[None, :]) / self.straight.metres_per_minute
        astray = (to_start > OFF_THE_MAP)[:, None] | (from_end > OFF_THE_MAP)[None, :]
        result: Floats = np.where(astray, self.straight.minutes(origins, targets), walked) if astray.any() else walked
        return result

    def reach_metres(self, minutes: float) -> float:
        """The straight line that no walk of ``minutes`` can exceed."""
        return minutes * self.straight.metres_per_minute

    def typical_metres(self, minutes: float) -> float:
        """The straight line that a walk of ``minutes`` covers on average."""
        return self.straight.typical_metres(minutes)

    def words(self) -> str:
        """How the walk was worked out, in plain words."""
        level = _(" without steps") if self.is_level else ""
        told = _("Walks follow streets and paths{level} ({vintage}), at {speed} metres a minute.").format(
            level=level, vintage=self.streets.vintage or _("undated"), speed=self.straight.metres_per_minute
        )
        return told + said_of(self.barriers, self.is_level)


def distances(found: Streets, ways: Ways, start: Whole, end: Whole, limit: float) -> Floats:
    """Metres between nodes, searched from the side with fewer of them and from each only once."""
    # Imported late: it brings a compiler, which whoever asks for one start at a time does without (``lean``).
    from abcd.gaps.streets.searching import metres_between

    from_nodes, which = np.unique(start, return_inverse=True)
    to_nodes, where = np.unique(end, return_inverse=True)
    if len(from_nodes) > len(to_nodes):
        return metres_between(found.network, ways, to_nodes, from_nodes, limit).T[which][:, where]
    return metres_between(found.network, ways, from_nodes, to_nodes, limit)[which][:, where]


def walking(s: Session, box: Box, profile: str = "standard", *, ready_only: bool = False) -> WalkModel:
    """The way to walk round ``box``: along streets where a map of them is loaded, else by straight line.

    ``profile`` is ``standard``, ``brisk``, ``slower`` or ``step_free``. Hard barriers are crossed at their crossings
    alone, by who walks step-free only where a crossing is known to be so. ``ready_only`` takes no network that would
    have to be made first: who may not read all of the store cannot make one.

    Raises:
        BadRequest: no such profile.
    """
    reach = pace_of(profile).metres_per_minute * CUT_OFF_MINUTES
    found = in_use(s, box)
    is_waiting = ready_only and found is not None and not is_made(folder_of(found[0]))
    return walking_by(s, found, barriers_near(s, grown(box, reach)), profile, is_waiting=is_waiting)


def pace_of(profile: str) -> StraightLine:
    """The straight line of a profile, whose pace a walk along streets has too."""
    return walk_model("standard" if profile == "step_free" else profile)


def walking_by(
    s: Session,
    found: tuple[UUID, str] | None,
    near: Iterable[BarrierRecord],
    profile: str = "standard",
    *,
    is_waiting: bool = False,
) -> WalkModel:
    """The same on the map of streets ``found`` (id and vintage, as ``in_use`` gives them) among barriers ``near``.

    By straight lines while the network of that map is not made, which they say; ``is_waiting`` where that is known.
    """
    is_waiting = is_waiting or (found is not None and not may_walk_on(s, found[0]))
    is_level, straight = profile == "step_free", replace(pace_of(profile), is_waiting=is_waiting)
    near = [one for one in near if one.is_hard]
    walls = walls_of(near, is_level=is_level)
    pace = straight.detour, straight.metres_per_minute
    round_them = RoundBarriers(*pace, walls, len(near), is_level, is_waiting=is_waiting)
    by_line = straight if walls is None else round_them
    if found is None or is_waiting:
        return by_line
    whole = streets(s, *found)
    return StreetWalk(_parted(s, found[0], whole, is_level), by_line, is_level, len(near))


def _parted(s: Session, map_id: UUID, whole: Streets, is_level: bool) -> Streets:
    west, south, east, north = *whole.tree.mins, *whole.tree.maxes
    box = float(west), float(south), float(east), float(north)
    mark = barriers_mark(s, box)
    if not mark:
        return whole
    return parted(s, (map_id, is_level, mark), whole, lambda: walls_of(barriers_near(s, box), is_level=is_level))


def grown(box: Box, metres: float) -> Box:
    """``box`` wider by ``metres`` on each side."""
    west, south, east, north = box
    return west - metres, south - metres, east + metres, north + metres
