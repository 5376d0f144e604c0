"""Backups whose day has come: what was promised to be gone is removed, and nothing else."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from abcd.db.backup import bundle, trusting
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.keys import RecoveryKey
from abcd.db.backup.manifest import PERSON_KEYS, STORE
from abcd.errors import BadFile


def remove_expired(folders: Iterable[Path], recovery: RecoveryKey, keep: Path) -> int:
    """Remove expired backups that bear our signature, never ``keep``; returns how many there were."""
    expired = [each for folder in set(folders) for each in _expired_in(folder, recovery) if each.folder != keep]
    for each in expired:
        shutil.rmtree(each.folder)
    return len(expired)


def _expired_in(folder: Path, recovery: RecoveryKey) -> Iterator[Bundle]:
    for kind in (STORE, PERSON_KEYS):
        yield from (each for each in bundle.found_in(folder, kind) if _is_expired(each, recovery))


def _is_expired(found: Bundle, recovery: RecoveryKey) -> bool:
    try:
        return trusting.manifest_of(found, recovery).expires_at < datetime.now(UTC)
    except BadFile:
        return False
