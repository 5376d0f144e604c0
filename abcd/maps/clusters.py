"""Server-made clusters: one mark for each square of a grid, with the number of assets of each kind in it.

Up to zoom 12 the numbers come from ``core.asset_cell``, so that the whole country costs a few thousand rows; closer in,
from the assets of the view, of which there are never many.
"""

from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, Select, String, bindparam, cast, func, literal_column, select
from sqlalchemy.orm import Session

from abcd.db.spatial import geojson_text, grid_point, in_degrees
from abcd.db.tables import Asset, asset_cell
from abcd.db.tables.cells import SIZES
from abcd.maps.geojson import DIGITS
from abcd.maps.layer import AUDIENCES, Layer, reaches
from abcd.maps.view import Filters, View

#: The zoom at which a cluster is as large as a fine square; each zoom less doubles it. About 90 pixels.
FINE_ZOOM = 12
COARSE_ZOOM = 9
EDGES = "west", "south", "east", "north"


def side(zoom: int) -> float:
    """Metres of the side of a cluster's square at ``zoom``."""
    return SIZES[0] * 2.0 ** (FINE_ZOOM - zoom)


def square(metres: Any, zoom: int) -> ColumnElement[int]:
    """The number of the cluster's column or row that a coordinate falls into."""
    return cast(func.floor(metres / side(zoom)), Integer)


def size_of(view: View) -> int:
    """Metres of the side of the counted squares from which a view's clusters are made."""
    return SIZES[1] if view.zoom <= COARSE_ZOOM else SIZES[0]


def cells_of(view: View, size: int = 0) -> dict[str, int]:
    """The numbers of the outermost counted squares that a view touches, as values of a statement."""
    return {f"{name}_cell": int(edge // (size or size_of(view))) for name, edge in zip(EDGES, view.box, strict=True)}


def from_cells(audience: str, view: View, filters: Filters) -> Select[Any]:
    """Counts of the squares that touch the view: x, y of the cluster, kind, n, and the sums of their coordinates."""
    size = size_of(view)
    west, south, east, north = (bindparam(name, edge, Integer) for name, edge in cells_of(view).items())
    cell = asset_cell.c
    counted: list[ColumnElement[Any]] = [
        square(cell.x * size, view.zoom).label("x"),
        square(cell.y * size, view.zoom).label("y"),
        cell.asset_kind.label("kind"),
        func.sum(cell.n).label("n"),
        func.sum(cell.sum_e).label("e"),
        func.sum(cell.sum_n).label("s"),
    ]
    return (
        select(*counted)
        .where(cell.size == size, cell.x.between(west, east), cell.y.between(south, north))
        .where(cell.visibility.in_([name for name in AUDIENCES if reaches(name, audience)]))
        .where(*filters.of_columns(cell.category, cell.asset_kind))
        .group_by(literal_column("1"), literal_column("2"), literal_column("3"))
        .having(func.sum(cell.n) > 0)
    )


def in_view(layer: Layer, audience: str, view: View, filters: Filters) -> list[Any]:
    """Conditions for the assets of a view that a map shows to ``audience``."""
    return [*layer.seen_by(audience), layer.on_screen, layer.point.op("&&")(view.shape), *filters.of_assets()]


def from_assets(layer: Layer, audience: str, view: View, filters: Filters) -> Select[Any]:
    """The same rows as ``from_cells``, counted from the assets of the view."""
    easting, northing = func.ST_X(Asset.point), func.ST_Y(Asset.point)
    counted: list[ColumnElement[Any]] = [
        square(easting, view.zoom).label("x"),
        square(northing, view.zoom).label("y"),
        Asset.asset_kind.label("kind"),
        func.count().label("n"),
        func.sum(easting).label("e"),
        func.sum(northing).label("s"),
    ]
    return (
        select(*counted)
        .where(*in_view(layer, audience, view, filters))
        .group_by(literal_column("1"), literal_column("2"), literal_column("3"))
    )


def clusters(s: Session, counts: Select[Any], zoom: int) -> tuple[bytes, int]:
    """The clusters of ``counts`` as GeoJSON features in one text, and how many assets they stand for."""
    c = counts.subquery("c").c
    total = func.sum(c.n)
    whole = (
        select(
            c.x,
            c.y,
            cast(total, Integer).label("n"),
            in_degrees(grid_point(cast(func.sum(c.e), Float) / total, cast(func.sum(c.s), Float) / total)).label("at"),
            func.json_object_agg(c.kind, c.n).label("kinds"),
            literal_column("(array_agg(c.kind order by c.n desc, c.kind))[1]").label("main"),
        )
        .group_by(c.x, c.y)
        .subquery("w")
    )
    properties = func.json_build_object(
        "cluster", literal_column("true"), "count", whole.c.n, "asset_kind", whole.c.main, "kinds", whole.c.kinds
    )
    feature = func.concat(
        literal_column("""'{"type":"Feature","id":"'"""), zoom, "-", whole.c.x, "-", whole.c.y,
        literal_column("""'","geometry":'"""), geojson_text(whole.c.at, DIGITS),
        literal_column("""',"properties":'"""), cast(properties, String), literal_column("'}'"),
    )  # fmt: skip
    text, n = s.execute(
        select(func.string_agg(feature, literal_column("',' order by w.x, w.y")), func.coalesce(func.sum(whole.c.n), 0))
    ).one()
    return (text or "").encode(), int(n)
