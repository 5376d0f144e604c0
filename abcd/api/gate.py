"""The gate before everything: no path, file or WebSocket answers to anybody who has not signed in.

Pure ASGI, because Starlette's own middleware class does not see WebSocket handshakes.
"""

import re
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

import abcd
from abcd.access.holder import holder_of
from abcd.api.answers import no, not_found, told, wants_page
from abcd.api.cookies import cookie_of
from abcd.api.forms import language_of
from abcd.api.origins import is_own_origin
from abcd.api.outside import OPEN, is_below
from abcd.api.sign_in import stranger
from abcd.api.sockets import Watched
from abcd.core.language import _, use
from abcd.db.session import Actor
from abcd.errors import AbcdError

#: The app's script; it names the pages.
SCRIPT = Path(abcd.__file__).parent.parent / "app.py"
#: Streamlit's own paths that the app uses; its metrics, agent API and whatever it may add later stay shut.
STREAMLIT = (
    "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/_stcore/upload_file/", "/_stcore/bidi-components/",
    "/media/", "/component/", "/static/", "/favicon.png", "/manifest.json",
)  # fmt: skip


def page_paths() -> frozenset[str]:
    """The addresses of the pages: each script that ``app.py`` names, under its own name, and the start page."""
    return frozenset({"/"} | {f"/{name}" for name in re.findall(r"/(\w+)\.py\b", SCRIPT.read_text())})


def signed_in(cookie: str, touch: bool = True) -> Actor | None:
    """The actor behind a cookie, asked of the store each time, so that a revoked session ends at once.

    ``touch`` counts as a sign of life of whoever sits there.
    """
    return holder_of(cookie, touch=touch)


def shut(connection: HTTPConnection) -> Response:
    """What somebody gets who has not signed in: the form, or a sentence for a script."""
    if wants_page(connection):
        return stranger(connection)
    return no(connection, "", _("Please sign in: open your one-time link first."), 401)


class Gate:
    """Lets through whoever may pass and puts the actor into ``request.state.actor``."""

    def __init__(self, app: ASGIApp, routes: list[BaseRoute]) -> None:
        self.app, self.routes, self.pages = app, routes, page_paths()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer ourselves or pass the request on; an open WebSocket stays under watch."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        connection = HTTPConnection(scope)
        use(language_of(connection))
        refusal = await self.refusal(connection)
        if scope["type"] == "websocket":
            if refusal is not None:
                # Closing before accepting makes the server answer the handshake with 403.
                return await send({"type": "websocket.close", "code": 1008})
            cookie = cookie_of(connection)
            return await Watched(self.app, lambda: signed_in(cookie, touch=False))(scope, receive, send)
        return await (refusal or self.app)(scope, receive, send)

    def is_known(self, scope: Scope) -> bool:
        """Whether the address is one of ours; Streamlit would answer any other with its own page and 200.

        So it would where a form is only sent to and somebody looks.
        """
        if scope["path"] in self.pages or is_below(scope["path"], STREAMLIT):
            return True
        looks = scope.get("method") in ("GET", "HEAD")
        found = {route.matches(scope)[0] for route in self.routes}
        return Match.FULL in found or (Match.PARTIAL in found and not looks)

    async def refusal(self, connection: HTTPConnection) -> Response | None:
        """Why this request may not pass, as the answer to give; ``None`` lets it through."""
        path = connection.scope["path"]
        if not self.is_known(connection.scope):
            return not_found()
        if not is_own_origin(connection):
            return no(connection, _("Not from here"), _("This request came from another site."), 403)
        if is_below(path, OPEN):
            return None
        try:
            actor = await run_sync(signed_in, cookie_of(connection))
        except AbcdError as error:
            return told(connection, error)
        if actor is None:
            return shut(connection)
        connection.scope.setdefault("state", {})["actor"] = actor
        return None
