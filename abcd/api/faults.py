"""What nobody foresaw, at the outermost door: a number to quote instead of a message that may name a person (P21)."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from abcd.api.answers import no
from abcd.core.faults import report
from abcd.core.language import _

#: The close code of RFC 6455 for "something unexpected happened here".
INTERNAL_ERROR = 1011


def sentence(number: str) -> str:
    """What somebody reads when we failed."""
    return _("Something went wrong on our side. Quote this number: {number}").format(number=number)


class Faults:
    """Logs an exception that came through everything else, and answers with its number."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; when that fails, say so once."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        begun: set[str] = set()

        async def noted(message: Message) -> None:
            begun.add(message["type"])
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 - the last door: whatever it is, nobody may see its message
            number = report(error, f"{scope['type']} {route_of(scope)}")
            if scope["type"] == "websocket":
                return await send({"type": "websocket.close", "code": INTERNAL_ERROR}) if is_open(begun) else None
            if not begun:
                answer = no(HTTPConnection(scope), _("Something went wrong"), sentence(number), 500)
                return await answer(scope, receive, send)
            # Half an answer must not look like a whole one: leaving it unfinished makes the server drop the line.
        return None


def is_open(sent: set[str]) -> bool:
    """Whether a WebSocket can still be closed."""
    return "websocket.close" not in sent


def route_of(scope: Scope) -> str:
    """The handler that was asked, not the address: that may hold a token."""
    endpoint = scope.get("endpoint")
    return getattr(endpoint, "__qualname__", type(endpoint).__qualname__ if endpoint else "page")
