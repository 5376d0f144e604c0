"""What a map fetches while it is moved: ``/map/{layer}.geojson``."""

from hashlib import sha256
from math import isfinite, nan
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from abcd.access import require
from abcd.core.clock import today
from abcd.core.language import chosen
from abcd.db.remembered import latest, recalled, remembered, version
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from abcd.maps.areas import boundary
from abcd.maps.geojson import collection
from abcd.maps.view import BRITAIN, Bbox, Filters
from abcd.maps.viewport import features
from abcd.places.queries import place

GEOJSON = "application/geo+json"
ASK_AGAIN = "private, no-cache"
MOST_IDS = 200


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
        number = float(request.query_params.get(name, default))
    except ValueError:
        number = nan
    if not isfinite(number):
        raise BadRequest(f"{name} is a number.")
    return number


def filters_in(s: Session, request: Request) -> Filters:
    """The filters of the query: ``category``, ``theme``, ``kind=a,b``, ``place=REF``, ``ids=uuid,uuid``.

    Raises:
        NotFound: no such place.
        BadRequest: an id is none, or there are too many.
    """
    asked = request.query_params
    try:
        ids = tuple(map(UUID, filter(None, asked.get("ids", "").split(","))))
    except ValueError as error:
        raise BadRequest("ids are UUIDs with commas between them.") from error
    if len(ids) > MOST_IDS:
        raise BadRequest(f"At most {MOST_IDS} ids go into one address.")
    return Filters(
        category=asked.get("category", ""),
        theme=asked.get("theme", ""),
        kinds=tuple(filter(None, asked.get("kind", "").split(","))),
        place=str(place(s, asked["place"]).id) if asked.get("place") else "",
        ids=ids,
    )


def key_in(told: str) -> UUID:
    """A key of the query.

    Raises:
        BadRequest: it is none.
    """
    try:
        return UUID(told)
    except ValueError as error:
        raise BadRequest("plan is a UUID.") from error


def drawn(s: Session, request: Request, audience: str) -> bytes:
    """The GeoJSON that was asked for."""
    layer, asked = request.path_params["layer"], request.query_params
    if layer == "ring":
        # Imported late: whoever shares this module with us and draws no ring needs no search.
        from abcd.maps.rings import ring, ring_at

        minutes, profile = number_in(request, "minutes", 10), asked.get("profile", "standard")
        if "at" in asked:
            return collection(ring_at(s, asked["at"], minutes, profile))
        return collection(ring(s, asked.get("place", ""), minutes, profile))
    if layer == "plan":
        from abcd.maps.plan_layer import plan_features

        moved, order = asked.get("moved", ""), asked.get("order", "")
        return collection(plan_features(s, key_in(asked.get("plan", "")), moved, order))
    if layer == "plan_blocks":
        from abcd.maps.plan_layer import block_features

        return collection(block_features(s, key_in(asked.get("plan", ""))))
    if layer == "siting":
        from abcd.maps.siting_layer import siting_features

        needs = tuple(filter(None, asked.get("needs", "").split(",")))
        what = (asked.get("category", ""), asked.get("profile", "standard"), needs)
        drawn_at = asked.get("at", ""), asked.get("show", ""), asked.get("without", "")
        return collection(siting_features(s, asked.get("place", ""), *what, *drawn_at))
    if layer == "boundary":
        return collection(boundary(s, asked.get("place", ""), audience))
    zoom = int(number_in(request, "zoom", 6))
    return features(s, layer, bbox_in(request), zoom, filters_in(s, request), audience)


def map_layer(request: Request) -> Response:
    """Features of a view; 304 when nothing has changed since the browser's copy.

    ---
    summary: Features of a view of the map
    parameters:
      - {name: layer, in: path, required: true, schema: {type: string, examples: [assets, places, boundary, ring]}}
      - {name: bbox, in: query, description: "west,south,east,north in degrees", schema: {type: string}}
      - {name: zoom, in: query, schema: {type: number, minimum: 0, maximum: 22}}
      - {name: category, in: query, schema: {type: string}}
      - {name: theme, in: query, schema: {type: string}}
      - {name: kind, in: query, description: kinds with commas between them, schema: {type: string}}
      - {name: place, in: query, description: reference or id, schema: {type: string}}
      - {name: ids, in: query, description: UUIDs with commas between them, schema: {type: string}}
      - {name: minutes, in: query, description: of the ring, schema: {type: number}}
      - {name: plan, in: query, description: key of a plan of patches, schema: {type: string}}
      - {name: moved, in: query, description: "its blocks that moved, block.patch.block.patch", schema: {type: string}}
      - {name: order, in: query, description: "the patch that each patch goes on from", schema: {type: string}}
      - {name: profile, in: query, schema: {type: string, examples: [standard, brisk, slower, step_free]}}
      - {name: needs, in: query, description: "what must hold, with commas between", schema: {type: string}}
      - {name: at, in: query, description: "easting,northing of a ring, or several of sites", schema: {type: string}}
      - {name: show, in: query, schema: {type: string, examples: [sites, left]}}
      - {name: without, in: query, description: an asset that would stand elsewhere, schema: {type: string}}
    responses:
      200: {$ref: "#/components/responses/features"}
      304: {$ref: "#/components/responses/same"}
      404: {$ref: "#/components/responses/refused"}
    """
    actor: Actor = request.state.actor
    require(actor, "view", "layer")
    question, seen = ("map", request.url.path, request.url.query), latest()
    if request.headers.get("if-none-match", "").removeprefix("W/") == etag_of(request, actor, seen):
        return Response(status_code=304, headers=kept_as(request, actor, seen))
    is_known, made = recalled(actor, seen, question)
    if not is_known:
        with session(actor) as s:
            seen = version(s)
            made = remembered(s, question, lambda: drawn(s, request, audience_of(actor)))
    return Response(made, media_type=GEOJSON, headers=kept_as(request, actor, seen))


def etag_of(request: Request, actor: Actor, seen: int) -> str:
    """The name of what this address shows to such an actor since the event ``seen``."""
    named = f"{seen} {today()} {chosen()} {audience_of(actor)} {request.url.path}?{request.url.query}"
    return f'"{sha256(named.encode()).hexdigest()[:24]}"'


def kept_as(request: Request, actor: Actor, seen: int) -> dict[str, str]:
    """How a browser keeps it."""
    return {"ETag": etag_of(request, actor, seen), "Cache-Control": ASK_AGAIN}


ROUTES = [Route("/map/{layer}.geojson", map_layer, methods=["GET"])]
