"""The attack on our own figures: which unknown numbers are pinned to fewer than three possible ones (trust.md P6).

Each unknown number is bounded by integer linear programming (HiGHS). A solution is a whole world that fits all
published figures, so it shows a possible value of *every* unknown number: most need no program of their own. The answer
is exact all the same: what no two worlds keep apart is bounded by programs of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

from abcd.core.disclosure.arithmetic import LEAST_CHOICE, Interval
from abcd.core.disclosure.cube import TOTAL
from abcd.core.disclosure.unknowns import Numbers, System, Unknown

INFEASIBLE = 2
"""What HiGHS says when no world fits."""


class Contradiction(Exception):
    """No world fits these figures: an assumption of the attacker is wrong."""


@dataclass(frozen=True)
class Pinned:
    """An unknown number with too few possible values. Its bounds are as private as the number itself."""

    unknown: Unknown
    interval: Interval = field(repr=False)


class Attacker:
    """Somebody who knows a system of figures and looks for what it gives away.

    Raises:
        Contradiction: no world fits.
    """

    def __init__(self, known: System) -> None:
        self.known = known
        self.programs = 0
        count = len(known.unknowns)
        self._rows = LinearConstraint(known.matrix, known.least, known.most)
        self._bounds = Bounds(known.low, known.high)
        self.lowest, self.highest = np.full(count, np.inf), np.full(count, -np.inf)
        named = np.array([float(one.category != TOTAL and not one.other) for one in known.unknowns])
        for direction in (np.ones(count), -np.ones(count), named, -named):
            self._world(direction)

    def pinned(self, most: int | None = None) -> list[Pinned]:
        """The unknown numbers that are pinned, at most ``most`` of them."""
        found: list[Pinned] = []
        self._sweep()
        for at in np.flatnonzero(self._open()):
            if most is not None and len(found) >= most:
                break
            if self._open()[at]:
                interval = self.bounds(int(at))
                found += [Pinned(self.known.unknowns[at], interval)] if interval.choice < LEAST_CHOICE else []
        return found

    def bounds(self, at: int) -> Interval:
        """The least and the greatest possible value of one unknown number."""
        direction = np.zeros(len(self.known.unknowns))
        direction[at] = 1
        return Interval(self._world(direction)[at], self._world(-direction)[at])

    def all_bounds(self) -> Iterator[tuple[Unknown, Interval]]:
        """The bounds of every unknown number."""
        yield from ((one, self.bounds(at)) for at, one in enumerate(self.known.unknowns))

    def _open(self) -> NDArray[np.bool_]:
        """Which numbers no two worlds have yet shown to be wide enough."""
        return np.asarray(self.highest - self.lowest < LEAST_CHOICE - 1)

    def _sweep(self) -> None:
        """Look for worlds in which as many undecided numbers as possible are far from what they were so far."""
        before = len(self.known.unknowns) + 1
        while 0 < (now := int(self._open().sum())) < before:
            before = now
            for sign in (1, -1):
                self._spread(sign)

    def _spread(self, sign: int) -> None:
        """Find a world in which the undecided numbers together are as far above (``sign`` 1) the lowest, or below the
        highest value known of each, as counts towards its being decided.

        For each such number there is one more unknown, how far it is away, from 0 to 2.
        """
        undecided = np.flatnonzero(self._open())
        count, far = len(self.known.unknowns), len(undecided)
        seen = (self.lowest if sign > 0 else -self.highest)[undecided]
        pick = csr_array((np.full(far, float(sign)), (np.arange(far), undecided)), shape=(far, count))
        farther = LinearConstraint(hstack([pick, -eye_array(far)], format="csr"), seen, np.full(far, np.inf))
        wider = LinearConstraint(
            hstack([self.known.matrix, csr_array((self.known.matrix.shape[0], far))], format="csr"),
            self.known.least, self.known.most,
        )  # fmt: skip
        bounds = Bounds(
            np.concatenate([self.known.low, np.zeros(far)]),
            np.concatenate([self.known.high, np.full(far, LEAST_CHOICE - 1.0)]),
        )
        self._solve(np.concatenate([np.zeros(count), -np.ones(far)]), bounds, [wider, farther])

    def _world(self, direction: Numbers) -> list[int]:
        """A world in which ``direction @ x`` is least."""
        return self._solve(direction, self._bounds, [self._rows])

    def _solve(self, direction: Numbers, bounds: Bounds, rows: list[LinearConstraint]) -> list[int]:
        self.programs += 1
        found = milp(direction, integrality=np.ones(len(direction), int), bounds=bounds, constraints=rows)
        if found.status == INFEASIBLE:
            raise Contradiction
        if found.x is None:
            raise RuntimeError(found.message)
        world = np.rint(found.x[: len(self.known.unknowns)])
        self.lowest, self.highest = np.minimum(self.lowest, world), np.maximum(self.highest, world)
        for step in (LEAST_CHOICE - 1, 1 - LEAST_CHOICE):
            self._look_around(world, step)
        return [int(value) for value in world]

    def _look_around(self, world: Numbers, step: int) -> None:
        """Worlds that are ``step`` people away from one: of each move that stays within the bounds, where it leads."""
        moves = self.known.moves
        if not moves.nnz:
            return
        there = world[moves.indices] + step * moves.data
        fits = (there >= self.known.low[moves.indices]) & (there <= self.known.high[moves.indices])
        whole = np.logical_and.reduceat(fits, moves.indptr[:-1])
        told = np.repeat(whole, np.diff(moves.indptr))
        np.minimum.at(self.lowest, moves.indices[told], there[told])
        np.maximum.at(self.highest, moves.indices[told], there[told])
