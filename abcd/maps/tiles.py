"""Vector tiles (Mapbox Vector Tile 2.1) of a layer, written by the database from its listed columns (trust.md P9).

A tile stays small at every zoom: where it would hold more than ``MOST`` assets it holds clusters, and areas are drawn
as finely as the screen shows them, each kind from its own zoom on.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import atan, degrees, pi, sinh
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, Select, String, bindparam, cast, func, literal_column, select
from sqlalchemy.orm import Session

from abcd.core.shift import method
from abcd.db.spatial import grid_point
from abcd.db.tables import GRID, Asset, Place, asset_cell
from abcd.db.tables.cells import SIZES
from abcd.errors import NotFound
from abcd.maps.areas import MOST_AREAS, conditions, outline
from abcd.maps.clusters import COARSE_ZOOM, FINE_ZOOM, from_assets, from_cells
from abcd.maps.layer import AUDIENCES, Column, Layer, reaches
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection
from abcd.maps.spoken import spoken
from abcd.maps.systems import MERCATOR
from abcd.maps.view import BRITAIN, Bbox, Filters, View

ZOOMS = range(23)
#: Assets of a tile before it holds clusters instead; units of its side; units drawn beyond each edge.
MOST, UNITS, BUFFER = 4_000, 4_096, 64
#: Zooms by which clusters are finer than a map's on screen: from squares, and from the assets themselves.
FINER_SQUARES, FINER_ASSETS = 1, 3
EDGES = "west", "south", "east", "north"


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


def tile(s: Session, reader: Reader, layer: Layer, at: Tile) -> bytes:
    """The tile of a layer; empty when there is nothing on it."""
    view = at.view()
    if view is None or at.z < layer.min_zoom:
        return b""
    if layer.table is Asset.__table__:
        return assets(s, reader, layer, at, view)
    return written(s, layer, areas(reader, layer, at, view))[0]


def written(s: Session, layer: Layer, rows: Select[Any]) -> tuple[bytes, int]:
    """The rows as a tile, and how many there were."""
    made, n = s.execute(as_tile(layer, rows)).one()
    return bytes(made or b""), int(n)


def as_tile(layer: Layer, rows: Select[Any]) -> Select[Any]:
    """One row: the tile, and how many rows went into it."""
    each = rows.subquery("each")
    whole: tuple[Any, ...] = func.ST_AsMVT(literal_column("each.*"), layer.name, UNITS, "geom"), func.count()
    return select(*whole).select_from(each).where(each.c.geom.is_not(None))


def columns_of(layer: Layer, audience: str) -> tuple[Column, ...]:
    """What a feature of a tile says: what a map on screen shows and a file has too."""
    return tuple(column for column in layer.columns_for(audience, on_map=True) if column.in_files)


def assets(s: Session, reader: Reader, layer: Layer, at: Tile, view: View) -> bytes:
    """The assets of a tile, or clusters of them where there are many."""
    by_squares = layer.name == "assets" and not reader.places and at.z <= FINE_ZOOM
    if by_squares and held(s, reader.audience, view) > MOST:
        squares = from_cells(reader.audience, View(view.box, at.z + FINER_SQUARES), Filters())
        return written(s, layer, clusters(squares, at))[0]
    made, n = themselves(s, reader, layer, at, view)
    if n <= MOST:
        return made
    finer = View(view.box, at.z + FINER_ASSETS)
    return written(s, layer, clusters(from_assets(layer, reader.audience, finer, Filters(within=reader.places)), at))[0]


def held(s: Session, audience: str, view: View) -> int:
    """How many assets stand in the squares that a view touches."""
    size = SIZES[1] if view.zoom < COARSE_ZOOM else SIZES[0]
    edges = dict(zip(EDGES, (int(edge // size) for edge in view.box), strict=True))
    return int(spoken(s, ("held", audience, size), lambda: of_squares(audience, size, edges), edges)[0] or 0)


def of_squares(audience: str, size: int, edges: dict[str, int]) -> Select[Any]:
    """One row: the number of assets in the squares between these."""
    west, south, east, north = (bindparam(name, edge, Integer) for name, edge in edges.items())
    cell, seen = asset_cell.c, [name for name in AUDIENCES if reaches(name, audience)]
    return select(func.sum(cell.n)).where(
        cell.size == size, cell.x.between(west, east), cell.y.between(south, north), cell.visibility.in_(seen)
    )


def themselves(s: Session, reader: Reader, layer: Layer, at: Tile, view: View) -> tuple[bytes, int]:
    """The assets of a tile each by itself, but no more than one beyond ``MOST``, and how many these are."""
    if reader.places:
        return written(s, layer, few(reader, layer, at, view))
    name = "tile", layer.name, reader.audience, MOST
    values = dict(zip(EDGES, view.box, strict=True)) | at.values
    made, n = spoken(s, name, lambda: as_tile(layer, few(reader, layer, at, view)), values)
    return bytes(made or b""), int(n)


def few(reader: Reader, layer: Layer, at: Tile, view: View) -> Select[Any]:
    """The assets of a tile, by id, with one beyond ``MOST``."""
    edges = (bindparam(name, edge, Float) for name, edge in zip(EDGES, view.box, strict=True))
    here = layer.point.op("&&")(func.ST_MakeEnvelope(*edges, GRID))
    rows = listed(reader, layer, at.drawn(layer.point)).where(*on_tile(reader, layer), here)
    return rows.order_by(layer.id).limit(MOST + 1)


def areas(reader: Reader, layer: Layer, at: Tile, view: View) -> Select[Any]:
    """The areas of a tile, the largest first."""
    finer = View(view.box, at.z + 1)
    asked = conditions(view, Filters()) if layer.table is Place.__table__ else []
    rows = listed(reader, layer, at.drawn(outline(layer, finer)))
    wanted = [*on_tile(reader, layer), layer.geom.op("&&")(view.shape), *asked]
    return rows.where(*wanted).order_by(func.ST_Area(layer.geom).desc(), layer.id).limit(MOST_AREAS)


def on_tile(reader: Reader, layer: Layer) -> list[Any]:
    """The rows that a reader sees on a map now."""
    return [*Selection(layer, reader.audience, within=reader.places).conditions, layer.on_screen]


def listed(reader: Reader, layer: Layer, geom: ColumnElement[Any]) -> Select[Any]:
    """Rows of the geometry, the id and the listed columns."""
    columns, key = columns_of(layer, reader.audience), cast(layer.id, String).label("id")
    return select(geom, key, *[column.labelled() for column in columns]).select_from(layer.joined(columns))


def clusters(counts: Select[Any], at: Tile) -> Select[Any]:
    """Marks that stand for several assets: how many, and of which kind most."""
    c = counts.subquery("c").c
    total = func.sum(c.n)
    middle = grid_point(cast(func.sum(c.e), Float) / total, cast(func.sum(c.s), Float) / total)
    main: ColumnElement[str] = literal_column("(array_agg(c.kind order by c.n desc, c.kind))[1]").label("asset_kind")
    grouped = select(middle.label("middle"), cast(total, Integer).label("count"), main, c.x, c.y).group_by(c.x, c.y)
    g = grouped.subquery("g").c
    there = select(at.drawn(g.middle), literal_column("true").label("cluster"), g.count, g.asset_kind)
    return there.order_by(g.x, g.y)
