"""Every category of a place worked out and kept, for maps and files; and which places are due to be worked out again.

A place is due when it never was, when the day is another (what is known grows old), or when an asset within its reach,
a search or the place itself has changed since.
"""

from collections.abc import Callable
from contextvars import copy_context
from datetime import date
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import use
from abcd.db.tables import AuditEvent, PlaceMeasure, PlaceMeasured, RowChange
from abcd.gaps.knowing import knowledge, prior_of, searches_in
from abcd.gaps.measures import compared, measured
from abcd.gaps.possibilities import order_of
from abcd.gaps.records import Knowledge, Measure
from abcd.gaps.searching import LOOKED_INTO
from abcd.gaps.streets.walk import walking
from abcd.gaps.walk import CUT_OFF_MINUTES, PROFILES
from abcd.gaps.wording import judged_by
from abcd.places.queries import place

Kept = TypeVar("Kept")

#: Metres beyond which nothing is near a place, along streets or not.
REACH = CUT_OFF_MINUTES * PROFILES["standard"]

# A change that a load made is told as a number of rows alone: then every place is due.
DUE = text("""
with change as materialized (
  select c.id, c.thing_kind, c.thing_id, c.before -> 'point' as was
  from core.row_change c
  where c.id > coalesce((select min(event_id) from core.place_measured), 0)
    and c.thing_kind in ('asset', 'place', 'taxonomy')
),
loaded as (select max(id) as id from change where thing_id = '' or thing_kind = 'taxonomy'),
moved as materialized (
  select change.id, a.point from change join core.asset a on a.id::text = change.thing_id
  where change.thing_kind = 'asset' and a.point is not null
  union all
  select id, ST_GeomFromGeoJSON(was) from change where jsonb_typeof(was) = 'object'
),
told as (select id, thing_id from change where thing_kind = 'place' and thing_id <> '')
select p.id from core.place p
left join core.place_measured m on m.place_id = p.id
cross join loaded
where p.kind = any(:kinds) and p.end_date is null and (
  m.place_id is null or m.worked_out_on < :today or m.event_id < loaded.id
  or exists (select from moved where moved.id > m.event_id and moved.point && ST_Expand(p.geom, :reach))
  or exists (
    select from told where told.id > m.event_id and (told.thing_id = p.id::text or told.thing_id in (
      select l.parent_id::text from core.place_parent l where l.place_id = p.id))))
order by m.worked_out_on nulls first, p.id
limit :most""")

HIDDEN = text("""
select distinct a.category from core.place p
join core.asset a on a.point && ST_Expand(p.geom, :reach)
where p.id = :place_id and a.visibility <> 'public' and a.merged_into is null
union
select distinct a.category from core.place_asset l join core.asset a on a.id = l.asset_id
where l.place_id = :place_id and a.visibility <> 'public' and a.merged_into is null""")


def due(s: Session, most: int = 100, on: date | None = None) -> list[UUID]:
    """The places whose kept figures are missing or may be wrong, the longest waiting first, ``most`` of them."""
    values = {"kinds": list(LOOKED_INTO), "today": on or today(), "reach": REACH, "most": most}
    return list(s.scalars(DUE, values))


def work_out(s: Session, place_id: UUID, on: date | None = None) -> int:
    """Work every everyday category of a place out and keep it in the place of what was kept; how many.

    Raises:
        NotFound: no such place.
    """
    day, event = on or today(), newest_event(s)
    rows = in_english(lambda: measured_rows(s, place_id, day))
    s.execute(delete(PlaceMeasure).where(PlaceMeasure.place_id == place_id))
    s.execute(delete(PlaceMeasured).where(PlaceMeasured.place_id == place_id))
    if rows:
        s.execute(insert(PlaceMeasure), rows)
    s.add(PlaceMeasured(place_id=place_id, worked_out_on=day, event_id=event))
    s.flush()
    return len(rows)


def settle(s: Session) -> None:
    """Say of every place that it holds up to now; call it when none is due, so that old changes are not read again."""
    s.execute(PlaceMeasured.__table__.update().values(event_id=newest_event(s)))  # type: ignore[attr-defined]


def newest_event(s: Session) -> int:
    """The number of the last thing that the trail holds, deed or changed row."""
    newest = [select(func.max(table.id)).scalar_subquery() for table in (AuditEvent, RowChange)]
    return s.scalar(select(func.coalesce(func.greatest(*newest), 0))) or 0


def in_english(act: Callable[[], Kept]) -> Kept:
    """What ``act`` gives back, its words in English whatever language is spoken here: files keep them."""
    here = copy_context()
    here.run(use, "en")
    return here.run(act)


def measured_rows(s: Session, place_id: UUID, on: date) -> list[dict[str, Any]]:
    """One row for each category, as ``PlaceMeasure`` keeps it."""
    here, searches = place(s, place_id), searches_in(s, place_id, on)
    walk = walking(s, here.box)
    hidden = hidden_near(s, place_id)
    rows = []
    for measure, known_in in compared(s, here, measured(s, here, walk, on, (), ()), walk, on):
        category = measure.standard.category
        prior = prior_of(measure.similar.having, known_in)
        known = knowledge(measure, searches.get(category, []), on, prior)
        rows.append(row_of(place_id, measure, known, on) | {"rests_on_hidden": category in hidden})
    return rows


def row_of(place_id: UUID, measure: Measure, known: Knowledge, on: date) -> dict[str, Any]:
    """The figures of one category; its id is always the same for this place and category."""
    category = measure.standard.category
    return {
        "id": uuid5(NAMESPACE_OID, f"{place_id} {category}"),
        "place_id": place_id,
        "category": category,
        "households": measure.households,
        "in_reach": measure.in_reach,
        "fresh": measure.fresh,
        "coverage": measure.coverage,
        "median_minutes": measure.median_minutes,
        "per_1000": measure.provision.per_1000,
        "judged_by": judged_by(measure.standard),
        "state": known.state,
        "absence": known.absence,
        "searches": len(known.searches),
        "order": order_of(measure, known) or 0,
        "newest_check": measure.newest_check if known.absence is None else looked_last(known),
        "worked_out_on": on,
    }


def looked_last(known: Knowledge) -> date | None:
    """The day of the last search, when somebody searched."""
    return known.searches[0].looked_on if known.searches else None


def hidden_near(s: Session, place_id: UUID) -> set[str]:
    """Categories of which something that is not for the public lies within reach of a place."""
    return set(s.scalars(HIDDEN, {"place_id": place_id, "reach": REACH}))
