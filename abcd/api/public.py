"""The process for partners and the public, apart from the officers' pages (trust.md R9).

It knows the routes of ``abcd.api.public_routes`` and nothing else: no Streamlit, no session of a person, no page of an
officer. ``abcd start --public-port`` runs it beside the pages; ``python -m abcd.api.public`` runs it by itself.
"""

import gc
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGTERM

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from abcd.api.answers import no, not_found, told
from abcd.api.caps import LONGEST_BODY, Caps
from abcd.api.faults import Faults
from abcd.api.forms import language_of
from abcd.api.headers import SecurityHeaders
from abcd.api.listening import listening
from abcd.api.origins import is_own_origin
from abcd.api.public_routes import COMMON, PUBLIC_ROUTES
from abcd.api.turns import ALONE, Turns
from abcd.config import settings
from abcd.core import logs
from abcd.core.faults import LOG
from abcd.core.language import _, use
from abcd.db.confined import confine
from abcd.db.pool import SHARE_ROLE
from abcd.errors import AbcdError

ROUTES: list[BaseRoute] = [*COMMON, *PUBLIC_ROUTES]


class Threshold:
    """Chooses the language, and refuses what another site sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse; there are no WebSockets here."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        connection = HTTPConnection(scope)
        use(language_of(connection))
        if is_own_origin(connection):
            return await self.app(scope, receive, send)
        refusal = no(connection, _("Not from here"), _("This request came from another site."), 403)
        return await refusal(scope, receive, send)


async def nowhere(_request: Request, _error: Exception) -> Response:
    """The answer to an address that nothing of ours has."""
    return not_found()


@asynccontextmanager
async def life(_app: Starlette) -> AsyncIterator[None]:
    """Take the role of strangers alone; and leave what was loaded out of each collection."""
    confine(SHARE_ROLE)
    gc.collect()
    gc.freeze()
    yield


app = Starlette(
    routes=ROUTES,
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(Faults),
        Middleware(Caps, longest_upload=LONGEST_BODY),
        Middleware(Threshold),
        Middleware(Turns, at_once=ALONE),
    ],
    exception_handlers={AbcdError: told, 404: nowhere},
    lifespan=life,
)


def end_with_parent() -> None:
    """End when whoever started us has gone: the other end of our input closes with them, however they went."""

    def wait() -> None:
        sys.stdin.read()
        os.kill(os.getpid(), SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def serve(given: socket.socket | None = None, number: int = 0) -> None:
    """Answer on a socket that is open already, else on the host and public port of the settings.

    ``number`` tells several of these processes apart: each writes a log of its own.
    """
    here = settings()
    logs.start(here.logs, aloud=True, name=f"{LOG}.public-{number}")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server = listening(app, host=here.host, port=here.public_port or here.port, ws="none")
    server.run([given] if given else None)


if __name__ == "__main__":
    if sys.argv[1:]:
        end_with_parent()
        serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
    else:
        serve()
