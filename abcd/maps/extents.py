"""The box of all that a reader may see of a layer, in degrees, without looking at each of a million assets."""

from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from abcd.core import geo
from abcd.db.tables import asset_cell
from abcd.db.tables.cells import SIZES
from abcd.maps.kind_layers import WITH_ROOMS
from abcd.maps.layer import AUDIENCES, Layer, reaches
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection
from abcd.maps.unchanged import Made, kept, settled
from abcd.maps.view import Bbox

_cell = asset_cell.c
#: Layers of assets whose box is that of their squares: which squares count for each.
OF_SQUARES: dict[str, Callable[[], ColumnElement[bool]]] = {
    "assets": true,
    "venues": lambda: _cell.category.in_(WITH_ROOMS),
    "groups": lambda: _cell.asset_kind == "association",
}


def extent(s: Session, reader: Reader, layer: Layer) -> Bbox | None:
    """West, south, east, north of the layer in degrees, ``None`` when nothing of it has a shape."""

    def make() -> tuple[Made, bool]:
        is_settled = settled(s)
        return Made(orjson.dumps(degrees(metres(s, reader, layer)))), is_settled

    box = orjson.loads(kept(s, reader, layer, "extent", make).body)
    return tuple(box) if box else None


def metres(s: Session, reader: Reader, layer: Layer) -> Bbox | None:
    """The box in metres: of the squares where they tell it, else of the shapes."""
    if layer.name in OF_SQUARES and not reader.places:
        edges = s.execute(of_squares(layer, reader.audience)).one()
    else:
        edges = s.execute(of_shapes(layer, reader)).one()
    return None if edges[0] is None else tuple(map(float, edges))  # type: ignore[return-value]


def of_squares(layer: Layer, audience: str) -> Any:
    """The edges of the small squares that hold something now."""
    size = SIZES[0]
    seen = [name for name in AUDIENCES if reaches(name, audience)]
    held = select(_cell.x, _cell.y).where(_cell.size == size, _cell.visibility.in_(seen), OF_SQUARES[layer.name]())
    squares = held.group_by(_cell.x, _cell.y).having(func.sum(_cell.n) > 0).subquery("q").c
    return select(
        func.min(squares.x) * size,
        func.min(squares.y) * size,
        (func.max(squares.x) + 1) * size,
        (func.max(squares.y) + 1) * size,
    )


def of_shapes(layer: Layer, reader: Reader) -> Any:
    """The edges of the shapes themselves."""
    selection = Selection(layer, reader.audience, within=reader.places)
    shapes = select(layer.geom.label("geom")).select_from(layer.table).where(*selection.conditions).subquery("g").c
    box = select(func.ST_Extent(shapes.geom).label("box")).subquery("b").c.box
    return select(func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box))


def degrees(box: Bbox | None) -> list[float] | None:
    """A box of metres in degrees, with all of it inside."""
    if box is None:
        return None
    west, south, east, north = box
    x, y = np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5))
    lon, lat = geo.to_degrees(x.ravel(), y.ravel())
    return [round(float(edge), 6) for edge in (lon.min() - 1e-6, lat.min() - 1e-6, lon.max() + 1e-6, lat.max() + 1e-6)]
