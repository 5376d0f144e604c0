"""The measures of a place made again from what is kept, when all of it still holds: no distance is worked out anew.

Facts are kept (``abcd.gaps.bulk``); what grows old is worked out of them each time: how fresh things are, how sure
anybody is, how similar places fare.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.core.clock import today
from abcd.core.language import chosen
from abcd.gaps.bags import measure_from
from abcd.gaps.records import Comparison, Measure, Standard
from abcd.gaps.similar import KNOWN_FOR, NOT_COMPARED, Fare, Subject, alike, fares, rule
from abcd.gaps.standards import standards
from abcd.gaps.waiting import waiting
from abcd.gaps.walk import walk_model
from abcd.places.queries import place
from abcd.places.records import PlaceRecord

KEPT = text("""
select m.place_id, m.category, cast(m.facts as text) as facts, m.households, d.walk ->> :language as walk
from core.place_measured d join core.place_measure m using (place_id)
where d.place_id = any(:places) and (cast(:slugs as text[]) is null or m.category = any(:slugs))""")

# Of similar places only what a comparison asks for.
NEAR_THEM = text("""
select m.place_id, m.category, m.inside, m.edge_metres, p.households
from core.place_measure m join core.place p on p.id = m.place_id
where m.place_id = any(:places) and p.households > 0
  and (cast(:slugs as text[]) is null or m.category = any(:slugs))""")

LOOKED = text("""
select distinct wider.place_id, e.category
from (select id as place_id, id as at from unnest(cast(:places as uuid[])) as id
      union all select place_id, parent_id from core.place_parent where place_id = any(:places)) wider
join core.search_effort e on e.place_id = wider.at and e.looked_on > :since""")


class Other(NamedTuple):
    """One category of a place that others are compared with; ``edge_metres`` infinite where none is near."""

    edge_metres: float
    per_1000: float


@dataclass(frozen=True)
class Others:
    """What is kept of places that others are compared with, and the categories somebody looked for; by place."""

    rows: Mapping[UUID, Mapping[str, Other]]
    looked: Mapping[UUID, Collection[str]]


def stored_measures(s: Session, place_id: UUID, on: date | None = None) -> list[Measure] | None:
    """Everyday categories of a place as ``measures`` would give them at the standard pace, from what is kept.

    None when something they rest on changed since, in the place or in one that it is compared with, and when it was
    never worked out. What only a closer look works out (``access``, ``filtered``) is empty.

    Raises:
        NotFound: no such place.
    """
    here = place(s, place_id)
    found = stored(s, here, standards(s, (), here.id), on or today())
    return None if found is None else [measure for measure, _known in found]


def stored(s: Session, here: PlaceRecord, judged: Sequence[Standard], on: date) -> list[tuple[Measure, int]] | None:
    """The kept measures of ``judged`` compared with others, and in how many of those somebody knows; None when due."""
    rows = {row.category: row for row in kept_of(s, [here.id])}
    if not rows or any(one.category not in rows for one in judged):
        return None
    households = next(iter(rows.values())).households
    similar = alike(s, Subject(here.id, here.kind, households, here.area_km2 * 1e6))
    if waiting(s, [here.id, *similar]):
        return None
    others = others_of(s, similar, on)
    fare = fares_of(s, judged, similar, others, on)
    if fare is None:
        return None
    return [
        (measure_from(row.facts, one, row.walk, on, theirs.comparison), theirs.known)
        for one in judged
        for row, theirs in [(rows[one.category], fare[one.category])]
    ]


def kept_of(s: Session, places: Collection[UUID], slugs: Collection[str] | None = None) -> Sequence[Any]:
    """What is kept of ``places``, of the categories ``slugs`` alone where some are named."""
    values = {"places": list(places), "slugs": list(slugs) if slugs is not None else None, "language": chosen()}
    return s.execute(KEPT, values).all()


def others_of(s: Session, places: Collection[UUID], on: date, slugs: Collection[str] | None = None) -> Others:
    """What a comparison with ``places`` needs, of the categories ``slugs`` alone where some are named."""
    values = {"places": list(places), "slugs": list(slugs) if slugs is not None else None}
    rows: defaultdict[UUID, dict[str, Other]] = defaultdict(dict)
    for place_id, category, inside, metres, households in s.execute(NEAR_THEM, values):
        rows[place_id][category] = Other(inf if metres is None else metres, 1000.0 * inside / households)
    looked: defaultdict[UUID, set[str]] = defaultdict(set)
    for place_id, category in s.execute(LOOKED, {"places": list(places), "since": on - KNOWN_FOR}):
        looked[place_id].add(category)
    return Others(rows, looked)


def fares_of(
    s: Session, judged: Sequence[Standard], similar: Sequence[UUID], others: Others, on: date
) -> dict[str, Fare] | None:
    """How the places ``similar`` fare by category, as ``similar.fares`` says; None when one of them is not kept."""
    walk, terms = walk_model(), term_values(s)
    kept = [one for one in judged if _is_kept(one, terms)]
    theirs = [(others.rows.get(place_id, {}), others.looked.get(place_id, ())) for place_id in similar]
    needed = {one.category for one in kept}
    if any(not needed <= rows.keys() for rows, _looked in theirs):
        return None
    said = rule()
    # A standard of the place's own may ask of others what nobody kept of them.
    asked = [one for one in judged if not _is_kept(one, terms)]
    found = {one.category: _fare(one, theirs, walk.typical_metres(one.minutes), said) for one in kept}
    return found | (fares(s, similar, asked, walk, on) if asked else {})


def _is_kept(standard: Standard, terms: Mapping[str, Any]) -> bool:
    usual = standard.usual or standard
    is_green = standard.metres_from_boundary is not None or usual.metres_from_boundary is not None
    return bool(terms[standard.category]["is_everyday"]) and (standard.version is None or not is_green)


def _fare(
    standard: Standard, theirs: Sequence[tuple[Mapping[str, Other], Collection[str]]], walked: float, said: str
) -> Fare:
    if not theirs:
        return Fare(NOT_COMPARED, 0)
    limit, slug = standard.metres_from_boundary or walked, standard.category
    rows = [rows[slug] for rows, _looked in theirs]
    near = [row.edge_metres <= limit for row in rows]
    known = sum(is_near or slug in looked for is_near, (_rows, looked) in zip(near, theirs, strict=True))
    typical = median([row.per_1000 for row in rows])
    return Fare(Comparison(len(rows), sum(near), typical, said), known)
