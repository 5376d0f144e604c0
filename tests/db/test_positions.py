"""The server and Python convert positions alike, with Ordnance Survey's grid and without."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from abcd.core import geo
from abcd.db import embedded, server
from abcd.db.cluster import cluster_of
from abcd.db.positions import follow_server, server_method

MOVED = """
select ST_X(p), ST_Y(p)
from unnest(cast(:x as float8[]), cast(:y as float8[])) with ordinality as pair(x, y, i),
     ST_Transform(ST_SetSRID(ST_MakePoint(x, y), {0}), {1}) as p
order by i"""
THERE, BACK = text(MOVED.format(4326, 27700)), text(MOVED.format(27700, 4326))


@pytest.fixture(scope="module", params=[geo.OSTN15, geo.HELMERT])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A server that converts by the grid, and one that was never given it; we follow each."""
    with tempfile.TemporaryDirectory(prefix="abcd-positions-") as name, pytest.MonkeyPatch.context() as patch:
        home = Path(name)
        home.chmod(0o755)
        if request.param == geo.HELMERT:
            patch.setattr(server, "_give_grid", lambda _cluster: None)
        embedded.up(home, durable=False)
        with create_engine(embedded.url(home), poolclass=NullPool).connect() as opened:
            opened.execute(text("create extension postgis"))
            follow_server(opened)
            assert geo.method() == request.param
            yield opened
        geo.use_method(geo.OSTN15)
        embedded.down(home)
        shutil.rmtree(cluster_of(home).folder)


def random_degrees() -> tuple[np.ndarray, np.ndarray]:
    numbers = np.random.default_rng(15)
    return numbers.uniform(-5.5, 1.5, 5_000), numbers.uniform(50.3, 58.5, 5_000)


def in_server(connection: Connection, question: object, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    return np.array(connection.execute(question, {"x": xs.tolist(), "y": ys.tolist()}).all()).T  # type: ignore[call-overload]


def test_both_put_the_same_degrees_on_the_same_spot(connection: Connection) -> None:
    lon, lat = random_degrees()
    ours, theirs = np.array(geo.to_grid(lon, lat)), in_server(connection, THERE, lon, lat)
    assert np.abs(ours - theirs).max() < 0.001


def test_both_give_the_same_degrees_back(connection: Connection) -> None:
    lon, lat = random_degrees()
    grid = geo.to_grid(lon, lat)
    theirs = in_server(connection, BACK, *grid)
    assert np.abs(np.array(geo.to_degrees(*grid)) - theirs).max() < 1e-8
    assert np.abs(np.array([lon, lat]) - theirs).max() < 1e-7


def test_the_check_point_is_as_right_as_we_say(connection: Connection) -> None:
    found, east, north = server_method(connection)
    assert found == geo.method()
    assert np.hypot(east - geo.CHECK_GRID[0], north - geo.CHECK_GRID[1]) < geo.accuracy_m() + 0.1
