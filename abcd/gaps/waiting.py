"""Which kept figures may be wrong: what changed since they were worked out, by place and category.

The trail says what changed, and PostgreSQL's snapshots which of it the figures have seen, so that a change counts
however long its transaction took. A change of an asset touches its category in the places within half an hour's walk,
in those that it serves, and where it may be the nearest of all; a barrier, homes, a threshold or a map of streets touch
the places they lie in.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.gaps.bags import packed
from abcd.gaps.standards import COUNTS_AS
from abcd.gaps.walk import CUT_OFF_MINUTES, PROFILES


def was(name: str) -> str:
    """SQL for a shape as it was before a change ``c``: the trail holds it as GeoJSON in metres."""
    told = f"c.before -> '{name}'"
    return f"ST_SetSRID(ST_GeomFromGeoJSON(case when jsonb_typeof({told}) = 'object' then {told} end), 27700)"


#: Metres beyond which nothing is near a place, along streets or not.
REACH = CUT_OFF_MINUTES * PROFILES["standard"]

EVERYTHING, KNOWING = "*", "?"
"""Beside categories: all of them; and ``?``, alone or before a category, of what is known and not of the facts: readers
work that out each time, maps and files hold it."""

# A change in this very transaction is told by its number, any other by whether the snapshot saw it.
CHANGES = """
with held as materialized (
  select m.place_id, m.box, m.snapshot, m.event_id, m.map_id from core.place_measured m where {which}
),
seen as materialized (select distinct snapshot, event_id from held where snapshot <> ''),
recent as materialized (
  select c.transaction, c.id, c.table_name, c.thing_id, c.before, c.after from core.row_change c
  where c.transaction >= (
      select min(cast(cast(pg_snapshot_xmin(cast(snapshot as pg_snapshot)) as text) as bigint)) from seen)
    and c.table_name in ('asset', 'place', 'households', 'place_threshold', 'search_effort', 'term', 'dwelling',
                         'barrier', 'crossing')
),
change as materialized (
  select seen.snapshot, seen.event_id, c.table_name as about, c.thing_id, c.before, c.after
  from seen join recent c
    on case when c.transaction = cast(cast(pg_current_xact_id_if_assigned() as text) as bigint)
       then c.id > seen.event_id
       else not pg_visible_in_snapshot(cast(cast(c.transaction as text) as xid8), cast(seen.snapshot as pg_snapshot))
       end
)"""

# Where a thing is and where it was; of an update the trail tells only what differs.
SPOTS = """
thing as materialized (
  select c.snapshot, c.event_id, array[a.category, c.before ->> 'category'] as slugs,
    array[a.point, a.geom, {was_point}, {was_geom}] as spots,
    c.thing_id, array(select lower(jsonb_array_elements_text(c.before -> 'serves'))
                      where jsonb_typeof(c.before -> 'serves') = 'array') as served
  from change c left join core.asset a on a.id = cast(c.thing_id as uuid)
  where c.about = 'asset' and c.thing_id <> ''
),
spot as materialized (
  select distinct snapshot, event_id, kind.slug, place.at from thing
  cross join lateral (
    select unnest(slugs) as slug union
    select counted.of from unnest(cast(:counted as text[]), cast(:counting as text[])) as counted(slug, of)
    where counted.slug = any(slugs)) kind
  cross join lateral unnest(spots) as place(at) where kind.slug is not null and place.at is not null
),
ground as materialized (
  select c.snapshot, c.event_id, d.at, 0.0 as within from change c
  left join core.dwelling d0 on d0.reference = c.thing_id
  cross join lateral (values (d0.point), ({was_point})) as d(at)
  where c.about = 'dwelling' and c.thing_id <> ''
  union all
  select c.snapshot, c.event_id, p.at, 0.0 from change c
  left join core.place p0 on p0.id = cast(c.thing_id as uuid) and p0.kind in ('oa', 'lsoa')
  cross join lateral (values (p0.point), ({was_point})) as p(at)
  where c.about in ('place', 'households') and c.thing_id <> ''
  union all
  select c.snapshot, c.event_id, b.at, :reach from change c
  left join core.barrier b0 on b0.id = cast(c.thing_id as uuid)
  cross join lateral (values (b0.geom), ({was_geom})) as b(at)
  where c.about in ('barrier', 'crossing') and c.thing_id <> ''
)"""

TOUCHED = """
touched as (
  select m.place_id, spot.slug from spot join core.place_measured m
    on m.box && ST_Expand(spot.at, :reach) and m.snapshot = spot.snapshot and m.event_id = spot.event_id
  where {which}
  union
  select h.place_id, m.category from spot join core.place_measure m on m.category = spot.slug
  join held h using (place_id) join core.place p on p.id = h.place_id
  where m.watch_metres > :reach and h.snapshot = spot.snapshot and h.event_id = spot.event_id
    and ST_Distance(p.point, spot.at) <= m.watch_metres + 1
  union
  select h.place_id, kind.slug from thing join held h using (snapshot, event_id)
  join core.place p on p.id = h.place_id cross join lateral unnest(thing.slugs) as kind(slug)
  where kind.slug is not null and (
    lower(p.name) = any(thing.served) or lower(p.reference) = any(thing.served) or lower(p.gss_code) = any(thing.served)
    or exists (select from core.place_asset l where l.place_id = h.place_id and l.relation = 'serves'
               and l.asset_id = cast(thing.thing_id as uuid)))
  union
  select m.place_id, '*' from ground join core.place_measured m
    on m.box && ST_Expand(ground.at, ground.within) and m.snapshot = ground.snapshot and m.event_id = ground.event_id
  where {which}
  union
  select h.place_id, case when c.about = 'search_effort' then '?' when c.about = 'term' then c.thing_id else '*' end
  from change c join held h using (snapshot, event_id)
  where c.thing_id = '' or c.about = 'term' or c.about in ('place', 'place_threshold', 'search_effort', 'households')
    and (c.thing_id = cast(h.place_id as text) or c.about = 'search_effort' and exists (
      select from core.place_parent l where l.place_id = h.place_id and cast(l.parent_id as text) = c.thing_id))
  union
  select h.place_id, '?' from held h
  where exists (select from change c where c.about in ('place', 'households') and c.thing_id <> '')
  union
  select h.place_id, '*' from held h join core.place p on p.id = h.place_id
  where h.snapshot = '' or h.map_id is distinct from (
      select w.id from core.street_map w where w.ended_at is null and ST_Covers(w.area, ST_Envelope(p.geom))
      order by w.made_at desc limit 1)
    or pg_snapshot_xmax(cast(nullif(h.snapshot, '') as pg_snapshot)) > pg_snapshot_xmax(pg_current_snapshot())
)"""


def touched(which: str) -> str:
    """The clauses of a statement that end in ``touched (place_id, slug)``, for the places ``m`` of which ``which``."""
    return ",".join((CHANGES, SPOTS, TOUCHED)).format(which=which, was_point=was("point"), was_geom=was("geom"))


OF_SOME = text(
    touched("m.place_id = any(:places)")
    + """
select place_id, slug from touched
union select place_id, unnest(waiting) from core.place_measured where place_id = any(:places)"""
)

# Of a thing that waits already, or of a trail that says nothing new, no row is written.
NOTE = text(
    touched("true")
    + """,
told as (select place_id, array_agg(slug) as slugs from touched group by place_id),
newest as materialized (select coalesce(max(id), 0) as id from core.row_change)
update core.place_measured m set
  snapshot = cast(pg_current_snapshot() as text),
  event_id = newest.id,
  waiting = array(select distinct unnest(m.waiting || coalesce(told.slugs, '{}')))
from newest, held left join told using (place_id) where m.place_id = held.place_id
  and (told.slugs is not null or m.event_id < newest.id)"""
)


@dataclass(frozen=True)
class Done:
    """How a place was worked out: since which snapshot, on which day, with homes in which box, on which map of streets
    and how that is said in each language."""

    begun: str
    on: date
    box: tuple[float, float, float, float]
    map_id: UUID | None
    walk: dict[str, str]


_PAIRS = [(slug, green) for green, every in COUNTS_AS.items() for slug in every]
VALUES = {"reach": REACH, "counted": [slug for slug, _green in _PAIRS], "counting": [green for _slug, green in _PAIRS]}


# A place that was worked out whole holds for what was committed when that began; of another the rest goes on waiting.
WHOLE = text("""
insert into core.place_measured (place_id, worked_out_on, event_id, snapshot, waiting, box, map_id, walk)
select place_id, "on", (select coalesce(max(id), 0) from core.row_change), begun, '{?}',
  ST_MakeEnvelope(box[1], box[2], box[3], box[4], 27700), map_id, walk
from jsonb_to_recordset(cast(:rows as jsonb)) as r(
  place_id uuid, "on" date, begun text, box float8[], map_id uuid, walk jsonb)
on conflict (place_id) do update set event_id = excluded.event_id, snapshot = excluded.snapshot, waiting = '{?}',
  box = excluded.box, map_id = excluded.map_id, walk = excluded.walk""")

SOME = text("""
update core.place_measured m set waiting = array(
  select one from unnest(waiting) as one where one <> all(r.slugs) union select '?' || unnest(r.slugs))
from jsonb_to_recordset(cast(:rows as jsonb)) as r(place_id uuid, slugs text[]) where m.place_id = r.place_id""")

# Whoever is compared with a place is told that it changed.
TOLD = text("""
update core.place_measured set waiting = array(select distinct unnest(waiting || cast(:words as text[])))
where alike && cast(:places as uuid[]) and not waiting @> cast(:words as text[]) and not waiting @> '{?}'""")


def note(s: Session) -> None:
    """Write down what waits to be worked out again because of all that changed since the last note."""
    s.execute(NOTE, VALUES)


def waiting(s: Session, places: Sequence[UUID]) -> dict[UUID, set[str]]:
    """The categories of ``places`` whose kept facts may be wrong now, ``*`` for all; places with none are left out.

    A place that was never worked out has none either: it has no facts.
    """
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for place_id, slug in s.execute(OF_SOME, VALUES | {"places": list(places)}):
        if not slug.startswith(KNOWING):
            found[place_id].add(slug)
    return dict(found)


def mark(s: Session, marks: Mapping[UUID, tuple[Collection[str], Done]]) -> None:
    """Write down of which categories of each place the facts are kept now, ``*`` for all; what is known waits."""
    whole = [{"place_id": one} | vars(done) for one, (slugs, done) in marks.items() if EVERYTHING in slugs]
    some = [{"place_id": one, "slugs": list(slugs)} for one, (slugs, _done) in marks.items() if EVERYTHING not in slugs]
    for statement, rows in ((WHOLE, whole), (SOME, some)):
        if rows:
            s.execute(statement, {"rows": packed(rows)})


def tell(s: Session, places: Collection[UUID], slugs: Collection[str]) -> None:
    """Have those that are compared with ``places`` work out anew what is known of ``slugs``, ``*`` for all."""
    words = [KNOWING] if EVERYTHING in slugs else [KNOWING + slug for slug in slugs]
    s.execute(TOLD, {"places": list(places), "words": words})
