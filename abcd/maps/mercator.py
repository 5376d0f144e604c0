"""The squares into which Web Mercator is cut, and where each lies on the grid."""

from dataclasses import dataclass
from functools import lru_cache
from math import atan, degrees, pi, sinh
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func

from abcd.core.shift import method
from abcd.errors import NotFound
from abcd.maps.systems import MERCATOR
from abcd.maps.view import BRITAIN, Bbox, View

ZOOMS = range(23)
#: Units of a tile's side; units drawn beyond each edge.
UNITS, BUFFER = 4_096, 64


@dataclass(frozen=True)
class Tile:
    """A square of Web Mercator: column ``x`` and row ``y``, counted from the north-west, of zoom ``z``."""

    z: int
    x: int
    y: int

    @property
    def box(self) -> Bbox:
        """West, south, east, north in degrees, its buffer included."""
        more, n = BUFFER / UNITS, 2.0**self.z
        lon = [side / n * 360 - 180 for side in (self.x - more, self.x + 1 + more)]
        lat = [degrees(atan(sinh(pi * (1 - 2 * side / n)))) for side in (self.y + 1 + more, self.y - more)]
        return lon[0], lat[0], lon[1], lat[1]

    def view(self) -> View | None:
        """What of it lies in Britain, ``None`` when nothing does."""
        west, south, east, north = self.box
        if west > BRITAIN[2] or east < BRITAIN[0] or south > BRITAIN[3] or north < BRITAIN[1]:
            return None
        return View(in_metres(self, method()), self.z)

    @property
    def values(self) -> dict[str, int]:
        """Its numbers, for a statement that is said again."""
        return {"z": self.z, "x": self.x, "y": self.y}

    def drawn(self, metres: Any) -> ColumnElement[Any]:
        """A geometry in metres in the units of the tile."""
        edges = func.ST_TileEnvelope(*(bindparam(name, number, Integer) for name, number in self.values.items()))
        return func.ST_AsMVTGeom(func.ST_Transform(metres, MERCATOR), edges, UNITS, BUFFER).label("geom")


@lru_cache(maxsize=4_000)
def in_metres(at: Tile, _method: str) -> Bbox:
    """The envelope of a tile on the grid, by this way of converting; a tile that is made again lies where it lay."""
    return View.of_degrees(at.box, 12).box


def tile_at(z: str, y: str, x: str) -> Tile:
    """The tile at this address.

    Raises:
        NotFound: there is no such tile.
    """
    numbers = [int(each) if each.isascii() and each.isdigit() and len(each) < 9 else -1 for each in (z, x, y)]
    found = Tile(*numbers)
    if found.z not in ZOOMS or not all(0 <= side < 2**found.z for side in (found.x, found.y)):
        raise NotFound(f"There is no tile {z}/{y}/{x}. Zooms are 0 to {ZOOMS[-1]}; rows and columns begin with 0.")
    return found
