"""The cookie of a signed-in browser: out of reach of scripts and other sites, and of the open network under TLS."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from abcd.access.sessions import ABSOLUTE, cookie_in, cookie_name


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the browser speaks to us over TLS, directly or through a proxy that we trust."""
    return connection.scope["scheme"] in ("https", "wss")


def cookie_of(connection: HTTPConnection) -> str:
    """The session cookie that this request carries, ``""`` for none."""
    return cookie_in(connection.cookies, is_secure(connection))


def give_cookie(answer: Response, request: HTTPConnection, cookie: str) -> None:
    """Sign the browser in with ``answer``."""
    secure = is_secure(request)
    answer.set_cookie(
        cookie_name(secure), cookie, max_age=int(ABSOLUTE.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=secure,
    )  # fmt: skip


def take_cookie(answer: Response, request: HTTPConnection) -> None:
    """Sign the browser out with ``answer``."""
    secure = is_secure(request)
    answer.delete_cookie(cookie_name(secure), path="/", httponly=True, samesite="lax", secure=secure)
