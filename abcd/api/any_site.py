"""What any site's script may read: feeds for directories and calendars, which never come with a cookie."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOR_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = FOR_ALL | {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "X-API-Key, Authorization, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def may_ask(_request: Request) -> Response:
    """Tell a browser that any site's script may ask here, with a key of its own.

    ---
    summary: What a script of another site may send
    responses: {204: {description: Any site may ask; with GET alone.}}
    """
    return Response(status_code=204, headers=PREFLIGHT)


def asked_by_any_site(path: str) -> Route:
    """The route that answers a browser's question before it asks ``path`` for another site."""
    return Route(path, may_ask, methods=["OPTIONS"])
