"""What is strong here, in figures: what there is more of than elsewhere, how varied it is, and what has no understudy.

Product.md D.2, 7. Shown beside every possibility, never instead of the things themselves.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.gaps.formulas import diversity, location_quotient, weighted_median
from abcd.gaps.ground import Ground, ground_of

# Stories and individuals' gifts are strengths too; what is not for everybody's eyes is counted like the rest.
COUNTED = text("""
select a.category, a.asset_kind as kind, count(*) as n
from core.place_asset pa join core.asset a on a.id = pa.asset_id
where pa.place_id = :place_id and pa.relation = 'within' and a.status = 'active' and a.merged_into is null
  and not a.is_sensitive
group by 1, 2""")

WIDER = text("""
select p.id, p.name from core.place_parent l join core.place p on p.id = l.parent_id
where l.place_id = :place_id and p.kind = 'lad' and p.end_date is null order by l.share desc limit 1""")


@dataclass(frozen=True)
class Quotient:
    """How much of what is here is of one kind, beside the whole authority: above 1 there is more of it than usual.

    ``here`` of ``all_here`` assets, ``there`` of ``all_there`` in the authority; ``value`` None where it has none.
    """

    slug: str
    here: int
    all_here: int
    there: int
    all_there: int
    value: float | None


@dataclass(frozen=True)
class Redundancy:
    """How many things of a theme homes can choose from within the threshold.

    ``things`` are near some home; half of the households has ``typical`` or fewer near; ``only_one`` and ``none`` are
    the shares of households with one and with none. None where households are not known.
    """

    theme: str
    things: int
    typical: int | None
    only_one: float | None
    none: float | None


@dataclass(frozen=True)
class SinglePoint:
    """An asset that is the only one of its category near ``households`` of a place: if it closed, they had none."""

    asset_id: UUID
    name: str
    category: str
    households: int


@dataclass(frozen=True)
class Strength:
    """The strengths of a place in figures; ``wider`` names the authority it is compared with, empty without one.

    ``diversity`` is Shannon's H' over the six kinds of assets and ``diversity_most`` what it is when all are there
    alike; ``kinds`` how many of each there are.
    """

    wider: str
    by_category: tuple[Quotient, ...]
    by_theme: tuple[Quotient, ...]
    kinds: dict[str, int]
    diversity: float
    diversity_most: float
    redundancy: tuple[Redundancy, ...]
    single_points: tuple[SinglePoint, ...]


KINDS = 6


def strength(s: Session, place_id: UUID, profile: str = "standard", on: date | None = None) -> Strength:
    """What is strong in a place.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile.
    """
    return strength_of(s, ground_of(s, place_id, profile, on))


def strength_of(s: Session, ground: Ground) -> Strength:
    """As ``strength`` from what was found round a place."""
    here, kinds = _counted(s, ground.here.id)
    wider = s.execute(WIDER, {"place_id": ground.here.id}).first()
    there = _counted(s, wider.id)[0] if wider else Counter[str]()
    themes = {slug: term["theme"] for slug, term in term_values(s).items()}
    return Strength(
        wider=wider.name if wider else "",
        by_category=_quotients(here, there),
        by_theme=_quotients(_by(here, themes), _by(there, themes)),
        kinds=dict(kinds),
        diversity=diversity(list(kinds.values())),
        diversity_most=float(np.log(KINDS)),
        redundancy=tuple(_redundancy(ground, theme) for theme in dict.fromkeys(one.theme for one in ground.judged)),
        single_points=single_points(ground),
    )


def _counted(s: Session, place_id: UUID) -> tuple[Counter[str], Counter[str]]:
    """How many assets lie in a place, by category and by kind."""
    categories, kinds = Counter[str](), Counter[str]()
    for row in s.execute(COUNTED, {"place_id": place_id}):
        categories[row.category] += row.n
        kinds[row.kind] += row.n
    return categories, kinds


def _by(counts: Mapping[str, int], themes: Mapping[str, str]) -> Counter[str]:
    found = Counter[str]()
    for slug, n in counts.items():
        found[themes.get(slug, "")] += n
    return found


def _quotients(here: Mapping[str, int], there: Mapping[str, int]) -> tuple[Quotient, ...]:
    """Of everything that is here, what there is relatively most of first."""
    all_here, all_there = sum(here.values()), sum(there.values())
    found = [
        Quotient(slug, n, all_here, there.get(slug, 0), all_there,
                 location_quotient(n, all_here, there.get(slug, 0), all_there))
        for slug, n in here.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-(one.value or 0.0), -one.here, one.slug)))


def _redundancy(ground: Ground, theme: str) -> Redundancy:
    near = [ground.near(one) | ground.found[one.category].serving for one in ground.judged if one.theme == theme]
    each = np.sum([one.sum(axis=1) for one in near], axis=0)
    middle = weighted_median(each.astype(float), ground.homes.households)
    things = int(sum(one.any(axis=0).sum() for one in near))
    typical = None if middle is None else int(middle)
    return Redundancy(theme, things, typical, ground.share(each == 1), ground.share(each == 0))


def single_points(ground: Ground) -> tuple[SinglePoint, ...]:
    """The assets that some households have as the only one of a category near, those of most households first."""
    found = [point for standard in ground.judged for point in _only_ones(ground, standard.category,
             ground.near(standard) | ground.found[standard.category].serving)]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.households, one.category, one.name)))


def _only_ones(ground: Ground, category: str, near: NDArray[np.bool_]) -> list[SinglePoint]:
    alone = near & (near.sum(axis=1) == 1)[:, None]
    relying = ground.homes.households @ alone
    rows = ground.found[category].rows
    return [
        SinglePoint(row.id, row.name, category, round(households))
        for row, households in zip(rows, relying.tolist(), strict=True)
        if households
    ]
