"""Files to take away: GeoJSON of a layer, a place as one HTML page, the faults of an import."""

from tempfile import TemporaryFile
from typing import BinaryIO

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from abcd.core.clock import today
from abcd.core.text import slug
from abcd.db.session import Actor, session
from abcd.maps.drawing import map_html
from abcd.maps.export import export_geojson

GEOJSON = "application/geo+json"
CHUNK = 1 << 18


def attached(name: str) -> dict[str, str]:
    """Headers that make the browser keep the answer as a file called ``name``."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def sent(file: BinaryIO, media_type: str, name: str) -> Response:
    """An open file from its beginning, closed when it has gone out."""
    length = file.tell()
    file.seek(0)
    headers = {**attached(name), "Content-Length": str(length)}
    return StreamingResponse(
        iter(lambda: file.read(CHUNK), b""),
        media_type=media_type,
        headers=headers,
        background=BackgroundTask(file.close),
    )


def layer_file(request: Request) -> Response:
    """A layer as GeoJSON; made whole before the first byte leaves, so that a fault is an error and no half file.

    ---
    summary: A layer as a file
    parameters:
      - {name: layer, in: path, required: true, schema: {type: string, examples: [assets, places]}}
      - {name: place, in: query, description: reference or id, schema: {type: string}}
      - {name: category, in: query, schema: {type: string}}
    responses: {200: {$ref: "#/components/responses/features"}, 404: {$ref: "#/components/responses/refused"}}
    """
    actor: Actor = request.state.actor
    layer, asked = request.path_params["layer"], request.query_params
    file: BinaryIO = TemporaryFile()  # noqa: SIM115 - the answer closes it
    with session(actor, patient=True) as s:
        export_geojson(s, layer, file, by=actor, place=asked.get("place"), category=asked.get("category"))
    name = "-".join(filter(None, (slug(layer), slug(asked.get("place", "")), slug(asked.get("category", "")))))
    return sent(file, GEOJSON, f"{name}.geojson")


def place_file(request: Request) -> Response:
    """A place as one HTML page that opens anywhere.

    ---
    summary: A place as one page that opens anywhere
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/refused"}}
    """
    actor: Actor = request.state.actor
    reference = request.path_params["ref"]
    with session(actor, patient=True) as s:
        whole = map_html(s, reference, by=actor)
    return Response(whole, media_type="text/html", headers=attached(f"{slug(reference)}-{today()}.html"))


ROUTES = [
    Route("/export/map/{ref}.html", place_file, methods=["GET"]),
    Route("/export/{layer}.geojson", layer_file, methods=["GET"]),
]
