"""Sealing what was done, behind those who write: each minute in the running app, or by ``abcd audit seal``."""

import logging
from threading import Event, Thread

from abcd.db import heads
from abcd.db.chain import MOST, seal, sealed
from abcd.db.session import SYSTEM, session
from abcd.errors import AbcdError

SECONDS = 60.0
"""Between two sealings: so long could somebody with the owner's rights change an event unseen."""

log = logging.getLogger(__name__)


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


class Sealer:
    """Seals once a minute until it is told to stop; a store that does not answer is tried again the next minute."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds, self._over = seconds, Event()
        self._thread = Thread(target=self._work, name="sealer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the piece that is being sealed."""
        self._over.set()
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                seal_all()
            except (AbcdError, OSError) as error:
                log.warning("sealing waits", extra={"ids": {"error": type(error).__name__}})
