"""What was made for readers, kept until something changes: tiles, pages, boxes; the longest unused goes first.

An answer is kept under the number of the last event, the audience, the places and the question, so that nobody is given
what another may see. The number itself never leaves: it would tell how often something private was done.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Boolean, ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import SHARE_ROLE, store_url
from abcd.db.tables import AuditEvent
from abcd.maps.layer import Layer
from abcd.maps.reader import Reader
from abcd.maps.spoken import spoken

#: Bytes of all that is kept, and of the largest that is.
MOST, LARGEST = 48_000_000, 400_000

#: Whether nobody wrote as the statement began that asks: every number given to a writer (``age`` reads the counter, and
#: reads it after the statement's snapshot) is one that had ended in the snapshot. Numbers of events come to light in
#: another order than they are given out, so what is made beside a writer may lack an earlier event than the last.
SETTLED: ColumnElement[bool] = literal_column(
    "(select pg_snapshot_xmin(seen) = pg_snapshot_xmax(seen) and age(pg_snapshot_xmax(seen)::xid) = 0"
    " from pg_current_snapshot() seen)",
    Boolean,
)
_NUMBER = select(func.max(AuditEvent.id))


@dataclass(frozen=True)
class Made:
    """Something made: its bytes, its media type, its name, what else its answer says, and its bytes compressed."""

    body: bytes
    media: str = ""
    etag: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    packed: dict[str, bytes] = field(default_factory=dict, compare=False)

    @property
    def weight(self) -> int:
        """Bytes, with some for the rest and for two ways of compressing."""
        return 2 * len(self.body) + 500


_kept: "LRUCache[Hashable, Made]" = LRUCache(MOST, getsizeof=lambda made: made.weight)
_lock = Lock()


def settled(s: Session) -> bool:
    """Whether nobody writes just now; asked before anything is made by several statements.

    Once in a transaction at most: the counter of writers is read at the first time alone.
    """
    return bool(spoken(s, "settled", lambda: select(SETTLED), {})[0])


Key = Hashable
"""What an answer is kept under."""


def key_of(reader: Reader, layer: Layer, question: Hashable, version: int | None) -> Key:
    """The key of an answer as of the event ``version``."""
    return store_url(SHARE_ROLE), version, today(), reader.audience, reader.places, layer.name, question


def at_hand(reader: Reader, layer: Layer, question: Hashable) -> Made | None:
    """The answer that is kept since the last change, where that is known already: it needs no connection."""
    return None if reader.event is None else _held(key_of(reader, layer, question, reader.event))


def _held(key: Key) -> Made | None:
    with _lock:
        found: Made | None = _kept.get(key)
    return found


def kept(s: Session, reader: Reader, layer: Layer, question: Hashable, make: Callable[[], tuple[Made, bool]]) -> Made:
    """The answer to ``question``: by ``make()``, or the one that is kept since the last change.

    ``make`` also says whether nobody wrote as it began to look: it begins after the number was asked, so whoever has
    ended by then is seen by what is made.
    """
    version = spoken(s, "number", lambda: _NUMBER, {})[0] if reader.event is None else reader.event
    key = key_of(reader, layer, question, version)
    found = _held(key)
    if found is not None:
        return found
    made, is_settled = make()
    if is_settled and made.weight < LARGEST:
        with _lock:
            _kept[key] = made
    return made
