"""Records of a place that were last checked too long ago."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, cast, func, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlalchemy.orm import Session

from abcd.assets.freshness import confidence, state
from abcd.assets.lines import standing
from abcd.core.language import chosen
from abcd.db.tables import Asset, PlaceAsset, Term


def stale_records(s: Session, place_id: UUID, others: Collection[UUID] = ()) -> Sequence[Row[Any]]:
    """Standing assets inside a place, and those of ``others`` anywhere, whose check is due, stale or unknown.

    Rows ``id, name, category, category_name, address, phone, assured_on, confidence, version, easting, northing``. No
    sensitive one, whose place nobody is told, and nobody's own gift.
    """
    inside = select(PlaceAsset.asset_id).where(PlaceAsset.place_id == place_id, PlaceAsset.relation == "within")
    asked = union(inside, select(func.unnest(cast(list(others), ARRAY(SQL_UUID(as_uuid=True))))))
    return s.execute(records().where(Asset.id.in_(asked), standing(), state() != "fresh")).all()


def records() -> Select[Any]:
    """What a question about a record needs to know of it."""
    return (
        select(
            Asset.id, Asset.name, Asset.category, spoken(Term).label("category_name"), Asset.address, Asset.phone,
            Asset.assured_on, confidence().label("confidence"), Asset.version,
            func.ST_X(Asset.point).label("easting"), func.ST_Y(Asset.point).label("northing"),
        )
        .join(Term, Term.slug == Asset.category)
        .where(~Asset.is_sensitive, Asset.asset_kind != "individual")
    )  # fmt: skip


def spoken(term: Any) -> ColumnElement[str]:
    """The name of a category in the language in use."""
    named: ColumnElement[str] = func.coalesce(func.nullif(term.name_cy, ""), term.name)
    return named if chosen() == "cy" else term.name
