"""How the feed answers: links, formats, compression, what a copy is called, and that any site's script may read it."""

import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import wraps
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import brotli
import orjson
from starlette.requests import Request
from starlette.responses import Response

from abcd.api import any_site
from abcd.api.answers import told, wants_page
from abcd.api.sharing import reader_of
from abcd.config import public_url
from abcd.db.session import once_more
from abcd.errors import AbcdError, BadRequest
from abcd.maps.reader import Reader
from abcd.maps.unchanged import Made

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA, MVT = "application/schema+json", "application/vnd.mapbox-vector-tile"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
#: Bytes below which compressing costs more than it saves.
SMALL = 600

Link = dict[str, Any]

#: A script of another site may also read where a page goes on and in which coordinates it is, and choose its form.
TOLD = {"Access-Control-Expose-Headers": "Content-Crs, ETag, Last-Modified, Link, Retry-After"}
FOR_ALL = any_site.FOR_ALL | TOLD
PREFLIGHT = (
    any_site.PREFLIGHT
    | TOLD
    | {"Access-Control-Allow-Headers": "X-API-Key, Authorization, Accept, Accept-Language, If-None-Match"}
)

Door = Callable[[Request], Response]
Answer = Callable[[Request, Reader], Response]


def door(answer: Answer) -> Door:
    """An endpoint that knows who reads; what goes wrong is a sentence that any site's script may read too."""

    @wraps(answer)
    def opened(request: Request) -> Response:
        try:
            given = once_more(lambda: answer(request, reader_of(request)))
        except AbcdError as error:
            given = told(request, error)
        given.headers.update(FOR_ALL)
        return given

    return opened


def root() -> str:
    """Where the feed begins."""
    return f"{public_url()}/ogc"


def here(request: Request, **changed: Any) -> str:
    """The address that was asked, with parameters changed, or left out when they are ``None``."""
    given = dict(request.query_params) | changed
    query = urlencode({name: value for name, value in given.items() if value is not None})
    return f"{public_url()}{request.url.path}" + (f"?{query}" if query else "")


def link(rel: str, href: str, media: str = JSON, title: str = "", **more: Any) -> Link:
    """A link of RFC 8288."""
    return {"rel": rel, "type": media, "href": href} | ({"title": title} if title else {}) | more


def own_links(request: Request, media: str = JSON) -> list[Link]:
    """To this answer and to the same as a page, or the other way round."""
    is_page = format_of(request) == "html"
    other = link("alternate", here(request, f="json" if is_page else "html"), media if is_page else HTML)
    return [link("self", here(request), HTML if is_page else media), other]


def format_of(request: Request, others: tuple[str, ...] = ()) -> str:
    """``json``, ``html`` or one of ``others``: by the parameter ``f``, else by what the client accepts.

    Raises:
        BadRequest: ``f`` is none of these.
    """
    named = request.query_params.get("f", "")
    if named and named not in ("json", "html", *others):
        raise BadRequest(f"f is one of: {', '.join(('json', 'html', *others))}.")
    return named or ("html" if wants_page(request) else "json")


def refuse_unknown(request: Request, known: tuple[str, ...] = ()) -> None:
    """Answer a parameter that there is not.

    Raises:
        BadRequest: there is one.
    """
    unknown = sorted(set(request.query_params) - {"f", "lang", *known})
    if unknown:
        names = ", ".join(("f", *known))
        raise BadRequest(f"There is no parameter “{unknown[0]}” at this address. There are: {names}.")


def made(body: bytes, media: str, named_by: bytes = b"", **headers: str) -> Made:
    """An answer to keep, named after what it holds: ``named_by`` when the rest of it changes from second to second."""
    told_so = tuple((name.replace("_", "-"), value) for name, value in headers.items() if value)
    return Made(body, media, f'W/"{sha256(named_by or body).hexdigest()[:32]}"', told_so)


def moment(when: datetime | None) -> str:
    """A moment as HTTP writes it, ``""`` for none."""
    return format_datetime(when.astimezone(UTC), usegmt=True) if when else ""


def sent(request: Request, reader: Reader, found: Made) -> Response:
    """The answer, compressed as the client likes; 304 when the client has it already."""
    shared = "private" if reader.share_id else "public"
    headers = dict(found.headers) | {
        "ETag": found.etag,
        "Cache-Control": f"{shared}, no-cache",
        "Vary": "Accept, Accept-Encoding, Accept-Language, Authorization, X-API-Key",
    }
    named = request.headers.get("if-none-match", "")
    if found.etag in (part.strip() for part in named.split(",")) or named.strip() == "*":
        return Response(status_code=304, headers=headers)
    body, encoding = packed(found, request.headers.get("accept-encoding", ""))
    return Response(
        body, media_type=found.media, headers=headers | ({"Content-Encoding": encoding} if encoding else {})
    )


def packed(found: Made, accepted: str) -> tuple[bytes, str]:
    """The body as the client likes it, and how that is called; done once for an answer that is kept."""
    offered = {part.partition(";")[0].strip() for part in accepted.lower().split(",") if part.partition("q=")[2] != "0"}
    encoding = next((name for name in PACKERS if name in offered and len(found.body) >= SMALL), "")
    if encoding and encoding not in found.packed:
        found.packed[encoding] = PACKERS[encoding](found.body)
    return found.packed.get(encoding, found.body), encoding


def gzipped(body: bytes) -> bytes:
    """Quickly squeezed."""
    squeeze = zlib.compressobj(1, wbits=31)
    return squeeze.compress(body) + squeeze.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {"br": lambda body: brotli.compress(body, quality=3), "gzip": gzipped}


def told_as_json(request: Request, reader: Reader, what: Any, media: str = JSON) -> Response:
    """A document of ours as JSON."""
    return sent(request, reader, made(orjson.dumps(what), media))


def shown(request: Request, reader: Reader, document: dict[str, Any], as_page: Callable[[], bytes]) -> Response:
    """A document as JSON, or as a page."""
    if format_of(request) == "html":
        return sent(request, reader, made(as_page(), HTML))
    return told_as_json(request, reader, document)


def preflight(_request: Request) -> Response:
    """What a browser asks before a script of another site sends a key.

    ---
    summary: Whether a script of another site may ask
    responses: {204: {description: It may.}}
    """
    return Response(status_code=204, headers=PREFLIGHT)
