"""A store built anew from a backup in an empty database: our schema, its rows, both compared, then brought on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.errors import Error

from abcd.db import migrate
from abcd.db.backup import contents, loading, trusting
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.examining import examine
from abcd.db.backup.manifest import Manifest
from abcd.db.backup.reaching import Reach
from abcd.db.backup.steps import Steps
from abcd.db.erasures import Erased
from abcd.errors import StoreUnavailable

#: Erases anew those who are listed, in the store that settings name while it runs; returns how many were found.
Replay = Callable[[Sequence[Erased]], int]

#: Links and sessions of another day let nobody in: everybody signs in again.
PASSES = ("core.app_session", "core.sign_in_link")
STRANGE_KEYS = "delete from keyring.person_key k where not exists (select from core.person p where p.id = k.person_id)"


@dataclass(frozen=True)
class Source:
    """A verified backup, the copy of people's keys to go with it, and what opens both."""

    store: Bundle
    manifest: Manifest
    keys: tuple[Bundle, Manifest] | None
    identity: Any


@dataclass(frozen=True)
class Target:
    """The empty database: as its owner, and as the account that loads (the same on a server of others)."""

    owner: Reach
    loader: Reach


def rebuild(source: Source, target: Target, steps: Steps) -> None:
    """Fill ``target`` from ``source`` and prove that both hold the same.

    Raises:
        BadFile: the archive is not what it should be.
        StoreUnavailable: what was restored differs, or the database refused.
    """
    address = str(target.owner.url.render_as_string(hide_password=False))
    with steps("Tables are made by our own migrations"):
        migrate.upgrade(address, to=source.manifest.revision)
    with target.owner.connect() as owner:
        try:
            _fill(owner, source, target, steps)
        except Error as error:
            raise StoreUnavailable(f"The rows could not be restored: {error.diag.message_primary or error}") from error
    if target.loader != target.owner:
        with steps("Data files are examined"):
            examine(target.owner)
    with steps("The schema is brought to this version"):
        migrate.upgrade(address)


def _fill(owner: Connection, source: Source, target: Target, steps: Steps) -> None:
    trusting.require_server(source.manifest, *_versions(owner))
    with loading.emptied(owner, steps):
        with steps("Rows are decrypted and loaded"), _loader(owner, target) as loader:
            loading.load(loader, source.store.sealed, source.identity)
            if source.keys:
                loading.load(loader, source.keys[0].sealed, source.identity)
        loading.set_sequences(owner, source.manifest.sequences)
        with steps("Counts and checksums are compared"):
            _compare(owner, source)
        for table in PASSES:
            owner.execute(f"truncate {table}")


@contextmanager
def _loader(owner: Connection, target: Target) -> Iterator[Connection]:
    """The connection that loads: an account that may insert and no more, where there is one."""
    if target.loader == target.owner:
        yield owner
        return
    with loading.may_load(owner), target.loader.connect() as loader:
        yield loader


def _compare(owner: Connection, source: Source) -> None:
    contents.require_same(source.manifest.tables, contents.contents_of(owner))
    if source.keys:
        contents.require_same(source.keys[1].tables, contents.contents_of(owner, contents.KEYRING))
        owner.execute(STRANGE_KEYS)


def _versions(connection: Connection) -> tuple[int, str]:
    asked = "select current_setting('server_version_num')::int, extversion from pg_extension where extname = 'postgis'"
    found = connection.execute(asked).fetchone()
    return (int(found[0]), str(found[1])) if found else (0, "")
