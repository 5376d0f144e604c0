"""What this process knows of a store that does not answer: one thread mends it, everybody else waits or is told."""

import logging
import random
import time
from collections.abc import Callable
from threading import Event, Lock, Thread

from abcd.db.causes import lost
from abcd.errors import AbcdError

#: A caller waits so many seconds for a store that went away just now: most come back within two.
WAIT_SECONDS = 4.0
#: After so many seconds of an outage nobody waits any more: the answer comes at once.
FRESH_SECONDS = 8.0
#: Seconds between two attempts, doubling from the first to the last, each up to half longer or shorter by chance, so
#: that many processes do not knock together.
FIRST_PAUSE, LAST_PAUSE = 0.1, 3.0

log = logging.getLogger(__name__)


def pause_after(attempts: int) -> float:
    """Seconds to pause after so many attempts that failed."""
    return min(LAST_PAUSE, FIRST_PAUSE * 2.0**attempts) * random.uniform(0.5, 1.5)


class Outage:
    """Whether the store answers, and what is done while it does not.

    Args:
        mend: brings the store back and returns when it answers; raises ``StoreUnavailable`` while it cannot.
    """

    def __init__(self, mend: Callable[[], None]) -> None:
        self._mend, self._lock = mend, Lock()
        self._well = Event()
        self._well.set()
        self._since = 0.0
        self.reason = ""

    @property
    def is_on(self) -> bool:
        """Whether the store is known not to answer."""
        return not self._well.is_set()

    @property
    def seconds(self) -> float:
        """How long it has not answered, 0 when it does."""
        return time.monotonic() - self._since if self.is_on else 0.0

    def begin(self, reason: str) -> None:
        """The store did not answer: remember why, and let one thread mend it."""
        with self._lock:
            if self.is_on:
                return
            self._since, self.reason = time.monotonic(), reason
            self._well.clear()
        Thread(target=self._until_mended, name="abcd-store", daemon=True).start()

    def wait(self) -> None:
        """Return when the store answers: after a short while when it went away just now, else not at all.

        Raises:
            StoreLost: it still does not answer; at once, when that has been known for a while.
        """
        if self.is_on and not self._well.wait(min(WAIT_SECONDS, max(0.0, FRESH_SECONDS - self.seconds))):
            raise lost()

    def end(self) -> None:
        """It answers again, or nobody asks any more."""
        self._well.set()

    def _until_mended(self) -> None:
        attempts = 0
        try:
            while self.is_on:
                try:
                    self._mend()
                    return
                except AbcdError as error:
                    if attempts == 0:
                        log.warning("The store does not answer; trying again until it does.")
                    self.reason = str(error)
                    time.sleep(pause_after(attempts))
                    attempts += 1
        finally:
            self.end()
