"""Straight lines that go round what cannot be walked across, by its crossings."""

from dataclasses import dataclass

import numpy as np

from abcd.core.language import _, ngettext
from abcd.gaps.walk import CUT_OFF_MINUTES, Numbers, Points, StraightLine
from abcd.gaps.walls import Walls, is_cut


@dataclass(frozen=True)
class RoundBarriers(StraightLine):
    """A straight line where none is in the way, else the shortest chain of straight lines from crossing to crossing.

    No leg of it meets a barrier farther than ``walls.GAP`` from one of its crossings; where there is no such chain
    within the cut-off the walk is infinite. Nobody walks round the end of a barrier but where a crossing was put.
    """

    walls: Walls | None = None
    barriers: int = 0
    is_level: bool = False

    def minutes(self, origins: Points, targets: Points) -> Numbers:
        """Minutes from each origin to each target, shape (origins, targets)."""
        return self.metres(origins, targets) * self.detour / self.metres_per_minute

    def metres(self, origins: Points, targets: Points) -> Numbers:
        """The length of each chain, before the detour of streets is counted; shape (origins, targets)."""
        straight = apart(origins, targets)
        if self.walls is None:
            return straight
        cut = is_cut(origins, targets, self.walls.segments)
        if not cut.any():
            return straight
        by_gate = self._by_crossings(origins, targets)
        by_gate[by_gate > self.typical_metres(CUT_OFF_MINUTES)] = np.inf
        return np.where(cut, by_gate, straight)

    def _by_crossings(self, origins: Points, targets: Points) -> Numbers:
        gates = self._gates_near(origins)
        between = self._legs(gates, gates)
        for k in range(len(gates)):
            between = np.minimum(between, between[:, k : k + 1] + between[k])
        to_gates = shortest(self._legs(origins, gates), between)
        return shortest(to_gates, self._legs(gates, targets))

    def _gates_near(self, origins: Points) -> Points:
        gates = self.walls.gates if self.walls else np.empty((0, 2))
        reach = self.typical_metres(CUT_OFF_MINUTES)
        low, high = origins.min(axis=0) - reach, origins.max(axis=0) + reach
        near: Points = gates[((gates >= low) & (gates <= high)).all(axis=1)]
        return near

    def _legs(self, origins: Points, targets: Points) -> Numbers:
        found = apart(origins, targets)
        if self.walls is not None:
            found[is_cut(origins, targets, self.walls.segments)] = np.inf
        return found

    def words(self) -> str:
        """How the walk was worked out, in plain words."""
        told = _("Walks are straight lines times {detour}, at {speed} metres a minute: no street map is loaded.")
        told = told.format(detour=self.detour, speed=self.metres_per_minute)
        return (self.waiting_words() if self.is_waiting else told) + said_of(self.barriers, self.is_level)


def said_of(barriers: int, is_level: bool) -> str:
    """What is said of the barriers near by, after a sentence; empty for none."""
    if not barriers:
        return ""
    if is_level:
        said = ngettext(
            "{n} drawn barrier near here is crossed only where a crossing is known to be step-free.",
            "{n} drawn barriers near here are crossed only where a crossing is known to be step-free.",
            barriers,
        )
    else:
        said = ngettext(
            "{n} drawn barrier near here is crossed only at its crossings.",
            "{n} drawn barriers near here are crossed only at their crossings.",
            barriers,
        )
    return " " + said.format(n=barriers)


def apart(origins: Points, targets: Points) -> Numbers:
    """Metres from each origin to each target as the crow flies, shape (origins, targets)."""
    off = origins[:, None, :] - targets[None, :, :]
    found: Numbers = np.hypot(off[..., 0], off[..., 1])
    return found


def shortest(to: Numbers, onward: Numbers) -> Numbers:
    """The shortest sum over what stands between: shape (n, k) and (k, m) give (n, m), infinite for k = 0."""
    found = np.full((len(to), onward.shape[1]), np.inf)
    for k in range(onward.shape[0]):
        np.minimum(found, to[:, k : k + 1] + onward[k], out=found)
    return found
