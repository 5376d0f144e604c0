"""An invented Britain of any size, made inside the store by SQL: the same rows every time, whatever the plan.

``fill(connection, assets)`` puts towns, estates, small areas with households, postcodes and ``assets`` assets
(clustered in the towns, 24 categories, names, checks) into an empty store. Every draw is a hash of the row
number, so two stores of one size are equal. Run as a script it fills ``ABCD_DATABASE_URL``::

    python -m tests.bench.synthetic 100000
"""

import sys
import time
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import learn_words
from abcd.db.cells import count_afresh, count_later
from abcd.db.session import store_url

TODAY = date(2026, 11, 1)
SOURCE = UUID("5e0d0000-0000-4000-8000-000000000001")
IMPORT = UUID("5e0d0000-0000-4000-8000-000000000002")

#: category -> its slots of all assets; everyday ones first, then groups and the rest.
SHARES = {
    "bus-stop": 14, "shop": 12, "cafe": 9, "place-of-worship": 7, "school": 5, "park": 5, "gp": 4, "pharmacy": 4,
    "play-area-young": 4, "community-centre": 4, "library": 2, "food-bank": 2, "warm-space": 1, "community-garden": 1,
    "residents-association": 2, "parent-and-toddler": 3, "youth-group": 3, "older-peoples-group": 3, "advice": 1,
    "sports-club": 4, "arts-and-music": 3, "gardening-group": 2, "pub": 4, "defibrillator": 5,
}  # fmt: skip

#: What tells one thing from the next in its name.
NAMES = (
    "Central Riverside Old New Hillside Park Station Green Cross Market Castle Abbey Priory Bridge Mill Church Chapel "
    "Meadow Orchard Grange Manor Quay Wharf Canal Heath Common Moor Vale Grove Beech Willow Cedar Holly Rowan Poplar "
    "Northern Southern Eastern Western Upper Lower Victoria Albert Wellington Nelson Jubilee Coronation Unity Hope"
).split()

#: Land of Britain, roughly, as boxes in metres: west, south, east, north and how many towns of 20 lie in each.
LAND = ((300000, 80000, 600000, 200000, 8), (330000, 200000, 560000, 350000, 6), (330000, 350000, 490000, 560000, 4),
        (230000, 620000, 390000, 760000, 2))  # fmt: skip

WORDS = """
create function pg_temp.draw(i bigint, salt int) returns float8 language sql immutable parallel safe as
  $$ select (hashint8extended(i, salt) & 9007199254740991)::float8 / 9007199254740992::float8 $$;
create function pg_temp.spread(i bigint, salt int) returns float8 language sql immutable parallel safe as
  $$ select sqrt(-2 * ln(1 - pg_temp.draw(i, salt))) * cos(6.283185307179586 * pg_temp.draw(i, salt + 1)) $$;
create function pg_temp.pick(words text[], i bigint, salt int) returns text language sql immutable parallel safe as
  $$ select words[1 + floor(pg_temp.draw(i, salt) * cardinality(words))::int] $$;
"""

TOWNS = """
create temporary table town as
select n, west + pg_temp.draw(n, 1) * (east - west) e, south + pg_temp.draw(n, 2) * (north - south) n_,
       600 + 2400 * pg_temp.draw(n, 3) as radius,
       pg_temp.pick('{Ash,Elm,Oak,Stone,Mill,Brook,Whit,Black,Marsh,Hazel,Thorn,Fern,Kings,Long,Red}', n, 4)
       || pg_temp.pick('{ford,ton,bury,ham,ley,worth,field,wick,stead,dale,mouth,bridge,combe}', n, 5) as name
from generate_series(1, :towns) n
join (values {land}) as land(first, last, west, south, east, north)
  on n % 20 >= first and n % 20 < last;
create unique index on town (n);
analyze town
"""

SLOTS = """
create temporary table share as
select n::int - 1 as slot, slug, asset_kind, name
from unnest(cast(:slugs as text[])) with ordinality as given(slug, n) join core.term using (slug);
analyze share
"""

PROVENANCE = """
insert into core.source (id, slug, name, publisher, licence, attribution)
values (:source, 'invented-britain', 'Invented Britain', 'Nobody', 'CC0 1.0', 'Invented data');
insert into core.import (id, source_id, kind, file_name, file_bytes, status, as_of, loaded_at)
values (:import, :source, 'assets', 'invented.csv', 0, 'loaded', :today, now())
"""

ESTATES = """
insert into core.place (id, kind, reference, name, geom, point, households, denominators_source, denominators_year)
select md5('estate' || i)::uuid, 'estate', 'E' || i, t.name || ' Estate ' || i, ST_Multi(ST_Buffer(p.point, p.r, 10)),
       p.point, (p.r * p.r / 110)::int, 'Invented', 2021
from generate_series(1, :estates) i
join town t on t.n = 1 + floor(:towns * power(pg_temp.draw(i, 10), 1.5))::int
cross join lateral (select 110 + 190 * pg_temp.draw(i, 11) r, ST_SetSRID(ST_MakePoint(
  t.e + t.radius * pg_temp.spread(i, 12), t.n_ + t.radius * pg_temp.spread(i, 14)), 27700) point) p
"""

SMALL_AREAS = """
insert into core.place (id, kind, reference, name, geom, point)
select md5('oa' || e.reference || k)::uuid, 'oa', 'A' || e.reference || '-' || k,
       'Small area ' || e.reference || '-' || k,
       ST_Multi(ST_Buffer(p.point, p.r * 0.45, 4)), p.point
from (select reference, point, sqrt(ST_Area(geom) / pi()) r from core.place where kind = 'estate') e
cross join generate_series(1, :areas_each) k
cross join lateral (select e.r, ST_Translate(e.point, e.r / 2 * cos(k * 2 * pi() / :areas_each),
                                             e.r / 2 * sin(k * 2 * pi() / :areas_each)) point) p;
insert into core.households (place_id, year, measure, count, source_id)
select id, 2021, measure, (least + most * pg_temp.draw(hashtext(reference), salt))::int, :source
from core.place cross join (values ('all', 90, 70, 20), ('social_rented', 10, 80, 21)) m(measure, least, most, salt)
where kind = 'oa'
"""

POSTCODES = """
insert into core.postcode (postcode, point, vintage, source_id)
select pg_temp.pick('{ZB,ZD,ZF,ZH,ZJ,ZN,ZP,ZS,ZT,ZW}', i, 30) || (1 + i % 9)::text || (i / 5760 % 10)::text
       || chr(65 + i / 24 % 24) || chr(65 + i % 24) || lpad((i / 57600)::text, 2, '0'),
       ST_SetSRID(ST_MakePoint(t.e + t.radius * pg_temp.spread(i, 31), t.n_ + t.radius * pg_temp.spread(i, 33)), 27700),
       '2026', :source
from generate_series(1, :postcodes) i
join town t on t.n = 1 + floor(:towns * power(pg_temp.draw(i, 35), 1.5))::int
on conflict do nothing
"""

ASSETS = """
insert into core.asset (id, asset_kind, category, name, description, geom, point, located_by, precision_m, address,
  postcode, phone, website, open_grid, cost, step_free, open_to_new, source_id, source_ref, first_import_id,
  last_import_id, source_kind, assured_on, assured_by, confidence)
select md5('asset' || i)::uuid, k.asset_kind, k.slug,
       t.name || ' ' || pg_temp.pick(cast(:names as text[]), i, 40) || ' ' || k.name,
       'Open to everyone in ' || t.name || ', run with ' ||
       pg_temp.pick('{neighbours,volunteers,residents,the council,a charity,members}', i, 41)
       || ' since ' || (1950 + (i * 7) % 75) || '.',
       p.point, p.point, 'geometry', 10, (1 + i % 180) || ' ' || pg_temp.pick('{High,Mill,Church,Park,Station}', i, 42)
       || ' Street, ' || t.name, 'ZB' || i % 9 || ' 1AA', '0161 496 0' || lpad((i % 1000)::text, 3, '0'),
       'https://example.org/' || i, case when pg_temp.draw(i, 43) < 0.5 then (pg_temp.draw(i, 44) * 2097151)::int end,
       pg_temp.pick('{free,"",fixed}', i, 45), pg_temp.pick('{yes,no,unknown}', i, 46),
       pg_temp.pick('{yes,ask,unknown}', i, 47), :source, 'S' || i, :import, :import, 'open data',
       :today - (pg_temp.draw(i, 48) * 900)::int, 'Invented', 0.5
from generate_series(1, :assets) i
join town t on t.n = 1 + floor(:towns * power(pg_temp.draw(i, 49), 1.5))::int
join pg_temp.share k on k.slot = floor(pg_temp.draw(i, 50) * :slots)::int
cross join lateral (select ST_SetSRID(ST_MakePoint(
  t.e + t.radius * pg_temp.spread(i, 51), t.n_ + t.radius * pg_temp.spread(i, 53)), 27700) point) p
"""

BEHIND = """
insert into core.community_group (asset_id, run_by, needs_room, key_holder_count)
select a.id, pg_temp.pick('{residents,members,volunteers,staff}', hashtext(a.source_ref), 60),
       pg_temp.draw(hashtext(a.source_ref), 61) < 0.2, 1 + (pg_temp.draw(hashtext(a.source_ref), 62) * 3)::int
from core.asset a join core.term t on t.slug = a.category where t.needs_room;
insert into core.venue (asset_id, owner, is_underused, spare_grid, capacity)
select a.id, 'Invented', pg_temp.draw(hashtext(a.source_ref), 63) < 0.1,
       (pg_temp.draw(hashtext(a.source_ref), 64) * 2097151)::int,
       20 + (pg_temp.draw(hashtext(a.source_ref), 65) * 80)::int
from core.asset a join core.term t on t.slug = a.category where t.has_room
"""

ASSIGNED = """
insert into core.place_asset (place_id, asset_id, relation)
select p.id, a.id, 'within' from core.place p
cross join lateral (select id from core.asset a where a.point && p.geom and ST_Covers(p.geom, a.point) offset 0) a
where p.kind = 'estate'
"""

SLOW_INDEXES = """
select indexname, indexdef from pg_indexes
where schemaname = 'core' and tablename in ('asset', 'place', 'postcode') and indexdef !~ 'UNIQUE'
"""

SLOW_CONSTRAINTS = """
select conname, pg_get_constraintdef(oid) from pg_constraint
where conrelid = 'core.asset'::regclass and contype in ('f', 'u')
"""


def fill(
    connection: Connection,
    assets: int,
    *,
    estates: int = 30_000,
    towns: int = 1_500,
    areas_each: int = 3,
    postcodes: int = 200_000,
    assigned: bool = True,
) -> dict[str, float]:
    """Fill an empty store as its owner; seconds by step.

    Indexes and the asset table's constraints are dropped first and made again (and so checked) at the end.
    """
    sizes = {"assets": assets, "estates": estates, "towns": towns, "areas_each": areas_each, "postcodes": postcodes}
    values = sizes | {"slots": sum(SHARES.values()), "names": NAMES, "source": SOURCE, "import": IMPORT, "today": TODAY}
    indexes = connection.execute(text(SLOW_INDEXES)).all()
    constraints = connection.execute(text(SLOW_CONSTRAINTS)).all()
    took: dict[str, float] = {}
    connection.execute(text("select set_config('abcd.actor', 'Synthetic', false)"))
    _timed(took, "words", lambda: _prepare(connection, values))
    count_later(Session(connection))
    for name, _definition in indexes:
        connection.execute(text(f"drop index core.{name}"))
    for name, _definition in constraints:
        connection.execute(text(f"alter table core.asset drop constraint {name}"))
    steps = {"places": ESTATES + ";" + SMALL_AREAS, "postcodes": POSTCODES, "assets": ASSETS}
    for name, step in steps.items():
        _timed(took, name, lambda step=step: _run(connection, step, values))
    for name, definition in indexes:
        _timed(took, name, lambda definition=definition: connection.execute(text(definition)))
    for name, definition in constraints:
        again = f"alter table core.asset add constraint {name} {definition}"
        _timed(took, name, lambda again=again: connection.execute(text(again)))
    _timed(took, "words of names", lambda: learn_words(Session(connection)))
    _timed(took, "cells", lambda: count_afresh(Session(connection)))
    _timed(took, "behind", lambda: _run(connection, BEHIND, values))
    if assigned:
        _timed(took, "assigned", lambda: _run(connection, ASSIGNED, values))
    _timed(took, "analyze", lambda: connection.execute(text("analyze")))
    return took


def _prepare(connection: Connection, values: dict[str, object]) -> None:
    load_taxonomy(Session(connection))
    connection.exec_driver_sql(WORDS)
    _run(connection, TOWNS.replace("{land}", _land()), values)
    _run(connection, PROVENANCE, values)
    slots = [slug for slug, share in SHARES.items() for _each in range(share)]
    _run(connection, SLOTS, {"slugs": slots})


def _land() -> str:
    first, rows = 0, []
    for west, south, east, north, many in LAND:
        rows.append(f"({first}, {first + many}, {west}, {south}, {east}, {north})")
        first += many
    return ", ".join(rows)


def _run(connection: Connection, script: str, values: dict[str, object]) -> None:
    for statement in script.split(";"):
        if statement.strip():
            connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})


def _timed(took: dict[str, float], name: str, act: object) -> None:
    started = time.perf_counter()
    act()  # type: ignore[operator]
    took[name] = round(time.perf_counter() - started, 2)


if __name__ == "__main__":
    with create_engine(store_url("abcd_migrator")).begin() as opened:
        print(fill(opened, int(sys.argv[1])))
