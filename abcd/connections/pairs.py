"""Every pair round a place at once, as arrays: thousands are weighed, only the few that are shown get words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from abcd.connections.near import REACH_MINUTES, Thing
from abcd.connections.network.records import Link
from abcd.connections.score import (
    SAME_CATEGORY,
    SAME_GROUP,
    SAME_THEME,
    bridging,
    decay,
    overlap,
    room_match,
    theme_match,
)
from abcd.connections.weights import Weights
from abcd.gaps.formulas import weighted_median
from abcd.gaps.reach import Homes
from abcd.gaps.records import Possibility
from abcd.gaps.walk import WalkModel

Numbers = NDArray[np.float64]
Which = NDArray[np.intp]
USUAL = Weights()


@dataclass(frozen=True)
class Pairs:
    """Candidates of one kind. ``a`` and ``b`` are positions, ``values`` the parts by letter, NaN where not known."""

    kind: str
    a: Which
    b: Which
    tiers: NDArray[np.intp]
    minutes: Numbers
    values: Mapping[str, Numbers]

    def scores(self, used: Weights = USUAL) -> Numbers:
        """The weighted mean of the parts that could be worked out, 0-1 (product.md E.2)."""
        stacked = np.array(list(self.values.values()))
        weights = np.array([used.of(letter) for letter in self.values])[:, None] * ~np.isnan(stacked)
        return np.asarray(np.nansum(stacked * weights, axis=0) / weights.sum(axis=0))


@dataclass(frozen=True)
class Scene:
    """What stands round a place, and what is known of it, by position in ``things``."""

    things: Sequence[Thing]
    points: Numbers
    minutes: Numbers
    trust: Numbers
    tiers: NDArray[np.intp]
    links: Sequence[frozenset[UUID]]
    half_minutes: float = USUAL.half_minutes


def scene_of(
    things: Sequence[Thing], walk: WalkModel, on: date, used: Weights = USUAL, ties: Sequence[Link] = ()
) -> Scene:
    """The scene of ``things``: the walks between them, how fresh their records are, whom they know.

    ``ties`` are what somebody wrote down of them: who is tied already needs no introduction.
    """
    points = np.array([(thing.row.easting, thing.row.northing) for thing in things]).reshape(-1, 2)
    trust = np.array([thing.confidence(on) for thing in things])
    tiers = np.array([thing.tier for thing in things], dtype=np.intp)
    return Scene(things, points, walk.minutes(points, points), trust, tiers, _links(things, ties), used.half_minutes)


def _links(things: Sequence[Thing], ties: Sequence[Link]) -> list[frozenset[UUID]]:
    """For each thing, the groups here that share its venue or organisation, meet in it, or are tied to it."""
    hosted: dict[UUID, set[UUID]] = {}
    for thing in things:
        if thing.is_group:
            for host in (thing.row.meets_at, thing.row.organisation_id):
                if host is not None:
                    hosted.setdefault(host, set()).add(thing.id)
    tied: dict[UUID, set[UUID]] = {}
    for link in ties:
        tied.setdefault(link.a, set()).add(link.b)
        tied.setdefault(link.b, set()).add(link.a)
    groups = {thing.id for thing in things if thing.is_group}
    return [
        frozenset((tied.get(thing.id, set()) & groups).union(*(hosted.get(host, ()) for host in thing.hosts)))
        - {thing.id}
        for thing in things
    ]


def theme_pairs(scene: Scene) -> Pairs:
    """Two groups of one theme within reach of each other that do not know each other yet."""
    groups = _positions(thing.is_group for thing in scene.things)
    first, second = np.triu_indices(len(groups), 1)
    a, b = _near(scene, groups[first], groups[second])
    match = _matches(scene, a, b)
    keep = (match >= SAME_THEME) & ~_linked(scene, a, b)
    a, b = a[keep], b[keep]
    grids = _grids(scene, "open_grid")
    return _pairs("theme", scene, a, b, match[keep], _overlaps(grids, grids, a, b))


def room_pairs(scene: Scene) -> Pairs:
    """A group that needs a room and a venue within reach that has one."""
    seekers = _positions(thing.is_group and thing.seeks_room for thing in scene.things)
    venues = _positions(thing.has_room and not thing.is_group for thing in scene.things)
    a, b = _near(scene, np.repeat(seekers, len(venues)), np.tile(venues, len(seekers)))
    apart = ~_linked(scene, a, b)
    a, b = a[apart], b[apart]
    known = np.array([thing.row.is_group or thing.row.is_venue for thing in scene.things], dtype=bool)
    match = room_match(known[a].astype(int) + known[b])
    return _pairs("room", scene, a, b, match, _overlaps(_grids(scene, "open_grid"), _grids(scene, "spare_grid"), a, b))


def space_pairs(scene: Scene, homes: Homes, walk: WalkModel, wanted: Sequence[Possibility]) -> Pairs:
    """A space that stands empty at times and something that needs a room and may be missing (``b``: its position)."""
    spare = _positions(thing.is_spare and not thing.is_group for thing in scene.things)
    walks = np.array([_from_homes(homes, walk, scene.points[i]) for i in spare])
    a, b = np.repeat(spare, len(wanted)), np.tile(np.arange(len(wanted)), len(spare))
    kin = [("", one.measure.standard.theme, "") for one in wanted]
    match = np.array(
        [max(SAME_GROUP, theme_match(scene.things[int(i)].kin, kin[int(j)])) for i, j in zip(a, b, strict=True)]
    )
    minutes = np.repeat(walks, len(wanted))
    values = {"T": match, "D": decay(minutes, scene.half_minutes), "Q": scene.trust[a]}
    return Pairs("space", a, b, scene.tiers[a], minutes, values)


def _from_homes(homes: Homes, walk: WalkModel, point: Numbers) -> float:
    """Minutes within which half of the households reach a point; from the first home when none are known."""
    minutes = walk.minutes(homes.points, point[None, :])[:, 0]
    median = weighted_median(minutes, homes.households)
    return float(minutes[0]) if median is None else median


def _positions(flags: Iterable[bool]) -> Which:
    return np.flatnonzero(np.fromiter(flags, dtype=bool))


def _near(scene: Scene, a: Which, b: Which) -> tuple[Which, Which]:
    keep = scene.minutes[a, b] <= REACH_MINUTES
    return a[keep], b[keep]


def _linked(scene: Scene, a: Which, b: Which) -> NDArray[np.bool_]:
    """Whether the two know each other already: one meets in the other, or both in one place."""
    links, things = scene.links, scene.things
    return np.array(
        [things[j].id in links[i] or things[i].id in links[j] for i, j in zip(a, b, strict=True)], dtype=bool
    )


def _matches(scene: Scene, a: Which, b: Which) -> Numbers:
    codes = [np.unique([thing.kin[level] for thing in scene.things], return_inverse=True)[1] for level in range(3)]
    same = [code[a] == code[b] for code in codes] if len(a) else [np.zeros(0, dtype=bool)] * 3
    return np.select(same, [SAME_CATEGORY, SAME_THEME, SAME_GROUP], 0.0)


def _grids(scene: Scene, column: str) -> NDArray[np.int64]:
    return np.array([getattr(thing.row, column) or 0 for thing in scene.things], dtype=np.int64)


def _overlaps(ours: NDArray[np.int64], theirs: NDArray[np.int64], a: Which, b: Which) -> Numbers:
    return np.where((ours[a] > 0) & (theirs[b] > 0), overlap(ours[a], theirs[b]), np.nan)


def _pairs(kind: str, scene: Scene, a: Which, b: Which, match: Numbers, times: Numbers) -> Pairs:
    minutes = scene.minutes[a, b]
    values = {
        "T": match,
        "D": decay(minutes, scene.half_minutes),
        "A": times,
        "B": _bridges(scene, a, b),
        "Q": np.minimum(scene.trust[a], scene.trust[b]),
    }
    return Pairs(kind, a, b, np.maximum(scene.tiers[a], scene.tiers[b]), minutes, values)


def _bridges(scene: Scene, a: Which, b: Which) -> Numbers:
    links = scene.links
    if not any(links):
        return np.full(len(a), np.nan)
    return np.array([bridging(links[i], links[j]) for i, j in zip(a, b, strict=True)], dtype=np.float64)
