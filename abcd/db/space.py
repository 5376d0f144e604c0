"""Room on the disk: a full disk crashes the whole database server, so writing stops early."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from abcd.config import settings
from abcd.db import embedded
from abcd.errors import StoreUnavailable

LEAST_SHARE = 0.10
LEAST_BYTES = 512 * 1024**2
MEGABYTE = 1024**2


@dataclass(frozen=True)
class Space:
    """Bytes free and in all, on one disk."""

    free: int
    total: int

    @property
    def missing(self) -> int:
        """Bytes that must become free before it is safe to write, 0 when it is safe."""
        return max(0, LEAST_BYTES - self.free, round(LEAST_SHARE * self.total) - self.free)


def space_at(folder: Path) -> Space:
    """The room on the disk that holds ``folder``, or its nearest folder that exists."""
    there = next(step for step in (folder, *folder.parents) if step.exists())
    usage = shutil.disk_usage(there)
    return Space(usage.free, usage.total)


def require_space() -> None:
    """Let a write begin only while the store's disk has room (the embedded store; another server minds its own).

    Raises:
        StoreUnavailable: the disk is nearly full; the message says how much must be freed.
    """
    if settings().database_url:
        return
    missing = space_at(embedded.data_dir(settings().home)).missing
    if missing:
        raise StoreUnavailable(
            f"The disk is nearly full. Nothing was changed. Free {missing / MEGABYTE:,.0f} MB, then try again."
        )
