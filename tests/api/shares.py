"""Shares of every sort, and a door that tells which one it was opened through."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from abcd.access.tokens import new_share_token
from abcd.api import sharing
from abcd.api.answers import told
from abcd.api.gate import Gate
from abcd.api.headers import SecurityHeaders
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Share as Row
from abcd.errors import AbcdError
from abcd.maps.sharing.deeds import Made, make_share, revoke_share
from abcd.maps.sharing.wish import Wish


def a_share(kind: str = "link", **other: Any) -> Made:
    """A share that lives."""
    audience = "public" if kind == "open" else "partner"
    wish = Wish(**{"kind": kind, "title": "Around Old Mill", "audience": audience, "layers": ("assets",)} | other)
    with session(SYSTEM) as s:
        return make_share(s, wish, by=SYSTEM)


def revoked(one: Made) -> Made:
    """The same, taken back."""
    with session(SYSTEM) as s:
        revoke_share(s, one.share.id, by=SYSTEM)
    return one


def over(one: Made) -> Made:
    """The same, its days gone by."""
    with session(SYSTEM) as s:
        times = {name: getattr(Row, name) - timedelta(days=400) for name in ("expires_at", "counted_from", "made_at")}
        s.execute(update(Row).where(Row.id == one.share.id).values(**times))
    return one


def secret_of(one: Made) -> str:
    """What opens it: the last part of its address, or its key."""
    return one.key or one.address.rsplit("/", 1)[1]


def malformed(token: str) -> str:
    """A secret with one letter wrong."""
    at = random.randrange(5, len(token))
    return token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :]


def dead(kind: str) -> dict[str, str]:
    """A secret or name of each sort that opens nothing."""
    unknown = new_share_token()
    return {
        "unknown": secret_of(a_share(kind))[:22][::-1] if kind == "open" else unknown,
        "revoked": secret_of(revoked(a_share(kind))),
        "over": secret_of(over(a_share(kind))),
        "malformed": "x" if kind == "open" else malformed(unknown),
    }


def which(request: Request) -> Response:
    """Through which share somebody came."""
    share = sharing.share_of(request)
    return JSONResponse({"id": str(share.id), "frame": sharing.frame_ancestors(share, embedded=True)})


def who(request: Request) -> Response:
    """Who reads."""
    reader = sharing.reader_of(request)
    return JSONResponse({"audience": reader.audience, "layers": reader.layers, "share": reader.share_id})


ROUTES = [
    *sharing.ROUTES,
    Route("/shared/{slug}", which),
    Route("/shared/{slug}/tile", which),
    Route("/open/{slug}", which),
    Route("/embed/{slug}", which),
    Route("/ogc/who", who),
    Route("/ogc", which),
]


@contextmanager
def house(outermost: Sequence[Middleware] = (), **options: Any) -> Iterator[TestClient]:
    """The doors behind the gate, with the headers that every answer gets."""
    app = Starlette(
        routes=ROUTES,
        middleware=[*outermost, Middleware(SecurityHeaders), Middleware(Gate, routes=ROUTES)],
        exception_handlers={AbcdError: told},
    )
    with TestClient(app, follow_redirects=False, **options) as opened:
        yield opened
