"""The watch over an open socket: it ends with its session, and not because the store is away."""

from collections.abc import Callable

import anyio
from starlette.types import Message, Receive, Scope, Send

from abcd.api.sockets import Watched
from abcd.errors import StoreLost

SOON = 0.02


class Wire:
    """A connection as an application sees it; once closed it tells so, as a server does."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.closed = anyio.Event()

    async def receive(self) -> Message:
        await self.closed.wait()
        return {"type": "websocket.disconnect", "code": 1008}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        if message["type"] == "websocket.close":
            self.closed.set()


async def chatters(_scope: Scope, receive: Receive, send: Send) -> None:
    """Accepts, tells something every moment, and goes when it is told to."""
    await send({"type": "websocket.accept"})
    async with anyio.create_task_group() as group:

        async def talk() -> None:
            while True:
                await send({"type": "websocket.send", "text": "figures"})
                await anyio.sleep(SOON / 4)

        group.start_soon(talk)
        await receive()
        await anyio.sleep(SOON * 3)
        group.cancel_scope.cancel()


async def goes_at_once(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})


def watch(app: Callable[..., object], who: Callable[[], object | None], seconds: float = 30.0) -> list[Message]:
    """What is sent over the wire."""
    wire = Wire()

    async def run() -> None:
        with anyio.move_on_after(seconds):
            await Watched(app, who, SOON)({"type": "websocket"}, wire.receive, wire.send)  # type: ignore[arg-type]

    anyio.run(run)
    return wire.sent


def test_nothing_is_told_any_more_once_the_session_has_ended() -> None:
    answers = iter([object(), object()])
    sent = watch(chatters, lambda: next(answers, None))
    kinds = [message["type"] for message in sent]
    assert kinds[-1] == "websocket.close"
    assert sent[-1]["code"] == 1008
    assert kinds.count("websocket.close") == 1
    assert "websocket.send" in kinds


def test_a_good_session_is_left_alone() -> None:
    assert "websocket.close" not in [message["type"] for message in watch(chatters, object, SOON * 12)]


def test_a_store_that_is_away_closes_nothing() -> None:
    def away() -> None:
        raise StoreLost("The database did not answer.")

    assert "websocket.close" not in [message["type"] for message in watch(chatters, away, SOON * 12)]


def test_an_application_that_goes_takes_its_watch_along() -> None:
    assert watch(goes_at_once, object) == [{"type": "websocket.accept"}]
