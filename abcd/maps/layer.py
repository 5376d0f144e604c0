"""What a layer is: one named query and one list of columns, each with its audience.

A column that an audience may not see is absent from the SQL that runs for it (trust.md P9).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, SQLColumnExpression, true

from abcd.errors import NotAllowed

Sql = SQLColumnExpression[Any]
"""Anything that stands for a value in SQL: a column, an expression."""

AUDIENCES = ("public", "partner", "council", "officer")
"""Who may see it, widest first: what is for the public is for partners too, and so on."""


def reaches(audience: str, seen_by: str) -> bool:
    """Whether what is meant for ``audience`` may be seen by ``seen_by``."""
    return AUDIENCES.index(audience) <= AUDIENCES.index(seen_by)


@dataclass(frozen=True)
class Column:
    """One property: its name outside, the SQL behind it, what it says, who may see it.

    ``on_map`` columns go with a feature to the map on screen; the others only into files. ``via`` names the join of the
    layer that the SQL reads from. The SQL is a function where it depends on the day.
    """

    name: str
    sql: Sql | Callable[[], Sql]
    says: str
    audience: str = "public"
    on_map: bool = False
    in_files: bool = True
    via: str = ""

    def plain(self) -> Sql:
        """The SQL behind it."""
        return self.sql if isinstance(self.sql, SQLColumnExpression) else self.sql()

    def labelled(self) -> Sql:
        """The SQL under its outside name."""
        return self.plain().label(self.name)


@dataclass(frozen=True)
class Join:
    """A table that some columns of a layer need, joined only when one of them is asked for."""

    target: FromClause
    on: ColumnElement[bool] = field(default_factory=true)


@dataclass(frozen=True)
class Layer:
    """One named query and its public columns.

    Attributes:
        table: where the rows come from.
        id, geom, point: its key, its shape and a point in that (metres).
        shown: which rows belong to the layer at all.
        left_out: rows of the table that the layer never shows, by reason.
        visibility: the column that names a row's audience, or ``None`` when every row is public.
        on_screen: which of the rows a map shows now (a file also tells what has ended).
        changed: the column that says when a row last changed.
        source: the column with the id of a row's source.
        min_zoom: the widest view in which the map draws it.
        category: the column with a row's category, or ``None`` when its rows have none.
        piece: features that one query of an export brings; fewer where each has a large shape.
        of_no_place: its rows belong to no place by their key: of a place are those whose shapes meet it.
    """

    name: str
    title: str
    says: str
    table: FromClause
    id: Sql
    geom: Sql
    point: Sql
    changed: Sql
    source: Sql
    columns: tuple[Column, ...]
    shown: ColumnElement[bool]
    on_screen: Any
    left_out: dict[str, ColumnElement[bool]]
    licence: str
    attribution: str
    audience: str = "public"
    min_zoom: int = 0
    piece: int = 250
    visibility: Sql | None = None
    category: Sql | None = None
    joins: dict[str, Join] = field(default_factory=dict)
    of_no_place: bool = False

    def columns_for(self, audience: str, *, on_map: bool = False) -> tuple[Column, ...]:
        """The columns that ``audience`` may see, for a map on screen or for a file."""
        kept = (column for column in self.columns if reaches(column.audience, audience))
        return tuple(column for column in kept if (column.on_map if on_map else column.in_files))

    def joined(self, columns: tuple[Column, ...]) -> FromClause:
        """The table with the joins that ``columns`` read from."""
        needed = {column.via for column in columns}
        whole = self.table
        for name, join in self.joins.items():
            whole = whole.outerjoin(join.target, join.on) if name in needed else whole
        return whole

    def seen_by(self, audience: str) -> list[ColumnElement[bool]]:
        """The conditions that keep the rows of the layer which ``audience`` may see.

        Raises:
            NotAllowed: the layer is not for this audience.
        """
        if not reaches(self.audience, audience):
            raise NotAllowed(f"The layer “{self.title}” is not for this audience ({audience}).")
        if self.visibility is None:
            return [self.shown]
        return [self.shown, self.visibility.in_([name for name in AUDIENCES if reaches(name, audience)])]
