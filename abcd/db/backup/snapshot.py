"""One view of the store that a dump, counts and checksums share, and what is known of the store in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from psycopg import Connection
from psycopg.sql import SQL, Literal

from abcd.db import migrate
from abcd.db.backup import contents, reaching
from abcd.db.backup.manifest import STORE, Manifest
from abcd.db.erasures import forgotten
from abcd.errors import StoreUnavailable

READ_ONLY = "set transaction isolation level repeatable read, read only"
ABOUT = """
select current_setting('server_version_num')::int, (select extversion from pg_extension where extname = 'postgis'),
       pg_export_snapshot(), to_regclass('core.audit_event') is not null"""


@contextmanager
def exported(days: int) -> Iterator[tuple[Connection, Manifest]]:
    """A read-only transaction as the role for backups, and the manifest so far of a backup that is kept for ``days``.

    Raises:
        StoreUnavailable: the store does not answer, or has no tables yet.
    """
    with reaching.reader().connect(autocommit=False) as connection:
        connection.execute(READ_ONLY)
        yield connection, _described(connection, days)


@contextmanager
def shared(snapshot: str) -> Iterator[Connection]:
    """The same view, as the owner of the store."""
    with reaching.owner().connect(autocommit=False) as connection:
        connection.execute(READ_ONLY)
        connection.execute(SQL("set transaction snapshot {}").format(Literal(snapshot)))
        yield connection


def _described(connection: Connection, days: int) -> Manifest:
    server, postgis, snapshot, has_events = connection.execute(ABOUT).fetchone()  # type: ignore[misc]
    if not has_events:
        raise StoreUnavailable("There is nothing to back up: the store has no tables yet. Run 'abcd db migrate'.")
    (newest,) = connection.execute("select coalesce(max(id), 0) from core.audit_event").fetchone()  # type: ignore[misc]
    moment = datetime.now(UTC)
    return Manifest(
        kind=STORE, made_at=moment, expires_at=moment + timedelta(days=days), abcd=version("abcd"),
        revision=_revision(), postgresql=server, postgis=postgis or "", snapshot=snapshot, last_event=newest,
        store_bytes=contents.bytes_of(connection), erased={each.hash: each.on.isoformat() for each in forgotten()},
        files={}, tables={}, sequences={},
    )  # fmt: skip


def _revision() -> str:
    with reaching.owner().connect() as connection:
        found = connection.execute("select version_num from alembic_version").fetchone()
    return str(found[0]) if found else migrate.newest()
