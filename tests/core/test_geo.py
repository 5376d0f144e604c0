"""Degrees and metres: Ordnance Survey's check point, both directions, both engines."""

import time
from threading import Thread

import numpy as np
import pytest
import shapely
from convertbng import cutil
from hypothesis import given
from hypothesis import strategies as some

from abcd.core import geo

EAST, NORTH = 651409.804, 313177.450
LON, LAT = cutil.convert_osgb36_to_ll([EAST], [NORTH])


@pytest.fixture
def helmert():
    geo.use_method(geo.HELMERT)
    yield
    geo.use_method(geo.OSTN15)


def random_points(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Eastings and northings on and round the mainland of Great Britain."""
    numbers = np.random.default_rng(27700)
    return numbers.uniform(180_000, 600_000, count), numbers.uniform(60_000, 950_000, count)


def test_the_check_point_becomes_its_easting_and_northing() -> None:
    assert np.ravel(geo.to_grid(LON, LAT)) == pytest.approx([EAST, NORTH], abs=0.01)


def test_the_check_point_goes_back_to_its_degrees() -> None:
    assert np.ravel(geo.to_degrees([EAST], [NORTH])) == pytest.approx([LON[0], LAT[0]], abs=1e-7)


def test_the_grid_file_agrees_with_the_model_it_was_built_from() -> None:
    east, north = random_points()
    ours = geo.to_grid(*cutil.convert_osgb36_to_ll(east, north))
    off = np.hypot(ours[0] - east, ours[1] - north)
    assert np.quantile(off, 0.99) < 0.03
    assert off.max() < geo.accuracy_m()


def test_there_and_back_returns_the_same_degrees() -> None:
    lon, lat = geo.to_degrees(*random_points())
    again = geo.to_degrees(*geo.to_grid(lon, lat))
    assert np.abs(again[0] - lon).max() < 1e-7
    assert np.abs(again[1] - lat).max() < 1e-7


@given(some.floats(-6, 1.5), some.floats(50.5, 58.5))
def test_any_british_point_survives_the_round_trip(lon: float, lat: float) -> None:
    assert np.ravel(geo.to_degrees(*geo.to_grid(lon, lat))) == pytest.approx([lon, lat], abs=1e-7)


def test_without_the_grid_it_is_three_metres_off_and_says_so(helmert: None) -> None:
    (east,), (north,) = geo.to_grid(LON, LAT)
    assert 3.3 < np.hypot(east - EAST, north - NORTH) < 3.5
    assert geo.accuracy_m() == 3.4


def test_a_server_is_known_by_where_it_puts_the_check_point() -> None:
    assert geo.method_of(651409.8045, 313177.4522) == geo.OSTN15
    assert geo.method_of(651411.2222, 313180.5964) == geo.HELMERT
    assert geo.method_of(651400.0, 313180.0) is None


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="ostn15, helmert"):
        geo.use_method("guess")


def test_what_is_missing_stays_missing() -> None:
    east, north = geo.to_grid([np.nan, LON[0]], [53.0, LAT[0]])
    assert np.isnan([east[0], north[0]]).all()
    assert east[1] == pytest.approx(EAST, abs=0.01)
    assert geo.to_grid([], [])[0].shape == (0,)


def test_shapes_arrive_flat_in_metres() -> None:
    square = shapely.box(-2.30, 53.45, -2.29, 53.46)
    point = shapely.Point(LON[0], LAT[0], 30)
    shapes = geo.shapes_to_grid(np.array([square, point, None]), geo.DEGREES)
    assert 730_000 < shapely.area(shapes[0]) < 745_000
    assert (shapes[1].x, shapes[1].y, shapes[1].has_z) == (
        pytest.approx(EAST, abs=0.01),
        pytest.approx(NORTH, abs=0.01),
        False,
    )
    assert shapes[2] is None


def test_shapes_of_the_grid_stay_as_they_are() -> None:
    (point,) = geo.shapes_to_grid(np.array([shapely.Point(EAST, NORTH, 5)]), geo.BRITISH_GRID)
    assert point == shapely.Point(EAST, NORTH)


@pytest.mark.parametrize(
    ("epsg", "x", "y"),
    [(3857, -256_224.9, 7_072_350.0), (29903, 333_000.0, 374_000.0), (2157, 733_000.0, 874_000.0)],
)
def test_other_systems_arrive_as_their_degrees_would(epsg: int, x: float, y: float) -> None:
    import pyproj

    lon, lat = pyproj.Transformer.from_crs(epsg, 4326, always_xy=True).transform(x, y)
    (point,) = geo.shapes_to_grid(np.array([shapely.Point(x, y)]), epsg)
    assert [point.x, point.y] == pytest.approx(np.ravel(geo.to_grid(lon, lat)), abs=0.001)


def test_degrees_come_back_from_shapes() -> None:
    (point,) = geo.shapes_to_degrees(np.array([shapely.Point(EAST, NORTH)]))
    assert [point.x, point.y] == pytest.approx([LON[0], LAT[0]], abs=1e-7)


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(ValueError, match="EPSG:999999"):
        geo.shapes_to_grid(np.array([shapely.Point(0, 0)]), 999999)


def test_a_thread_that_converts_little_does_not_make_proj_ready_again() -> None:
    geo.to_degrees([EAST], [NORTH])
    took = []

    def convert() -> None:
        begun = time.perf_counter()
        geo.to_degrees([EAST], [NORTH])
        took.append(time.perf_counter() - begun)

    for _each in range(9):
        thread = Thread(target=convert)
        thread.start()
        thread.join()
    assert min(took) < 0.010
    few, many = geo.to_degrees([EAST], [NORTH]), geo.to_degrees([EAST] * 3_000, [NORTH] * 3_000)
    assert (few[0][0], few[1][0]) == (many[0][0], many[1][0])
