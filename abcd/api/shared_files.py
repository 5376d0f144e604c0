"""Files of a shared map: ``/shared/{slug}/files/{layer}.{format}`` and ``/open/...``, in every format.

They are made whole before the first byte leaves, as the role that sees what was cleared, for the audience and the
places of the share alone; each is written down (trust.md P19).
"""

import tempfile
from pathlib import Path
from shutil import rmtree
from threading import BoundedSemaphore

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from abcd.api.downloads import attached
from abcd.api.sharing import share_of
from abcd.api.writing import writing
from abcd.core.language import _
from abcd.core.text import slug
from abcd.errors import NotFound, StoreBusy
from abcd.maps.files.formats import FORMATS, Format
from abcd.maps.files.order import Order, write_for
from abcd.maps.reader import Reader

#: Files made at once, and seconds to wait for one's turn: a large one takes a processor for a minute.
AT_ONCE, PATIENCE = 2, 20
_turns = BoundedSemaphore(AT_ONCE)


def shared_file(request: Request) -> Response:
    """A layer of a share as a file; ``place`` and ``category`` keep some of it.

    ---
    summary: A layer of a shared map as a file
    parameters:
      - {name: layer, in: path, required: true, schema: {type: string, examples: [assets, places]}}
      - {name: format, in: path, required: true, schema: {type: string, examples: [geojson, gpkg, csv, xlsx]}}
      - {name: place, in: query, description: reference or id, schema: {type: string}}
      - {name: category, in: query, schema: {type: string}}
    responses: {200: {$ref: "#/components/responses/file"}, 404: {$ref: "#/components/responses/refused"}}
    """
    reader = share_of(request).reader()
    layer, named = request.path_params["layer"], request.path_params["format"]
    form = FORMATS.get(named)
    reader.layer(layer)
    if form is None:
        raise NotFound(_("There is nothing at this address."))
    headers = attached(f"{slug(layer)}{form.suffix}") | {"Cache-Control": "private, no-store"}
    if request.method == "HEAD":
        return Response(media_type=form.media_type, headers=headers)
    asked = request.query_params
    order = Order((layer,), form.name, place=asked.get("place"), category=asked.get("category"))
    return made(reader, order, form, headers)


def made(reader: Reader, order: Order, form: Format, headers: dict[str, str]) -> Response:
    """The file, which is removed when it has gone out.

    Raises:
        StoreBusy: others are waiting for theirs.
    """
    if not _turns.acquire(timeout=PATIENCE):
        raise StoreBusy(_("Others are waiting for files just now. Please try again in a minute."))
    folder = tempfile.mkdtemp(prefix="abcd-file-")
    try:
        path = Path(folder) / f"file{form.suffix}"
        write_for(reader, order, path)
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
    finally:
        _turns.release()
    gone = BackgroundTask(rmtree, folder, ignore_errors=True)
    return FileResponse(path, media_type=form.media_type, headers=headers, background=gone)


ROUTES = writing(
    Route("/shared/{slug}/files/{layer}.{format}", shared_file, methods=["GET"]),
    Route("/open/{slug}/files/{layer}.{format}", shared_file, methods=["GET"]),
)
