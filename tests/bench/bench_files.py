"""Files of every public asset: ours beside ogr2ogr, which reads the same query from the same store.

Debian's GDAL has no driver for GeoParquet, so there the peer is GeoPandas: ``read_postgis`` and ``to_parquet``.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.dialects import postgresql

from abcd.db.session import SYSTEM, session
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.gdal import without_frames
from abcd.maps.files.order import Order, write_files
from abcd.maps.layers import LAYERS
from tests.bench.bench_export import libpq
from tests.bench.measure import measured, row

SIZES = (1_000, 100_000, 1_000_000)
ASSETS = LAYERS["assets"]
#: Format -> what GDAL calls it, and the options by which it writes the same.
OF_GDAL = {
    "gpkg": ("GPKG", "-nln assets -lco SPATIAL_INDEX=YES -nlt POINT"),
    "csv": ("CSV", "-t_srs EPSG:4326 -lco GEOMETRY=AS_WKT"),
}


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Ours beside its peer, a format each."""
    # Imported late: filling a store takes libraries whose memory is not ours to count.
    from tests.bench.stores import synthetic_store

    url = synthetic_store(size)
    for form in ("gpkg", "parquet", "csv"):
        peer = "geopandas" if form == "parquet" else "ogr2ogr"
        mine = measured("tests.bench.bench_files:ours", url, form)
        theirs = measured(f"tests.bench.bench_files:{peer}", url, form)
        yield row(f"files {form}", size, mine, peer, theirs) | {
            "times_faster": round(theirs.seconds / mine.seconds, 2),
            "ours_mb": round(mine.value / 1e6, 1),
            "peer_mb": round(theirs.value / 1e6, 1),
        }


def ours(url: str, form: str) -> int:
    """Bytes of our file."""
    os.environ["ABCD_DATABASE_URL"] = url
    with without_frames(), tempfile.TemporaryDirectory() as folder, session(SYSTEM, patient=True) as s:
        out = Path(folder) / f"assets{FORMATS[form].suffix}"
        return write_files(s, Order(("assets",), form), out, by=SYSTEM).bytes


def query(geometry: Any) -> str:
    """The rows that our file holds, by id, as SQL."""
    columns = ASSETS.columns_for("public")
    asked = (
        select(ASSETS.id.label("id"), *[column.labelled() for column in columns], geometry.label("geom"))
        .select_from(ASSETS.joined(columns))
        .where(*ASSETS.seen_by("public"))
        .order_by(ASSETS.id)
    )
    sql = str(asked.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    # GDAL wants the geometry itself, not the well-known bytes that our own reading asks for.
    for shape in ("coalesce(core.asset.geom, core.asset.point)", "core.asset.point"):
        sql = sql.replace(f"ST_AsEWKB({shape})", shape)
    return sql


def ogr2ogr(url: str, form: str) -> int:
    """Bytes of the same rows as GDAL writes them."""
    driver, options = OF_GDAL[form]
    sql = query(ASSETS.point if form == "gpkg" else ASSETS.geom)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"assets{FORMATS[form].suffix}"
        command = ["ogr2ogr", "-f", driver, str(out), f"PG:{libpq(url)}", "-sql", sql, *options.split()]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return out.stat().st_size


def geopandas(url: str, form: str) -> int:
    """Bytes of the same rows as GeoPandas writes them: one frame, with a box for each row."""
    from geopandas import read_postgis

    with tempfile.TemporaryDirectory() as folder, create_engine(url).connect() as connection:
        frame = read_postgis(
            query(func.ST_Transform(ASSETS.geom, 4326)).replace("%", "%%"), connection, geom_col="geom"
        )
        frame["id"] = frame["id"].astype(str)
        for name in ("access_facilities", "languages"):
            frame[name] = frame[name].astype(str)
        out = Path(folder) / "assets.parquet"
        frame.to_parquet(out, compression="zstd", write_covering_bbox=True, schema_version="1.1.0")
        return out.stat().st_size
