"""The features of a selection in pieces of JSON text, by id, from connections that share one snapshot."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, Select, Text, bindparam, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import UUID as Uuid
from sqlalchemy.orm import Session

from abcd.db.pool import APP_ROLE, SHARE_ROLE, connected
from abcd.db.timeouts import IDLE, STATEMENT
from abcd.maps.geojson import features
from abcd.maps.selection import Selection

Made = TypeVar("Made")

#: Connections that work at once, and pieces that may wait for the writer.
WORKERS, AHEAD = 2, 4


@dataclass(frozen=True)
class Piece:
    """Some features as JSON text between commas, how many, how many with a geometry, and what is known of them all."""

    text: str | None
    rows: int
    drawn: int
    changed: datetime | None
    west: float | None
    south: float | None
    east: float | None
    north: float | None


@contextmanager
def one_snapshot(s: Session) -> Iterator[list[Connection]]:
    """``WORKERS`` connections that see the store as ``s`` sees what is committed at this moment.

    They have its role, its audience and its patience: how long a statement may take, and they may wait for the writer.
    """
    snapshot = s.scalar(select(func.pg_export_snapshot()))
    audience = s.scalar(select(func.current_setting("abcd.audience", True)))
    limits = {name: s.scalar(select(func.current_setting(name))) for name in (STATEMENT, IDLE)}
    role = SHARE_ROLE if s.scalar(text("select current_user")) == SHARE_ROLE else APP_ROLE
    with ExitStack() as stack:
        opened = [stack.enter_context(connected(role)) for _ in range(WORKERS)]
        for connection in opened:
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(text(f"set transaction snapshot '{snapshot}'"))
            connection.execute(select(func.set_config("abcd.audience", audience or "", True)))
            for name, limit in limits.items():
                connection.execute(select(func.set_config(name, limit, True)))
            # Thousands of pieces, one shape of query: planning each anew takes a fifth of the time.
            connection.execute(text("set local plan_cache_mode = force_generic_plan"))
        yield opened


def edges(c: Connection, selection: Selection, size: int | None = None) -> list[tuple[UUID, UUID]]:
    """The first and the last id of each piece of ``size`` features, or of as many as the layer says.

    A whole layer is cut by all ids of its table, which the key's index holds: some pieces are then a little smaller.
    """
    layer = selection.layer
    nth, following = (count.over(order_by=layer.id) for count in (func.row_number(), func.lead(layer.id)))
    numbered = select(layer.id.label("id"), nth.label("nth"), following.label("following")).select_from(layer.table)
    n = numbered.where(*selection.conditions if selection.asked else ()).subquery("n").c
    at_an_end = (n.nth % (size or layer.piece) <= 1) | n.following.is_(None)
    found = list(c.scalars(select(n.id).where(at_an_end).order_by(n.id)))
    # A last piece of one feature begins and ends with it.
    found += found[-1:] if len(found) % 2 else []
    return list(zip(found[::2], found[1::2], strict=True))


def piece_query(selection: Selection) -> Select[tuple[object, ...]]:
    """One row: the piece between the ids ``first`` and ``last``."""
    layer = selection.layer
    between = layer.id.between(bindparam("first", type_=Uuid), bindparam("last", type_=Uuid))
    rows = features(layer, selection.audience, layer.columns_for(selection.audience))
    f = rows.where(*selection.asked, between).subquery("f").c
    box = func.ST_Extent(f.degrees)
    return select(
        func.string_agg(f.feature, literal_column("E',\\n' order by f.id"), type_=Text).label("text"),
        func.count().label("rows"),
        func.count(f.degrees).label("drawn"),
        func.max(f.changed).label("changed"),
        *(getattr(func, f"ST_{edge}")(box).label(name) for edge, name in EDGES.items()),
    )


EDGES = {"XMin": "west", "YMin": "south", "XMax": "east", "YMax": "north"}


def pieces(
    connections: list[Connection], selection: Selection, note: Callable[[int, int], None] | None = None
) -> Iterator[Piece]:
    """All pieces in order; while one is used, the next are made. ``note`` is told of rows: so many, of so many."""
    query = piece_query(selection)

    def make(connection: Connection, first: UUID, last: UUID) -> Piece:
        return Piece(**connection.execute(query, {"first": first, "last": last}).one()._mapping)

    cuts, rows = edges(connections[0], selection), 0
    for number, piece in enumerate(in_order(connections, cuts, make), 1):
        yield piece
        rows += piece.rows
        if note:
            note(rows, round(rows * len(cuts) / number))


def in_order(
    connections: list[Connection], cuts: list[tuple[UUID, UUID]], make: Callable[[Connection, UUID, UUID], Made]
) -> Iterator[Made]:
    """What ``make`` gives for each cut, in their order; while one is used, the next are made."""
    free = SimpleQueue[Connection]()
    for connection in connections:
        free.put(connection)

    def made(first: UUID, last: UUID) -> Made:
        connection = free.get()
        try:
            return make(connection, first, last)
        finally:
            free.put(connection)

    waiting: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(len(connections)) as pool:
        for first, last in cuts:
            waiting.append(pool.submit(made, first, last))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
