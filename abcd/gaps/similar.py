"""Places like this one, chosen by one stated rule, and how they fare. No league tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.gaps.records import Comparison, Standard
from abcd.gaps.standards import counts_as
from abcd.gaps.walk import WalkModel

NOT_COMPARED = Comparison(0, 0, None, "")

MANY = 10
"""How many similar places are looked at."""

KNOWN_FOR = timedelta(days=365)
"""A search older than this no longer says that a place has none."""

# Forty places nearest in households come from two ordered range scans; the ten most alike of them are kept.
ALIKE = text("""
select q.place_id, found.id
from unnest(cast(:places as uuid[]), cast(:kinds as text[]), cast(:households as int[]), cast(:densities as float8[]))
  as q(place_id, kind, households, density)
cross join lateral (
  select 1.0 * max(h.count) / q.households as tenure from (
    select h.count from core.households h
    where h.place_id = q.place_id and h.measure = 'social_rented' order by h.year desc limit 1) h) ours
cross join lateral (
  select described.id,
    abs(ln(1.0 * described.households / q.households)) + coalesce(abs(ln(described.density / q.density)), 0)
      + coalesce(abs(described.tenure - ours.tenure), 0) as apart
  from (
    select c.id, c.households, c.households / nullif(ST_Area(c.geom), 0) as density, t.share as tenure
    from (
      (select id, households, geom from core.place
       where kind = q.kind and households >= q.households and id <> q.place_id and end_date is null
       order by households limit 20)
      union all
      (select id, households, geom from core.place
       where kind = q.kind and households < q.households and households > 0 and id <> q.place_id and end_date is null
       order by households desc limit 20)) c
    left join lateral (
      select 1.0 * h.count / nullif(c.households, 0) as share from core.households h
      where h.place_id = c.id and h.measure = 'social_rented' order by h.year desc limit 1) t on true) described
  order by apart, described.id limit :many) found
order by q.place_id, found.apart, found.id""")

# Distance and not ST_DWithin, which would have the planner read the index of all points as well.
FARE = text("""
with inside as (
  select pa.place_id, a.category, count(distinct a.id) as n
  from core.place_asset pa join core.asset a on a.id = pa.asset_id
  where pa.place_id = any(:places) and a.status = 'active' and a.merged_into is null and not a.is_sensitive
  group by 1, 2
),
looked as (
  select distinct wider.place_id, e.category
  from (select id as place_id, id as at from unnest(cast(:places as uuid[])) as id
        union all select place_id, parent_id from core.place_parent where place_id = any(:places)) wider
  join core.search_effort e on e.place_id = wider.at and e.looked_on > :since
)
select c.slug, count(*) filter (where near.found) as having,
  count(*) filter (where near.found or looked.place_id is not null) as known,
  percentile_cont(0.5) within group (order by 1000.0 * coalesce(inside.n, 0) / p.households) as typical
from core.place p
cross join unnest(cast(:slugs as text[]), cast(:metres as float8[])) as c(slug, metres)
cross join lateral (
  select exists (
    select from core.asset a
    where a.category = c.slug and a.status = 'active' and a.merged_into is null
      and core.shelf(a.category, a.point) && core.shelf(c.slug, ST_Expand(ST_Envelope(p.geom), c.metres))
      and ST_Distance(p.geom, a.point) <= c.metres) as found
  offset 0) near
left join inside on inside.place_id = p.id and inside.category = c.slug
left join looked on looked.place_id = p.id and looked.category = c.slug
where p.id = any(:places)
group by c.slug""")


# A green space counts by its shape, as its standard does for the place itself.
FARE_OF_GREENS = text("""
select count(*) filter (where near.found) as having,
  count(*) filter (where near.found or exists (
    select from core.search_effort e where e.category = :slug and e.looked_on > :since and e.place_id in (
      select p.id union all select parent_id from core.place_parent where place_id = p.id))) as known
from core.place p
cross join lateral (
  select exists (
    select from core.asset a
    where a.category = any(:slugs) and ST_Dimension(a.geom) = 2 and a.status = 'active' and a.merged_into is null
      and a.geom && ST_Expand(ST_Envelope(p.geom), :metres) and ST_Area(a.geom) >= :area
      and ST_Distance(p.geom, a.geom) <= :metres) as found
  offset 0) near
where p.id = any(:places)""")


@dataclass(frozen=True)
class Subject:
    """The place that others are compared with; ``area`` in square metres."""

    place_id: UUID
    kind: str
    households: int
    area: float


@dataclass(frozen=True)
class Fare:
    """``Comparison`` and, of its places, in how many somebody has looked lately for the category or found it."""

    comparison: Comparison
    known: int


def alike(s: Session, subject: Subject, many: int = MANY) -> list[UUID]:
    """Places of the same kind nearest in households, density and (when known) tenure; none without households."""
    return alike_by_place(s, [subject], many)[subject.place_id]


def alike_by_place(s: Session, subjects: Collection[Subject], many: int = MANY) -> dict[UUID, list[UUID]]:
    """The same for many places, each with its own."""
    found: dict[UUID, list[UUID]] = {one.place_id: [] for one in subjects}
    asked = [one for one in subjects if one.households]
    values = {
        "places": [one.place_id for one in asked], "kinds": [one.kind for one in asked],
        "households": [one.households for one in asked], "many": many,
        "densities": [one.households / one.area for one in asked],
    }  # fmt: skip
    for row in s.execute(ALIKE, values) if asked else ():
        found[row.place_id].append(row.id)
    return found


def fares(s: Session, places: Sequence[UUID], judged: Sequence[Standard], walk: WalkModel, on: date) -> dict[str, Fare]:
    """How ``places`` fare by category: how many have one within the threshold, and their median rate."""
    if not places or not judged:
        return {standard.category: Fare(NOT_COMPARED, 0) for standard in judged}
    metres = [standard.metres_from_boundary or walk.typical_metres(standard.minutes) for standard in judged]
    since = on - KNOWN_FOR
    slugs = [standard.category for standard in judged]
    values = {"places": list(places), "slugs": slugs, "metres": metres, "since": since}
    found = {
        row.slug: Fare(Comparison(len(places), row.having, row.typical, rule()), row.known)
        for row in s.execute(FARE, values)
    }
    greens = [standard for standard in judged if standard.metres_from_boundary is not None]
    return found | {green.category: _fare_of_greens(s, places, green, found[green.category], since) for green in greens}


def _fare_of_greens(s: Session, places: Sequence[UUID], green: Standard, by_point: Fare, since: date) -> Fare:
    values = {"places": list(places), "slug": green.category, "slugs": counts_as(green),
              "metres": green.metres_from_boundary, "area": green.minimum_area_m2, "since": since}  # fmt: skip
    row = s.execute(FARE_OF_GREENS, values).one()
    return Fare(replace(by_point.comparison, having=row.having), row.known)


def rule() -> str:
    """How similar places are chosen, in plain words."""
    return _(
        "Similar places: up to {many} of the same kind, nearest in number of households, homes per hectare and, "
        "where it is known, share of social rent; each difference counts the same. One is near them when it lies "
        "within the distance of their edge."
    ).format(many=MANY)
