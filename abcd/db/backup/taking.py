"""``abcd backup``: everything in one snapshot, encrypted, signed, read back and counted before it gets its name."""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.errors import InsufficientPrivilege

from abcd.config import settings
from abcd.db import embedded
from abcd.db.backup import bundle, contents, keys, reaching, remembered, snapshot
from abcd.db.backup.archive import counted
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.dump import dumped
from abcd.db.backup.expiring import remove_expired
from abcd.db.backup.keys import RecoveryKey
from abcd.db.backup.manifest import PERSON_KEYS, Manifest
from abcd.db.backup.reaching import Reach
from abcd.db.backup.sealing import file_of, seal
from abcd.db.erasures import BACKUP_DAYS
from abcd.db.space import MEGABYTE
from abcd.errors import StoreUnavailable

#: Days after which a copy of people's keys must be gone: until then an older archive can still show what was erased.
KEY_DAYS = 8


@dataclass(frozen=True)
class Taken:
    """A finished backup: its folder and manifest, the same of people's keys, and how many expired ones were removed."""

    store: Path
    manifest: Manifest
    person_keys: Path | None
    keys_manifest: Manifest | None
    expired: int


@dataclass(frozen=True)
class _Seal:
    """How an archive is closed: our recovery key, and whoever else may open it."""

    recovery: RecoveryKey
    openers: Sequence[Any]


def take(
    folder: Path, *, keys_folder: Path | None = None, recipients: Sequence[str] = (), days: int = BACKUP_DAYS,
    lasting: bool = True,
) -> Taken:  # fmt: skip
    """Back the store up into ``folder``; people's keys go into an archive of their own, in ``keys_folder``.

    Args:
        recipients: public age keys of others who may open it, beside our own.
        days: until it expires; expired ones are removed once this one is proven.
        lasting: whether it is kept, so that it counts as the last backup.

    Raises:
        StoreUnavailable: it could not be made, or the disk has no room for it; nothing bears its name then.
    """
    home = settings().home
    if not settings().database_url:
        embedded.up(home)
    recovery = keys.recovery(home)
    seal_with = _Seal(recovery, [recovery.identity.to_public(), *map(keys.recipient, recipients)])
    with _told(), snapshot.exported(days) as (connection, described):
        _require_room(folder, described)
        store, manifest = _write(folder, described, reaching.reader(), connection, seal_with)
        person_keys, keys_manifest = _write_keys(keys_folder or folder, described, seal_with)
    if lasting:
        remembered.remember(home, remembered.BACKUP, folder=str(store), last_event=manifest.last_event,
                            expires_at=manifest.expires_at.isoformat())  # fmt: skip
    expired = remove_expired([folder, keys_folder or folder], recovery, keep=store)
    return Taken(store, manifest, person_keys, keys_manifest, expired)


@contextmanager
def _told() -> Iterator[None]:
    """What the database refuses, as a sentence."""
    try:
        yield
    except InsufficientPrivilege as error:
        raise StoreUnavailable(
            f"The backup was not made: the role for backups may not read everything ({error.diag.message_primary}). "
            "Let the owner of the server run 'alter role abcd_backup bypassrls', then 'abcd db migrate'."
        ) from error
    except psycopg.Error as error:
        raise StoreUnavailable(f"The backup was not made: {error.diag.message_primary or error}.") from error


def _require_room(folder: Path, described: Manifest) -> None:
    """Tables take more room in the store than in an archive, so as much as they take is always enough."""
    there = next(step for step in (folder, *folder.absolute().parents) if step.exists())
    free = shutil.disk_usage(there).free
    if free < described.store_bytes:
        raise StoreUnavailable(
            f"The disk of {folder} has no room for a backup: it may need {described.store_bytes / MEGABYTE:,.0f} MB "
            f"and has {free / MEGABYTE:,.0f} MB. Nothing was written."
        )


def _write_keys(folder: Path, of_store: Manifest, seal_with: _Seal) -> tuple[Path | None, Manifest | None]:
    """People's keys, which only the store's owner may read, in an archive that lives for days only."""
    with snapshot.shared(of_store.snapshot) as connection:
        if not contents.columns_of(connection, contents.KEYRING):
            return None, None
        described = replace(of_store, kind=PERSON_KEYS, expires_at=of_store.made_at + timedelta(days=KEY_DAYS))
        return _write(folder, described, reaching.owner(), connection, seal_with)


def _write(
    folder: Path, described: Manifest, reach: Reach, connection: Connection, seal_with: _Seal
) -> tuple[Path, Manifest]:
    """One archive: dumped and encrypted while ``connection`` counts in the same snapshot, then read back."""
    schemas = contents.KEYRING if described.kind == PERSON_KEYS else contents.SCHEMAS
    with bundle.unfinished(folder, described.kind, described.made_at) as made:
        with ThreadPoolExecutor(1) as aside, dumped(reach, described.snapshot, schemas) as plain:
            counting = aside.submit(contents.contents_of, connection, schemas)
            files = {made.sealed.name: seal(plain, made.sealed, seal_with.openers)}
            tables = counting.result()
        said = replace(described, files=files, tables=tables, sequences=contents.sequences_of(connection, schemas))
        _prove(made, said, seal_with.recovery.identity)
        bundle.describe(made, said, seal_with.recovery.sign)
    return folder / bundle.name_of(said.kind, said.made_at), said


def _prove(made: Bundle, said: Manifest, identity: Any) -> None:
    """Read the archive back from the disk: the same bytes, and in each table as many rows as the snapshot had."""
    if file_of(made.sealed) != said.files[made.sealed.name]:
        raise StoreUnavailable("The disk gave back other bytes than were written. Do not trust it: use another one.")
    wanted = {name: content.rows for name, content in said.tables.items()}
    found = counted(made.sealed, identity)
    if found != wanted:
        wrong = [name for name in sorted({*wanted, *found}) if wanted.get(name) != found.get(name)]
        raise StoreUnavailable(f"The archive does not hold what the store holds: {', '.join(wrong[:5])}. Try again.")
