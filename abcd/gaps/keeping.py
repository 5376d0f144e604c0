"""Keeping the stored figures of places up to date, a few places at a time, in the app or by ``abcd gaps refresh``.

Each place is a transaction of its own, so that nobody waits for a whole city.
"""

import time
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.db.session import SYSTEM, session
from abcd.errors import NotFound
from abcd.gaps.stored import due, settle, work_out
from abcd.places.queries import place

#: Any number of our own: two processes do not work the same places out at once.
LOCK = 27710
AT_ONCE = 50


def keep_up(seconds: float | None = None, tell: Callable[[int], None] | None = None) -> int:
    """Work out the places that are due until none is, or until ``seconds`` have gone; how many were.

    ``tell`` is told the number after each place.
    """
    until, done = None if seconds is None else time.monotonic() + seconds, 0
    while waiting := _due():
        for one in waiting:
            done += _one(one)
            if tell:
                tell(done)
            if until is not None and time.monotonic() > until:
                return done
    return done


def refresh(reference: str) -> int:
    """Work one place out whether it is due or not; how many categories.

    Raises:
        NotFound: no such place.
    """
    with session(SYSTEM, patient=True) as s:
        return work_out(s, place(s, reference).id)


def _due() -> list[UUID]:
    with session(SYSTEM, patient=True) as s:
        if not _is_ours(s):
            return []
        waiting = due(s, AT_ONCE)
        if not waiting:
            settle(s)
        return waiting


def _one(place_id: UUID) -> int:
    with session(SYSTEM, patient=True) as s:
        if not _is_ours(s):
            return 0
        try:
            return int(work_out(s, place_id) >= 0)
        except NotFound:
            # It ended since the list was made.
            return 0


def _is_ours(s: Session) -> bool:
    return bool(s.scalar(text("select pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK}))
