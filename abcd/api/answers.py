"""How the API answers: pages for what goes wrong, the status of each error, cached files."""

import gzip
import os
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from abcd.config import settings
from abcd.core.html import page
from abcd.core.language import _
from abcd.errors import AbcdError, ShareEnded, answer_for

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
#: Addresses that are made for the pages of other sites.
EMBEDDED = "/embed/"
FRAMED_BY_ANYBODY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors *"


def plain_page(title: str, *sentences: str, status: int = 200, where: str = "") -> Response:
    """A page with a heading, a few sentences and perhaps a way onwards."""
    return HTMLResponse(page("plain.html", title=title, sentences=sentences, where=where), status)


def not_found() -> Response:
    """The answer to an address that nothing of ours has."""
    return plain_page(_("Page not found"), _("There is nothing at this address."), status=404, where="/")


def wants_page(request: HTTPConnection) -> bool:
    """Whether a person looks at the answer, rather than a script."""
    return "text/html" in request.headers.get("accept", "")


def told(request: HTTPConnection, error: Exception) -> Response:
    """An error of ours as its sentence, with the status of ``abcd.errors.ANSWERS``."""
    assert isinstance(error, AbcdError)
    if isinstance(error, ShareEnded):
        return ended(request)
    status = answer_for(error)[1]
    return no(request, _("That did not work"), str(error), status)


def ended(request: HTTPConnection) -> Response:
    """The one answer to a link, name, cookie or key that opens no share, whatever the reason (trust.md P14, F28).

    It holds for a page that was open as its share ended as well as for a guess: it tells of no share at all.
    """
    sentences = (
        _("This link has ended. Ask {association}.").format(association=settings().publisher),
        _("If you were sent a link not long ago, open it once more, from its first letter to its last."),
    )
    if not wants_page(request):
        return JSONResponse({"error": " ".join(sentences)}, 404)
    answer = plain_page(_("This link has ended"), *sentences, status=404)
    if request.scope["path"].startswith(EMBEDDED):
        # It holds nothing but these words, and a site that showed the map should not show an empty frame.
        answer.headers["Content-Security-Policy"] = FRAMED_BY_ANYBODY
    return answer


def no(request: HTTPConnection, title: str, sentence: str, status: int) -> Response:
    """What could not be done: a page for a person, JSON for a script."""
    if wants_page(request):
        return plain_page(title, sentence, status=status, where="/")
    return JSONResponse({"error": sentence}, status)


class Files(StaticFiles):
    """Files below one folder whose names end in one of ``endings``, but for the folders ``shut``.

    A browser keeps one for ever when the address names its version, and else asks each time whether it changed.
    """

    def __init__(self, directory: os.PathLike[str], endings: tuple[str, ...], shut: tuple[str, ...] = ()) -> None:
        super().__init__(directory=directory, check_dir=False)
        self.endings, self.shut = endings, shut

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or 404 when it is not of the kinds that we hand out."""
        if not path.endswith(self.endings) or path.startswith(self.shut):
            return not_found()
        answer = await super().get_response(path, scope)
        asked = Headers(scope=scope)
        if isinstance(answer, FileResponse) and "gzip" in asked.get("accept-encoding", "") and "range" not in asked:
            answer = squeezed(answer)
        answer.headers["Cache-Control"] = FOR_EVER if b"v=" in scope["query_string"] else ASK_AGAIN
        return answer


def squeezed(answer: FileResponse) -> Response:
    """The file, compressed; a crowd that arrives at once pays for that once."""
    body = packed(str(answer.path), answer.headers["etag"])
    kept = {name: answer.headers[name] for name in ("content-type", "etag", "last-modified")}
    return Response(body, headers=kept | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


@lru_cache(maxsize=200)
def packed(path: str, _etag: str) -> bytes:
    """The bytes of a file as gzip; a file that changed has another ETag."""
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)
