"""Whether a request comes from a page of ours."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from abcd.api.cookies import is_secure

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def is_own_origin(connection: HTTPConnection) -> bool:
    """Whether the request comes from a page of ours (trust.md R13).

    A WebSocket must name our origin, over TLS with its ``https``. Anything else that changes something is judged
    by ``Sec-Fetch-Site``, because our ``no-referrer`` policy makes a form post say ``Origin: null``; a client that
    sends neither header is no browser, and carries no cookie that it was tricked into sending.
    """
    origin, host = connection.headers.get("origin"), connection.headers.get("host", "")
    if connection.scope["type"] == "websocket":
        return origin == f"{'https' if is_secure(connection) else 'http'}://{host}"
    if connection.scope["method"] in SAFE_METHODS:
        return True
    site = connection.headers.get("sec-fetch-site")
    return site in ("same-origin", "none") if site else origin is None or urlsplit(origin).netloc == host
