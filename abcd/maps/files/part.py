"""One layer on its way into a file: its rows in Arrow batches, by id, in one snapshot, and what is known of them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
from sqlalchemy import Connection, Select, Text, bindparam, cast, select, true
from sqlalchemy.dialects.postgresql import UUID as Uuid

from abcd.maps.files.fields import Field, described
from abcd.maps.files.shapes import SAYS, Way
from abcd.maps.layer import Column
from abcd.maps.metadata import metadata
from abcd.maps.pieces import edges, in_order
from abcd.maps.selection import Selection

#: Rows of a batch; a few of them are in memory at once.
BATCH = 800
CHANGED = "last change of the row"

Rows = list[tuple[Any, ...]]
Note = Callable[[int, int], None]
"""Told after each batch: rows written so far, rows in all."""


def nobody(done: int, of: int) -> None:
    """A note for nobody."""


class Part:
    """A selection that is read for a file.

    Attributes:
        rows, drawn, changed: how many rows were read, how many of them have a shape, and the last change of any.
        left_out: rows that are not in the file, by reason, when somebody may know; ``None`` to let the reader count.
    """

    def __init__(self, connections: list[Connection], selection: Selection, note: Note = nobody,
                 left_out: dict[str, int] | None = None) -> None:  # fmt: skip
        self.connections, self.selection, self.note, self.left_out = connections, selection, note, left_out
        self.rows = self.drawn = 0
        self.changed: datetime | None = None

    @property
    def name(self) -> str:
        """The name of the layer."""
        return self.selection.layer.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the layer that the audience may see."""
        return self.selection.layer.columns_for(self.selection.audience)

    def query(self, way: Way, columns: tuple[Column, ...] | None = None, *conditions: Any) -> Select[Any]:
        """Rows of ``id``, the columns of ``way``, those of the layer, and when each last changed; without an order."""
        layer, kept = self.selection.layer, self.columns if columns is None else columns
        said, there = way(layer)
        found: Any = select(
            cast(layer.id, Text).label("id"),
            *[sql.label(name) for name, sql in said.items()],
            *[column.labelled() for column in kept],
            layer.changed.label(CHANGED),
        )
        whole = layer.joined(kept)
        whole = whole if there is None else whole.join(there, true())
        asked: Select[Any] = found.select_from(whole).where(*self.selection.conditions, *conditions)
        return asked

    def fields(self, query: Select[Any]) -> tuple[Field, ...]:
        """The columns of ``query``, with what they say."""
        says = SAYS | {column.name: column.says for column in self.columns}
        return described(self.connections[0], query, says)

    def pieces(self, query: Select[Any]) -> Iterator[Rows]:
        """The rows of ``query`` by id, some at a time, as the database gives them; counted as they pass.

        A row ends with the moment of its change; its second column says where it is.
        """
        layer = self.selection.layer
        between = layer.id.between(bindparam("first", type_=Uuid), bindparam("last", type_=Uuid))
        piece = query.where(between).order_by(layer.id)

        def made(connection: Connection, first: UUID, last: UUID) -> Rows:
            cursor: Any = connection.execute(piece, {"first": first, "last": last}).cursor
            found: Rows = cursor.fetchall()
            return found

        cuts = edges(self.connections[0], self.selection, BATCH)
        for number, rows in enumerate(in_order(self.connections, cuts, made), 1):
            if rows:
                self._count(rows)
                yield rows
            self.note(self.rows, round(self.rows * len(cuts) / number))

    def _count(self, rows: Rows) -> None:
        self.rows += len(rows)
        self.drawn += sum(row[1] is not None for row in rows)
        changed = (row[-1] for row in rows if row[-1] is not None)
        self.changed = max(filter(None, (self.changed, max(changed, default=None))), default=None)

    def batches(self, query: Select[Any], fields: tuple[Field, ...]) -> Iterator[pa.RecordBatch]:
        """The same in Arrow, without the moment of change."""
        for rows in self.pieces(query):
            yield as_batch(rows, fields[:-1])

    def metadata(self) -> dict[str, Any]:
        """What the file says about itself; known when its rows have been read."""
        return metadata(self.connections[0], self.selection, self.rows, self.drawn, self.changed, self.left_out)


def as_batch(rows: Rows, fields: tuple[Field, ...]) -> pa.RecordBatch:
    """The columns of rows of the database that are named, in Arrow; a row may have more."""
    by_column = zip(*rows, strict=True)
    return pa.record_batch([field.values(found) for field, found in zip(fields, by_column, strict=False)],
                           names=[field.name for field in fields])  # fmt: skip


def schema_of(fields: tuple[Field, ...]) -> pa.Schema:
    """The columns of the batches in Arrow's words."""
    return pa.schema([(field.name, field.type) for field in fields if field.name != CHANGED])
