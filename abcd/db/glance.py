"""One look at the store: a row by one statement, in one round trip, without a session around it.

For what is asked at each request and changes nothing: who holds a cookie, which event was the last. Nobody signs a
glance, so it never reads what depends on who asks, and it may be said twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, Select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from abcd.db.pool import APP_ROLE, Pool, engine
from abcd.db.session import once_more, reached, straight, trouble_of


def words_of(query: Select[Any]) -> tuple[str, dict[str, Any]]:
    """The statement of a query as the driver takes it, and its values; those that are asked for later are None."""
    said = query.compile(dialect=engine().dialect)
    return str(said), dict(said.params)


def glance(statement: str, values: dict[str, Any], role: str = APP_ROLE) -> tuple[Any, ...]:
    """The one row that ``statement`` finds as ``role``.

    Raises:
        StoreUnavailable: as ``session`` does.
    """
    here = reached(role)
    return once_more(lambda: _seen(here, statement, values))


def _seen(here: Pool, statement: str, values: dict[str, Any]) -> tuple[Any, ...]:
    here.outage.wait()
    with _in_a_sentence(here):
        row = _at_once(here, statement, values)
        if row is None:
            with here.engine.connect() as connection, _each_by_itself(connection.connection.driver_connection):
                row = straight(connection, statement, values).fetchone()
    return row


def _at_once(here: Pool, statement: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """The row, with the driver alone; ``None`` after an error, which is then met a second time on SQLAlchemy's way."""
    line = here.engine.raw_connection()
    wire: Any = line.driver_connection
    try:
        with _each_by_itself(wire):
            row: tuple[Any, ...] = wire.execute(statement, values).fetchone()
            return row
    except psycopg.Error:
        return None
    finally:
        line.close()


@contextmanager
def glances(role: str) -> Iterator[Session]:
    """A session for a few looks as ``role``, each statement by itself and signed by nobody: half the round trips.

    A connection that was lost is met at the first look and not replaced: whoever looks may look ``once_more``.

    Raises:
        StoreUnavailable: as ``session`` does.
    """
    with _line(reached(role)) as connection, Session(connection) as opened:
        yield opened


@contextmanager
def _line(here: Pool) -> Iterator[Connection]:
    """A connection each of whose statements stands by itself; what goes wrong on it is a sentence of ours."""
    here.outage.wait()
    with (
        _in_a_sentence(here),
        here.engine.connect() as connection,
        _each_by_itself(connection.connection.driver_connection),
    ):
        yield connection


@contextmanager
def _in_a_sentence(here: Pool) -> Iterator[None]:
    """An error of the store as one of ours; a lost one begins to be mended."""
    try:
        yield
    except SQLAlchemyError as error:
        trouble = trouble_of(here, error)
        if trouble is None:
            raise
        raise trouble from error


@contextmanager
def _each_by_itself(wire: Any) -> Iterator[None]:
    """No transaction around a statement, which would be two round trips more."""
    if not wire.closed:
        wire.autocommit = True
    try:
        yield
    finally:
        if not wire.closed:
            wire.autocommit = False
