"""How long ago a record was checked, and how far it can be trusted (product.md D.3, "Currency").

Fresh up to 10 months, due up to 12, stale after that, hidden from the public after 24; a category that changes
quickly has half those times (``term.fresh_months`` = 6), one that hardly changes twice (24). Confidence is the
weight of the method times ``0.5 ** (age in months / 12)``.
"""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Float, Select, case, cast, func, literal, select
from sqlalchemy.orm import Session

from abcd.core.clock import months_between, today
from abcd.db.tables import Asset, PlaceAsset, Term

if TYPE_CHECKING:
    import pandas as pd

STATES = ("fresh", "due", "stale", "hidden")
FRESH, DUE, SHOWN = 10.0, 12.0, 24.0
"""Months, for a category whose records last a year."""

WEIGHTS = {
    "group": 1.0, "resident": 1.0, "staff visit": 0.9, "connector": 0.8, "partner list": 0.7,
    "open data": 0.5, "import": 0.5, "desk": 0.5, "hearsay": 0.3,
}  # fmt: skip
"""How far each way of knowing can be trusted on the day itself."""

UNCHECKED_MONTHS = 18.0
"""The age taken for a record that nobody ever dated: stale, and still shown."""

DAYS_A_MONTH = 365.25 / 12


def state_of(assured_on: date | None, fresh_months: int = 12, on: date | None = None) -> str:
    """The freshness of a record last checked on ``assured_on`` in a category that lasts ``fresh_months``."""
    if assured_on is None:
        return "stale"
    age = months_between(assured_on, on or today()) * 12 / fresh_months
    return STATES[(age > FRESH) + (age > DUE) + (age > SHOWN)]


def confidence_of(method: str, assured_on: date | None, on: date | None = None) -> float:
    """Weight of ``method`` times ``0.5 ** (age / 12)``, 0 to 1 (product.md D.3)."""
    age = UNCHECKED_MONTHS if assured_on is None else max(months_between(assured_on, on or today()), 0.0)
    return float(WEIGHTS.get(method, WEIGHTS["hearsay"]) * 0.5 ** (age / 12))


def age_months() -> ColumnElement[float]:
    """Months since an asset was checked, for SQL; null when never."""
    days = cast(cast(literal(today()), Date) - Asset.assured_on, Float)
    return cast(days / cast(DAYS_A_MONTH, Float), Float)


def state() -> ColumnElement[str]:
    """``state_of`` for SQL; the query must join ``Term`` by category."""
    age = age_months() * 12 / Term.fresh_months
    return case(
        (Asset.assured_on.is_(None), "stale"), (age <= FRESH, "fresh"), (age <= DUE, "due"), (age <= SHOWN, "stale"),
        else_="hidden",
    )  # fmt: skip


def confidence() -> ColumnElement[float]:
    """``confidence_of`` for SQL: by the method of the last check, else by where the record came from."""
    method = func.coalesce(func.nullif(Asset.assured_by, ""), Asset.source_kind)
    by_source = case(WEIGHTS, value=Asset.source_kind, else_=WEIGHTS["hearsay"])
    weight: ColumnElement[float] = case(WEIGHTS, value=method, else_=by_source)
    age = func.greatest(func.coalesce(age_months(), UNCHECKED_MONTHS), 0.0)
    # Every number is cast, because the power of two decimals (numeric) takes 30 times as long.
    return cast(weight, Float) * func.power(cast(0.5, Float), cast(age, Float) / cast(12.0, Float))


def _current() -> Select[Any]:
    return (
        select()
        .where(Asset.merged_into.is_(None), Asset.status != "defunct")
        .join_from(Asset, Term, Term.slug == Asset.category)
    )


def by_place_and_category(s: Session, place_ids: list[UUID] | None = None) -> "pd.DataFrame":
    """Counts: ``place_id, category, category_name, total, fresh, due, stale, hidden`` and the mean ``confidence``.

    Without ``place_ids`` the whole store is counted, under ``place_id`` None.
    """
    where: Any = PlaceAsset.place_id if place_ids is not None else literal(None)
    counted = [func.count().filter(state() == name).label(name) for name in STATES]
    rows = _current().add_columns(
        where.label("place_id"), Asset.category, Term.name.label("category_name"), func.count().label("total"),
        *counted, func.avg(confidence()).label("confidence"),
    )  # fmt: skip
    groups: list[Any] = [Asset.category, Term.name]
    if place_ids is not None:
        rows = rows.join(PlaceAsset, PlaceAsset.asset_id == Asset.id)
        rows = rows.where(PlaceAsset.place_id.in_(place_ids), PlaceAsset.relation == "within")
        groups.append(PlaceAsset.place_id)
    result = s.execute(rows.group_by(*groups).order_by(func.count().filter(state() != "fresh").desc(), Asset.category))
    # Imported late: the process for partners needs no frames, and should hold little memory.
    import pandas as pd

    return pd.DataFrame(result.all(), columns=list(result.keys()))
