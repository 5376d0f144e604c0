"""What a map draws at the moment: features of a view, clusters where there are too many, and the quiet background."""

from typing import Any

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import Session

from abcd.db.tables import Asset
from abcd.errors import NotFound
from abcd.maps.areas import areas
from abcd.maps.clusters import FINE_ZOOM, clusters, from_assets, from_cells, in_view
from abcd.maps.geojson import collection
from abcd.maps.geojson import features as drawn
from abcd.maps.layers import BASE, LAYERS, Layer
from abcd.maps.view import Bbox, Filters, View

ALL_GROUND = tuple(layer for layers in BASE.values() for layer in layers)
#: A view with more assets than this gets clusters instead.
MOST = 2_000
#: Nor are the few that a filter leaves looked for among more than this.
MOST_READ = 10_000


def features(
    s: Session, layer: str, bbox: Bbox, zoom: int, filters: Filters | None = None, audience: str = "officer"
) -> bytes:
    """GeoJSON of a viewport: ``bbox`` is west, south, east, north in degrees.

    Raises:
        NotFound: there is no such layer.
        BadRequest: the box or the zoom makes no sense.
    """
    view, chosen = View.of_degrees(bbox, zoom), filters or Filters()
    if layer in LAYERS and is_of_points(LAYERS[layer]):
        return collection(assets(s, LAYERS[layer], audience, view, chosen))
    shown = BASE.get(layer) or ((LAYERS[layer],) if layer in LAYERS else ())
    if not shown:
        raise NotFound(f"There is no layer “{layer}” to draw.")
    parts = (areas(s, one, audience, view, chosen) for one in shown)
    return collection(b",".join(part for part in parts if part))


def is_of_points(layer: Layer) -> bool:
    """Whether a layer shows assets, each at its point and only those that were asked for; green spaces are ground."""
    return layer.table is Asset.__table__ and layer not in ALL_GROUND


def assets(s: Session, layer: Layer, audience: str, view: View, filters: Filters, most: int = MOST) -> bytes:
    """Assets of the view, or clusters when there are more than ``most``; those of a list are always themselves."""
    columns = layer.columns_for(audience, on_map=True)
    if filters.ids:
        listed = [*layer.seen_by(audience), layer.on_screen, *filters.of_assets()]
        return in_one(s, drawn(layer, audience, columns, layer.point).where(*listed))
    if view.zoom <= FINE_ZOOM and filters.only_squares and layer.name == "assets":
        found, n = clusters(s, from_cells(audience, view, filters), view.zoom)
        if n > most or counted(s, audience, view) > MOST_READ:
            return found
    within = in_view(layer, audience, view, filters)
    seen = select(literal_column("1")).select_from(Asset).where(*within).limit(most + 1).subquery()
    if (s.scalar(select(func.count()).select_from(seen)) or 0) > most:
        return clusters(s, from_assets(layer, audience, view, filters), view.zoom)[0]
    return in_one(s, drawn(layer, audience, columns, layer.point).where(*within))


def counted(s: Session, audience: str, view: View) -> int:
    """How many assets the squares of a view hold, whatever the filters."""
    return s.scalar(select(func.sum(from_cells(audience, view, Filters()).subquery().c.n))) or 0


def in_one(s: Session, rows: Select[Any]) -> bytes:
    """All features of a query in one text, by id."""
    each = rows.subquery("each")
    agreed = s.scalar(select(func.string_agg(each.c.feature, literal_column("',' order by each.id"))))
    return (agreed or "").encode()
