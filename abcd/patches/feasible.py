"""Which amounts of households a whole number of patches can share within the tolerance, and what to do about the rest.

With a target of 175 and a tolerance of 10 % a connected part of the stock with 250 households fits nothing: it is too
much for one patch (at most 192) and too little for two (at least 315). Such parts are named, never fudged.
"""

import math
from dataclasses import dataclass

from abcd.core.language import _


@dataclass(frozen=True)
class Room:
    """What a patch should hold: ``target`` households, off by at most ``tolerance`` (a share, 0.1 for 10 %)."""

    target: float
    tolerance: float

    @property
    def least(self) -> float:
        """The fewest households that a patch may hold."""
        return self.target * (1 - self.tolerance)

    @property
    def most(self) -> float:
        """The most households that a patch may hold."""
        return self.target * (1 + self.tolerance)

    def fitting(self, households: float) -> int | None:
        """The number of patches that ``households`` fit into on average, nearest to the target; None when none does."""
        few, many = math.ceil(households / self.most - 1e-9), math.floor(households / self.least + 1e-9)
        numbers = range(max(few, 1), many + 1)
        return min(numbers, key=lambda k: abs(households / k - self.target), default=None)

    def nearest(self, households: float) -> int:
        """The number of patches that comes nearest, where none fits."""
        return self.fitting(households) or max(1, round(households / self.target))


@dataclass(frozen=True)
class Misfit:
    """A connected part of the stock that no whole number of patches can share within the tolerance.

    Attributes:
        blocks: its blocks, as places in the plan's list.
        households: what it holds.
        crossings: links across hard barriers that would join it to a neighbour so that both fit, best first: (block
            here, block there, households there).
    """

    blocks: tuple[int, ...]
    households: float
    crossings: tuple[tuple[int, int, float], ...] = ()

    def arithmetic(self, room: Room) -> str:
        """Why it does not fit, as a sentence with its sums."""
        few = math.floor(self.households / room.most)
        if few == 0 and self.households < room.least:
            return _("{households:.0f} households are too few for one patch (at least {least:.0f}).").format(
                households=self.households, least=room.least
            )
        return _(
            "{households:.0f} households are too many for {few} (at most {most:.0f}) "
            "and too few for {many} (at least {least:.0f})."
        ).format(
            households=self.households,
            few=few,
            most=math.floor(few * room.most + 1e-9),
            many=few + 1,
            least=math.ceil((few + 1) * room.least - 1e-9),
        )
