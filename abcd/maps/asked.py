"""What somebody asks of a shared map: one set of filters for its list and its marks.

What is unknown is never taken for a yes: an asset whose steps, cost or hours nobody wrote down is left out by a filter
that asks for them.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, literal_column, or_, select

from abcd.assets.freshness import state
from abcd.assets.lines import METRES_PER_MINUTE
from abcd.db.spatial import grid_point, metres_between, within_metres
from abcd.db.tables import Asset, Term
from abcd.maps.view import Filters

COSTS = ("free", "gift")
"""Free for everybody; or that, or whatever people give."""

#: Words that say it costs nothing, at the beginning; what follows must not take it back.
FREE = r"^\W*(free|no (cost|charge|fee)s?|nil|gratis|am ddim)\y"
TAKEN_BACK = r"[1-9]|\y(members?|except|but|parking|first|trial|unless|concessions?|aelodau)\y"
GIVEN = r"\y(donations?|pay (what|as)|rhodd\w*)\y"

Spot = tuple[float, float]
"""Easting and northing in metres (EPSG:27700)."""


@dataclass(frozen=True)
class Asked(Filters):
    """The filters of a shared map; an empty one keeps all that its reader may see.

    Attributes:
        words: what was typed, in small letters without accents and mended; ``query`` is the same as a text query.
        day, part: Monday 0; morning 0, afternoon 1, evening 2; ``None`` for any.
        cost: one of ``COSTS``.
        step_free: only what is known to be step-free.
        speaks: the BCP 47 code of a language that is spoken there.
        spot, minutes: from where, and how long a walk at most.
        reach: the ground of that walk as EWKB in metres, empty where it is a circle (``abcd.maps.walks``).
        hides_old: leaves out what nobody has checked for too long (abcd.assets.freshness).
    """

    words: str = ""
    query: str = ""
    day: int | None = None
    part: int | None = None
    cost: str = ""
    step_free: bool = False
    speaks: str = ""
    spot: Spot | None = None
    minutes: float | None = None
    hides_old: bool = False
    reach: bytes = b""

    @property
    def only_squares(self) -> bool:
        """Whether counts by square can answer: they know kind, category and audience alone."""
        return super().only_squares and not self.of_themselves()

    def of_assets(self) -> list[ColumnElement[bool]]:
        """Conditions on the asset table."""
        return [*super().of_assets(), *self.of_themselves()]

    def of_themselves(self) -> list[ColumnElement[bool]]:
        """Conditions that only the assets themselves can meet."""
        each = self._of_words(), self._of_hours(), self._of_cost(), self._of_walk()
        found = [one for one in each if one is not None]
        if self.step_free:
            found.append(Asset.step_free == "yes")
        if self.speaks:
            found.append(Asset.languages.contains([self.speaks]))
        if self.hides_old:
            # The query round it may read the categories too: this one is about the asset alone.
            fresh = select(Term.slug).where(Term.slug == Asset.category, state() != "hidden")
            found.append(fresh.correlate(Asset.__table__).exists())
        return found

    def _of_words(self) -> ColumnElement[bool] | None:
        return Asset.search.op("@@")(func.to_tsquery(literal_column("'pub.plain'"), self.query)) if self.query else None

    def _of_hours(self) -> ColumnElement[bool] | None:
        """The bits of ``Asset.open_grid`` that are asked for, of which one must be set."""
        if self.day is None and self.part is None:
            return None
        days = range(7) if self.day is None else (self.day,)
        parts = range(3) if self.part is None else (self.part,)
        bits = sum(1 << 3 * day + part for day in days for part in parts)
        return Asset.open_grid.op("&")(bits) != 0

    def _of_cost(self) -> ColumnElement[bool] | None:
        if self.cost not in COSTS:
            return None
        free = and_(Asset.cost.regexp_match(FREE, "i"), ~Asset.cost.regexp_match(TAKEN_BACK, "i"))
        return free if self.cost == "free" else or_(free, Asset.cost.regexp_match(GIVEN, "i"))

    def _of_walk(self) -> ColumnElement[bool] | None:
        if self.spot is None or self.minutes is None:
            return None
        if self.reach:
            return func.ST_Covers(func.ST_GeomFromEWKB(literal(self.reach)), Asset.point)
        return within_metres(Asset.point, grid_point(*self.spot), self.minutes * METRES_PER_MINUTE)

    def metres(self) -> Any:
        """How far each asset is from the spot, in metres; SQL null without one."""
        return literal_column("null::float8") if self.spot is None else metres_between(
            Asset.point, grid_point(*self.spot)
        )  # fmt: skip
