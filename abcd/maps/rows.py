"""Rows of a layer in Python, for what is drawn by us rather than by the database."""

from typing import Any

from sqlalchemy import Float, cast, func, select
from sqlalchemy.orm import Session

from abcd.db.spatial import in_degrees
from abcd.maps.layer import Layer


def rows(s: Session, layer: Layer, audience: str, names: tuple[str, ...], *conditions: Any) -> list[dict[str, Any]]:
    """The rows of ``layer`` for ``audience``, by the first of ``names``: these, and ``lon``, ``lat`` in degrees.

    A column that the audience may not see is absent, as it is from the SQL.
    """
    seen = (*layer.columns_for(audience), *layer.columns_for(audience, on_map=True))
    columns = tuple({column.name: column for column in seen if column.name in names}.values())
    at = in_degrees(layer.point)
    first = next(column for column in columns if column.name == names[0])
    found = (
        select(
            *[column.labelled() for column in columns],
            cast(func.ST_X(at), Float).label("lon"),
            cast(func.ST_Y(at), Float).label("lat"),
        )
        .select_from(layer.joined(columns))
        .where(*layer.seen_by(audience), *conditions)
        .order_by(first.labelled(), layer.id)
    )
    return [dict(row._mapping) for row in s.execute(found)]
