"""The list of those who were erased: kept outside the database and its backups, so that a restore erases them again.

It holds no identity: each line is the SHA-256 of a person's random id and the day. A line is on the disk before the
erasure is committed, so that none can be forgotten; ``Swept`` lines say up to where the data files were rewritten.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from abcd.config import settings
from abcd.core.clock import today

FILE = "erased.jsonl"
BACKUP_DAYS = 35
"""How long a backup, and the archive of the write-ahead log, may be kept: after that no copy of anybody is left."""


@dataclass(frozen=True)
class Erased:
    """Somebody who was erased: a hash that their id alone gives, and the day."""

    hash: str
    on: date


def fingerprint(person_id: UUID | str) -> str:
    """What the list keeps of a person: the SHA-256 of their random id in hexadecimal."""
    return hashlib.sha256(str(person_id).encode()).hexdigest()


def list_file() -> Path:
    """Where the list lies; a backup leaves it out, a restore never replaces it."""
    return settings().home / FILE


def remember(person_id: UUID | str) -> None:
    """Write somebody onto the list; on the disk when this returns."""
    _append({"hash": fingerprint(person_id), "on": today().isoformat()})


def forgotten() -> list[Erased]:
    """Everybody on the list, the earliest first."""
    return [Erased(line["hash"], date.fromisoformat(line["on"])) for line in _lines() if "hash" in line]


def remember_sweep() -> None:
    """Say that the data files were rewritten for everybody on the list so far."""
    _append({"swept": today().isoformat()})


def is_sweep_due() -> bool:
    """Whether somebody was erased since the data files were last rewritten, as after a stop in between."""
    lines = _lines()
    return bool(lines) and "swept" not in lines[-1]


def gone_from_backups_on(day: date) -> date:
    """When the last backup made on ``day`` has been thrown away."""
    return day + timedelta(days=BACKUP_DAYS)


def _append(line: dict[str, str]) -> None:
    file = list_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    is_new, torn = not file.exists(), _is_torn(file)
    with open(file, "a", encoding="utf-8", opener=_private) as opened:
        opened.write("\n" * torn + json.dumps(line) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    if is_new:
        _settle(file.parent)


def _is_torn(file: Path) -> bool:
    """Whether a power cut left the last line half-written."""
    return file.exists() and not file.read_bytes().endswith(b"\n") and file.stat().st_size > 0


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _settle(folder: Path) -> None:
    """Make the name of a new file survive a power cut, as its content does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lines() -> list[dict[str, str]]:
    """The lines of the list; one that a power cut left half-written was never acted upon."""
    file = list_file()
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]
