"""Three ways of looking at what holds a place together: places to meet, connectedness, active community.

The domains are those of the Community Needs Index (product.md D.4), which is others' and is not rebuilt here: each part
is a figure of our own register and stands for itself. They are not added up, and no place is ranked by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.gaps.formulas import coverage
from abcd.gaps.lens_words import domain_words, how_words, part_words
from abcd.gaps.needs import EVENINGS, WEEKEND
from abcd.gaps.reach import Homes, homes_of, supplies
from abcd.gaps.records import Standard
from abcd.gaps.similar import Subject, alike
from abcd.gaps.standards import standards
from abcd.gaps.streets.walk import walking
from abcd.gaps.walk import CUT_OFF_MINUTES, WalkModel
from abcd.places.queries import place
from abcd.places.records import PlaceRecord

ROOM_MINUTES = 10.0
"""A place to meet is near within ten minutes: our own default for a weekly, open, free gathering (product.md D.4)."""

MEETING = "meeting-places"
BESIDES = ("bus-stop", "digital-help")
"""Getting about and going online: what else joins people, by their own thresholds."""

RESIDENT_LED = ("residents", "members", "neighbours")

# Assets inside each place: what is known of them, and of how many anything is.
INSIDE = text("""
select pa.place_id,
  count(*) filter (where t.has_room and t.parent = :meeting) as rooms,
  count(*) filter (where v.is_underused or v.spare_grid > 0) as spare,
  count(*) filter (where t.has_room and t.parent = :meeting and a.open_grid is not null) as rooms_timed,
  count(*) filter (where t.has_room and t.parent = :meeting and a.open_grid & :late <> 0) as rooms_late,
  count(*) filter (where a.asset_kind = 'association') as groups,
  count(*) filter (where a.asset_kind = 'association' and (
    g.meets_at is not null or exists (select from core.edge e where e.a_id = a.id)
    or exists (select from core.edge e where e.b_id = a.id))) as tied,
  count(*) filter (where g.streets_mix <> '') as mix_told,
  count(*) filter (where g.streets_mix = 'mixed') as mixed,
  count(*) filter (where g.run_by <> '') as run_told,
  count(*) filter (where g.run_by = any(:resident_led)) as resident_led,
  count(*) filter (where a.asset_kind = 'association' and a.open_to_new <> 'unknown') as welcome_told,
  count(*) filter (where a.asset_kind = 'association' and a.open_to_new = 'yes') as welcoming,
  count(*) filter (where a.category in ('event', 'festival')) as gatherings
from core.place_asset pa
join core.asset a on a.id = pa.asset_id
join core.term t on t.slug = a.category
left join core.venue v on v.asset_id = a.id
left join core.community_group g on g.asset_id = a.id
where pa.place_id = any(:places) and pa.relation = 'within'
  and a.status = 'active' and a.merged_into is null and not a.is_sensitive
group by pa.place_id""")

SIZES = text("select id, households from core.place where id = any(:places) and households > 0")

DOMAINS = {
    "places_to_meet": ("rooms", "rooms_near", "spare", "rooms_late"),
    "connectedness": ("tied", "mixed", "bus_near", "online_near"),
    "active_community": ("groups", "resident_led", "welcoming", "gatherings"),
}
"""The parts of each domain, in the order in which they are shown."""

RATES = {"rooms": "rooms", "spare": "spare", "groups": "groups", "gatherings": "gatherings"}
SHARES = {
    "rooms_late": ("rooms_late", "rooms_timed"), "tied": ("tied", "groups"), "mixed": ("mixed", "mix_told"),
    "resident_led": ("resident_led", "run_told"), "welcoming": ("welcoming", "welcome_told"),
}  # fmt: skip
"""Part -> how many, of how many of which anybody knows."""


@dataclass(frozen=True)
class LensPart:
    """One figure: ``count`` things per 1,000 households (``unit`` rate), or the share ``value`` (unit share).

    A share is of ``of`` things of which it is known, or of all households; None where nobody knows. ``similar`` is the
    median of similar places, None where it is not compared or not known.
    """

    slug: str
    name: str
    unit: str
    value: float | None
    count: int
    of: int
    similar: float | None
    how: str


@dataclass(frozen=True)
class Domain:
    """One of the three domains and its parts."""

    slug: str
    name: str
    parts: tuple[LensPart, ...]


@dataclass(frozen=True)
class Lens:
    """The three domains of a place; the parts are compared with ``similar`` places, chosen by the one stated rule."""

    domains: tuple[Domain, ...]
    similar: int


def lens(s: Session, place_id: UUID, profile: str = "standard") -> Lens:
    """The social-infrastructure lens of a place, from our own register.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown walking profile.
    """
    here = place(s, place_id)
    homes = homes_of(s, here)
    households = here.households or int(homes.households.sum())
    others = alike(s, Subject(here.id, here.kind, households, here.area_km2 * 1e6))
    values = {"places": [here.id, *others], "late": EVENINGS | WEEKEND, "resident_led": list(RESIDENT_LED),
              "meeting": MEETING}  # fmt: skip
    known = {row.place_id: row._mapping for row in s.execute(INSIDE, values)}
    sizes = {row.id: row.households for row in s.execute(SIZES, {"places": others})}
    near = _near(s, here, homes, walking(s, here.box, profile))
    found = _Found(
        known.get(here.id, {}), [(known.get(one, {}), size) for one, size in sizes.items()], households, near
    )
    domains = tuple(
        Domain(slug, domain_words(slug), tuple(_part(part, found) for part in parts)) for slug, parts in DOMAINS.items()
    )
    return Lens(domains, len(sizes))


@dataclass(frozen=True)
class _Found:
    """Counts here, those of similar places with their households, and the shares of homes that are near something."""

    here: Any
    others: Sequence[tuple[Any, int]]
    households: int
    near: dict[str, float | None]


def _part(slug: str, found: _Found) -> LensPart:
    if slug in found.near:
        value, count, of, similar, unit = found.near[slug], 0, found.households, None, "share"
    elif slug in RATES:
        count, of, unit = int(found.here.get(RATES[slug], 0)), found.households, "rate"
        value = 1000 * count / of if of else None
        similar = _median([1000 * row.get(RATES[slug], 0) / size for row, size in found.others])
    else:
        counted, known = SHARES[slug]
        count, of, unit = int(found.here.get(counted, 0)), int(found.here.get(known, 0)), "share"
        value = count / of if of else None
        similar = _median([row[counted] / row[known] for row, _size in found.others if row.get(known)])
    return LensPart(slug, part_words(slug), unit, value, count, of, similar, how_words(slug))


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _near(s: Session, here: PlaceRecord, homes: Homes, walk: WalkModel) -> dict[str, float | None]:
    """The shares of households near any place to meet, a bus stop, and help with going online."""
    judged = {one.category: one for one in standards(s, BESIDES, here.id) if one.category in BESIDES}
    meeting = {slug: _meeting(slug, term) for slug, term in term_values(s).items() if is_meeting(term)}
    found = supplies(s, here.id, homes, (meeting | judged).values(), walk, CUT_OFF_MINUTES)
    cheapest = {slug: one.cost.min(axis=1, initial=np.inf) for slug, one in found.items()}
    rooms = np.min([cheapest[slug] for slug in meeting] or [np.full(len(homes.points), np.inf)], axis=0)
    bus, online = (
        coverage(cheapest[slug], homes.households, judged[slug].minutes) if slug in judged else None for slug in BESIDES
    )
    return {"rooms_near": coverage(rooms, homes.households, ROOM_MINUTES), "bus_near": bus, "online_near": online}


def is_meeting(term: dict[str, Any]) -> bool:
    """Whether a category is a place to meet with a room."""
    return bool(term["has_room"] and term["parent"] == MEETING)


def _meeting(slug: str, term: dict[str, Any]) -> Standard:
    return Standard(slug, term["name"], term["theme"], ROOM_MINUTES, "")
