"""Each asset gets its estates: ``places.assign`` against the bare statement and against geopandas.

All three see the same points in the same 30,000 polygons, clustered in 1,500 towns, and must find the same pairs.
Ours and the bare ``insert ... select`` write to ``core.place_asset`` with its key, its index and its foreign keys;
ours also looks for what vanished. geopandas joins two frames that are in memory already (loading them is told, not
counted) and writes nothing.
"""

import time
from collections.abc import Iterator
from typing import Any

import geopandas
import shapely
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.places.assign import assign
from tests.bench.measure import Measured, measured
from tests.bench.stores import a_copy, drop

HERE = "tests.bench.bench_assign"
ROUNDS = 3

BARE = """
insert into core.place_asset (place_id, asset_id, relation)
select p.id, held.id, 'within'
from core.place p
cross join lateral (
  select a.id from core.asset a where p.geom && a.point and ST_Covers(p.geom, a.point) offset 0
) held"""

PAIRS = "select count(*), coalesce(sum(hashtextextended(place_id::text || asset_id::text, 0)), 0) from core.place_asset"


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Ours against the bare statement and against geopandas, and a second run in which nothing changed."""
    url = a_copy(size)
    try:
        _only_estates(url)
        turns = [(measured(f"{HERE}:bare", url), measured(f"{HERE}:ours", url)) for _ in range(ROUNDS)]
        bare, ours = (min(side, key=lambda one: one.value["seconds"]) for side in zip(*turns, strict=True))
        joined = measured(f"{HERE}:joined", url)
        assert ours.value["pairs"] == bare.value["pairs"]
        assert ours.value["pairs"][0] == joined.value["pairs"] > 0
        assert ours.value["pairs"][1] == joined.value["sum"]
        yield _row("assign", ours, "bare insert select", bare)
        yield _row("assign", ours, "geopandas.sjoin", joined) | {"peer_load_s": joined.value["load"]}
        yield {"name": "assign again, nothing changed", "ours_s": ours.value["again"], "peer": "bare insert select",
               "peer_s": bare.value["seconds"], "peak_memory_mb": ours.peak_mb}  # fmt: skip
    finally:
        drop(url)


def _row(name: str, ours: Measured, peer_name: str, peer: Measured) -> dict[str, Any]:
    return {
        "name": name,
        "ours_s": ours.value["seconds"],
        "peer": peer_name,
        "peer_s": peer.value["seconds"],
        "pairs": ours.value["pairs"][0],
        "peak_memory_mb": ours.peak_mb,
        "peer_peak_memory_mb": peer.peak_mb,
    }


def ours(url: str) -> dict[str, Any]:
    """The product's statement on an empty table, then once more."""
    engine = _emptied(url)
    with Session(engine) as s:
        s.execute(text("set local jit = off"))
        first, again = _timed(lambda: assign(s)), _timed(lambda: assign(s))
        pairs = tuple(int(number) for number in s.execute(text(PAIRS)).one())
        s.commit()
    return {"seconds": first, "again": again, "pairs": pairs}


def bare(url: str) -> dict[str, Any]:
    """The statement without any of the care."""
    engine = _emptied(url)
    with engine.begin() as connection:
        connection.execute(text("set local jit = off"))
        seconds = _timed(lambda: connection.execute(text(BARE)))
        pairs = tuple(int(number) for number in connection.execute(text(PAIRS)).one())
    return {"seconds": seconds, "pairs": pairs}


def joined(url: str) -> dict[str, Any]:
    """The same pairs by geopandas; their checksum is worked out by the store."""
    engine = create_engine(url, poolclass=NullPool)
    started = time.perf_counter()
    with engine.connect() as connection:
        points = _frame(connection, "select id::text, ST_AsBinary(point) from core.asset where point is not null")
        estates = _frame(connection, "select id::text, ST_AsBinary(geom) from core.place where end_date is null")
    load = round(time.perf_counter() - started, 3)
    pairs = geopandas.GeoDataFrame()

    def join() -> None:
        nonlocal pairs
        pairs = geopandas.sjoin(points, estates, predicate="covered_by", how="inner")

    seconds = min(_timed(join) for _ in range(ROUNDS))
    return {"seconds": seconds, "load": load, "pairs": len(pairs), "sum": _checksum(engine, pairs)}


def _frame(connection: Any, query: str) -> geopandas.GeoDataFrame:
    ids, shapes = zip(*connection.execute(text(query)), strict=True)
    return geopandas.GeoDataFrame({"id": ids}, geometry=shapely.from_wkb([bytes(shape) for shape in shapes]), crs=27700)


def _checksum(engine: Engine, pairs: geopandas.GeoDataFrame) -> int:
    """The same sum over the pairs as ``PAIRS`` makes of the table."""
    both = "unnest(cast(:p as text[]), cast(:a as text[])) t(p, a)"
    asked = text(f"select coalesce(sum(hashtextextended(p || a, 0)), 0) from {both}")
    with engine.connect() as connection:
        given = {"p": pairs["id_right"].tolist(), "a": pairs["id_left"].tolist()}
        return int(connection.execute(asked, given).scalar_one())


def _only_estates(url: str) -> None:
    """Leave the estates: the small areas would be assigned as well."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("select set_config('abcd.actor', 'Bench', true)"))
        connection.execute(text("truncate core.households; delete from core.place where kind <> 'estate'"))
        connection.execute(text("analyze core.place, core.asset"))


def _emptied(url: str) -> Engine:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("truncate core.place_asset"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("checkpoint"))
    return engine


def _timed(act: Any) -> float:
    started = time.perf_counter()
    act()
    return round(time.perf_counter() - started, 3)
