"""A CSV of points brought in: ours to its last word, ogr2ogr raw, into the same cluster.

Ours reads in a sandbox, cleans, classifies, checks every point against its own postcode, looks for duplicates, loads
with every index of the register, and gives each asset its places among 30,000 estates; ``ogr2ogr`` loads the same
rows as text with one spatial index. Both have committed when the clock stops.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from psycopg import connect
from sqlalchemy import make_url

from abcd.db.session import SYSTEM
from abcd.intake.run import run
from tests.bench.measure import measured, row

HERE = "tests.bench.bench_import"

# Every square of 200 m gets a postcode of its own; the register is emptied once its rows are in the file.
SQUARES = """
create temporary table square as
select x, y, 'Z' || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + (n / 360000 % 20)::int, 1) || (10 + n / 4000 % 90) || ' '
       || (n / 400 % 10) || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + (n / 20 % 20)::int, 1)
       || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + (n % 20)::int, 1) as postcode
from (select x, y, row_number() over (order by x, y) - 1 as n from (
    select distinct floor(ST_X(point) / 200) as x, floor(ST_Y(point) / 200) as y from core.asset) one) numbered
"""

OUT = """
copy (select a.source_ref as id, a.name, a.description, t.name as category, round(ST_X(p)::numeric, 6) as lon,
             round(ST_Y(p)::numeric, 6) as lat, q.postcode, a.phone, a.website
      from core.asset a join core.term t on t.slug = a.category
      join square q on q.x = floor(ST_X(a.point) / 200) and q.y = floor(ST_Y(a.point) / 200)
      cross join lateral ST_Transform(a.point, 4326) p) to stdout (format csv, header)
"""

EMPTIED = """
select set_config('abcd.actor', 'Bench', true);
truncate core.asset, core.postcode cascade;
insert into core.postcode (postcode, point)
select replace(postcode, ' ', ''), ST_SetSRID(ST_MakePoint(x * 200 + 100, y * 200 + 100), 27700) from square;
delete from core.asset_cell;
"""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Ours beside ogr2ogr, and the same file once more, which must change nothing."""
    from tests.bench.stores import a_copy, drop

    url = a_copy(size)
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = str(_written(url, Path(folder) / "assets.csv"))
            peer = measured(f"{HERE}:ogr2ogr", url, file)
            mine = measured(f"{HERE}:ours", url, file)
            again = measured(f"{HERE}:ours", url, file)
            assert (mine.value["added"], again.value["unchanged"]) == (size, size)
            yield row("import", size, mine, "ogr2ogr -f PostgreSQL", peer) | {
                "rows_per_s": round(size / mine.seconds), "possible_duplicates": mine.value["possible_duplicates"],
                "assigned": mine.value["assigned"]}  # fmt: skip
            yield row("import of the same file again", size, again, "ogr2ogr -f PostgreSQL", peer)
    finally:
        drop(url)


def ours(url: str, file: str) -> dict[str, int]:
    """The product's whole import."""
    os.environ["ABCD_DATABASE_URL"] = url
    report = run(file, actor=SYSTEM)
    with connect(_plain(url)) as connection:
        found = connection.execute("select count(*) from core.place_asset").fetchone()
    return {"added": report.added, "unchanged": report.unchanged, "possible_duplicates": report.possible_duplicates,
            "assigned": found[0] if found else 0}  # fmt: skip


def ogr2ogr(url: str, file: str) -> None:
    """The same file as GDAL loads it."""
    address = make_url(url)
    target = f"PG:host={address.query['host']} user={address.username} dbname={address.database}"
    command = ["ogr2ogr", "-f", "PostgreSQL", target, file, "-nln", "stage.raw", "-oo", "X_POSSIBLE_NAMES=lon",
               "-oo", "Y_POSSIBLE_NAMES=lat", "-a_srs", "EPSG:4326", "--config", "PG_USE_COPY", "YES"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)


def _written(url: str, file: Path) -> Path:
    """The CSV file of a store's assets; the store then has none, and the postcodes of the file."""
    with connect(_plain(url)) as connection, file.open("wb") as out:
        connection.execute(SQUARES)
        with connection.cursor() as cursor, cursor.copy(OUT) as copy:
            for block in copy:
                out.write(block)
        connection.execute(EMPTIED)
    with connect(_plain(url), autocommit=True) as connection:
        connection.execute("vacuum analyze")
    return file


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
