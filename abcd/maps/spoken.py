"""Statements that are worked out once and then said again with other values.

Building a statement of forty columns and finding it among those that were compiled takes Python longer than the
database takes to answer it. The words depend on the layer and the audience alone; what is asked for are values.
"""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from abcd.db.session import straight

_spoken: dict[Hashable, tuple[str, dict[str, Any]]] = {}


def spoken(s: Session, name: Hashable, query: Callable[[], Select[Any]], values: dict[str, Any]) -> tuple[Any, ...]:
    """The one row of ``query`` with these values; ``name`` tells it from all other statements."""
    connection = s.connection()
    schemas = connection.get_execution_options().get("schema_translate_map") or {}
    key = name, tuple(schemas.items())
    if key not in _spoken:
        whole = query().compile(
            dialect=connection.dialect,
            schema_translate_map=schemas or None,
            render_schema_translate=bool(schemas),
            compile_kwargs={"render_postcompile": True},
        )
        _spoken[key] = str(whole), dict(whole.params)
    words, given = _spoken[key]
    row: tuple[Any, ...] = straight(connection, words, given | values, prepare=True).fetchone()
    return row
