"""One layer on its way into a file: its rows in Arrow batches, by id, in one snapshot, and what is known of them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Select, Text, bindparam, cast, select, true
from sqlalchemy.dialects.postgresql import UUID as Uuid

from abcd.maps.files.fields import Field, described
from abcd.maps.files.shapes import SAYS, Way
from abcd.maps.layer import Column
from abcd.maps.metadata import metadata
from abcd.maps.pieces import edges, in_order
from abcd.maps.selection import Selection

#: Rows of a batch; a few of them are in memory at once.
BATCH = 1_000
CHANGED = "last change of the row"

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

    def batches(self, query: Select[Any], fields: tuple[Field, ...]) -> Iterator[pa.RecordBatch]:
        """The rows of ``query``, without the moment of their change, by id; counted as they pass."""
        layer = self.selection.layer
        between = layer.id.between(bindparam("first", type_=Uuid), bindparam("last", type_=Uuid))
        piece, shown = query.where(between).order_by(layer.id), tuple(one.name for one in fields if one.name != CHANGED)

        def made(connection: Connection, first: UUID, last: UUID) -> list[tuple[Any, ...]]:
            cursor: Any = connection.execute(piece, {"first": first, "last": last}).cursor
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

        cuts = edges(self.connections[0], self.selection, BATCH)
        for number, rows in enumerate(in_order(self.connections, cuts, made), 1):
            if rows:
                yield self._counted(as_batch(rows, fields)).select(shown)
            self.note(self.rows, round(self.rows * len(cuts) / number))

    def _counted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        self.rows += batch.num_rows
        self.drawn += batch.num_rows - batch.column(1).null_count
        self.changed = max(filter(None, (self.changed, pc.max(batch.column(CHANGED)).as_py())), default=None)
        return batch

    def metadata(self) -> dict[str, Any]:
        """What the file says about itself; known when its rows have been read."""
        return metadata(self.connections[0], self.selection, self.rows, self.drawn, self.changed, self.left_out)


def as_batch(rows: list[tuple[Any, ...]], fields: tuple[Field, ...]) -> pa.RecordBatch:
    """Rows of the database as Arrow."""
    by_column = zip(*rows, strict=True)
    return pa.record_batch([field.values(found) for field, found in zip(fields, by_column, strict=True)],
                           names=[field.name for field in fields])  # fmt: skip


def schema_of(fields: tuple[Field, ...]) -> pa.Schema:
    """The columns of the batches in Arrow's words."""
    return pa.schema([(field.name, field.type) for field in fields if field.name != CHANGED])
