"""Vector tiles (Mapbox Vector Tile 2.1) of a layer, written by the database from its listed columns (trust.md P9).

A tile stays small at every zoom: where it would hold more than ``MOST`` assets it holds clusters, and areas are drawn
as finely as the screen shows them, each kind from its own zoom on.
"""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Float, Integer, Select, String, bindparam, cast, func, literal_column, select
from sqlalchemy.orm import Session

from abcd.db.spatial import grid_point
from abcd.db.tables import GRID, Asset, Place, asset_cell
from abcd.db.tables.cells import SIZES
from abcd.maps.areas import MOST_AREAS, conditions, outline
from abcd.maps.clusters import COARSE_ZOOM, EDGES, FINE_ZOOM, cells_of, from_assets, from_cells
from abcd.maps.layer import AUDIENCES, Column, Layer, reaches
from abcd.maps.mercator import UNITS, Tile
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection
from abcd.maps.spoken import spoken
from abcd.maps.unchanged import SETTLED
from abcd.maps.view import Filters, View

#: Assets of a tile before it holds clusters instead.
MOST = 4_000
#: Zooms by which clusters are finer than a map's on screen: from squares, and from the assets themselves.
FINER_SQUARES, FINER_ASSETS = 1, 3


class Written(NamedTuple):
    """A tile, how many rows went into it, and whether nobody wrote into the store as it was made."""

    made: bytes
    n: int
    is_settled: bool


def tile(s: Session, reader: Reader, layer: Layer, at: Tile) -> Written:
    """The tile of a layer; empty when there is nothing on it."""
    view = at.view()
    if view is None or at.z < layer.min_zoom:
        return Written(b"", 0, True)
    if layer.table is Asset.__table__:
        return assets(s, reader, layer, at, view)
    return written(s, layer, areas(reader, layer, at, view))


def written(s: Session, layer: Layer, rows: Select[Any]) -> Written:
    """The rows as a tile."""
    return as_written(s.execute(as_tile(layer, rows)).one())


def as_written(row: Any) -> Written:
    """A row of ``as_tile``."""
    return Written(bytes(row[0] or b""), int(row[1]), bool(row[2]))


def as_tile(layer: Layer, rows: Select[Any]) -> Select[Any]:
    """One row: the tile, how many rows went into it, and whether nobody wrote."""
    each = rows.subquery("each")
    whole: tuple[Any, ...] = func.ST_AsMVT(literal_column("each.*"), layer.name, UNITS, "geom"), func.count(), SETTLED
    return select(*whole).select_from(each).where(each.c.geom.is_not(None))


def columns_of(layer: Layer, audience: str) -> tuple[Column, ...]:
    """What a feature of a tile says: what a map on screen shows and a file has too."""
    return tuple(column for column in layer.columns_for(audience, on_map=True) if column.in_files)


def assets(s: Session, reader: Reader, layer: Layer, at: Tile, view: View) -> Written:
    """The assets of a tile, or clusters of them where there are many.

    Whether nobody wrote is what the first statement says: what was written by then the next one sees too.
    """
    if reader.places:
        themselves, held = written(s, layer, few(reader, layer, at, view)), 0
    else:
        themselves, held = unless_many(s, reader, layer, at, view)
    if held > MOST:
        return grouped(s, reader, layer, at, view)._replace(is_settled=themselves.is_settled)
    if themselves.n <= MOST:
        return themselves
    counts = from_assets(layer, reader.audience, finer(view, FINER_ASSETS), Filters(within=reader.places))
    return written(s, layer, clusters(counts, at))._replace(is_settled=themselves.is_settled)


def finer(view: View, by: int) -> View:
    """The same view, some zooms closer."""
    return View(view.box, view.zoom + by)


def unless_many(s: Session, reader: Reader, layer: Layer, at: Tile, view: View) -> tuple[Written, int]:
    """The assets of a tile each by itself, one beyond ``MOST`` at most, and how many its squares hold.

    Where squares are asked and hold more than ``MOST``, none is looked for; where they are not, they hold none.
    """
    by_squares = layer.name == "assets" and at.z <= FINE_ZOOM
    size = SIZES[1] if at.z < COARSE_ZOOM else SIZES[0]
    edges = cells_of(view, size) if by_squares else {}
    values = dict(zip(EDGES, view.box, strict=True)) | at.values | edges
    name = "tile", layer.name, reader.audience, MOST, size if by_squares else 0

    def query() -> Select[Any]:
        rows = few(reader, layer, at, view)
        if not by_squares:
            return as_tile(layer, rows)
        held = of_squares(reader.audience, size, edges).cte("held").prefix_with("materialized", dialect="postgresql")
        n = select(held.c.n).scalar_subquery()
        return as_tile(layer, rows.where(n <= MOST)).add_columns(n)

    row = spoken(s, name, query, values)
    return as_written(row), int(row[3]) if by_squares else 0


def of_squares(audience: str, size: int, edges: dict[str, int]) -> Select[Any]:
    """One row: the number of assets in the squares between these."""
    west, south, east, north = (bindparam(name, edge, Integer) for name, edge in edges.items())
    cell, seen = asset_cell.c, [name for name in AUDIENCES if reaches(name, audience)]
    return select(func.coalesce(func.sum(cell.n), 0).label("n")).where(
        cell.size == size, cell.x.between(west, east), cell.y.between(south, north), cell.visibility.in_(seen)
    )


def grouped(s: Session, reader: Reader, layer: Layer, at: Tile, view: View) -> Written:
    """Clusters from the squares of a tile."""
    closer = finer(view, FINER_SQUARES)
    name = "grouped", layer.name, reader.audience, closer.zoom
    counts = from_cells(reader.audience, closer, Filters())
    return as_written(spoken(s, name, lambda: as_tile(layer, clusters(counts, at)), cells_of(closer) | at.values))


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
