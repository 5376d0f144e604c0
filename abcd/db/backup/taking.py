"""``abcd backup``: everything in one snapshot, encrypted, signed, read back and counted before it gets its name."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from abcd.config import settings
from abcd.db import embedded, migrate
from abcd.db.backup import bundle, contents, keys, reaching, remembered, trusting
from abcd.db.backup.archive import counted
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.dump import dumped
from abcd.db.backup.manifest import PERSON_KEYS, STORE, Content, Manifest
from abcd.db.backup.reaching import Reach
from abcd.db.backup.sealing import file_of, seal
from abcd.db.space import MEGABYTE
from abcd.errors import BadFile, StoreUnavailable

#: Days after which a backup must be gone.
BACKUP_DAYS = 35
#: Days after which a copy of people's keys must be gone: until then an older archive can still show what was erased.
KEY_DAYS = 8

REVISION = """
select current_setting('server_version_num')::int, (select extversion from pg_extension where extname = 'postgis'),
       pg_export_snapshot(), to_regclass('core.audit_event') is not null"""


@dataclass(frozen=True)
class Taken:
    """A finished backup: its folder and manifest, and the same of people's keys where there are any."""

    store: Path
    manifest: Manifest
    person_keys: Path | None
    keys_manifest: Manifest | None
    expired: int


def take(
    folder: Path, *, keys_folder: Path | None = None, recipients: Sequence[str] = (), days: int = BACKUP_DAYS
) -> Taken:
    """Back the store up into ``folder``; people's keys go into an archive of their own, in ``keys_folder``.

    Args:
        recipients: public age keys of others who may open it, beside our own.
        days: until it expires; expired ones are removed once this one is proven.

    Raises:
        StoreUnavailable: it could not be made, or the disk has no room for it; nothing bears its name then.
    """
    home = settings().home
    if not settings().database_url:
        embedded.up(home)
    openers = [keys.recovery(home).identity.to_public(), *map(keys.recipient, recipients)]
    moment = datetime.now(UTC)
    with _snapshot(reaching.reader()) as (connection, described):
        _require_room(folder, connection)
        of_store = replace(described, made_at=moment, expires_at=moment + timedelta(days=days))
        store, manifest = _write(folder, of_store, reaching.reader(), contents.SCHEMAS, openers, connection)
        person_keys, keys_manifest = _write_keys(keys_folder or folder, of_store, openers)
    remembered.remember(home, remembered.BACKUP, folder=str(store), expires_at=manifest.expires_at.isoformat(),
                        last_event=manifest.last_event)  # fmt: skip
    expired = _remove_expired(home, {folder, keys_folder or folder}, keep=store)
    return Taken(store, manifest, person_keys, keys_manifest, expired)


@contextmanager
def _snapshot(reach: Reach) -> Iterator[tuple[psycopg.Connection, Manifest]]:
    """A read-only transaction whose view of the store others can share, and what is known of that store."""
    with reach.connect(autocommit=False) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        found = connection.execute(REVISION).fetchone()
        server, postgis, snapshot, has_events = found  # type: ignore[misc]
        if not has_events:
            raise StoreUnavailable("There is nothing to back up: the store has no tables yet. Run 'abcd db migrate'.")
        newest = connection.execute("select coalesce(max(id), 0) from core.audit_event").fetchone()
        moment = datetime.now(UTC)
        yield connection, Manifest(
            kind=STORE, made_at=moment, expires_at=moment, abcd=version("abcd"), revision=_revision(),
            postgresql=server, postgis=postgis or "", snapshot=snapshot, last_event=newest[0],  # type: ignore[index]
            files={}, tables={}, sequences={},
        )  # fmt: skip


def _revision() -> str:
    with reaching.owner().connect() as connection:
        found = connection.execute("select version_num from alembic_version").fetchone()
    return str(found[0]) if found else migrate.newest()


def _require_room(folder: Path, connection: psycopg.Connection) -> None:
    """Tables take more room in the store than in an archive, so as much as they take is always enough."""
    needed = contents.bytes_of(connection)
    there = next(step for step in (folder, *folder.absolute().parents) if step.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise StoreUnavailable(
            f"The disk of {folder} has no room for a backup: it may need {needed / MEGABYTE:,.0f} MB and has "
            f"{free / MEGABYTE:,.0f} MB. Nothing was written."
        )


def _write(
    folder: Path, described: Manifest, reach: Reach, schemas: Sequence[str], openers: Sequence[Any],
    connection: psycopg.Connection,
) -> tuple[Path, Manifest]:  # fmt: skip
    """One archive of ``schemas``: dumped and encrypted while the same snapshot is counted, then read back."""
    home = settings().home
    with bundle.unfinished(folder, described.kind, described.made_at) as made:
        with ThreadPoolExecutor(1) as aside, dumped(reach, described.snapshot, schemas) as plain:
            counting = aside.submit(_counted, connection, schemas)
            sealed = seal(plain, made.sealed, openers)
            tables = counting.result()
        described = replace(
            described, files={made.sealed.name: sealed}, tables=tables,
            sequences=contents.sequences_of(connection, schemas),
        )  # fmt: skip
        _prove(made, described, keys.recovery(home).identity)
        bundle.describe(made, described, partial(keys.sign, home))
    return folder / bundle.name_of(described.kind, described.made_at), described


def _counted(connection: psycopg.Connection, schemas: Sequence[str]) -> dict[str, Content]:
    try:
        return contents.contents_of(connection, schemas)
    except psycopg.errors.InsufficientPrivilege as error:
        raise StoreUnavailable(
            f"The backup was not made: the role for backups may not read everything ({error.diag.message_primary}). "
            "Let the owner of the server run 'alter role abcd_backup bypassrls', then 'abcd db migrate'."
        ) from error


def _prove(made: Bundle, described: Manifest, identity: Any) -> None:
    """Read the archive back from the disk: the same bytes, and in each table as many rows as the snapshot had."""
    if file_of(made.sealed) != described.files[made.sealed.name]:
        raise StoreUnavailable("The disk gave back other bytes than were written. Do not trust it: use another one.")
    wanted = {name: content.rows for name, content in described.tables.items()}
    found = counted(made.sealed, identity)
    if found != wanted:
        wrong = [name for name in sorted({*wanted, *found}) if wanted.get(name) != found.get(name)]
        raise StoreUnavailable(f"The archive does not hold what the store holds: {', '.join(wrong[:5])}. Try again.")


def _write_keys(folder: Path, of_store: Manifest, openers: Sequence[Any]) -> tuple[Path | None, Manifest | None]:
    """People's keys, which only the store's owner may read, in an archive that lives for days only."""
    with reaching.owner().connect(autocommit=False) as connection:
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute(f"set transaction snapshot '{of_store.snapshot}'")
        if not contents.columns_of(connection, contents.KEYRING):
            return None, None
        described = replace(of_store, kind=PERSON_KEYS, expires_at=of_store.made_at + timedelta(days=KEY_DAYS))
        return _write(folder, described, reaching.owner(), contents.KEYRING, openers, connection)


def _remove_expired(home: Path, folders: set[Path], keep: Path) -> int:
    """Remove backups of ours whose day has come; what is not signed by us is left alone."""
    removed, recovery = 0, keys.recovery(home)
    is_ours: Callable[[Bundle], bool] = partial(_is_expired, recovery)
    for folder in folders:
        for kind in (STORE, PERSON_KEYS):
            for each in filter(is_ours, bundle.found_in(folder, kind)):
                if each.folder != keep:
                    shutil.rmtree(each.folder)
                    removed += 1
    return removed


def _is_expired(recovery: keys.RecoveryKey, found: Bundle) -> bool:
    try:
        return trusting.manifest_of(found, recovery).expires_at < datetime.now(UTC)
    except BadFile:
        return False
