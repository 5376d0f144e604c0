"""An open WebSocket ends with its session: signed out, disabled, idle or too old, within half a minute (trust.md F29).

A page asks the store at each rerun anyway; this closes what only stands open and could still be shown something.
"""

from collections.abc import Callable

import anyio
from anyio.to_thread import run_sync
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from abcd.errors import StoreUnavailable

#: Seconds between two looks.
EVERY = 20.0
#: The close code of RFC 6455 for "this breaks our rules".
POLICY_VIOLATION = 1008


class Watched:
    """A WebSocket application that is closed once ``who`` answers ``None``."""

    def __init__(self, app: ASGIApp, who: Callable[[], object | None], every: float | None = None) -> None:
        self.app, self.who, self.every = app, who, every or EVERY
        self.is_over = False
        self.opened = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application beside its watch; the one that ends takes the other along."""

        async def still_heard(message: Message) -> None:
            self.opened = self.opened or message["type"] == "websocket.accept"
            if not self.is_over:
                await send(message)

        async with anyio.create_task_group() as both:
            both.start_soon(self.watch, send)
            await self.app(scope, receive, still_heard)
            both.cancel_scope.cancel()

    async def watch(self, send: Send) -> None:
        """Look again and again; a store that does not answer proves nothing, so it closes nothing."""
        while not self.is_over:
            await anyio.sleep(self.every)
            self.is_over = self.opened and not await self.is_there()
        # The close reaches the application as a disconnect, so that it cleans up as after any other.
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": "The session has ended."})

    async def is_there(self) -> bool:
        """Whether the session is good still."""
        try:
            return await run_sync(self.who) is not None
        except StoreUnavailable:
            return True
