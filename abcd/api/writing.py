"""Addresses for strangers that write something down: the only ones that may take the role of the app."""

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from abcd.db.confined import a_door
from abcd.db.pool import APP_ROLE


class Writes:
    """An application that may write."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, as the role of the app where that is asked for."""
        with a_door(APP_ROLE):
            await self.app(scope, receive, send)


def writing(*routes: Route) -> list[Route]:
    """``routes``, with the right to write down what somebody outside sends, or that a file was taken."""
    for route in routes:
        route.app = Writes(route.app)
    return list(routes)
