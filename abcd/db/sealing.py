"""Sealing what was done, behind those who write: each minute in the running app, or by ``abcd audit seal``."""

from abcd.db import heads
from abcd.db.chain import MOST, seal, sealed
from abcd.db.session import SYSTEM, session


def seal_all() -> int:
    """Seal everything that is committed, a piece at a time, and remember the days that are over.

    Two rounds: the first marks how far it may go, the second goes there. Returns how many events.
    """
    with session(SYSTEM, patient=True) as s:
        before = sealed(s)
    for _ in range(2):
        while _round() >= MOST:
            pass
    with session(SYSTEM) as s:
        heads.remember(s)
        return max(0, before.waiting - sealed(s).waiting)


def _round() -> int:
    with session(SYSTEM, patient=True) as s:
        return seal(s)
