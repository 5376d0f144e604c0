"""The feed for GIS beside ``tipg`` and ``pygeoapi`` over HTTP, on the same features: pages, boxes, a crawl, tiles.

The peers read a plain table that holds our columns worked out already, with its key and spatial index; ours reads the
register through its cleared views. Each server is a process of its own, and each address is asked before it is timed.
``ABCD_BENCH_PEERS`` names a folder with an environment for each peer (``tipg/bin/python``, ``pygeoapi/bin/python``);
a peer that is not there is left out.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import orjson
import psutil
from sqlalchemy import Connection, Text, cast, create_engine, literal_column, make_url, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import NullPool

from abcd.maps.layers import LAYERS
from abcd.maps.mercator import Tile
from abcd.maps.reader import PUBLIC_LAYERS
from tests.bench.stores import ROOT, a_copy, drop

SIZES = (1_000, 100_000, 1_000_000)
#: How often each question is asked, and before that: the database plans a statement anew the first few times.
ROUNDS, WARM = 15, 12
ZOOMS = (8, 10, 12, 14, 16)
ASSETS = LAYERS["assets"]
#: A crawl by pages of this many, and seconds after which it is cut off and its pace taken.
PAGE, LONGEST = 1_000, 45.0
INDEXED = """
alter table bench.feature add primary key (id); create index on bench.feature using gist (geom);
create index on bench.feature using gist (st_transform(geom, 4326));
create index on bench.feature using gist (st_transform(geom, 3857)); vacuum analyze bench.feature"""
DENSEST = """
select st_x(g), st_y(g) from (
  select st_transform(st_setsrid(st_makepoint(sum(sum_e) / sum(n), sum(sum_n) / sum(n)), 27700), 4326) g
  from core.asset_cell where size = 2000 group by x, y order by sum(n) desc limit 1) spot"""
#: A tile by one statement and nothing else: what our features say, none thinned out.
BARE = """
select st_asmvt(q, 'assets', 4096, 'geom') from (
  select st_asmvtgeom(st_transform(point, 3857), st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 64) as geom, id::text,
    name, asset_kind, category, status, assured_on as assured_date, confidence
  from core.asset
  where point && st_transform(st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.015625), 27700)
    and merged_into is null and asset_kind <> 'individual' and visibility = 'public'
    and status not in ('inactive', 'defunct')
  order by id) q where geom is not null"""

Asks = dict[str, str]
"""Addresses to ask, by what they are called."""


class Took(NamedTuple):
    """Median seconds of an answer, its bytes, and the least seconds: on a crowded machine the least says more."""

    seconds: float
    length: int
    least: float


Answers = dict[str, Took]
"""What each question took."""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """A row for each question and peer, and the crawl."""
    url = a_copy(size)
    try:
        lon, lat = prepared(url)
        asked = side_by_side(url, lon, lat)
    finally:
        drop(url)
    mine = asked.pop("ours")
    for name, took in mine.items():
        row = {
            "name": f"ogc: {name}",
            "ours_s": took.seconds,
            "ours_least_s": took.least,
            "kb": round(took.length / 1024),
        }
        beside = {peer: alike(theirs, name) for peer, theirs in asked.items()}
        told = [
            row | {"peer": peer, "peer_s": one.seconds, "peer_least_s": one.least, "peer_kb": round(one.length / 1024)}
            for peer, one in beside.items()
            if one
        ]
        yield from told or [row]


def alike(theirs: Answers, name: str) -> Took | None:
    """A peer's answer to the same question; how many features it crawled may differ."""
    return next((one for known, one in theirs.items() if known.split(" of ")[0] == name.split(" of ", maxsplit=1)[0]
                 and (known == name or known.startswith("crawl"))), None)  # fmt: skip


def prepared(url: str) -> tuple[float, float]:
    """The peers' table, our layers open to everybody, and where most assets are."""
    columns = [column.labelled() for column in ASSETS.columns_for("public")]
    wide = select(
        cast(ASSETS.id, Text).label("id"), literal_column("core.asset.geom").label("geom"), *columns
    ).select_from(ASSETS.joined(ASSETS.columns_for("public")))
    said = wide.where(*ASSETS.seen_by("public")).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    with connected(url) as c:
        c.exec_driver_sql("create schema bench")
        c.exec_driver_sql(f"create table bench.feature as {said}".replace("%%", "%"))
        for statement in INDEXED.split(";"):
            c.exec_driver_sql(statement)
        c.execute(text("insert into core.setting (name, value) values (:name, '[\"assets\"]') "
                       "on conflict (name) do update set value = excluded.value"), {"name": PUBLIC_LAYERS})  # fmt: skip
        lon, lat = c.execute(text(DENSEST)).one()
        return float(lon), float(lat)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that keeps each statement."""
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as c:
        c.exec_driver_sql("select set_config('abcd.actor', 'bench', false)")
        yield c


def questions(who: str, root: str, lon: float, lat: float) -> Asks:
    """What each server is asked, in its own words."""
    items = f"{root}/items?f=json&limit" if who == "pygeoapi" else f"{root}/items?limit"
    box = f"{lon - 0.05},{lat - 0.03},{lon + 0.05},{lat + 0.03}"
    asked = {"page of 10": f"{items}=10", "page of 1,000": f"{items}={PAGE}", "box": f"{items}={PAGE}&bbox={box}"}
    if who != "pygeoapi":
        for z in ZOOMS:
            one = tile_at(z, lon, lat)
            last = f"{one.y}/{one.x}" if who == "ours" else f"{one.x}/{one.y}"
            asked[f"tile {z}"] = f"{root}/tiles/WebMercatorQuad/{z}/{last}"
    return asked


def tile_at(z: int, lon: float, lat: float) -> Tile:
    """The tile of a zoom that holds a point."""
    found = Tile(0, 0, 0)
    for zoom in range(1, z + 1):
        four = [Tile(zoom, 2 * found.x + x, 2 * found.y + y) for x in (0, 1) for y in (0, 1)]
        found = min(four, key=lambda one: abs(sum(one.box[::2]) / 2 - lon) + abs(sum(one.box[1::2]) / 2 - lat))
    return found


def side_by_side(url: str, lon: float, lat: float) -> dict[str, Answers]:
    """Every server's answers by question. They are asked in turn, so that each meets the same
    machine; a tile of ours is asked for anew and once more as it was kept."""
    found: dict[str, Answers] = {}
    with ExitStack() as stack, httpx.Client(headers={"Accept-Encoding": "gzip"}, timeout=120) as client:
        there = {who: stack.enter_context(served(who, url)) for who in COMMANDS if python_of(who)}
        bare = stack.enter_context(connected(url))
        bare.exec_driver_sql("set jit = off")
        asked = {who: questions(who, root, lon, lat) for who, (root, _pid) in there.items()}
        for name in asked["ours"]:
            acts = {who: partial(fetched, client, known[name]) for who, known in asked.items() if name in known}
            if name.startswith("tile"):
                acts = {"before": partial(anew, url), **acts, "again": acts["ours"], "the bare statement": partial(
                    bare_tile, bare, tile_at(int(name.split()[1]), lon, lat))}  # fmt: skip
            for who, took in in_turn(acts).items():
                found.setdefault("ours" if who == "again" else who, {})[
                    f"{name}, again" if who == "again" else name
                ] = took
        for who, (_root, pid) in there.items():
            before = memory_mb(pid)
            found[who] |= crawled(client, asked[who][f"page of {PAGE:,}"])
            now = memory_mb(pid)
            more = round(now - before, 1)
            found[who]["memory of the server, MB (not seconds)"] = Took(now, 0, now)
            found[who]["of that by the crawl, MB (not seconds)"] = Took(more, 0, more)
    return found


def in_turn(acts: Mapping[str, Callable[[], int]]) -> Answers:
    """What each act took and gave back, all of them one after the other, again and again."""
    took: dict[str, list[float]] = {who: [] for who in acts}
    gave: dict[str, int] = {}
    for _ in range(WARM + ROUNDS):
        for who, act in acts.items():
            start = time.perf_counter()
            gave[who] = act()
            took[who].append(time.perf_counter() - start)
    counted = {who: each[WARM:] for who, each in took.items() if who != "before"}
    return {who: Took(round(median(each), 5), gave[who], round(min(each), 5)) for who, each in counted.items()}


def memory_mb(pid: int) -> float:
    """The most memory that a server held so far, its children included."""
    tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    held = [Path(f"/proc/{one.pid}/status").read_text().split("VmHWM:")[1].split()[0] for one in tree]
    return round(sum(map(int, held)) / 1024, 1)


def anew(url: str) -> int:
    """Something changed: nothing that was made before counts."""
    with connected(url) as c:
        c.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('bench', 'edit', 'asset')"))
    return 0


def fetched(client: httpx.Client, address: str) -> int:
    """Bytes of an answer."""
    answer = client.get(address)
    if answer.status_code == 429:
        time.sleep(int(answer.headers["retry-after"]))
        return fetched(client, address)
    assert answer.status_code in (200, 204), (address, answer.status_code, answer.text[:300])
    return len(answer.content)


def bare_tile(c: Connection, one: Tile) -> int:
    """Bytes of the tile by the bare statement."""
    return len(c.exec_driver_sql(BARE, {"z": one.z, "x": one.x, "y": one.y}).scalar_one())


def crawled(client: httpx.Client, address: str) -> Answers:
    """Seconds for a thousand features of a crawl, its bytes, and how its last tenth compares with its first."""
    took: list[float] = []
    length, n, began = 0, 0, time.perf_counter()
    while address and time.perf_counter() - began < LONGEST:
        start = time.perf_counter()
        answer = client.get(address)
        if answer.status_code == 429:
            time.sleep(int(answer.headers["retry-after"]))
            continue
        page = orjson.loads(answer.content)
        took.append(time.perf_counter() - start)
        length, n = length + len(answer.content), n + len(page["features"])
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        address = following[0] if following else ""
    tenth = max(1, len(took) // 10)
    pace = median(took[-tenth:]) / median(took[:tenth])
    whole, least = round(sum(took) / n * 1000, 5), round(min(took), 5)
    return {
        f"crawl, seconds for 1,000 of {n:,}": Took(whole, length, least),
        "crawl, last tenth to first tenth (not seconds)": Took(round(pace, 2), 0, round(pace, 2)),
    }


def python_of(who: str) -> str:
    """The interpreter that runs a server, ``""`` when it is not there."""
    if who == "ours":
        return sys.executable
    found = Path(os.environ.get("ABCD_BENCH_PEERS", "/nowhere")) / who / "bin" / "python"
    return str(found) if found.exists() else ""


@contextmanager
def served(who: str, url: str) -> Iterator[tuple[str, int]]:
    """The address of the collection on a running server, and the server's process."""
    with socket.socket() as probe, TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        command, own, root = COMMANDS[who](url, port, Path(folder))
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [python_of(who), *command], env=os.environ | own, stdout=log, stderr=log, cwd=ROOT
            )
        try:
            wait_for(f"http://127.0.0.1:{port}{root}", Path(folder) / "log")
            yield f"http://127.0.0.1:{port}{root}", process.pid
        finally:
            process.terminate()
            process.wait(30)


def wait_for(address: str, log: Path) -> None:
    """Until it answers."""
    for _ in range(600):
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-3000:])


def ours(url: str, port: int, folder: Path) -> tuple[list[str], dict[str, str], str]:
    """The public process."""
    own = {"ABCD_DATABASE_URL": url, "ABCD_PORT": str(port), "ABCD_HOME": str(folder),
           "ABCD_URL": f"http://127.0.0.1:{port}"}  # fmt: skip
    return ["-m", "abcd.api.public"], own, "/ogc/collections/assets"


def libpq(url: str) -> dict[str, str]:
    """Host, user and name of a database."""
    parts = make_url(url)
    return {"host": str(parts.query["host"]), "user": str(parts.username), "dbname": str(parts.database)}


def tipg(url: str, port: int, _folder: Path) -> tuple[list[str], dict[str, str], str]:
    """tipg as it comes, with one process."""
    to = libpq(url)
    own = {"DATABASE_URL": f"postgresql://{to['user']}@{quote(to['host'], '')}/{to['dbname']}",
           "TIPG_DB_SCHEMAS": '["bench"]', "TIPG_MAX_FEATURES_PER_QUERY": "10000"}  # fmt: skip
    return (
        ["-m", "uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "error"],
        own,
        "/collections/bench.feature",
    )


CONFIG = """
server: {{bind: {{host: 127.0.0.1, port: {port}}}, url: "http://127.0.0.1:{port}", mimetype: application/json,
  encoding: utf-8, gzip: true, languages: [en], limits: {{default_items: 10, max_items: 10000}},
  map: {{url: "", attribution: ""}}}}
logging: {{level: ERROR}}
metadata:
  identification: {{title: bench, description: bench, keywords: [a], keywords_type: theme, terms_of_service: "",
    url: ""}}
  license: {{name: "", url: ""}}
  provider: {{name: "", url: ""}}
  contact: {{name: ""}}
resources:
  feature:
    {{type: collection, title: feature, description: feature, keywords: [a], links: [],
      extents: {{spatial: {{bbox: [-9, 49, 3, 62], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}},
      providers: [{{type: feature, name: PostgreSQL, id_field: id, table: feature, geom_field: geom,
        storage_crs: "http://www.opengis.net/def/crs/EPSG/0/27700",
        data: {{host: {host}, dbname: {dbname}, user: {user}, password: none, search_path: [bench, public]}}}}]}}
"""


def pygeoapi(url: str, port: int, folder: Path) -> tuple[list[str], dict[str, str], str]:
    """pygeoapi behind gunicorn, with one process."""
    config, document = folder / "config.yml", folder / "openapi.yml"
    config.write_text(CONFIG.format(port=port, **libpq(url)))
    own = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}
    generate = [
        python_of("pygeoapi"),
        "-m",
        "pygeoapi.openapi",
        "generate",
        str(config),
        "--output-file",
        str(document),
    ]
    subprocess.run(generate, env=os.environ | own, check=False, capture_output=True)
    if not document.exists():
        document.write_text("openapi: 3.0.2\ninfo: {title: bench, version: '1'}\npaths: {}\n")
    serve = [
        "-m",
        "gunicorn",
        "--workers",
        "1",
        "--threads",
        "4",
        "--bind",
        f"127.0.0.1:{port}",
        "pygeoapi.flask_app:APP",
    ]
    return serve, own, "/collections/feature"


COMMANDS = {"ours": ours, "tipg": tipg, "pygeoapi": pygeoapi}
