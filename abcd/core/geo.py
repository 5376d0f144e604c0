"""Degrees at the door, metres inside: all conversion of coordinates outside the database, always x then y.

The shift between them is Ordnance Survey's OSTN15 (see ``core.ostn15``). A server of others may lack it: then
``use_method(HELMERT)`` makes us convert as that server does, because both must agree with each other first of all.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from abcd.core.crs import BRITISH_GRID, DEGREES, Guess, recognise_crs
from abcd.core.ostn15 import grid_folder
from abcd.core.shift import (
    ACCURACY_M,
    CHECK_DEGREES,
    CHECK_GRID,
    HELMERT,
    OSTN15,
    accuracy_m,
    method,
    method_of,
    use_method,
)

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

#: EPSG:1314, OSGB36 to WGS 84 (6): one shift for the whole of Britain, by seven numbers.
HELMERT_STEPS = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 "
    "+convention=position_vector +step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)

#: More points than this are converted where they are: the work is then longer than getting ready for it.
FEW = 2_000

__all__ = [
    "ACCURACY_M",
    "BRITISH_GRID",
    "CHECK_DEGREES",
    "CHECK_GRID",
    "DEGREES",
    "HELMERT",
    "OSTN15",
    "Guess",
    "accuracy_m",
    "method",
    "method_of",
    "recognise_crs",
    "shapes_to_degrees",
    "shapes_to_grid",
    "to_degrees",
    "to_grid",
    "use_method",
]


def to_grid(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Eastings and northings (EPSG:27700, metres, shape (n,)) of longitudes and latitudes (degrees, shape (n,)).

    What cannot be converted is NaN.
    """
    return _converted(_between_degrees_and_grid(method()), lon, lat, "FORWARD")


def to_degrees(easting: ArrayLike, northing: ArrayLike) -> tuple[Floats, Floats]:
    """Longitudes and latitudes (degrees, shape (n,)) of eastings and northings (EPSG:27700, metres, shape (n,))."""
    return _converted(_between_degrees_and_grid(method()), easting, northing, "INVERSE")


def shapes_to_grid(shapes: Shapes, epsg: int) -> Shapes:
    """Shapely geometries (shape (n,), missing allowed) of system ``epsg`` as two-dimensional ones in EPSG:27700.

    Raises:
        ValueError: ``epsg`` is not a system that PROJ knows.
    """
    if epsg == BRITISH_GRID:
        return shapely.force_2d(shapes)
    return shapely.transform(shapes, lambda xy: _grid_of(xy, epsg))


def shapes_to_degrees(shapes: Shapes) -> Shapes:
    """Shapely geometries (shape (n,)) of EPSG:27700 in degrees, longitude first."""
    return shapely.transform(shapes, lambda xy: np.column_stack(to_degrees(xy[:, 0], xy[:, 1])))


def _grid_of(xy: Floats, epsg: int) -> Floats:
    if epsg == DEGREES:
        return np.column_stack(to_grid(xy[:, 0], xy[:, 1]))
    lon, lat = _converted(_to_degrees_from(epsg), xy[:, 0], xy[:, 1], "FORWARD")
    return np.column_stack(to_grid(lon, lat))


@lru_cache(maxsize=1)
def _converter() -> ThreadPoolExecutor:
    """Converts what is few: PROJ gets ready anew in each thread (45 ms, mostly for the grid); a rerun is a thread."""
    return ThreadPoolExecutor(1, thread_name_prefix="coordinates")


@lru_cache(maxsize=1)
def _know_the_grid() -> None:
    """Tell PROJ where the grid is before any thread converts: one that began without it would go on without it."""
    pyproj.datadir.append_data_dir(str(grid_folder()))
    _converter.cache_clear()


def _converted(way: pyproj.Transformer, x: ArrayLike, y: ArrayLike, direction: str) -> tuple[Floats, Floats]:
    if method() != HELMERT:
        _know_the_grid()
    xs, ys = np.array(x, dtype=float).ravel(), np.array(y, dtype=float).ravel()
    if xs.size <= FEW:
        out_x, out_y = _converter().submit(way.transform, xs, ys, direction=direction).result()
    else:
        out_x, out_y = way.transform(xs, ys, direction=direction)
    lost = ~(np.isfinite(out_x) & np.isfinite(out_y))
    return np.where(lost, np.nan, out_x), np.where(lost, np.nan, out_y)


@lru_cache(maxsize=2)
def _between_degrees_and_grid(name: str) -> pyproj.Transformer:
    if name == HELMERT:
        return pyproj.Transformer.from_pipeline(HELMERT_STEPS)
    _know_the_grid()
    return pyproj.Transformer.from_crs(DEGREES, BRITISH_GRID, always_xy=True)


@lru_cache(maxsize=16)
def _to_degrees_from(epsg: int) -> pyproj.Transformer:
    try:
        return pyproj.Transformer.from_crs(epsg, DEGREES, always_xy=True)
    except pyproj.exceptions.CRSError as error:
        raise ValueError(f"EPSG:{epsg} is not a coordinate system that PROJ knows.") from error
