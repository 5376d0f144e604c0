"""Areas on screen: boundaries and background, no finer than the screen shows."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from abcd.db.tables import Asset, Place
from abcd.maps.geojson import features
from abcd.maps.layer import Layer
from abcd.maps.place_layer import PLACES
from abcd.maps.view import Filters, View, metres_per_pixel
from abcd.maps.within import inside, of_places
from abcd.places.queries import place

#: From which zoom each kind of place is drawn unless it is asked for by itself.
FROM_ZOOM = {
    "lad": 5, "neighbourhood_plan_area": 10, "town_centre": 11, "greenspace": 10, "water": 8, "locality": 8, "ward": 9,
    "msoa": 10, "neighbourhood": 10, "catchment": 10, "patch": 11, "estate": 11, "development": 11,
    "resident_drawn": 11, "lsoa": 11, "oa": 13, "street": 14,
}  # fmt: skip
#: Lines are drawn to within this many pixels.
FINENESS = 0.7
#: Areas with sides of fewer pixels are not drawn.
SMALLEST = 2
#: From this zoom on, what lies far outside the view is cut away: a council's boundary has ten thousand corners.
CLIPPED_FROM = 13
MARGIN = 0.6
MOST_AREAS = 3_000


def areas(s: Session, layer: Layer, audience: str, view: View, filters: Filters) -> bytes:
    """The areas of ``layer`` in the view, largest first, as GeoJSON features in one text.

    ``filters.kinds`` keeps some kinds of place, ``filters.place`` one place.
    """
    if view.zoom < layer.min_zoom:
        return b""
    asked = conditions(view, filters) if layer.table is Place.__table__ else of_others(layer, filters)
    rows = features(layer, audience, layer.columns_for(audience, on_map=True), outline(layer, view))
    rows = rows.where(layer.on_screen, layer.geom.op("&&")(view.shape), *asked)
    each = rows.order_by(func.ST_Area(layer.geom).desc(), layer.id).limit(MOST_AREAS).subquery("each")
    words = s.scalar(select(func.string_agg(each.c.feature, ",")).where(each.c.degrees.is_not(None)))
    return (words or "").encode()


def outline(layer: Layer, view: View) -> Any:
    """The shape as fine as the screen shows it; areas smaller than a pixel become nothing."""
    shape: Any = layer.geom
    if view.zoom >= CLIPPED_FROM:
        shape = func.ST_ClipByBox2D(shape, view.wider(MARGIN))
    thin = func.ST_Simplify(shape, metres_per_pixel(view.zoom) * FINENESS)
    return case((func.ST_IsEmpty(thin), None), else_=thin)


def of_others(layer: Layer, filters: Filters) -> list[Any]:
    """Which of what is told of places; green spaces are the background of every map, whatever is asked for."""
    if layer.table is Asset.__table__:
        return []
    found = [of_places(layer, one) for one in (filters.place,) if one]
    found += [of_places(layer, *filters.within)] if filters.within else []
    return found + ([layer.category == filters.category] if filters.category and layer.category is not None else [])


def conditions(view: View, filters: Filters) -> list[Any]:
    """Which places: the one that is asked for, else those of a kind, each from its own zoom on."""
    confined = [inside(*filters.within)] if filters.within else []
    if filters.place:
        return [Place.id == filters.place, *confined]
    smallest = (SMALLEST * metres_per_pixel(view.zoom)) ** 2
    visible = [kind for kind, zoom in FROM_ZOOM.items() if zoom <= view.zoom]
    return [
        func.ST_Area(Place.geom) > smallest,
        Place.kind.in_(visible),
        *confined,
        *([Place.kind.in_(filters.kinds)] if filters.kinds else []),
    ]


def boundary(s: Session, reference: str, audience: str) -> bytes:
    """The whole boundary of a place as one GeoJSON feature.

    Raises:
        NotFound: no such place.
    """
    rows = features(PLACES, audience, PLACES.columns_for(audience, on_map=True)).where(
        Place.id == place(s, reference).id
    )
    return str(s.execute(rows).one().feature).encode()
