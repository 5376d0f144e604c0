"""What a backup says of itself: its files, what each table held, and by what it was made. Signed as it is written."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from abcd.errors import BadFile

#: Raised when an older abcd could not read what a newer one writes.
FORMAT = 1
STORE, PERSON_KEYS = "store", "person keys"


@dataclass(frozen=True)
class File:
    """A file of the backup: its size and SHA-256 (hexadecimal)."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """What a table holds: rows, a checksum of their text that does not mind their order, shapes that are not valid."""

    rows: int
    checksum: str
    invalid: int


@dataclass(frozen=True)
class Manifest:
    """The signed description of a backup.

    Attributes:
        kind: ``store``, or ``person keys``, which never lie in the same archive.
        made_at, expires_at: when the snapshot was taken, and when this backup must be gone (UTC).
        revision: of the schema; the migrations of an abcd that restores it must know it.
        postgresql: ``server_version_num``.
        postgis: the version of the extension.
        snapshot: the exported snapshot that dump, counts and checksums were read in.
        last_event: the newest audit event inside.
        store_bytes: what its tables take in the store.
        erased: hashes of the people erased until then with the day, so that no older backup brings them back.
        files, tables, sequences: by name; a sequence has its last value and whether that was given out.
    """

    kind: str
    made_at: datetime
    expires_at: datetime
    abcd: str
    revision: str
    postgresql: int
    postgis: str
    snapshot: str
    last_event: int
    store_bytes: int
    erased: dict[str, str]
    files: dict[str, File]
    tables: dict[str, Content]
    sequences: dict[str, tuple[int, bool]]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(each.rows for each in self.tables.values())


def as_bytes(manifest: Manifest) -> bytes:
    """The manifest as it is written and signed."""
    return (json.dumps(asdict(manifest), default=_text, indent=1, sort_keys=True) + "\n").encode()


def from_bytes(words: bytes) -> Manifest:
    """The manifest that was written; only ever called on words whose signature holds.

    Raises:
        BadFile: a newer abcd wrote it.
    """
    said: dict[str, Any] = json.loads(words)
    if said["format"] != FORMAT:
        raise BadFile(f"A newer abcd made this backup (format {said['format']}). Update abcd, then try again.")
    return Manifest(
        **said
        | {name: datetime.fromisoformat(said[name]) for name in ("made_at", "expires_at")}
        | {"files": {name: File(**each) for name, each in said["files"].items()}}
        | {"tables": {name: Content(**each) for name, each in said["tables"].items()}}
        | {"sequences": {name: (last, given) for name, (last, given) in said["sequences"].items()}}
    )


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a manifest")
