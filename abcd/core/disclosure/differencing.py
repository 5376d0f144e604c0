"""The attack on everything that was ever published: each release alone, and one with the help of the others.

Between two releases people come, go and move, so a figure of one says nothing certain about the other. Whoever guesses
that nobody moved *somewhere* may take figures of both together. So such guesses are tried: about all of an area, about
one category in it, about one figure. A guess that contradicts the figures was wrong and gives nothing away; one that
holds and gives nothing away speaks for every smaller guess within it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from abcd.core.disclosure.arithmetic import Interval, possible
from abcd.core.disclosure.attack import Attacker, Contradiction, Pinned
from abcd.core.disclosure.cube import Cells, Dimension, Key, Parents
from abcd.core.disclosure.nesting import below
from abcd.core.disclosure.unknowns import Share, system

ENOUGH_CHANGES = 10
"""People who came, went or changed before a release may follow another: fewer would be told by what changed."""

MOST_TOLD = 5
"""One number that can be told is enough to release nothing; so many are named."""

Guess = frozenset[Key]
"""Cells whose counts did not change between two releases."""


@dataclass(frozen=True)
class Published:
    """What a release shows, whoever sees it: its figures, and percentages where it has them."""

    cells: Cells
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What an attack found.

    Attributes:
        pinned: numbers of people that can be told nearly or exactly; none when the figures may leave.
        unknowns: how many numbers were looked at.
        programs: how many integer programs that took.
        guesses: how many guesses that nobody moved were tried and held.
    """

    pinned: tuple[Pinned, ...] = ()
    unknowns: int = 0
    programs: int = 0
    guesses: int = 0

    @property
    def withstood(self) -> bool:
        """Whether nothing can be told."""
        return not self.pinned

    def and_also(self, other: "Finding") -> "Finding":
        """Both findings as one."""
        return Finding(
            (*self.pinned, *other.pinned)[:MOST_TOLD],
            self.unknowns + other.unknowns,
            self.programs + other.programs,
            self.guesses + other.guesses,
        )


def is_enough(changed: int) -> bool:
    """Whether so many people came, went or changed that a release may follow another."""
    return changed >= ENOUGH_CHANGES


def attack(parents: Parents, dimensions: Sequence[Dimension], releases: Sequence[Published], held: int = 0) -> Finding:
    """Attack all that was published: each release alone, then each with what another told and it does not.

    Args:
        parents: every area that any of the releases showed, nested.
        held: so many of the first releases withstood the attack together already.

    Raises:
        Contradiction: the figures of one release cannot all be true.
    """
    quiet = quiet_categories(dimensions, releases)
    dimensions = [replace(one, categories=tuple(c for c in one.categories if c not in quiet)) for one in dimensions]
    releases = [
        replace(one, cells={key: shown for key, shown in one.cells.items() if key[1] not in quiet}) for one in releases
    ]
    found = Finding()
    for one in releases[held:]:
        found = found.and_also(_known(parents, dimensions, one))
    for at, helped in permutations(range(len(releases)), 2):
        if found.withstood and max(at, helped) >= held:
            found = found.and_also(_with_help(parents, dimensions, releases[at], releases[helped]))
    return found


def quiet_categories(dimensions: Sequence[Dimension], releases: Sequence[Published]) -> frozenset[str]:
    """Categories of which nothing was ever shown: masked in every area of every release, and in no percentage.

    They need no attack. Such a count is free between 0 and the lesser of 9 and everybody of the area, whatever the
    rest says, since the count of all others makes up the difference: it can be told only where that of everybody can.
    Of an exclusive dimension the categories hang together, so they are all attacked.
    """
    loud = {category for one in releases for (_area, category), shown in one.cells.items() if shown is not None}
    loud |= {share.category for one in releases for share in one.shares}
    apart = {category for one in dimensions if not one.exclusive for category in one.categories}
    return frozenset(apart - loud)


def _known(parents: Parents, dimensions: Sequence[Dimension], one: Published, learned: Cells | None = None) -> Finding:
    """One release, with what is taken from others."""
    intervals = {key: possible(shown) for key, shown in one.cells.items()}
    for key, shown in (learned or {}).items():
        intervals[key] = _both(intervals.get(key), possible(shown))
    attacker = Attacker(system(parents, dimensions, intervals, one.shares))
    return Finding(tuple(attacker.pinned(MOST_TOLD)), len(attacker.known.unknowns), attacker.programs)


def _both(one: Interval | None, other: Interval) -> Interval:
    held = other if one is None else one.within(other)
    if not held.choice:
        raise Contradiction
    return held


def _with_help(parents: Parents, dimensions: Sequence[Dimension], one: Published, other: Published) -> Finding:
    """One release with the help of another, by the largest guesses that hold."""
    found, held = Finding(), list[Guess]()
    extra = other.cells.keys() - one.cells.keys()
    for guess in _guesses(parents, set(other.cells)):
        if not guess & extra or any(guess <= larger for larger in held):
            continue
        try:
            told = _known(parents, dimensions, one, {key: other.cells[key] for key in guess})
        except Contradiction:
            continue
        held.append(guess)
        found = found.and_also(replace(told, guesses=1))
        if not found.withstood:
            break
    return found


def _guesses(parents: Parents, told: set[Key]) -> Iterator[Guess]:
    """Larger guesses before those within them: whole areas from the largest on, their categories, single cells."""
    by_size = sorted(((below(parents, area), area) for area in parents), key=lambda one: (-len(one[0]), str(one[1])))
    inside = [frozenset(key for key in told if key[0] in areas) for areas, _area in by_size]
    yield from inside
    for keys in inside:
        for category in sorted({category for _area, category in keys}):
            yield frozenset(key for key in keys if key[1] == category)
    yield from (frozenset((key,)) for key in sorted(told, key=str))
