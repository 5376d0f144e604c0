"""How often each caller came of late, in the memory of this process."""

import time

from limits.storage import MemoryStorage

#: Seconds after which what nobody counts by any more is let go.
SWEPT_AFTER = 10.0


class Windows(MemoryStorage):
    """The library's counts, swept now and then by whoever comes next.

    The library's own way starts a thread for each request that finds none to sweep, and so for nearly every one.
    """

    def __init__(self) -> None:
        self.sweep_at = time.time() + SWEPT_AFTER
        super().__init__()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count ``amount`` more under ``key``, which is let go ``expiry`` seconds after it was first counted by."""
        now = time.time()
        if now >= self.sweep_at:
            self.sweep(now)
        with self.locks[key]:
            if self.expirations.setdefault(key, now + expiry) <= now:
                self.storage[key], self.expirations[key] = 0, now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def sweep(self, now: float) -> None:
        """Let go of all counts whose time is over."""
        self.sweep_at = now + SWEPT_AFTER
        for key in [key for key, until in self.expirations.items() if until <= now]:
            self.clear(key)
