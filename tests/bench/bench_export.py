"""GeoJSON of every asset, with place codes, sources and consent: ours, ogr2ogr and COPY of ST_AsGeoJSON on one store.

``ogr2ogr`` writes the same features from the same query (RFC 7946, 6 decimals). ``COPY`` is the bare lower bound: the
asset table's own columns, with no joins, no place codes, no description of the file and no order.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from psycopg import connect
from sqlalchemy import make_url, select
from sqlalchemy.dialects import postgresql

from abcd.db.session import SYSTEM, session
from abcd.maps.export import export_geojson
from abcd.maps.layers import LAYERS
from tests.bench.measure import measured, row

ASSETS = LAYERS["assets"]
COPY = """
copy (select ST_AsGeoJSON(f.*, 'geometry', 6) from (
  select id, name, name_cy, asset_kind, category, description, status, step_free, opening_hours, cost, open_to_new,
         website, source_kind, assured_on, confidence, start_date, end_date, ST_Transform(geom, 4326) as geometry
  from core.asset where visibility = 'public' and merged_into is null and asset_kind <> 'individual') f) to stdout
"""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Ours beside each peer, and how far from it."""
    # Imported late: filling a store takes libraries whose memory is not ours to count.
    from tests.bench.stores import synthetic_store

    url = synthetic_store(size)
    mine = measured("tests.bench.bench_export:ours", url)
    for name, peer in (("ogr2ogr -f GeoJSON", "ogr2ogr"), ("COPY of ST_AsGeoJSON", "copied")):
        theirs = measured(f"tests.bench.bench_export:{peer}", url)
        yield row("export", size, mine, name, theirs) | {
            "times_faster": round(theirs.seconds / mine.seconds, 2),
            "ours_mb": round(mine.value / 1e6),
            "peer_mb": round(theirs.value / 1e6),
        }


def ours(url: str) -> int:
    """Bytes of our file."""
    os.environ["ABCD_DATABASE_URL"] = url
    with tempfile.TemporaryDirectory() as folder, session(SYSTEM) as s:
        return export_geojson(s, "assets", Path(folder) / "assets.geojson", by=SYSTEM).bytes


def ogr2ogr(url: str) -> int:
    """Bytes of the same features as GDAL writes them."""
    columns = ASSETS.columns_for("public")
    query = (
        select(ASSETS.id.label("id"), *[column.labelled() for column in columns], ASSETS.geom.label("geom"))
        .select_from(ASSETS.joined(columns))
        .where(*ASSETS.seen_by("public"))
        .order_by(ASSETS.id)
    )
    sql = str(query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    # GDAL wants the geometry itself, not the well-known bytes that our own reading asks for.
    sql = sql.replace(
        "ST_AsEWKB(coalesce(core.asset.geom, core.asset.point))", "coalesce(core.asset.geom, core.asset.point)"
    )
    options = "-t_srs EPSG:4326 -lco RFC7946=YES -lco COORDINATE_PRECISION=6 -lco ID_FIELD=id".split()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "assets.geojson"
        subprocess.run(["ogr2ogr", "-f", "GeoJSON", out, f"PG:{libpq(url)}", "-sql", sql, *options], check=True)
        return out.stat().st_size


def copied(url: str) -> int:
    """Bytes of one Feature a line."""
    with tempfile.TemporaryFile() as out, connect(libpq(url)) as connection, connection.cursor().copy(COPY) as copy:
        for line in copy:
            out.write(line)
        return out.tell()


def libpq(url: str) -> str:
    """The connection string of a SQLAlchemy URL."""
    parts = make_url(url)
    named = {"dbname": parts.database, "user": parts.username, "password": parts.password, "port": parts.port}
    found = {"host": parts.host} | dict(parts.query) | {name: value for name, value in named.items() if value}
    return " ".join(f"{name}={value}" for name, value in found.items() if value)
