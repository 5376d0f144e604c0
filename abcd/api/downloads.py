"""Files to take away: GeoJSON of a layer, a place as one HTML page, the faults of an import."""

from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from abcd.access import require
from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import slug
from abcd.db.session import Actor, session
from abcd.errors import NotFound
from abcd.maps.export import export_geojson
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.jobs import job_of

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


def finished_file(request: Request) -> Response:
    """A file that was made in the background for this account, while it is kept.

    ---
    summary: A file that was made on the page Exports
    responses: {200: {$ref: "#/components/responses/file"}, 404: {$ref: "#/components/responses/refused"}}
    """
    require(request.state.actor, "export", "layer")
    job = job_of(request.path_params["job"], request.state.actor)
    if job.state != "done":
        raise NotFound(_("This file is not ready."))
    ending = FORMATS[job.order.format]
    media_type = ending.media_type if job.path.name.endswith(ending.suffix) else "application/zip"
    return FileResponse(job.path, media_type=media_type, headers=attached(job.name))


def place_file(request: Request) -> Response:
    """A place as one HTML page that opens anywhere.

    ---
    summary: A place as one page that opens anywhere
    responses: {200: {$ref: "#/components/responses/page"}, 404: {$ref: "#/components/responses/refused"}}
    """
    # Imported late: the process for the public draws no such page and needs no library for it.
    from abcd.maps.drawing import map_html

    actor: Actor = request.state.actor
    reference = request.path_params["ref"]
    with session(actor, patient=True) as s:
        whole = map_html(s, reference, by=actor)
    return Response(whole, media_type="text/html", headers=attached(f"{slug(reference)}-{today()}.html"))


def profile_file(request: Request) -> Response:
    """A place on one page: strengths, map, possibilities, what nobody has looked for, sources.

    ---
    summary: A place on one page, as PDF/UA or as HTML made for print
    responses: {200: {$ref: "#/components/responses/file"}, 404: {$ref: "#/components/responses/refused"}}
    """
    # Imported late: only whoever prints needs what draws and sets a page.
    from abcd.maps import profile

    reference, form = request.path_params["ref"], request.url.path.rpartition(".")[2]
    with session(request.state.actor, patient=True) as s:
        done = profile.profile_file(s, reference, form, by=request.state.actor)
    name = f"{slug(reference)}-{today()}.{form}"
    return Response(done.content, media_type=profile.FORMS[form], headers=attached(name))


def plan_file(request: Request) -> Response:
    """The patches of a plan, adopted or not, for officers; made whole before the first byte leaves.

    ---
    summary: The patches of a plan as a GeoPackage or GeoJSON
    responses: {200: {$ref: "#/components/responses/file"}, 404: {$ref: "#/components/responses/refused"}}
    """
    # Imported late: only whoever takes a plan away needs what reads one.
    from abcd.maps.files.plan_file import write_plan

    actor: Actor = request.state.actor
    form = FORMATS[request.url.path.rpartition(".")[2]]
    with TemporaryDirectory(prefix="abcd-plan-") as folder, session(actor, patient=True) as s:
        path = Path(folder) / f"plan{form.suffix}"
        write_plan(s, request.path_params["plan"], form, path, by=actor)
        content = path.read_bytes()
    return Response(content, media_type=form.media_type, headers=attached(f"plan-{today()}{form.suffix}"))


ROUTES = [
    Route("/export/plan/{plan:uuid}.gpkg", plan_file, methods=["GET"]),
    Route("/export/plan/{plan:uuid}.geojson", plan_file, methods=["GET"]),
    Route("/export/files/{job}", finished_file, methods=["GET"]),
    Route("/export/map/{ref}.html", place_file, methods=["GET"]),
    Route("/export/profile/{ref}.pdf", profile_file, methods=["GET"]),
    Route("/export/profile/{ref}.html", profile_file, methods=["GET"]),
    Route("/export/{layer}.geojson", layer_file, methods=["GET"]),
]
