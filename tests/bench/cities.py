"""Cities for the benchmark of kept figures: 20 towns with 3,000 estates, 40 categories that are judged, and streets.

``a_city(assets, places, with_streets=True)`` is the URL of a copy to write in.
"""

from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from abcd.db import embedded, migrate
from tests.bench import synthetic
from tests.bench.stores import cluster_home, digest, has, tell, tell_in

CATEGORIES = 40
MAP = UUID("5e0d0000-0000-4000-8000-000000000003")

# Half of all assets are given one of the forty anew, so that none of them is missing in every town.
JUDGED = """
update core.term set is_everyday = true where slug in (
  select slug from core.term where threshold_minutes is not null
  order by is_everyday desc, position limit :categories);
with wanted as (
  select array_agg(slug order by position) as slugs from core.term where is_everyday and threshold_minutes is not null)
update core.asset a set category = slugs[1 + abs(hashtext(a.source_ref || 'again')) % cardinality(slugs)]
from wanted where hashtext(a.source_ref) % 2 = 0;
"""

# A street every 80 m both ways, a tenth of them missing, out to 5 km from the middle of each town.
STREETS = """
insert into core.import (id, source_id, kind, file_name, file_bytes, status, as_of, loaded_at)
values (:map, :source, 'streets', 'invented.geojson', 0, 'loaded', :today, now());
insert into core.street_map (id, source_id, vintage, nodes, edges, metres, area)
values (:map, :source, '2026', 0, 0, 0, ST_MakeEnvelope(0, 0, 700000, 1300000, 27700));
create temporary table middle as
select row_number() over (order by md5(cast(g as text))) as n, ST_Centroid(ST_Collect(point)) as at
from (select point, ST_ClusterDBSCAN(point, 3000, 1) over () as g from core.place where kind = 'estate') c group by g;
insert into core.street (map_id, a, b, metres, marks, geom)
select :map, n * 100000 + x * 200 + y, n * 100000 + (x + dx) * 200 + y + dy, 80, 0,
  ST_Translate(ST_SetSRID(ST_MakeLine(ST_MakePoint(x * 80, y * 80), ST_MakePoint((x + dx) * 80, (y + dy) * 80)), 27700),
               ST_X(at) - 5000, ST_Y(at) - 5000)
from middle, generate_series(0, 124) x, generate_series(0, 124) y, (values (0, 1), (1, 0)) as way(dx, dy)
where abs(hashtext(n || ' ' || x || ' ' || y || ' ' || dx)) % 10 > 0
"""


def a_city(assets: int, places: int, with_streets: bool) -> str:
    """The URL of a copy of a city; ``drop`` it afterwards."""
    kept = cluster_home()
    name = f"city_{assets}_{places}_{'streets' if with_streets else 'lines'}_{digest('tests/bench/cities.py')}"
    if not has(kept, name):
        _make(name, assets, places, with_streets)
    copy = f"copy_{uuid4().hex[:8]}"
    tell(kept, f"create database {copy} template {name}")
    return embedded.url(kept, embedded.SUPERUSER, copy)


def _make(name: str, assets: int, places: int, with_streets: bool) -> None:
    kept, making = cluster_home(), f"making_{uuid4().hex[:8]}"
    tell(kept, f"create database {making}")
    url = embedded.url(kept, embedded.SUPERUSER, making)
    migrate.upgrade(url)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        synthetic.fill(connection, assets, estates=places, towns=20, postcodes=1_000)
        _run(connection, JUDGED)
        if with_streets:
            _run(connection, STREETS)
    tell_in(url, "vacuum analyze")
    tell(kept, f"alter database {making} rename to {name}")


def _run(connection: Connection, script: str) -> None:
    values = {"categories": CATEGORIES, "map": MAP, "source": synthetic.SOURCE, "today": synthetic.TODAY}
    for statement in filter(str.strip, script.split(";")):
        connection.execute(text(statement), {name: one for name, one in values.items() if f":{name}" in statement})
