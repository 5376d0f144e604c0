"""The columns of a file: their names, what they hold in the words of Table Schema, and their type in Arrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa
from sqlalchemy import Connection, Select

#: The database's types in the words of Table Schema; every other is text.
KINDS = {
    "int2": "integer", "int4": "integer", "int8": "integer", "float4": "number", "float8": "number",
    "numeric": "number", "bool": "boolean", "date": "date", "timestamp": "datetime", "timestamptz": "datetime",
    "json": "object", "jsonb": "object", "bytea": "binary",
}  # fmt: skip
ARROW = {
    "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"), "binary": pa.binary(),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One column: ``kind`` is a type of Table Schema, or ``binary`` for a shape as well-known bytes."""

    name: str
    kind: str
    says: str

    @property
    def type(self) -> pa.DataType:
        """Its type in Arrow; objects and arrays are JSON text."""
        return ARROW.get(self.kind, pa.string())

    def values(self, found: Sequence[Any]) -> pa.Array:
        """What the database gave for it, as Arrow."""
        return pa.array(self.plain(found), self.type)

    def plain(self, found: Sequence[Any]) -> Sequence[Any]:
        """What the database gave for it as text, numbers, days, yes and no."""
        if self.kind in ("object", "array"):
            return [None if value is None else in_json(value) for value in found]
        if self.kind == "number":
            return [None if value is None else float(value) for value in found]
        return found


def in_json(value: Any) -> str:
    """A list or a mapping as JSON text, the same each time."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def described(c: Connection, query: Select[Any], says: dict[str, str]) -> tuple[Field, ...]:
    """The columns of ``query`` as the database types them; ``says`` has their descriptions by name."""
    cursor: Any = c.execute(query.limit(0)).cursor
    known = cursor.connection.adapters.types
    return tuple(Field(one.name, kind_of(known.get(one.type_code), one.type_code), says.get(one.name, ""))
                 for one in cursor.description)  # fmt: skip


def kind_of(known: Any, oid: int) -> str:
    """The kind of a type that the driver knows under ``oid``."""
    if known is None:
        return "string"
    return "array" if known.array_oid == oid else KINDS.get(known.name, "string")
