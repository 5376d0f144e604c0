"""How near things are to the homes of a place: every figure of one page, in a few set-based questions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.gaps.bags import Check, checks_of, freshness
from abcd.gaps.catchments import accesses
from abcd.gaps.filters import filtered_of
from abcd.gaps.formulas import Numbers, byar_limits, coverage, per_100, weighted_median
from abcd.gaps.ground import Ground, ground_of
from abcd.gaps.needs import check_needs, meets
from abcd.gaps.reach import Homes, Supply, further, homes_of, latest, supplies
from abcd.gaps.records import Measure, Nearest, Rate, Standard
from abcd.gaps.similar import NOT_COMPARED, Subject, alike, fares
from abcd.gaps.standards import standards
from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel
from abcd.places.records import PlaceRecord

INSIDE = text("""
select pa.place_id, a.category as slug, count(distinct a.id) as n
from core.place_asset pa join core.asset a on a.id = pa.asset_id
where pa.place_id = any(:places) and a.status = 'active' and a.merged_into is null and not a.is_sensitive
group by 1, 2""")


def measures(
    s: Session,
    place_id: UUID,
    profile: str = "standard",
    on: date | None = None,
    needs: Collection[str] = (),
    asked_for: Collection[str] = (),
    voiced: Mapping[str, int] | None = None,
) -> list[Measure]:
    """Each everyday category (and those in ``asked_for`` or ``voiced``) measured whole, in the order of the taxonomy.

    ``needs`` are filters such as ``step_free``; ``on`` is the day it is taken to be; ``voiced`` counts voices in 24
    months by category.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile or need.
    """
    asked = {*asked_for, *(voiced or {})}
    return whole_measures(s, ground_of(s, place_id, profile, on, asked), needs, voiced)


def whole_measures(
    s: Session, ground: Ground, needs: Collection[str] = (), voiced: Mapping[str, int] | None = None
) -> list[Measure]:
    """Measures with how similar places fare, who shares what there is, what each need leaves, and voices."""
    sharing, voices = accesses(s, ground), dict(voiced or {})
    found = compared(s, ground.here, measured_on(s, ground, needs), ground.walk, ground.on)
    return [
        replace(
            measure,
            access=sharing.get(measure.standard.category),
            filtered=filtered_of(ground, measure.standard),
            voiced_per_100=per_100(voices.get(measure.standard.category, 0), measure.households),
        )
        for measure, _known in found
    ]


def compared(
    s: Session, here: PlaceRecord, found: Sequence[Measure], walk: WalkModel, on: date
) -> list[tuple[Measure, int]]:
    """Measures with how similar places fare, and in how many of those somebody knows."""
    households = found[0].households if found else 0
    similar = alike(s, Subject(here.id, here.kind, households, here.area_km2 * 1e6))
    fare = fares(s, similar, [measure.standard for measure in found], walk, on)
    ours = ((measure, fare[measure.standard.category]) for measure in found)
    return [(replace(measure, similar=fare.comparison), fare.known) for measure, fare in ours]


def measured(
    s: Session, here: PlaceRecord, walk: WalkModel, on: date, needs: Collection[str], asked_for: Collection[str]
) -> list[Measure]:
    """The measures of a place, not yet compared with others."""
    return judged_in(s, here, standards(s, asked_for, here.id), walk, on, needs)


def judged_in(
    s: Session, here: PlaceRecord, judged: Sequence[Standard], walk: WalkModel, on: date, needs: Collection[str] = ()
) -> list[Measure]:
    """The same for the categories of ``judged`` alone."""
    homes = homes_of(s, here)
    found = supplies(s, here.id, homes, judged, walk, CUT_OFF_MINUTES)
    return measured_on(s, Ground(here, homes, tuple(judged), found, walk, on), needs)


def measured_on(s: Session, ground: Ground, needs: Collection[str] = ()) -> list[Measure]:
    """The same from what was found round a place."""
    here, found, walk = ground.here, ground.found, ground.walk
    view = view_of(here, ground.homes, walk, ground.on, check_needs(needs))
    nearest = _nearest_of_all(s, here, ground.judged, found, walk)
    inside = inside_of(s, [here.id])
    return [
        measure_of(standard, found[slug], view, nearest.get(slug), inside.get((here.id, slug), 0))
        for standard in ground.judged
        for slug in [standard.category]
    ]


def inside_of(s: Session, places: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    """How many of a category lie in a place or serve it, by place and category."""
    return {(row.place_id, row.slug): row.n for row in s.execute(INSIDE, {"places": list(places)})}


@dataclass(frozen=True)
class View:
    """What all measures of one page share."""

    homes: Homes
    walk: WalkModel
    on: date
    needs: tuple[str, ...]
    households: int
    words: str


def view_of(here: PlaceRecord, homes: Homes, walk: WalkModel, on: date, needs: tuple[str, ...] = ()) -> View:
    """What the measures of ``here`` share; its households are those of ``places.households_in``."""
    households = homes.total if here.households is None else here.households
    return View(homes, walk, on, needs, households, walk.words())


def limit_of(standard: Standard) -> float:
    """What the cost of a supply is held against: metres from an edge, or minutes."""
    return standard.metres_from_boundary or standard.minutes


def measure_of(
    standard: Standard, supply: Supply, view: View, nearest: Nearest | None, inside: int,
    checks: Sequence[Check] | None = None,
) -> Measure:  # fmt: skip
    """One category measured from its supply; ``inside`` of it lie in the place. Not yet compared with others.

    ``checks`` are those of the assets in reach, if they were counted already.
    """
    limit = limit_of(standard)
    reached = supply.reached(limit)
    checks = checks_of(supply.some(reached)) if checks is None else checks
    fresh, confidence = freshness(checks, standard, view.on)
    weights, cheapest = view.homes.households, _cheapest(supply.cost)
    in_reach, near = int(reached.sum()), coverage(cheapest, weights, limit)
    usable, usable_near = in_reach, near
    if view.needs:
        meeting = np.array([meets(row, view.needs) for row in supply.rows], dtype=bool)
        usable = int((meeting & reached).sum())
        usable_near = coverage(_cheapest(supply.cost[:, meeting]), weights, limit)
    median = weighted_median(_minutes(cheapest, standard, view.walk), weights)
    return Measure(
        standard=standard,
        households=view.households,
        homes=len(view.homes.points),
        in_reach=in_reach,
        usable=usable,
        fresh=fresh,
        coverage=near,
        usable_coverage=usable_near,
        median_minutes=median if median is not None and median <= CUT_OFF_MINUTES else None,
        nearest=nearest,
        provision=_rate(inside, view.households),
        similar=NOT_COMPARED,
        newest_check=latest(day for _kind, day, _n in checks),
        confidence=confidence,
        walk=view.words,
        needs=view.needs,
        homes_kind=view.homes.kind,
    )


def _cheapest(cost: Numbers) -> Numbers:
    return np.asarray(cost.min(axis=1, initial=np.inf))


def _minutes(cost: Numbers, standard: Standard, walk: WalkModel) -> Numbers:
    return cost if standard.metres_from_boundary is None else cost / walk.typical_metres(1.0)


def _nearest_of_all(
    s: Session, here: PlaceRecord, judged: Sequence[Standard], found: dict[str, Supply], walk: WalkModel
) -> dict[str, Nearest]:
    """The nearest of each category: to any home, or beyond the search, to the place's own point."""
    best = {standard.category: best_of(standard, found[standard.category], walk) for standard in judged}
    beyond = further(s, ((here, slug) for slug, one in best.items() if one is None))
    known = {slug: one for slug, one in best.items() if one}
    return known | {slug: far_of(row, walk) for (_place, slug), row in beyond.items()}


def far_of(row: Any, walk: WalkModel) -> Nearest:
    """The nearest one where none is within the search: ``id, name, metres`` of a row."""
    return Nearest(row.id, row.name, row.metres, row.metres / walk.typical_metres(1.0))


def best_of(standard: Standard, supply: Supply, walk: WalkModel) -> Nearest | None:
    """The nearest of a supply to any home; None when it holds none that can be walked to."""
    if not np.isfinite(supply.cost).any():
        return None
    costs = supply.cost.min(axis=0)
    column = int(costs.argmin())
    row, minutes = supply.rows[column], float(_minutes(costs[[column]], standard, walk)[0])
    return Nearest(row.id, row.name, walk.typical_metres(minutes), minutes)


def _rate(count: int, households: int) -> Rate:
    if not households:
        return Rate(count, None, None, None)
    low, high = byar_limits(count)
    return Rate(count, 1000 * count / households, 1000 * low / households, 1000 * high / households)
