"""Other files in the place of the store's: two renames, each of which may be the last thing this machine did.

Beside a store's folder may lie ``.new``, finished and proven before any rename, and ``.old``, kept until the new one
has answered. Whatever was interrupted, ``mended`` leaves exactly one of them as the store.
"""

import os
import shutil
from pathlib import Path


def new(folder: Path) -> Path:
    """Where the files lie that are to take the place of ``folder``."""
    return folder.with_name(f"{folder.name}.new")


def old(folder: Path) -> Path:
    """Where the files of ``folder`` are kept meanwhile."""
    return folder.with_name(f"{folder.name}.old")


def refused(folder: Path) -> Path:
    """Where files are put that took the place and did not answer."""
    return folder.with_name(f"{folder.name}.refused")


def forth(folder: Path) -> None:
    """Let ``.new`` take the place of ``folder``, which becomes ``.old``; no server runs in either."""
    shutil.rmtree(old(folder), ignore_errors=True)
    folder.rename(old(folder))
    new(folder).rename(folder)
    _sync(folder.parent)


def back(folder: Path) -> None:
    """Let ``.old`` take its place again."""
    shutil.rmtree(refused(folder), ignore_errors=True)
    folder.rename(refused(folder))
    old(folder).rename(folder)
    _sync(folder.parent)


def mended(folder: Path) -> None:
    """Finish what was interrupted between two renames; nothing to do when ``folder`` is there."""
    if folder.exists():
        return
    for candidate in (new(folder), old(folder)):
        if old(folder).exists() and candidate.exists():
            candidate.rename(folder)
            _sync(folder.parent)
            return


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
