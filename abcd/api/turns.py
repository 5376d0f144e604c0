"""What partners and the public ask takes turns, so that it never takes an officer's processor (trust.md F27).

A process has one interpreter: ten answers that are worked out at once leave a page of Streamlit a tenth of it. So few
are worked out at a time, and the others wait in line, which costs nothing; a line that grows too long is sent home.
"""

from anyio import CapacityLimiter
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from abcd.api.answers import no
from abcd.api.outside import is_file, is_outside
from abcd.core.language import _

#: Answers worked out at once beside officers' pages, and in a process of their own.
BESIDE_PAGES, ALONE = 2, 8
#: Requests that may wait for their turn; at a few milliseconds each, the last waits some seconds.
MOST_WAITING = 600
#: Seconds after which somebody who was sent home may come again.
AGAIN = 5
#: What has no body to wait for: a slow sender must not hold a turn.
BODILESS = ("GET", "HEAD", "OPTIONS")


class Turns:
    """Lets in ``at_once`` requests of the outside at a time, in the order in which they came.

    A turn ends when the answer begins: how long somebody takes to receive it is their own affair.
    """

    def __init__(self, app: ASGIApp, at_once: int, most_waiting: int = MOST_WAITING) -> None:
        self.app, self.at_once, self.most_waiting = app, at_once, most_waiting
        self.line: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on at once, or when it is one's turn."""
        if scope["type"] != "http" or not takes_turns(scope["method"], scope["path"]):
            return await self.app(scope, receive, send)
        # Made here, because it belongs to the loop that runs.
        line = self.line = self.line or CapacityLimiter(self.at_once)
        if line.statistics().tasks_waiting >= self.most_waiting:
            return await too_many(scope)(scope, receive, send)
        return await self.in_turn(line, scope, receive, send)

    async def in_turn(self, line: CapacityLimiter, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, answer, and let the next one in."""
        turn = object()
        await line.acquire_on_behalf_of(turn)

        def done() -> None:
            nonlocal turn
            if turn is not None:
                line.release_on_behalf_of(turn)
                turn = None

        async def until_begun(message: Message) -> None:
            done()
            await send(message)

        try:
            await self.app(scope, receive, until_begun)
        finally:
            done()


def takes_turns(method: str, path: str) -> bool:
    """Whether this waits in line. Files have one of their own (``abcd.api.shared_files``): they may take a minute."""
    return method in BODILESS and is_outside(path) and not is_file(path)


def too_many(scope: Scope) -> ASGIApp:
    """The answer when the line is full."""
    sentence = _("Very many people are looking just now. Please try again in {n} seconds.").format(n=AGAIN)
    answer = no(HTTPConnection(scope), _("A moment, please"), sentence, 503)
    answer.headers["Retry-After"] = str(AGAIN)
    return answer
