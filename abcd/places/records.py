"""A place as the rest of the product sees it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class PlaceRecord:
    """A named area. ``easting, northing`` is a point inside it and ``box`` its envelope, in metres (EPSG:27700).

    ``name`` is that in the reader's language where there is one; ``own_name`` as it is kept, beside ``name_cy``.
    """

    id: UUID
    kind: str
    reference: str
    vintage: str
    name: str
    name_cy: str
    aliases: tuple[str, ...]
    gss_code: str
    easting: float
    northing: float
    box: tuple[float, float, float, float]
    area_km2: float
    households: int | None
    population: int | None
    denominators_source: str
    denominators_year: int | None
    drawn: bool
    start_date: date | None
    end_date: date | None
    version: int
    own_name: str = ""


@dataclass(frozen=True)
class HouseholdCount:
    """Households of a place and where the figure comes from; ``count`` is None when nobody has given one.

    ``small_areas`` is how many census areas were added up: 0 for a place's own figure.
    """

    count: int | None
    source: str
    year: int | None
    small_areas: int = 0
    small_area_kind: str = ""
