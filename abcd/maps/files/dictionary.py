"""The data dictionary of a file as JSON Table Schema: each column, its type and what it says (product.md H.2).

Source: https://datapackage.org/standard/table-schema/
"""

from typing import Any

import orjson

from abcd.maps.files.fields import Field
from abcd.maps.files.part import CHANGED

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


def told(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The columns that stand in the file."""
    return tuple(field for field in fields if field.name != CHANGED)


def table_schema(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The dictionary of these columns; ``id`` is the key."""
    return {
        "$schema": PROFILE,
        "fields": [{"name": one.name, **typed(one), "description": one.says} for one in told(fields)],
        "primaryKey": ["id"],
        "missingValues": [""],
    }


def typed(field: Field) -> dict[str, str]:
    """Type and, where it has one, format of a column; a shape in bytes is text in no file with a dictionary beside."""
    return {"type": "string", "format": "binary"} if field.kind == "binary" else {"type": field.kind}


def as_json(schema: dict[str, Any]) -> bytes:
    """The same bytes for the same dictionary, for people too."""
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
