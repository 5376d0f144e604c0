"""Which amounts of households a whole number of patches can share within the tolerance, and what to do about the rest.

With a target of 175 and a tolerance of 10 % a connected part of the stock with 250 households fits nothing: it is too
much for one patch (at most 192) and too little for two (at least 315). Such parts are named, never fudged.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from abcd.core.language import _, ngettext


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

    def bounds(self, is_whole: bool) -> tuple[float, float]:
        """The fewest and the most that a patch may hold; of blocks that hold whole households also whole."""
        least, most = self.least - 1e-9, self.most + 1e-9
        return (math.ceil(least), math.floor(most)) if is_whole else (least, most)

    def fitting(self, households: float, *, is_whole: bool = False) -> int | None:
        """The number of patches that ``households`` fit into, nearest to the target; None when none does.

        They fit on average, or, where a patch holds whole households (``is_whole``), with each patch: 315 are two
        times 157.5, but no two patches of 158 or more.
        """
        least, most = self.bounds(is_whole)
        few, many = max(math.ceil(households / most), 1), math.floor(households / least)
        # What a patch holds falls as their number grows: the best is next to where it meets the target.
        near = math.floor(households / self.target)
        numbers = {min(max(k, few), many) for k in (near, near + 1)} if few <= many else set[int]()
        return min(sorted(numbers), key=lambda k: abs(households / k - self.target), default=None)

    def between(self, households: float, *, is_whole: bool = False) -> tuple[float, float]:
        """What one of the patches may hold so that the others, too, can be within the tolerance."""
        least, most = self.bounds(True) if is_whole else (self.least, self.most)
        others = (self.fitting(households, is_whole=is_whole) or 1) - 1
        return max(least, households - others * most), min(most, households - others * least)

    def fits(self, weights: Sequence[float]) -> bool:
        """Whether blocks of these households can be shared out within the tolerance, as far as sums can tell."""
        total, whole = sum(weights), are_whole(weights)
        if self.fitting(total, is_whole=whole) is None:
            return False
        return not whole or sums_between(weights, *self.between(total, is_whole=True))

    def excess(self, households: float) -> float:
        """How many of ``households`` would have to go or come until whole patches fit: 0 where they do."""
        off = abs(households / self.nearest(households) - self.target) - self.tolerance * self.target
        return max(0.0, off) * self.nearest(households)

    def nearest(self, households: float) -> int:
        """The number of patches that comes nearest, where none fits."""
        return self.fitting(households) or max(1, round(households / self.target))


def are_whole(weights: Sequence[float]) -> bool:
    """Whether all of them are whole numbers: households are, their workload may not be."""
    return all(weight == round(weight) for weight in weights)


def sums_between(weights: Sequence[float], least: float, most: float) -> bool:
    """Whether some of ``weights`` add up to between ``least`` and ``most``; always said where they are not whole.

    Each bit of one long number stands for a sum that can be had, so that a weight is added to all of them at once.
    """
    if not are_whole(weights):
        return True
    low, high, sums = max(0, math.ceil(least - 1e-9)), math.floor(min(most, sum(weights)) + 1e-9), 1
    if high < low:
        return False
    for weight in weights:
        sums = (sums | sums << round(weight)) & ((1 << high + 1) - 1)
    return bool(sums >> low)


@dataclass(frozen=True)
class Mend:
    """What would join a part of the stock to another with which it fits: a crossing, or a walk to its homes.

    Attributes:
        name: of the crossing, or of the block that is nearest.
        barrier: what the crossing crosses; empty where there is only a longer walk.
        metres: how long the way is.
        households: what the other part holds.
        crossing_id: the crossing, or ``None``.
    """

    name: str
    barrier: str
    metres: float
    households: float
    crossing_id: UUID | None

    def words(self, here: float, room: Room) -> str:
        """What it would do for a part with ``here`` households, as a sentence with its sums."""
        told = _("{way} would join it to {there:.0f} households more.") if self.barrier else _(
            "Neighbours up to {metres:.0f} m apart, to {way}, would join it to {there:.0f} households more."
        )  # fmt: skip
        way = f"{self.name} ({self.barrier})" if self.barrier else self.name
        total = here + self.households
        count = room.nearest(total)
        patches = ngettext("{n} patch", "{n} patches", count).format(n=count)
        fit = _("{all:.0f} fit {patches}.") if room.fitting(total) else _("{all:.0f} nearly fit {patches}.")
        told = told.format(way=way, metres=self.metres, there=self.households)
        return f"{told} {fit.format(all=total, patches=patches)}"


@dataclass(frozen=True)
class Misfit:
    """A connected part of the stock that no whole number of patches can share within the tolerance.

    Attributes:
        blocks: its blocks, as places in the plan's list.
        households: what it holds.
        mends: what would join it to another part so that both fit, crossings first.
        in_pieces: its sums fit, but every way of sharing it out was tried and leaves some patch in pieces.
        streets: streets or areas in which it lies, by name: those with most of its households, at most three.
    """

    blocks: tuple[int, ...]
    households: float
    mends: tuple[Mend, ...] = ()
    in_pieces: bool = False
    streets: tuple[str, ...] = ()

    def arithmetic(self, room: Room) -> str:
        """Why it does not fit, as a sentence with its sums."""
        if (count := room.fitting(self.households)) is not None:
            return self._in_spite_of(count, room)
        few = math.floor(self.households / room.most)
        most, least = math.floor(few * room.most + 1e-9), math.ceil((few + 1) * room.least - 1e-9)
        # Weighed by workload, 323.6 would read like the 324 that fit.
        told = min(max(round(self.households), most + 1), least - 1)
        if few == 0:
            return _("{households:.0f} households are too few for one patch (at least {least:.0f}).").format(
                households=told, least=least
            )
        return _(
            "{households:.0f} households are too many for {few} (at most {most:.0f}) "
            "and too few for {many} (at least {least:.0f})."
        ).format(households=told, few=few, most=most, many=few + 1, least=least)

    def _in_spite_of(self, count: int, room: Room) -> str:
        """Why it does not fit although ``count`` patches would, on average."""
        least, most = room.between(self.households)
        told = _(
            "{households:.0f} households would fit {n} patches if one held between {least:.1f} and {most:.1f}, and "
            "no blocks add up to that."
        )
        if room.fitting(self.households, is_whole=True) is None and are_whole([self.households]):
            (least, most), told = room.bounds(True), _(
                "{households:.0f} households would fit {n} patches on average, but a patch holds {least:.0f} to "
                "{most:.0f} whole households: {n} of them hold at least {few:.0f} and at most {many:.0f}."
            )  # fmt: skip
        elif self.in_pieces:
            least, most = room.bounds(True)
            told = _(
                "{households:.0f} households would fit {n} patches, but no way of sharing out its blocks gives "
                "each patch {least:.0f} to {most:.0f} households in one piece. Every way was tried."
            )
        return told.format(households=self.households, n=count, least=least, most=most, few=count * least,
                           many=count * most)  # fmt: skip

    def mending(self, room: Room) -> list[str]:
        """What would mend it, as sentences; none where nothing near would."""
        return [mend.words(self.households, room) for mend in self.mends]
