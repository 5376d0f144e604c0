"""Where a row is, from what stands in the row itself: its geometry, a pair of columns, or a text.

Postcodes, property numbers and place names need the store, so they come later. Nothing is guessed silently:
a number that cannot be a place here is taken out and told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from abcd.core import geo
from abcd.intake import coordinates as written
from abcd.intake import strings
from abcd.intake.chunk import Chunk
from abcd.intake.grid import is_near, on_grid
from abcd.intake.mapping import Coordinates
from abcd.intake.strings import Mask

Floats = npt.NDArray[np.float64]

POINT, DRAWN_M, AREA_M = 0, 5.0, 1.0
"""Shapely's number of the type point; metres of doubt of a drawn point and of the inside of an area."""


@dataclass
class Places:
    """What is known of each row's place: grid metres, NaN where nothing is known yet."""

    easting: Floats
    northing: Floats
    precision_m: Floats
    located_by: npt.NDArray[np.object_]
    shape: npt.NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))

    @classmethod
    def unknown(cls, rows: int) -> "Places":
        """No row located."""
        nan = np.full(rows, np.nan)
        return cls(nan, nan, nan, np.full(rows, "", dtype=object), np.full(rows, None, dtype=object))

    def found(self) -> Mask:
        """Which rows are located."""
        return np.asarray(~np.isnan(self.easting), dtype=bool)

    def put(self, x: Floats, y: Floats, precision: Floats, by: str) -> None:
        """Take over the places of rows that had none."""
        new = ~self.found() & ~np.isnan(x) & ~np.isnan(y)
        self.easting, self.northing = np.where(new, x, self.easting), np.where(new, y, self.northing)
        self.precision_m = np.where(new, precision, self.precision_m)
        self.located_by = np.where(new, by, self.located_by).astype(object)


def locate(chunk: Chunk) -> Places:
    """The place of every row by the ways of the mapping, best way first."""
    places = Places.unknown(len(chunk))
    for way in (chunk.mapping.coordinates, *chunk.mapping.spare):
        if not places.found().all():
            WAYS[way.kind](chunk, way, places)
    return places


def _by_geometry(chunk: Chunk, way: Coordinates, places: Places) -> None:
    if chunk.geom.null_count == len(chunk):
        return
    shapes = shapely.from_wkb(chunk.geom.to_numpy(zero_copy_only=False), on_invalid="ignore")
    shapes[shapely.is_empty(shapes)] = None
    is_point = shapely.get_type_id(shapes) == POINT
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    x, y = on_grid(chunk, column_of(way), way.epsg, x, y, is_point, (x, y))
    places.put(x, y, np.full(len(chunk), DRAWN_M), "geometry")
    is_area = np.asarray(~is_point & ~shapely.is_missing(shapes), dtype=bool)
    if is_area.any():
        _by_area(chunk, way, places, shapes, is_area)


def _by_area(chunk: Chunk, way: Coordinates, places: Places, shapes: npt.NDArray[np.object_], where: Mask) -> None:
    """Place lines and areas: mended where they cross themselves, with a point inside."""
    broken = where & ~shapely.is_valid(shapes)
    chunk.fault("repaired_geometry", broken, "geometry", chunk.blank(), "The outline crosses itself; we mended it.",
                "Draw the outline again without crossing lines.")  # fmt: skip
    mended = np.where(broken, shapely.make_valid(shapes), shapes)
    grid = np.full(len(shapes), None, dtype=object)
    grid[where] = geo.shapes_to_grid(mended[where], way.epsg or geo.DEGREES)
    inside = shapely.point_on_surface(grid)
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    x, y = on_grid(chunk, "geometry", geo.BRITISH_GRID, x, y, where, (x, y))
    places.put(x, y, np.full(len(chunk), AREA_M), "geometry")
    places.shape = np.where(where & ~np.isnan(x), grid, np.full(len(chunk), None, dtype=object))


def _by_pair(chunk: Chunk, way: Coordinates, places: Places) -> None:
    told_x, told_y = chunk.text[way.x], chunk.text[way.y]
    x, y = written.axis(told_x), written.axis(told_y)
    told = strings.joined([told_x, told_y], " ")
    _tell_unreadable(chunk, way, told, told_x, told_y, np.isnan(x) | np.isnan(y))
    precision = written.doubt_in_degrees(told_y) if way.epsg == geo.DEGREES else np.ones(len(chunk))
    where = ~places.found() & ~np.isnan(x) & ~np.isnan(y)
    turned = is_near(y, x) & ~is_near(x, y)
    x, y = on_grid(chunk, column_of(way), way.epsg, x, y, where, told)
    places.put(np.where(turned, np.nan, x), y, precision, "coordinates")
    places.put(x, y, precision, "swapped coordinates")


def _by_text(chunk: Chunk, way: Coordinates, places: Places) -> None:
    told = chunk.text[way.x]
    easting, northing, doubt = written.grid_reference(told)
    places.put(easting, northing, doubt, "grid reference")
    x, y = written.pair(told)[:: -1 if way.is_turned else 1]
    where = ~places.found() & ~np.isnan(x)
    x, y = on_grid(chunk, column_of(way), way.epsg, x, y, where, told)
    places.put(x, y, np.full(len(chunk), DRAWN_M), "text")


def _tell_unreadable(chunk: Chunk, way: Coordinates, told: pa.Array, x: pa.Array, y: pa.Array, where: Mask) -> None:
    written_in = where & (strings.is_filled(x) | strings.is_filled(y))
    several = written_in & strings.matches(x, written.SEVERAL)
    column = f"{way.x} {way.y}"
    chunk.fault("several_points", several, column, told, "The row holds several points; we do not choose.",
                "Give a row for each place, or one point.")  # fmt: skip
    chunk.fault("unreadable_coordinates", written_in & ~several, column, told, "The coordinates are no numbers.",
                "Write them as decimal degrees or grid metres.")  # fmt: skip


def _nowhere(chunk: Chunk, way: Coordinates, places: Places) -> None:
    """Nothing in the row says where it is."""


def column_of(way: Coordinates) -> str:
    """The columns of a way, as an issue names them."""
    return " ".join(filter(None, (way.x, way.y))) or "geometry"


Way = Callable[[Chunk, Coordinates, Places], None]
WAYS: dict[str, Way] = {"geometry": _by_geometry, "pair": _by_pair, "text": _by_text, "none": _nowhere}
