"""What the map of a share fetches while it is moved: ``/shared/{slug}/map/{layer}.geojson``."""

from collections.abc import Hashable
from hashlib import sha256
from math import ceil, floor, isfinite

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from abcd.api.shared_map.asking import understood
from abcd.api.shared_map.opened import Opened, opened
from abcd.api.viewport import GEOJSON, bbox_in, number_in
from abcd.assets.lines import METRES_PER_MINUTE
from abcd.core.clock import today
from abcd.core.language import chosen
from abcd.db.pool import SHARE_ROLE
from abcd.db.remembered import latest, recalled, remembered, version
from abcd.db.session import Actor
from abcd.db.spatial import as_geojson, grid_point
from abcd.db.tables import Place
from abcd.maps.areas import areas
from abcd.maps.asked import Asked
from abcd.maps.geojson import DIGITS, collection
from abcd.maps.geojson import features as drawn
from abcd.maps.layers import BASE
from abcd.maps.listing import on_the_map
from abcd.maps.place_layer import PLACES
from abcd.maps.view import ZOOMS, Filters, View
from abcd.maps.viewport import assets, in_one, is_of_points

#: A browser asks each time whether its copy is still good: the share may have ended.
ASK_AGAIN = "private, no-cache"
#: Marks of a view; with more of them a telephone, or a desk computer of ten years, drags the map in jerks.
MOST = 400


def map_layer(request: Request) -> Response:
    """Features of a view of a shared map; 304 when nothing has changed since the browser's copy.

    ---
    summary: Features of a view of a shared map
    parameters:
      - {name: layer, in: path, required: true, schema: {type: string, examples: [assets, boundaries, edge]}}
      - {name: bbox, in: query, description: "west,south,east,north in degrees", schema: {type: string}}
      - {name: zoom, in: query, schema: {type: number, minimum: 0, maximum: 22}}
    responses:
      200: {$ref: "#/components/responses/features"}
      304: {$ref: "#/components/responses/same"}
      404: {$ref: "#/components/responses/refused"}
    """
    here = opened(request)
    question, seen = question_in(request, here), latest(SHARE_ROLE)
    if request.headers.get("if-none-match", "").removeprefix("W/") == etag_of(here, question, seen):
        return Response(status_code=304, headers=kept_as(here, question, seen))
    is_known, made = recalled(eyes(here), seen, question, SHARE_ROLE)
    if not is_known:
        with here.reader.reading() as s:
            seen = version(s)
            made = remembered(s, question, lambda: features(s, here, request))
    return Response(made, media_type=GEOJSON, headers=kept_as(here, question, seen))


def question_in(request: Request, here: Opened) -> Hashable:
    """What is asked, as far as the answer depends on it: the ground is the same for every share, and a little aside.

    Raises:
        BadRequest: the box or the zoom makes no sense.
    """
    name = request.path_params["layer"]
    if name in BASE:
        return "ground", here.reader.audience, name, ground_view(request)
    return "shared map", here.reader, request.url.query, name


def ground_view(request: Request) -> View:
    """The view that was asked for, out to the edges of whole tiles, so that who moves a little asks the same again.

    Raises:
        BadRequest: the box or the zoom makes no sense.
    """
    box, zoom = bbox_in(request), int(number_in(request, "zoom", 6))
    if zoom not in ZOOMS or not all(map(isfinite, box)):
        return View.of_degrees(box, zoom)
    step = 360 / 2**zoom
    west, south, east, north = (edge / step for edge in box)
    return View.of_degrees((floor(west) * step, floor(south) * step, ceil(east) * step, ceil(north) * step), zoom)


def eyes(here: Opened) -> Actor:
    """Who reads, as their session is signed (``Reader.reading``)."""
    return Actor(here.reader.name, "partner_viewer")


def etag_of(here: Opened, question: Hashable, seen: int) -> str:
    """The name of what this share shows at this address since the event ``seen``."""
    named = f"{seen} {today()} {chosen()} {here.share.id} {here.share.version} {question}"
    return f'"{sha256(named.encode()).hexdigest()[:24]}"'


def kept_as(here: Opened, question: Hashable, seen: int) -> dict[str, str]:
    """How a browser keeps it."""
    return {"ETag": etag_of(here, question, seen), "Cache-Control": ASK_AGAIN, "Vary": "Accept-Language"}


def features(s: Session, here: Opened, request: Request) -> bytes:
    """The GeoJSON that was asked for.

    Raises:
        NotFound: there is no such layer for this reader.
        BadRequest: the box or the zoom makes no sense.
    """
    name, reader = request.path_params["layer"], here.reader
    if ground := BASE.get(name):
        view = ground_view(request)
        return collection(b",".join(filter(None, (areas(s, one, reader.audience, view, Filters()) for one in ground))))
    view = View.of_degrees(bbox_in(request), int(number_in(request, "zoom", 6)))
    if name == "assets":
        asked = remembered(s, ("understood", reader, here.query), lambda: understood(s, here.query, reader)).asked
        return collection(assets(s, on_the_map(reader), reader.audience, view, asked, MOST))
    if name == "edge":
        return collection(edges(s, here))
    if name == "ring":
        asked = remembered(s, ("understood", reader, here.query), lambda: understood(s, here.query, reader)).asked
        return collection(reach(s, asked))
    layer, within = reader.layer(name), Filters(within=reader.places)
    if is_of_points(layer):
        return collection(assets(s, layer, reader.audience, view, within))
    return collection(areas(s, layer, reader.audience, view, within))


def edges(s: Session, here: Opened) -> bytes:
    """The boundaries of the places to which the share is confined."""
    columns = tuple(one for one in PLACES.columns if one.name in ("name", "reference"))
    shapes = drawn(PLACES, here.reader.audience, columns).where(Place.id.in_(here.reader.places))
    return in_one(s, shapes)


def reach(s: Session, asked: Asked) -> bytes:
    """How far the walk reaches that is asked for, as the list is narrowed by it; nothing when none is."""
    if asked.spot is None or asked.minutes is None:
        return b""
    circle = func.ST_Buffer(grid_point(*asked.spot), asked.minutes * METRES_PER_MINUTE, 16)
    shape = func.ST_GeomFromEWKB(literal(asked.reach)) if asked.reach else circle
    geometry = s.scalar(select(as_geojson(shape, DIGITS)))
    return f'{{"type":"Feature","id":"walk","geometry":{geometry},"properties":{{}}}}'.encode()
