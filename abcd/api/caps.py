"""How much one browser may ask: lengths of addresses and bodies, requests a minute, open sockets (trust.md F25-F27).

Outside the gate, so that what is too much costs no question to the store. Whoever the gate let in within the last
minutes is counted by session, because a whole office may share one address; whoever a share's door let in is counted by
share and address, and all callers of a share together; anybody else by address.
"""

import re
import time
from collections import Counter
from hashlib import sha256
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from abcd.api.answers import no, not_found
from abcd.api.cookies import cookie_of
from abcd.api.outside import is_below, is_outside
from abcd.api.windows import Windows
from abcd.core.language import _
from abcd.errors import TooBig

LONGEST_ADDRESS = 8_000
#: Bytes of a body: a form or a draft. What Streamlit takes in is as long as its own setting says.
LONGEST_BODY = 256 * 1024
UPLOADS = "/_stcore/upload_file/"
#: A page of Streamlit is about eighty files, a map asks for seven layers at each move; signing in takes six requests,
#: and two hundred people may do so from one address at nine o'clock.
OF_A_SESSION: Final = RateLimitItemPerSecond(400, 10)
OF_AN_ADDRESS: Final = RateLimitItemPerMinute(1_800)
#: What is worked out anew each time and may take seconds.
OF_EXPORTS: Final = RateLimitItemPerMinute(30)
EXPORTS = re.compile(r"/(export|imports|(shared|open)/[^/]+/files)/")
#: One caller of a share or feed: a map that is opened and moved asks a few times a second, a crawl as often as it may.
OF_A_CALLER: Final = RateLimitItemPerSecond(200, 10)
#: All callers of one share: an agency of two hundred people who look at its map at once.
OF_A_SHARE: Final = RateLimitItemPerSecond(2_000, 10)
#: Strangers at one address, who may be an agency as well.
OF_AN_ADDRESS_OUTSIDE: Final = RateLimitItemPerMinute(3_600)
#: Style sheets and pictures: a dozen for each new visitor, then kept by the browser.
OF_FILES: Final = RateLimitItemPerMinute(6_000)
FILES = ("/web/", "/vendor/")
STRANGER = "stranger"
UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ufffd]")

Account = tuple[RateLimitItem, str]
"""A limit, and whom it counts for."""
MOST_SOCKETS = 20
#: Seconds for which a session counts as known after the gate let it in.
KNOWN_FOR = 300.0
MOST_KNOWN = 10_000


class Caps:
    """Refuses what is too long or too often: 400, 413, 414, and 429 with ``Retry-After``."""

    def __init__(self, app: ASGIApp, longest_upload: int) -> None:
        self.app, self.longest_upload = app, longest_upload
        self.limiter = SlidingWindowCounterRateLimiter(Windows())
        self.known: dict[str, tuple[float, str]] = {}
        self.sockets: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is within bounds, and remember whom the gate let in."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        connection = HTTPConnection(scope)
        refusal = self.refusal(connection)
        if scope["type"] == "websocket":
            return await (refuse_socket(send) if refusal else self.talk(fingerprint(connection), scope, receive, send))
        if refusal:
            return await refusal(scope, receive, send)
        await self.app(scope, self.bounded(connection, receive), send)
        return self.remember(connection)

    def accounts(self, connection: HTTPConnection) -> list[Account]:
        """On which accounts this goes: of a session that the gate knows, of a share that was let in, of its address.

        An address has one account for each sort of caller, so that a flood of one sort does not shut the door on the
        others.
        """
        path, host = connection.scope["path"], connection.client.host if connection.client else ""
        shown = shown_by(connection)
        until, who = self.known.get(shown, (0.0, "")) if shown else (0.0, "")
        is_known = until > time.monotonic()
        if is_known and is_outside(path):
            return [(OF_A_CALLER, f"share {who} {host}"), (OF_A_SHARE, f"share {who}")]
        if is_known:
            return [(OF_A_SESSION, shown)]
        if is_below(path, FILES):
            return [(OF_FILES, f"{STRANGER} files {host}")]
        if is_outside(path):
            return [(OF_AN_ADDRESS_OUTSIDE, f"{STRANGER} outside {host}")]
        sort = "health" if path == "/health" else "cookie" if shown else "none"
        return [(OF_AN_ADDRESS, f"{STRANGER} {sort} {host}")]

    def remember(self, connection: HTTPConnection) -> None:
        """Note a session that the gate let in, or the share that a door found behind a cookie or key."""
        state = connection.scope.get("state", {})
        share = state.get("share") if is_outside(connection.scope["path"]) else None
        shown = shown_by(connection)
        if not shown or (state.get("actor") is None and share is None):
            return
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.known[shown] = time.monotonic() + KNOWN_FOR, str(getattr(share, "id", ""))

    def refusal(self, connection: HTTPConnection) -> Response | None:
        """Why this is too much, as the answer to give."""
        scope = connection.scope
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return no(connection, _("Too long"), _("This address is too long."), 414)
        if not is_readable(connection):
            return not_found() if scope["type"] == "websocket" else no(
                connection, _("Not an address"), _("This address holds characters that no address of ours has."), 400
            )  # fmt: skip
        accounts = self.accounts(connection)
        accounts += [(OF_EXPORTS, accounts[0][1])] if EXPORTS.match(scope["path"]) else []
        late = next((account for account in accounts if not self.limiter.hit(*account)), None)
        return self.too_often(connection, *late) if late else None

    def too_often(self, connection: HTTPConnection, item: RateLimitItem, who: str) -> Response:
        """429, and when to come again."""
        wait = max(1, round(self.limiter.get_window_stats(item, who).reset_time - time.time()))
        sentence = _("This is more than we can answer at once. Please try again in {n} seconds.").format(n=wait)
        answer = no(connection, _("A little slower, please"), sentence, 429)
        answer.headers["Retry-After"] = str(wait)
        return answer

    def bounded(self, connection: HTTPConnection, receive: Receive) -> Receive:
        """``receive``, but for more than the longest body.

        Raises (when read):
            TooBig: there is more.
        """
        longest = self.longest_upload if connection.scope["path"].startswith(UPLOADS) else LONGEST_BODY
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > longest:
                raise TooBig(_("This is more than can be taken in at once: {n} MB at most.").format(
                    n=f"{longest / 2**20:g}"))  # fmt: skip
            return message

        return counted

    async def talk(self, who: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A socket, while no more than ``MOST_SOCKETS`` of them are open; text is not our protocol."""
        if self.sockets[who] >= MOST_SOCKETS and who:
            return await refuse_socket(send)
        self.sockets[who] += 1
        try:
            await self.app(scope, only_bytes(receive, send), send)
        finally:
            self.sockets[who] -= 1
            self.sockets += Counter()
        return None


def fingerprint(connection: HTTPConnection) -> str:
    """The session cookie as a hash, ``""`` without one."""
    cookie = cookie_of(connection)
    return sha256(cookie.encode()).hexdigest() if cookie else ""


def shown_by(connection: HTTPConnection) -> str:
    """What somebody shows to be let in, as a hash: key or cookies of a share, the cookie of a session; else ``""``.

    Of a share the address counts too: one browser may hold several, each with its cookie.
    """
    if not is_outside(connection.scope["path"]):
        return fingerprint(connection)
    headers = connection.headers
    shown = [headers.get(name, "") for name in ("x-api-key", "authorization", "cookie")]
    below = "/".join(connection.scope["path"].split("/")[:3])
    return sha256("\n".join([*shown, below]).encode()).hexdigest() if any(shown) else ""


def is_readable(connection: HTTPConnection) -> bool:
    """Whether path and query are text without control characters, which no store takes and no address of ours has."""
    texts = [connection.scope["path"], *(part for pair in connection.query_params.multi_items() for part in pair)]
    return not any(map(UNREADABLE.search, texts))


async def refuse_socket(send: Send) -> None:
    """Close before accepting: the handshake is answered with 403."""
    await send({"type": "websocket.close", "code": 1008})


def only_bytes(receive: Receive, send: Send) -> Receive:
    """``receive`` that ends the talk at a text frame (1003); Streamlit speaks protobuf alone."""

    async def heard() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and message.get("bytes") is None:
            await send({"type": "websocket.close", "code": 1003})
            return {"type": "websocket.disconnect", "code": 1003}
        return message

    return heard
