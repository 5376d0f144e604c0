"""What was made for readers, kept until something changes: tiles, pages, boxes; the longest unused goes first.

An answer is kept under the number of the last event, the audience, the places and the question, so that nobody is given
what another may see. The number itself never leaves: it would tell how often something private was done.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from cachetools import LRUCache
from sqlalchemy import column, func, select, table, true
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.tables import AuditEvent
from abcd.maps.layer import Layer
from abcd.maps.reader import Reader
from abcd.maps.spoken import spoken

#: Bytes of all that is kept, and of the largest that is.
MOST, LARGEST = 48_000_000, 400_000

_locks = table("pg_locks", column("locktype"), column("granted"), column("pid"))
# Whoever writes holds a lock on the number of their own transaction; numbers of events come to light in another order.
_WRITERS = select(true()).where(
    _locks.c.locktype == "transactionid", _locks.c.granted, _locks.c.pid != func.pg_backend_pid()
)
_NUMBER, _UNSETTLED = select(func.max(AuditEvent.id)), select(_WRITERS.exists())


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


def kept(s: Session, reader: Reader, layer: Layer, question: Hashable, make: Callable[[], Made]) -> Made:
    """The answer to ``question``: by ``make()``, or the one that is kept since the last change.

    Whether somebody writes is asked after the number and before making: who has ended by then is seen by what is made.
    """
    version = spoken(s, "number", lambda: _NUMBER, {})[0] if reader.event is None else reader.event
    store = s.get_bind().engine.url.render_as_string()
    key = store, version, today(), reader.audience, reader.places, layer.name, question
    with _lock:
        found: Any = _kept.get(key)
    if found is not None:
        return found  # type: ignore[no-any-return]
    is_unsettled = spoken(s, "unsettled", lambda: _UNSETTLED, {})[0]
    made = make()
    if not is_unsettled and made.weight < LARGEST:
        with _lock:
            _kept[key] = made
    return made
