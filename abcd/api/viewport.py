"""What a map fetches while it is moved: ``/map/{layer}.geojson``."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.access import require
from abcd.core.clock import today
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from abcd.maps.areas import ring
from abcd.maps.geojson import collection
from abcd.maps.view import BRITAIN, Bbox, Filters
from abcd.maps.viewport import features, last_change
from abcd.places.queries import place

GEOJSON = "application/geo+json"
ASK_AGAIN = "private, no-cache"


def audience_of(actor: Actor) -> str:
    """Whose eyes an actor sees with."""
    return "partner" if actor.role == "partner_viewer" else "officer"


def bbox_in(request: Request) -> Bbox:
    """``bbox=west,south,east,north`` of the query; all of Britain when there is none.

    Raises:
        BadRequest: not four numbers.
    """
    given = request.query_params.get("bbox")
    if not given:
        return BRITAIN
    try:
        west, south, east, north = map(float, given.split(","))
    except ValueError as error:
        raise BadRequest("bbox is west,south,east,north in degrees.") from error
    return west, south, east, north


def number_in(request: Request, name: str, default: float) -> float:
    """A number of the query.

    Raises:
        BadRequest: not a number.
    """
    try:
        return float(request.query_params.get(name, default))
    except ValueError as error:
        raise BadRequest(f"{name} is a number.") from error


def map_layer(request: Request) -> Response:
    """Features of a view; 304 when nothing has changed since the browser's copy."""
    actor: Actor = request.state.actor
    require(actor, "view", "layer")
    asked = request.query_params
    with session(actor) as s:
        seen = f"{last_change(s)} {today()} {audience_of(actor)} {request.url.path}?{request.url.query}"
        etag = f'"{hashlib.sha256(seen.encode()).hexdigest()[:24]}"'
        headers = {"ETag": etag, "Cache-Control": ASK_AGAIN}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        if request.path_params["layer"] == "ring":
            body = collection(ring(s, asked.get("place", ""), number_in(request, "minutes", 10)))
        else:
            within = str(place(s, asked["place"]).id) if asked.get("place") else ""
            words = {name: asked.get(name, "") for name in ("category", "kind", "theme")}
            zoom = int(number_in(request, "zoom", 6))
            filters = Filters(place=within, **words)
            body = features(s, request.path_params["layer"], bbox_in(request), zoom, filters, audience_of(actor))
    return Response(body, media_type=GEOJSON, headers=headers)


ROUTES = [Route("/map/{layer}.geojson", map_layer, methods=["GET"])]
