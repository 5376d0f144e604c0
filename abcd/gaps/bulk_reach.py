"""What lies round many places at once: the register is read one time for a whole neighbourhood of them.

What each place is given of it is what ``reach.supplies`` finds for it alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from abcd.gaps.reach import (
    NEAR,
    SERVING,
    Box,
    Homes,
    Supply,
    by_category,
    greens,
    metres_to,
    supply_of,
    widened,
)
from abcd.gaps.records import Standard
from abcd.gaps.walk import CUT_OFF_MINUTES, Points, WalkModel

#: So many walks are worked out at a time; more would fill the memory where a place has thousands of homes.
AT_ONCE = 4_000_000


class Part(Sequence[Any]):
    """Some of many rows, by their positions, without a list of their own."""

    def __init__(self, whole: Sequence[Any], at: NDArray[np.int64]) -> None:
        """The rows of ``whole`` at the positions ``at``."""
        self.whole, self.at = whole, at.tolist()

    def __len__(self) -> int:
        """How many there are."""
        return len(self.at)

    def __getitem__(self, i: Any) -> Any:
        """The row at place ``i`` of this part, or those of a slice."""
        return [self.whole[j] for j in self.at[i]] if isinstance(i, slice) else self.whole[self.at[i]]


@dataclass(frozen=True)
class Green:
    """Green spaces that meet one standard: rows, their shapes, and the box of each, shape (assets, 4)."""

    rows: Sequence[Any]
    shapes: NDArray[Any]
    boxes: NDArray[np.float64]


@dataclass(frozen=True)
class Near:
    """What of the surroundings lies in a box round one place.

    The assets that are walked to are ``at[starts[k] : starts[k + 1]]``, positions by category, as ``slugs`` has them.
    """

    around: dict[str, float]
    slugs: dict[str, int]
    at: NDArray[np.int64]
    starts: NDArray[np.int64]

    def of(self, slug: str) -> NDArray[np.int64]:
        """Positions of the assets of a category."""
        k = self.slugs[slug]
        return self.at[self.starts[k] : self.starts[k + 1]]


@dataclass(frozen=True)
class Surroundings:
    """Assets round some places: ``slugs[k]`` are ``starts[k]:starts[k + 1]`` of ``rows`` and of ``points`` (n, 2)."""

    rows: Sequence[Any]
    points: Points
    slugs: dict[str, int]
    starts: NDArray[np.int64]
    greens: dict[tuple[str, float | None], Green]
    serving: dict[UUID, dict[str, list[Any]]]

    def near(self, box: Box, walk: WalkModel) -> Near:
        """What lies within a walk of ``box``, in which the homes of one place are."""
        around = widened(box, walk.reach_metres(CUT_OFF_MINUTES))
        at = np.flatnonzero(_in_box(self.points, around))
        return Near(around, self.slugs, at, np.searchsorted(at, self.starts))

    def supplies(
        self, place_id: UUID, homes: Homes, judged: Iterable[Standard], walk: WalkModel, near: Near
    ) -> dict[str, Supply]:
        """The supply of each category for the homes of one place, of what is ``near`` them."""
        serving = self.serving.get(place_id, defaultdict(list))
        judged = list(judged)
        walked = [one.category for one in judged if one.metres_from_boundary is None]
        found = {slug: supply_of(rows, cost, serving[slug]) for slug, rows, cost in
                 self._walked(walked, homes, near, walk)}  # fmt: skip
        for green in (one for one in judged if one.metres_from_boundary is not None):
            kept = _within(self.greens[kind_of(green)], near.around)
            found[green.category] = supply_of(kept.rows, metres_to(kept.shapes, homes), serving[green.category])
        return found

    def _walked(
        self, slugs: Sequence[str], homes: Homes, within: Near, walk: WalkModel
    ) -> Iterator[tuple[str, Sequence[Any], NDArray[np.float64]]]:
        """Rows near by and the cost of walking to them, by category; as few questions to ``walk`` as memory allows."""
        near = {slug: within.of(slug) for slug in slugs}
        for some in _pieces(near, max(1, AT_ONCE // max(1, len(homes.points)))):
            at = np.concatenate([near[slug] for slug in some])
            cost, start = walk.minutes(homes.points, self.points[at]), 0
            for slug in some:
                stop = start + len(near[slug])
                yield slug, Part(self.rows, near[slug]), cost[:, start:stop]
                start = stop

    def edge_metres(self, judged: Iterable[Standard], outline: Any, near: Near) -> dict[str, float | None]:
        """Metres from the outline of a place to the nearest that counts by each standard, None for none in the box."""
        walked = self._edge_metres(outline, near)
        return {
            one.category: walked.get(one.category) if one.metres_from_boundary is None
            else _nearest(outline, _within(self.greens[kind_of(one)], near.around).shapes)
            for one in judged
        }  # fmt: skip

    def _edge_metres(self, outline: Any, near: Near) -> dict[str, float]:
        """The same for all that is walked to, by category."""
        points, slugs = self.points[near.at], [slug for slug in near.slugs if len(near.of(slug))]
        if not slugs:
            return {}
        first = near.starts[[near.slugs[slug] for slug in slugs]]
        many = np.diff(np.append(first, len(points)))
        may_be = _may_be_nearest(points, outline, first, many)
        # The least of few that may be, infinite for all that cannot.
        metres = np.full(len(points), np.inf)
        metres[may_be] = shapely.distance(outline, shapely.points(points[may_be]))
        return dict(zip(slugs, np.minimum.reduceat(metres, first).tolist(), strict=True))


def _nearest(outline: Any, shapes: NDArray[Any]) -> float | None:
    return float(shapely.distance(outline, shapes).min()) if len(shapes) else None


def _may_be_nearest(
    points: Points, outline: Any, first: NDArray[np.int64], many: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which of ``points`` may be the nearest of their kind to an outline: no farther from its box than that may be.

    Kinds begin at ``first`` and are ``many``.
    """
    west, south, east, north = outline.bounds
    off = np.maximum(np.maximum([west, south] - points, points - [east, north]), 0.0)
    from_box, across = np.hypot(*off.T), np.hypot(east - west, north - south)
    found: NDArray[np.bool_] = from_box <= np.repeat(np.minimum.reduceat(from_box, first) + across, many)
    return found


def surroundings(
    s: Session, places: Sequence[UUID], judged: Iterable[Standard], box: Box, metres: float
) -> Surroundings:
    """What lies within ``metres`` of ``box``, in which the homes of ``places`` are."""
    judged = list(judged)
    slugs = sorted({one.category for one in judged if one.metres_from_boundary is None})
    around = widened(box, metres)
    found = by_category(s.execute(NEAR, {"slugs": slugs} | around).all())
    rows = [row for slug in slugs for row in found[slug]]
    starts = np.cumsum([0, *(len(found[slug]) for slug in slugs)])
    points = np.array([(row.easting, row.northing) for row in rows], dtype=float).reshape(-1, 2)
    kinds = {kind_of(one): one for one in judged if one.metres_from_boundary is not None}
    parks = {kind: _green(s, one, around) for kind, one in kinds.items()}
    serving = _serving(s, places, {one.category for one in judged})
    return Surroundings(rows, points, {slug: k for k, slug in enumerate(slugs)}, starts, parks, serving)


def kind_of(green: Standard) -> tuple[str, float | None]:
    """Which green spaces count: those of a category from a size on."""
    return green.category, green.minimum_area_m2


def _green(s: Session, standard: Standard, around: dict[str, float]) -> Green:
    rows, shapes = greens(s, standard, around)
    return Green(rows, shapes, shapely.bounds(shapes).reshape(-1, 4))


def _serving(s: Session, places: Sequence[UUID], slugs: Iterable[str]) -> dict[UUID, dict[str, list[Any]]]:
    by_place: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in s.execute(SERVING, {"places": list(places), "slugs": list(slugs)}):
        by_place[row.place_id].append(row)
    return {place_id: by_category(rows) for place_id, rows in by_place.items()}


def _within(green: Green, around: dict[str, float]) -> Green:
    west, south, east, north = green.boxes.T
    touches = (
        (west <= around["east"]) & (east >= around["west"]) & (south <= around["north"]) & (north >= around["south"])
    )
    at = np.flatnonzero(touches)
    return Green([green.rows[i] for i in at.tolist()], green.shapes[at], green.boxes[at])


def _in_box(points: Points, around: dict[str, float]) -> NDArray[np.bool_]:
    east, north = points.T
    found: NDArray[np.bool_] = (
        (east >= around["west"]) & (east <= around["east"]) & (north >= around["south"]) & (north <= around["north"])
    )
    return found


def _pieces(near: dict[str, NDArray[np.int64]], most: int) -> Iterator[list[str]]:
    """The categories in lists of at most ``most`` assets together, at least one in each."""
    some: list[str] = []
    held = 0
    for slug, at in near.items():
        if some and held + len(at) > most:
            yield some
            some, held = [], 0
        some.append(slug)
        held += len(at)
    if some:
        yield some
