"""Assets as the rest of the product sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class AssetLine:
    """An asset in a list. ``easting, northing`` in metres (EPSG:27700), None when unlocated or sensitive.

    ``freshness`` is ``fresh``, ``due``, ``stale`` or ``hidden`` (too old for the public); ``confidence`` 0 to 1.
    ``metres`` is a straight line from where the search stood, ``minutes`` the walk it stands for.
    """

    id: UUID
    name: str
    asset_kind: str
    category: str
    category_name: str
    address: str
    postcode: str
    easting: float | None
    northing: float | None
    open_grid: int | None
    assured_on: date | None
    freshness: str
    confidence: float
    status: str
    is_sensitive: bool
    metres: float | None = None
    minutes: float | None = None


@dataclass(frozen=True)
class AssetRecord:
    """Everything that is known of one asset, and the version an edit must name.

    ``line`` is what lists show; ``places`` those it is in or serves, smallest first.
    """

    line: AssetLine
    name_cy: str
    description: str
    located_by: str
    precision_m: float | None
    uprn: int | None
    phone: str
    email: str
    website: str
    contact_public: bool
    opening_hours: str
    cost: str
    step_free: str
    open_to_new: str
    languages: tuple[str, ...]
    serves: tuple[str, ...]
    facilities: dict[str, Any]
    extra: dict[str, Any]
    visibility: str
    source_kind: str
    source_name: str
    source_licence: str
    source_ref: str | None
    assured_by: str
    merged_into: UUID | None
    start_date: date | None
    end_date: date | None
    created_at: datetime
    updated_at: datetime
    version: int
    places: tuple["PlaceOfAsset", ...]

    @property
    def id(self) -> UUID:
        """The asset's key."""
        return self.line.id

    @property
    def name(self) -> str:
        """The asset's name."""
        return self.line.name

    @property
    def category(self) -> str:
        """The slug of its category."""
        return self.line.category


@dataclass(frozen=True)
class PlaceOfAsset:
    """A place that holds an asset (``within``) or that it says it serves (``serves``)."""

    id: UUID
    kind: str
    reference: str
    name: str
    relation: str


@dataclass(frozen=True)
class KindStrength:
    """One of the six kinds in a place: how many assets, and the best known of them by name."""

    kind: str
    kind_name: str
    count: int
    assets: tuple[AssetLine, ...]


@dataclass(frozen=True)
class HistoryEvent:
    """Something that happened to a record, as a sentence."""

    at: datetime
    by: str
    what: str
