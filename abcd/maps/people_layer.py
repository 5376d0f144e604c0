"""The layer of people: how many by place, from the newest release of each association, and from nothing else.

Its shapes are those of the areas, its figures copies, its dates months (trust.md P3-P10). No filter changes a figure:
there is nothing here to count.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import DateTime, String, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from abcd.core.disclosure.arithmetic import THRESHOLD
from abcd.core.disclosure.cube import TOTAL
from abcd.db.tables import Place, Release, ReleaseFigure
from abcd.maps.layer import Column, Layer
from abcd.people.counting import CATEGORIES, GIFT, ROLE, WISH

FEWER = f"fewer than {THRESHOLD}"
"""How a masked figure reads in a file; on screen the page says it in the reader's language."""

R, F = Release, ReleaseFigure


def _shown(category: str, *, as_number: bool) -> Any:
    """A figure of the same area and release: what is shown, nothing where the release has none."""
    other = aliased(ReleaseFigure)
    value = other.shown if as_number else func.coalesce(cast(other.shown, String), literal(FEWER, String))
    same = (other.release_id == F.release_id) & (other.area_id == F.area_id) & (other.category == category)
    return select(value).where(same).correlate(F).scalar_subquery()


def _columns(category: str) -> tuple[Column, Column]:
    says = SAYS.get(category) or _says(category)
    name = category.replace("-", "_")
    return (
        Column(name, _shown(category, as_number=False), f"{says} {HOW}", on_map=category == TOTAL),
        Column(f"{name}_number", _shown(category, as_number=True), f"The same as a number; empty for {FEWER}."),
    )


def _says(category: str) -> str:
    """What a category holds, in English: the text of a file does not follow the screen."""
    dimension, _dash, value = category.partition("-")
    words = {
        GIFT: f"Of them, those who offer a gift of the group “{value.replace('-', ' ')}”.",
        WISH: f"Of them, those who hope for something about “{value.replace('-', ' ')}”.",
        ROLE: f"Of them, those who are here as “{value.replace('_', ' ')}”.",
    }
    return words.get(dimension, f"People of the category “{category}”.")


HOW = f"To the nearest 5, “{FEWER}” below {THRESHOLD}, empty where the release has no such figure."
SAYS = {
    TOTAL: "Residents whom the association knows.",
    "said-gift": "Of them, those who told of something they are good at or could give.",
    "said-hope": "Of them, those who told of something they hope for.",
    "said-interest": "Of them, those who told of an interest.",
}

_later = aliased(Release)
NEWEST = ~(
    select(_later.id)
    .where(_later.organisation_id == R.organisation_id, _later.month > R.month, _later.status == "published")
    .correlate(R)
    .exists()
)

OF_ALL = (F.category == TOTAL) & (R.status == "published")

PEOPLE = Layer(
    name="people",
    title="People by place",
    says="How many residents the association knows in each place: rounded, checked against being worked out, monthly.",
    table=F.__table__.join(R.__table__, R.id == F.release_id).join(Place.__table__, Place.id == F.area_id),
    id=F.id,
    geom=Place.geom,
    point=Place.point,
    changed=cast(R.month, DateTime(timezone=True)),
    source=Place.source_id,
    columns=(
        Column("place_reference", Place.reference, "Reference of the place.", on_map=True),
        Column("place_name", Place.name, "Name of the place.", on_map=True),
        Column("place_kind", Place.kind, "Kind of place: estate or patch."),
        Column("release", func.to_char(R.month, "YYYY-MM"), "The release, by its month.", on_map=True),
        *(column for category in CATEGORIES for column in _columns(category)),
    ),
    shown=OF_ALL & NEWEST,
    on_screen=Place.end_date.is_(None),
    left_out={},
    licence="Open Government Licence v3.0",
    attribution="Figures of the association; boundaries under the licence of their source.",
    audience="partner",
    min_zoom=11,
    piece=100,
)


def months_published(s: Session) -> list[str]:
    """The months of which figures were published (``2026-11``), the newest first."""
    months = s.scalars(select(R.month).where(R.status == "published").distinct().order_by(R.month.desc()))
    return [f"{month:%Y-%m}" for month in months]


def of_release(month: date) -> Layer:
    """The figures of the releases of a month, whether newer ones came since or not."""
    return replace(PEOPLE, shown=OF_ALL & (R.month == month))
