"""A pipe that is read with a limit on silence."""

import os
import select


class Patient:
    """A pipe, by its descriptor, as a file for reading; ``was_silent`` tells that the limit in seconds was reached."""

    def __init__(self, pipe: int, patience: float) -> None:
        self._pipe, self._patience = pipe, patience
        self.was_silent = False
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Exactly ``size`` bytes, fewer only at the end."""
        parts = bytearray()
        while len(parts) < size and (part := self._some(size - len(parts))):
            parts += part
        return bytes(parts)

    def _some(self, size: int) -> bytes:
        ready, _, _ = select.select([self._pipe], [], [], self._patience)
        self.was_silent = self.was_silent or not ready
        return os.read(self._pipe, min(size, 1 << 20)) if ready else b""

    def readable(self) -> bool:
        """It is only ever read."""
        return True

    def writable(self) -> bool:
        """Never."""
        return False

    def seekable(self) -> bool:
        """It is a pipe."""
        return False

    def close(self) -> None:
        """Read no more; the descriptor is its owner's."""
        self.closed = True
