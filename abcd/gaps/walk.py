"""How long a walk is. Straight lines for now; a street network answers the same questions."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from abcd.core.language import _
from abcd.errors import BadRequest

Points = NDArray[np.float64]
"""Shape (n, 2): easting and northing in metres (EPSG:27700)."""

Numbers = NDArray[np.float64]

DETOUR = 1.3
"""A walk is about 1.3 times the straight line (product.md D.2; our own and common practice)."""

PROFILES = {"standard": 66.7, "brisk": 80.0, "slower": 48.0}
"""Metres walked in a minute. Standard: Natural England takes 15 minutes for 1 km. Slower: 0.8 m a second."""

CUT_OFF_MINUTES = 30.0
"""Nothing further than this is called near by anybody; walks beyond it are not told apart."""


class WalkModel(Protocol):
    """What the measures ask of a way to walk."""

    def minutes(self, origins: Points, targets: Points) -> Numbers:
        """Minutes from each origin to each target, shape (origins, targets)."""

    def reach_metres(self, minutes: float) -> float:
        """The straight line that no walk of ``minutes`` can exceed: the bound of a search."""

    def typical_metres(self, minutes: float) -> float:
        """The straight line that a walk of ``minutes`` covers on average."""

    def words(self) -> str:
        """How the walk was worked out, in plain words."""


@dataclass(frozen=True)
class StraightLine:
    """``minutes = straight line * detour / metres_per_minute`` (product.md D.2).

    ``is_waiting``: there is a map of streets, and its network is being made.
    """

    detour: float = DETOUR
    metres_per_minute: float = PROFILES["standard"]
    is_waiting: bool = field(default=False, kw_only=True)

    def minutes(self, origins: Points, targets: Points) -> Numbers:
        """Minutes from each origin to each target, shape (origins, targets)."""
        apart = origins[:, None, :] - targets[None, :, :]
        metres: Numbers = np.hypot(apart[..., 0], apart[..., 1])
        return metres * self.detour / self.metres_per_minute

    def reach_metres(self, minutes: float) -> float:
        """The straight line that a walk of ``minutes`` covers."""
        return self.typical_metres(minutes)

    def typical_metres(self, minutes: float) -> float:
        """The straight line that a walk of ``minutes`` covers."""
        return minutes * self.metres_per_minute / self.detour

    def words(self) -> str:
        """How the walk was worked out, in plain words."""
        if self.is_waiting:
            return self.waiting_words()
        return _(
            "Walks are straight lines times {detour}, at {speed} metres a minute: no street map is loaded, "
            "so a railway, river or main road in between is not seen."
        ).format(detour=self.detour, speed=self.metres_per_minute)

    def waiting_words(self) -> str:
        """What is said while the streets are made ready."""
        return _(
            "The map of streets is being made ready; until then walks are straight lines times {detour}, "
            "at {speed} metres a minute."
        ).format(detour=self.detour, speed=self.metres_per_minute)


def walk_model(profile: str = "standard") -> StraightLine:
    """The way to walk of ``profile``: ``standard``, ``brisk`` or ``slower``.

    Raises:
        BadRequest: no such profile.
    """
    if profile not in PROFILES:
        raise BadRequest(f"There is no walking profile “{profile}”. Choose one of: {', '.join(PROFILES)}.")
    return StraightLine(metres_per_minute=PROFILES[profile])
