"""Where a public process answers partners, the officers' one sends them on to it: old links still lead somewhere."""

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from abcd.api.outside import PREVIEWS, is_outside
from abcd.config import settings


class Moved:
    """Sends what is for partners and the public to their own process, when there is one.

    Their pages then have another origin than the officers': nothing on them can act in an officer's name (ASVS 3.5.4).
    """

    def __init__(self, app: ASGIApp) -> None:
        here = settings()
        self.app, self.to = app, here.public_url if here.public_port else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or send to the other process with the same question."""
        if not self.to or scope["type"] != "http" or not is_moved(scope["path"]):
            return await self.app(scope, receive, send)
        query = scope["query_string"].decode("latin-1")
        there = f"{self.to}{scope['raw_path'].decode('latin-1')}{'?' + query if query else ''}"
        return await RedirectResponse(there, 307)(scope, receive, send)


def is_moved(path: str) -> bool:
    """Whether another process answers this address; previews are for an officer who is signed in here."""
    return is_outside(path) and not path.startswith(PREVIEWS)
