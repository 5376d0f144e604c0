"""How a feed names what it answers, so that whoever has it already need not fetch it again."""

from hashlib import sha256

from starlette.requests import Request

from abcd.core.clock import today
from abcd.core.language import chosen
from abcd.maps.reader import Reader


def etag_of(request: Request, reader: Reader, seen: int) -> str:
    """The name of what this address shows to such a reader, on this day, since the event ``seen`` of the register."""
    scope = (reader.audience, reader.layers, reader.places)
    named = f"{seen} {today()} {chosen()} {scope} {request.url.path}?{request.url.query}"
    return f'W/"{sha256(named.encode()).hexdigest()[:24]}"'


def is_still_good(request: Request, etag: str) -> bool:
    """Whether the caller's copy is the one with this name."""
    return etag in request.headers.get("if-none-match", "").replace(" ", "").split(",")
