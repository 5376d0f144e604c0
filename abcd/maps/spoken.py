"""Statements that are worked out once and then said again with other values.

Building a statement of forty columns and finding it among those that were compiled takes Python longer than the
database takes to answer it. The words depend on the layer and the audience alone; what is asked for are values. All
that never changes is part of the words, so that the driver has little to send.
"""

import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import RawCursor
from psycopg.pq import Format, TransactionStatus
from psycopg.sql import Literal
from sqlalchemy import Connection, Select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

PLACE = re.compile(r"%%|%\((\w+)\)s")
#: How the database plans a statement that is said again: as it sees fit, once for all values, for these values alone.
AS_IT_LIKES = "reset plan_cache_mode"
ONCE = "set plan_cache_mode = force_generic_plan"
ANEW = "set plan_cache_mode = force_custom_plan"


@dataclass(frozen=True)
class Said:
    """A statement: ``words`` and all its values, and ``plain``, which has gaps for the values ``asked`` alone."""

    words: str
    given: dict[str, Any]
    plain: str
    asked: tuple[str, ...]


_spoken: dict[Hashable, Said] = {}


def spoken(
    s: Session, name: Hashable, query: Callable[[], Select[Any]], values: dict[str, Any], *, plan: str = AS_IT_LIKES
) -> tuple[Any, ...]:
    """The one row of ``query`` with these values; ``name`` tells it from all other statements.

    ``ONCE`` is for what is fetched by keys, so that one way suits all values: planning forty columns of a feature takes
    longer than fetching a hundred. ``ANEW`` is for outlines, of which one may hold everything and another nothing.
    """
    connection = s.connection()
    return row_of(connection, said(connection, name, query, values), values, plan)


@dataclass(frozen=True)
class Asked:
    """One of several questions that are put together: see ``spoken``."""

    name: Hashable
    query: Callable[[], Select[Any]]
    values: dict[str, Any]
    plan: str


def spoken_together(s: Session, *questions: Asked) -> list[tuple[Any, ...]]:
    """The one row of each question, in one round trip and one transaction; a later one sees what an earlier one set.

    Raises:
        DBAPIError: what the store said, as SQLAlchemy calls it.
    """
    connection = s.connection()
    each = [(said(connection, one.name, one.query, one.values), one) for one in questions]
    wire: Any = connection.connection.driver_connection
    try:
        with wire.pipeline():
            found = [planned(wire, words, one.values, one.plan) for words, one in each]
            wire.execute(AS_IT_LIKES, prepare=False)
    except psycopg.Error as error:
        if wire.info.transaction_status != TransactionStatus.INERROR:
            # Lets go of the lost connections, where it was that.
            connection.exec_driver_sql("select 1")
        raise DBAPIError.instance(each[-1][0].words, None, error, psycopg.Error, hide_parameters=True) from error
    return [one.fetchone() for one in found]


def said(connection: Connection, name: Hashable, query: Callable[[], Select[Any]], values: dict[str, Any]) -> Said:
    """The statement of this name, worked out at the first time."""
    schemas = connection.get_execution_options().get("schema_translate_map") or {}
    key = name, tuple(schemas.items()), tuple(values)
    if key not in _spoken:
        _spoken[key] = worked_out(connection, query(), schemas, values)
    return _spoken[key]


@contextmanager
def anew(s: Session) -> Iterator[None]:
    """Statements in here are planned for their values alone, however often they were said."""
    s.execute(text(ANEW))
    try:
        yield
    finally:
        # A transaction that failed has taken it back already.
        with suppress(SQLAlchemyError):
            s.execute(text(AS_IT_LIKES))


def worked_out(connection: Connection, query: Select[Any], schemas: Any, values: dict[str, Any]) -> Said:
    """The statement of a query with gaps for ``values``."""
    whole = query.compile(
        dialect=connection.dialect,
        schema_translate_map=schemas or None,
        render_schema_translate=bool(schemas),
        compile_kwargs={"render_postcompile": True},
    )
    words, given, asked = str(whole), dict(whole.params), list(values)
    wire: Any = connection.connection.driver_connection

    def written(found: re.Match[str]) -> str:
        if found[1] is None:
            return "%"
        return f"${asked.index(found[1]) + 1}" if found[1] in asked else Literal(given[found[1]]).as_string(wire)

    return Said(words, given, PLACE.sub(written, words), tuple(asked))


def row_of(connection: Connection, words: Said, values: dict[str, Any], plan: str) -> tuple[Any, ...]:
    """The row that a statement finds, kept with the connection from the first time on.

    An error outside of a transaction is met a second time on SQLAlchemy's way, which lets go of the lost connections
    (``abcd.db.session``). Within one it is passed on: said again after a rollback, a statement would be answered
    without the audience and the limits that the transaction was given.

    Raises:
        DBAPIError: what the store said, as SQLAlchemy calls it.
    """
    wire: Any = connection.connection.driver_connection
    try:
        found = executed(wire, words, values) if plan == AS_IT_LIKES else alone(wire, words, values, plan)
    except psycopg.Error as error:
        if wire.info.transaction_status == TransactionStatus.INERROR:
            raise DBAPIError.instance(words.words, None, error, psycopg.Error, hide_parameters=True) from error
        found = connection.exec_driver_sql(words.words, words.given | values).cursor
    row: tuple[Any, ...] = found.fetchone()
    return row


def alone(wire: Any, words: Said, values: dict[str, Any], plan: str) -> Any:
    """A cursor on what is found by a plan of this sort: one round trip, and what fails in it takes the setting back."""
    with wire.pipeline():
        found = planned(wire, words, values, plan)
        wire.execute(AS_IT_LIKES, prepare=False)
    return found


def planned(wire: Any, words: Said, values: dict[str, Any], plan: str) -> Any:
    """The same within a pipeline, which sets back how the database plans."""
    # Not prepared: the driver would believe that what came after a failure was kept too.
    wire.execute(plan, prepare=False)
    return executed(wire, words, values)


def executed(wire: Any, words: Said, values: dict[str, Any]) -> Any:
    """A cursor on what the driver alone finds; binary, because a tile as text is twice as long."""
    cursor: Any = RawCursor(wire)
    cursor.format = Format.BINARY
    return cursor.execute(words.plain, [values[name] for name in words.asked], prepare=True)
