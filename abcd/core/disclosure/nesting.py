"""One nested geography: any two areas lie apart or one in the other (trust.md P7). What crosses another is left out.

Two areas that cross could be subtracted from each other, and what remains may be one household.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Area = Any
"""Whatever names an area: an id, a word."""

NESTED, APART = 0.9, 0.1
"""An area lies in another with at least, and apart from it with at most, this share of the smaller one."""


@dataclass(frozen=True)
class Outline:
    """An area and its size in square metres. Of two that cross the lower ``rank`` stays, then the larger."""

    id: Area
    size: float
    rank: int = 0


@dataclass(frozen=True)
class Nesting:
    """A forest of areas.

    Attributes:
        parents: for each area the smallest other that holds it, ``None`` for the outermost.
        crossing: areas that were left out, each with one that stayed and that it crosses.
    """

    parents: dict[Area, Area | None]
    crossing: dict[Area, Area] = field(default_factory=dict)


def nested(outlines: Iterable[Outline], shared: Mapping[frozenset[Area], float]) -> Nesting:
    """The areas that nest, and those that do not.

    Args:
        outlines: the areas.
        shared: for two areas the square metres that both cover; nothing for those that do not touch.
    """
    kept: list[Outline] = []
    crossing: dict[Area, Area] = {}
    for one in sorted(outlines, key=lambda area: (area.rank, -area.size, str(area.id))):
        crossed = next((other for other in kept if _crosses(one, other, shared)), None)
        if crossed is None:
            kept.append(one)
        else:
            crossing[one.id] = crossed.id
    inside_out = sorted(kept, key=lambda area: (area.size, str(area.id)))
    return Nesting({one.id: _parent(at, inside_out, shared) for at, one in enumerate(inside_out)}, crossing)


def _share(one: Outline, other: Outline, shared: Mapping[frozenset[Area], float]) -> float:
    return shared.get(frozenset((one.id, other.id)), 0.0) / min(one.size, other.size)


def _crosses(one: Outline, other: Outline, shared: Mapping[frozenset[Area], float]) -> bool:
    return APART < _share(one, other, shared) < NESTED


def _parent(at: int, inside_out: Sequence[Outline], shared: Mapping[frozenset[Area], float]) -> Area | None:
    one = inside_out[at]
    holding = (other for other in inside_out[at + 1 :] if _share(one, other, shared) >= NESTED)
    return next((other.id for other in holding), None)


def without(parents: Mapping[Area, Area | None], gone: Iterable[Area]) -> dict[Area, Area | None]:
    """The forest without some of its areas: what lies in them lies in whatever held them."""
    left_out = set(gone)

    def holder(area: Area | None) -> Area | None:
        while area is not None and area in left_out:
            area = parents[area]
        return area

    return {area: holder(parent) for area, parent in parents.items() if area not in left_out}


def upwards(parents: Mapping[Area, Area | None], area: Area) -> list[Area]:
    """The area and all that hold it, the innermost first."""
    found, at = [], area
    while True:
        found.append(at)
        parent = parents[at]
        if parent is None:
            return found
        at = parent


def below(parents: Mapping[Area, Area | None], area: Area) -> set[Area]:
    """The area and all that lie in it."""
    return {one for one in parents if area in upwards(parents, one)}
