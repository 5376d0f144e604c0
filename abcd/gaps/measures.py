"""How near things are to the homes of a place: every figure of one page, in a few set-based questions."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.freshness import confidence_of, state_of
from abcd.core.clock import today
from abcd.gaps.formulas import Numbers, byar_limits, coverage, weighted_median
from abcd.gaps.needs import check_needs, meets
from abcd.gaps.reach import Homes, Supply, further, homes_of, latest, supplies
from abcd.gaps.records import Comparison, Measure, Nearest, Rate, Standard
from abcd.gaps.similar import Fare, Subject, alike, fares
from abcd.gaps.standards import standards
from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel, walk_model
from abcd.places.households import households_in
from abcd.places.queries import place
from abcd.places.records import PlaceRecord

INSIDE = """
select a.category as slug, count(distinct a.id) as n
from core.place_asset pa join core.asset a on a.id = pa.asset_id
where pa.place_id = :place_id and a.status = 'active' and a.merged_into is null and not a.is_sensitive
group by 1"""

TENURE = """
select count from core.households where place_id = :place_id and measure = 'social_rented' order by year desc limit 1"""


def measures(
    s: Session,
    place_id: UUID,
    profile: str = "standard",
    on: date | None = None,
    needs: Collection[str] = (),
    asked_for: Collection[str] = (),
) -> list[Measure]:
    """Each everyday category (and those in ``asked_for``) measured for one place, in the order of the taxonomy.

    ``needs`` are filters such as ``step_free``; ``on`` is the day it is taken to be.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile or need.
    """
    here = place(s, place_id)
    return [measure for measure, _known in measured(s, here, walk_model(profile), on or today(), needs, asked_for)]


def measured(
    s: Session, here: PlaceRecord, walk: WalkModel, on: date, needs: Collection[str], asked_for: Collection[str]
) -> list[tuple[Measure, Fare]]:
    """The measures of a place, each with what is known of similar places."""
    needed = check_needs(needs)
    judged = standards(s, asked_for)
    homes = homes_of(s, here)
    found = supplies(s, here.id, homes, judged, walk, CUT_OFF_MINUTES)
    missing = [slug for slug, supply in found.items() if not np.isfinite(supply.cost).any()]
    beyond = further(s, (here.easting, here.northing), missing)
    inside: dict[str, int] = {row.slug: row.n for row in s.execute(text(INSIDE), {"place_id": here.id})}
    households = households_in(s, here.id).count or 0
    fare = fares(s, alike(s, _subject(s, here, households)), judged, walk)
    names = _names(s, found)
    return [
        (
            _measure(
                standard,
                found[standard.category],
                homes,
                walk,
                on,
                needed,
                nearest=_nearest(found[standard.category], beyond.get(standard.category), standard, walk, names),
                provision=_rate(inside.get(standard.category, 0), households),
                households=households,
                similar=fare[standard.category].comparison,
            ),
            fare[standard.category],
        )
        for standard in judged
    ]


def _measure(
    standard: Standard,
    supply: Supply,
    homes: Homes,
    walk: WalkModel,
    on: date,
    needs: tuple[str, ...],
    *,
    nearest: Nearest | None,
    provision: Rate,
    households: int,
    similar: Comparison,
) -> Measure:
    limit = standard.metres_from_boundary or standard.minutes
    reached = (supply.cost <= limit).any(axis=0) | supply.serving
    rows = [row for row, is_reached in zip(supply.rows, reached, strict=True) if is_reached]
    usable = np.array([meets(row, needs) for row in supply.rows], dtype=bool)
    median = weighted_median(_minutes(_cheapest(supply.cost), standard, walk), homes.households)
    return Measure(
        standard=standard,
        households=households,
        homes=len(homes.points),
        in_reach=len(rows),
        usable=int((usable & reached).sum()),
        fresh=sum(_is_fresh(row, standard, on) for row in rows),
        coverage=coverage(_cheapest(supply.cost), homes.households, limit),
        usable_coverage=coverage(_cheapest(supply.cost[:, usable]), homes.households, limit),
        median_minutes=median if median is not None and median <= CUT_OFF_MINUTES else None,
        nearest=nearest,
        provision=provision,
        similar=similar,
        newest_check=latest(row.assured_on for row in rows),
        confidence=max((confidence_of(row.source_kind, row.assured_on, on) for row in rows), default=0.0),
        walk=walk.words(),
        needs=needs,
    )


def _cheapest(cost: Numbers) -> Numbers:
    return np.asarray(cost.min(axis=1, initial=np.inf))


def _minutes(cost: Numbers, standard: Standard, walk: WalkModel) -> Numbers:
    return cost if standard.metres_from_boundary is None else cost / walk.reach_metres(1.0)


def _is_fresh(row: Any, standard: Standard, on: date) -> bool:
    return state_of(row.assured_on, standard.fresh_months, on) in ("fresh", "due")


def _nearest(
    supply: Supply, beyond: Any | None, standard: Standard, walk: WalkModel, names: dict[UUID, str]
) -> Nearest | None:
    """The nearest to any home; beyond the search, the nearest to the place's own point."""
    if beyond is not None:
        return Nearest(beyond.id, beyond.name, beyond.metres, beyond.metres / walk.reach_metres(1.0))
    column = _nearest_column(supply)
    if column is None:
        return None
    cost = float(supply.cost[:, column].min())
    minutes = float(_minutes(np.array([cost]), standard, walk)[0])
    which = supply.rows[column].id
    return Nearest(which, names[which], walk.reach_metres(minutes), minutes)


def _nearest_column(supply: Supply) -> int | None:
    if not np.isfinite(supply.cost).any():
        return None
    return int(supply.cost.min(axis=0).argmin())


def _names(s: Session, found: dict[str, Supply]) -> dict[UUID, str]:
    columns = {slug: _nearest_column(supply) for slug, supply in found.items()}
    ids = [found[slug].rows[column].id for slug, column in columns.items() if column is not None]
    rows = s.execute(text("select id, name from core.asset where id = any(:ids)"), {"ids": ids})
    return {row.id: row.name for row in rows}


def _rate(count: int, households: int) -> Rate:
    if not households:
        return Rate(count, None, None, None)
    low, high = byar_limits(count)
    return Rate(count, 1000 * count / households, 1000 * low / households, 1000 * high / households)


def _subject(s: Session, here: PlaceRecord, households: int) -> Subject:
    rented: int | None = s.scalar(text(TENURE), {"place_id": here.id})
    tenure = rented / households if rented is not None and households else None
    return Subject(here.id, here.kind, households, here.area_km2 * 1e6, tenure)
