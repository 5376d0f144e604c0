"""The one select behind every list of assets."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Row, Select, and_, cast, func, select
from sqlalchemy.orm import Session

from abcd.assets import freshness
from abcd.assets.records import AssetLine
from abcd.core.language import chosen
from abcd.db.tables import Asset, Term

METRES_PER_MINUTE = 66.7 / 1.3
"""Straight-line metres that a minute's walk covers: 66.7 m a minute on ways 1.3 times as long (product.md D.2)."""

PLAIN = (
    "id", "name", "asset_kind", "category", "address", "postcode", "open_grid", "assured_on", "status", "is_sensitive",
)  # fmt: skip


def asset_rows(*more: ColumnElement[Any] | Any) -> Select[Any]:
    """Assets joined with their term: what an ``AssetLine`` needs, and ``more`` columns."""
    facts: list[ColumnElement[Any]] = [getattr(Asset, name) for name in PLAIN]
    name = func.coalesce(func.nullif(Term.name_cy, ""), Term.name) if chosen() == "cy" else Term.name
    return select(
        *facts,
        name.label("category_name"),
        cast(func.ST_X(Asset.point), Float).label("easting"),
        cast(func.ST_Y(Asset.point), Float).label("northing"),
        freshness.state().label("freshness"),
        freshness.confidence().label("confidence"),
        *more,
    ).join_from(Asset, Term, Term.slug == Asset.category)


def standing() -> ColumnElement[bool]:
    """Assets that are, or will be again: neither merged into another nor retired."""
    return and_(Asset.merged_into.is_(None), Asset.status.in_(("active", "temporarily closed", "planned")))


def line_of(row: Row[Any]) -> AssetLine:
    """The line of a row of ``asset_rows``; ``metres``, when the query has it, becomes a walk too."""
    values = {name: value for name, value in row._mapping.items() if name in AssetLine.__dataclass_fields__}
    metres = values.get("metres")
    return AssetLine(**values, minutes=None if metres is None else metres / METRES_PER_MINUTE)


def lines(s: Session, rows: Select[Any]) -> list[AssetLine]:
    """The lines of a select built on ``asset_rows``."""
    return [line_of(row) for row in s.execute(rows)]
