"""The coordinate systems in which features leave by OGC API - Features Part 2, and boxes that come in by them."""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

import pyproj
from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_

from abcd.db.tables import GRID
from abcd.errors import BadRequest
from abcd.maps.view import BRITAIN, Bbox

DEGREES, MERCATOR = 4326, 3857
#: A side of a box is a curve on the grid: into how many parts it is cut at most, and how long each is in degrees. A
#: chord of a hundredth of a degree lies within 2 cm of its curve.
PARTS, PART = 48, 0.01


@dataclass(frozen=True)
class System:
    """A coordinate system by its name in links; ``is_flipped`` when its first axis is the latitude."""

    uri: str
    epsg: int
    digits: int
    is_flipped: bool = False

    def geojson(self, metres: Any) -> ColumnElement[str]:
        """GeoJSON text of a geometry that is in metres (EPSG:27700), outer rings anticlockwise on the map."""
        there = metres if self.epsg == GRID else func.ST_Transform(metres, self.epsg)
        drawn = func.ST_ForcePolygonCCW(there)
        # The last argument leaves out the member "crs": the header Content-Crs says it.
        return cast(
            func.ST_AsGeoJSON(func.ST_FlipCoordinates(drawn) if self.is_flipped else drawn, self.digits, 0), String
        )


CRS84 = System("http://www.opengis.net/def/crs/OGC/1.3/CRS84", DEGREES, 6)
GRID_SYSTEM = System(f"http://www.opengis.net/def/crs/EPSG/0/{GRID}", GRID, 2)
SYSTEMS = {
    one.uri: one
    for one in (
        CRS84,
        System("http://www.opengis.net/def/crs/EPSG/0/4326", DEGREES, 6, is_flipped=True),
        GRID_SYSTEM,
        System("http://www.opengis.net/def/crs/EPSG/0/3857", MERCATOR, 2),
    )
}


def system(uri: str) -> System:
    """The system called ``uri``.

    Raises:
        BadRequest: it is not one of ours.
    """
    if uri not in SYSTEMS:
        raise BadRequest(f"There is no coordinate system “{uri}” here. There are: {', '.join(SYSTEMS)}.")
    return SYSTEMS[uri]


def box_in(words: str, of: System) -> Bbox:
    """Four numbers of ``words`` (or six, heights left out) as west, south, east, north, in the units of ``of``.

    Raises:
        BadRequest: they are no box.
    """
    try:
        numbers = [float(word) for word in words.split(",")]
    except ValueError:
        numbers = []
    numbers = numbers[:2] + numbers[3:5] if len(numbers) == 6 else numbers
    if len(numbers) != 4 or not all(map(isfinite, numbers)) or numbers[1 - of.is_flipped] > numbers[3 - of.is_flipped]:
        raise BadRequest("bbox is four numbers with commas between them: west,south,east,north.")
    first, second, third, fourth = numbers
    box = (second, first, fourth, third) if of.is_flipped else (first, second, third, fourth)
    if of.epsg != DEGREES and box[0] > box[2]:
        raise BadRequest("In this bbox the western edge lies east of the eastern one.")
    return box


def outlines(box: Bbox, of: System) -> list[str]:
    """What the box covers of Britain, as EWKT polygons in metres or degrees (``on_grid``); one across the antimeridian
    has two ends. The database converts them: it is ready to, and a thread of ours would have to wait for another."""
    west, south, east, north = box
    if of.epsg == GRID:
        return [_ring(GRID, [(west, south), (east, south), (east, north), (west, north)])]
    if of.epsg == MERCATOR:
        west, south, east, north = _from_mercator().transform_bounds(west, south, east, north)
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    inside = [(max(w, BRITAIN[0]), min(e, BRITAIN[2])) for w, e in spans if w <= BRITAIN[2] and e >= BRITAIN[0]]
    south, north = max(south, BRITAIN[1]), min(north, BRITAIN[3])
    return [_curved(w, south, e, north) for w, e in inside if south <= north]


def _curved(west: float, south: float, east: float, north: float) -> str:
    """A box of degrees, its sides in parts."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    parts = min(PARTS, 1 + int(max(east - west, north - south) / PART))
    shares = [part / parts for part in range(parts)]
    sides = zip(corners[:-1], corners[1:], strict=True)
    return _ring(DEGREES, [(x + (to_x - x) * n, y + (to_y - y) * n) for (x, y), (to_x, to_y) in sides for n in shares])


@lru_cache(maxsize=1)
def _from_mercator() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(MERCATOR, DEGREES, always_xy=True)


def _ring(epsg: int, corners: list[tuple[float, float]]) -> str:
    words = ",".join(f"{float(x)!r} {float(y)!r}" for x, y in (*corners, corners[0]))
    return f"SRID={epsg};POLYGON(({words}))"


def on_grid(outline: Any) -> ColumnElement[Any]:
    """The geometry of an outline (EWKT) in metres."""
    return func.ST_Transform(func.ST_GeomFromEWKT(outline), GRID)


def meets(shape: Any, area: Any) -> ColumnElement[bool]:
    """A shape touches an area (a geometry in metres); ``&&`` is spelt out so that the index is used."""
    return and_(shape.op("&&")(area), func.ST_Intersects(shape, area))


def in_box(shapes: Any, box: Bbox, of: System) -> ColumnElement[bool]:
    """``shapes(area)`` for one of the areas of the box, false where it lies outside Britain."""
    covered = [shapes(on_grid(outline)) for outline in outlines(box, of)]
    return or_(*covered) if covered else false()
