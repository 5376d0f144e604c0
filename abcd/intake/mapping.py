"""How a file was understood: which column holds what, where the coordinates are, what the rows are about."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

FIELDS = (
    "name", "name_cy", "description", "address", "postcode", "uprn", "phone", "email", "website", "opening_hours",
    "category", "reference", "place_name", "serves", "organisation", "cost", "status", "assured_on", "weekday",
)  # fmt: skip
"""What a column can be understood as; ``address`` and ``category`` may have several columns, in order."""

KINDS = (
    "assets", "places", "households", "postcodes", "statistics", "lookup", "network", "barriers", "streets", "people",
    "dwellings",
)  # fmt: skip
"""What a file can be about; only ``assets`` go through the asset importer."""


@dataclass(frozen=True)
class Pick:
    """A column chosen for a field, how sure we are (0 to 1) and why, in words."""

    column: str
    confidence: float
    why: str = ""


@dataclass(frozen=True)
class Coordinates:
    """Where a row's place is written.

    Attributes:
        kind: ``geometry``, ``pair`` (two columns), ``text`` (one column: a pair, DMS, a grid reference, WKT or
            GeoJSON) or ``none``.
        x: column of longitude or easting, or the one text column.
        y: column of latitude or northing.
        is_turned: the text column has latitude (northing) first.
        epsg: 4326, 27700, 29902, 3857 ... as declared or recognised by the numbers; 0 when each row tells.
        confidence: 0 to 1.
        why: in words.
    """

    kind: str = "none"
    x: str = ""
    y: str = ""
    epsg: int = 0
    is_turned: bool = False
    confidence: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Mapping:
    """What was understood of one file; saved and used again for the next file with the same header.

    Attributes:
        kind: one of ``KINDS``.
        fields: field name to the columns chosen for it.
        coordinates: the first way to locate a row; ``spare`` are further ways, tried in order.
        weekdays: weekday (``mo`` ... ``su``) to the column with that day's times.
        category: slug that the file as a whole is about, or ``""``.
        category_confidence: how sure that is.
        category_why: the words that say so.
        flags: columns with yes/no-like values, kept as facilities.
        kept: columns that go into ``extra`` as they are.
        ignored: columns left out (styling, row numbers, area codes that we derive ourselves).
        unpack: a column whose text holds several labelled values, unpacked into columns first.
        labels: the labels of its values, which become columns.
        is_shouting: names are all in capitals and may be written in mixed case.
        header_key: the same for files with the same header.
        notes: sentences a person should read before confirming.
    """

    kind: str = "assets"
    fields: dict[str, tuple[Pick, ...]] = field(default_factory=dict)
    coordinates: Coordinates = Coordinates()
    spare: tuple[Coordinates, ...] = ()
    weekdays: dict[str, str] = field(default_factory=dict)
    category: str = ""
    category_confidence: float = 0.0
    category_why: str = ""
    flags: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    unpack: str = ""
    labels: tuple[str, ...] = ()
    is_shouting: bool = False
    header_key: str = ""
    notes: tuple[str, ...] = ()

    def column(self, wanted: str) -> str:
        """The first column chosen for a field, ``""`` when there is none."""
        return next((pick.column for pick in self.fields.get(wanted, ())), "")

    def columns(self, wanted: str) -> list[str]:
        """Every column chosen for a field, in order."""
        return [pick.column for pick in self.fields.get(wanted, ())]

    def with_column(self, wanted: str, *columns: str) -> "Mapping":
        """The same mapping with a person's own choice for a field (no column takes the field away)."""
        others = {name: tuple(pick for pick in picks if pick.column not in columns)
                  for name, picks in self.fields.items() if name != wanted}  # fmt: skip
        chosen = {wanted: tuple(Pick(column, 1.0, "chosen by a person") for column in columns)}
        kept = {name: picks for name, picks in (others | chosen).items() if picks}
        free = tuple(name for name in (*self.kept, *self.columns(wanted)) if name not in columns)
        return replace(self, fields=kept, kept=tuple(dict.fromkeys(free)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> "Mapping":
        """The mapping that ``to_dict`` wrote; keys we do not know are left out."""
        known = {name: value for name, value in given.items() if name in cls.__dataclass_fields__}
        known["fields"] = {name: tuple(Pick(**pick) for pick in picks)
                           for name, picks in given.get("fields", {}).items()}  # fmt: skip
        known["coordinates"] = Coordinates(**given.get("coordinates", {}))
        known["spare"] = tuple(Coordinates(**one) for one in given.get("spare", ()))
        lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        return cls(**(known | lists))
