"""Coordinates of a file as grid metres, with what is impossible taken out and told."""

import numpy as np
import numpy.typing as npt
import shapely

from abcd.core import geo
from abcd.core.crs import is_british_grid
from abcd.intake import coordinates as written
from abcd.intake.chunk import Chunk, Told
from abcd.intake.strings import Mask

Floats = npt.NDArray[np.float64]


def on_grid(
    chunk: Chunk, column: str, epsg: int, x: Floats, y: Floats, where: Mask, told: Told
) -> tuple[Floats, Floats]:
    """Eastings and northings of the rows of ``where``; numbers that cannot be a place here are told and left out."""
    x, y = np.where(where, x, np.nan), np.where(where, y, np.nan)
    zero = (x == 0) & (y == 0)
    chunk.fault("zero_coordinates", zero, column, told, "The coordinates are 0, 0, a place in the sea off Africa.",
                "Leave the coordinates empty, or look the place up.")  # fmt: skip
    x, y = np.where(zero, np.nan, x), np.where(zero, np.nan, y)
    if epsg in (geo.DEGREES, 0):
        return _from_degrees(chunk, column, x, y, told)
    return _from_metres(chunk, column, epsg, x, y, told)


def _from_degrees(chunk: Chunk, column: str, x: Floats, y: Floats, told: Told) -> tuple[Floats, Floats]:
    swapped = ~is_near(x, y) & is_near(y, x)
    chunk.fault("swapped_axes", swapped, column, told, "Longitude and latitude have changed places; we put them right.",
                "Put longitude (about -2) and latitude (about 53) in their own columns.")  # fmt: skip
    x, y = np.where(swapped, y, x), np.where(swapped, x, y)
    metres = ~is_near(x, y) & is_british_grid(x, y)
    chunk.fault("grid_for_degrees", metres, column, told, "These are grid metres in columns for degrees; read as such.",
                "Give all rows in one system.")  # fmt: skip
    _tell_outside(chunk, column, ~np.isnan(x) & ~is_near(x, y) & ~metres, told)
    near = is_near(x, y)
    easting, northing = geo.to_grid(np.where(near, x, np.nan), np.where(near, y, np.nan))
    return np.where(metres, x, easting), np.where(metres, y, northing)


def _from_metres(chunk: Chunk, column: str, epsg: int, x: Floats, y: Floats, told: Told) -> tuple[Floats, Floats]:
    degrees = is_near(x, y) | is_near(y, x)
    if degrees.any():
        chunk.fault("degrees_for_grid", degrees, column, told, "These are degrees in columns for metres; read as such.",
                    "Give all rows in one system.")  # fmt: skip
        from_degrees = _from_degrees(chunk, column, np.where(degrees, x, np.nan), np.where(degrees, y, np.nan), told)
    if epsg == geo.BRITISH_GRID:
        easting, northing = x, y
    else:
        points = geo.shapes_to_grid(np.asarray(shapely.points(np.nan_to_num(x), np.nan_to_num(y)), dtype=object), epsg)
        easting, northing = shapely.get_x(points), shapely.get_y(points)
    if degrees.any():
        easting, northing = (np.where(degrees, a, b) for a, b in zip(from_degrees, (easting, northing), strict=True))
    fits = is_british_grid(easting, northing) & ~np.isnan(x)
    _tell_outside(chunk, column, ~np.isnan(x) & ~fits, told)
    return np.where(fits, easting, np.nan), np.where(fits, northing, np.nan)


def is_near(lon: Floats, lat: Floats) -> Mask:
    """Whether these degrees are in or by the United Kingdom."""
    return np.asarray(
        (lon >= written.WEST) & (lon <= written.EAST) & (lat >= written.SOUTH) & (lat <= written.NORTH), bool
    )


def _tell_outside(chunk: Chunk, column: str, where: Mask, told: Told) -> None:
    chunk.fault("outside_country", where, column, told, "The coordinates are not in or near the United Kingdom.",
                "Check the numbers and the system they are in.")  # fmt: skip
