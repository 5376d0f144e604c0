"""Connections to the store: how many, as whom, how long a statement may take, and how a lost store is found again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from abcd.config import database_url, settings
from abcd.db import embedded
from abcd.db.causes import lost
from abcd.db.confined import APP_ROLE, SHARE_ROLE, require_role
from abcd.db.outage import Outage
from abcd.db.positions import follow_server
from abcd.db.timeouts import LIMITS

#: Connections of a process, and seconds to wait for one of them: then the answer is "busy" (trust.md F11).
KEPT, MORE, SECONDS_TO_WAIT = 8, 8, 2.5
#: What the share role asks of ``core`` it is told from ``pub`` (``abcd.db.tables.pub``).
BEHIND_THE_LINE = {"core": "pub"}
#: "Saved" is said when it lies on the disk, whatever a database or role was set to (a stricter setting stays).
NEVER_LAZY = """
select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'"""
#: A server on the network that went away is noticed in about ten seconds; a unix socket ignores these.
NETWORK = {
    "connect_timeout": 3, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}  # fmt: skip


def store_url(role: str = APP_ROLE) -> str:
    """The SQLAlchemy URL of the store as ``role``."""
    given = database_url()
    if given:
        return given.replace("postgresql://", "postgresql+psycopg://", 1).replace(
            "postgres://", "postgresql+psycopg://", 1
        )
    return embedded.url(settings().home, role)


class Pool:
    """The connections of this process to one store as one role."""

    def __init__(self, url: str, role: str) -> None:
        self.role = role
        self.day: date | None = None  # the last one that was brought in (abcd.db.daybreak)
        self.home = None if settings().database_url else settings().home
        self.engine = create_engine(
            url, pool_size=KEPT, max_overflow=MORE, pool_timeout=SECONDS_TO_WAIT,
            connect_args=NETWORK, hide_parameters=True,
            execution_options={"schema_translate_map": BEHIND_THE_LINE} if role == SHARE_ROLE else {},
        )  # fmt: skip
        event.listen(self.engine, "connect", self._settle)
        self._probe = create_engine(url, poolclass=NullPool, connect_args=NETWORK)
        self.outage = Outage(self.mend)

    def _settle(self, connection: Any, _record: Any) -> None:
        """Make a new connection ours: its role, and the time limits that a server of others may not have."""
        with connection.cursor() as cursor:
            cursor.execute("select pg_has_role(current_user, to_regrole(%s), 'member')", (self.role,))
            if cursor.fetchone()[0]:
                cursor.execute(f"set role {self.role}")
            wanted = {"jit": "off"} | LIMITS.get(self.role, {})
            cursor.execute("select " + ", ".join(["set_config(%s, %s, false)"] * len(wanted)),
                           [part for pair in wanted.items() for part in pair])  # fmt: skip
            cursor.execute(NEVER_LAZY)
        connection.commit()

    def begin(self) -> None:
        """Start the embedded store when it does not run, and convert positions as the server does."""
        if self.home is not None:
            embedded.up(self.home)
        with self.engine.connect() as first:
            follow_server(first)

    def mend(self) -> None:
        """Bring a lost store back: the embedded one is started again, unless somebody stopped it on purpose.

        Raises:
            StoreUnavailable: it does not answer yet.
        """
        if self.home is not None:
            embedded.up_again(self.home)
        try:
            with self._probe.connect() as probe:
                probe.exec_driver_sql("select 1")
        except SQLAlchemyError as error:
            raise lost() from error


@lru_cache(maxsize=8)
def _pool(url: str, role: str) -> Pool:
    made = Pool(url, role)
    made.begin()
    return made


def pool(role: str = APP_ROLE) -> Pool:
    """The connections of this process as ``role``; on the first call the embedded store is started."""
    require_role(role)
    return _pool(store_url(role), role)


def engine(role: str = APP_ROLE) -> Engine:
    """The pooled engine of this process for ``role`` (``abcd_app_rw``, or ``abcd_share_ro`` for what is public)."""
    return pool(role).engine


@contextmanager
def connected(role: str = APP_ROLE) -> Iterator[Connection]:
    """A connection past any session, for reading; one that the server has ended meanwhile is replaced."""
    with engine(role).connect() as connection:
        try:
            connection.exec_driver_sql("select 1")
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        connection.rollback()
        yield connection
