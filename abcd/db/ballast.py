"""A file that is good for nothing but its room: let go when the disk is full, so that the server can start and recover.

A PostgreSQL that runs out of room for its write-ahead log stops, and needs some room to start again (trust.md F6).
"""

import os
import shutil
from pathlib import Path

BYTES = 64 * 1024**2
#: With less than this to spare the reserve would be the shortage that it is to help with.
SPARE = 4 * BYTES


def file_in(folder: Path) -> Path:
    """The reserve of the store in ``folder``."""
    return folder / "ballast"


def keep(folder: Path) -> bool:
    """Hold a reserve, really allocated, when the disk has room for it; whether there is one now."""
    file = file_in(folder)
    if file.exists() and file.stat().st_size == BYTES:
        return True
    if shutil.disk_usage(folder).free < SPARE:
        return False
    with file.open("wb") as handle:
        os.posix_fallocate(handle.fileno(), 0, BYTES)
    file.chmod(0o600)
    return True


def release_when_full(folder: Path) -> bool:
    """Let the reserve go when the disk has less left than it holds; whether this call let it go."""
    file = file_in(folder)
    if not file.exists() or shutil.disk_usage(folder).free >= BYTES:
        return False
    file.unlink()
    return True
