"""Which properties of a layer can be asked for, of what type each is, and the condition that a value makes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, any_, cast, false, literal, or_, select
from sqlalchemy.orm import Session

from abcd.db.tables import Asset, Place, PlaceAsset
from abcd.errors import BadRequest
from abcd.maps.layer import Column, Layer

#: Our types by the number of PostgreSQL's; what is not here (JSON) cannot be asked for.
TYPES = {
    16: "boolean", 20: "integer", 21: "integer", 23: "integer", 25: "string", 700: "number", 701: "number",
    1009: "list", 1042: "string", 1043: "string", 1082: "date", 1114: "date-time", 1184: "date-time", 1700: "number",
}  # fmt: skip
WORDS = {
    "boolean": "true or false", "integer": "a whole number", "number": "a number", "string": "text",
    "date": "a date such as 2026-06-01", "date-time": "a time such as 2026-06-01T12:00:00Z",
    "list": "one of its values",
}  # fmt: skip
#: The kind of place behind a property that is worked out for each asset: such a question begins at the place.
OF_PLACES = {"place_reference": "estate", "oa_code": "oa", "lsoa_code": "lsoa", "ward_code": "ward", "lad_code": "lad"}

_types: dict[tuple[str, str], tuple[int, ...]] = {}


@dataclass(frozen=True)
class Queryable:
    """A property that can be asked for, of a type of ``WORDS``."""

    column: Column
    type: str

    @property
    def sql(self) -> ColumnElement[Any]:
        """What stands for it in SQL; a list as such."""
        plain: Any = self.column.plain()
        return cast(plain, ARRAY(Text)) if self.type == "list" else plain

    def value(self, given: Any) -> Any:
        """``given`` as a value to compare with.

        Raises:
            BadRequest: it is of another type.
        """
        try:
            return READ[self.type](given)
        except (ValueError, KeyError, TypeError, OverflowError, AttributeError) as error:
            name = self.column.name
            raise BadRequest(f"“{name}” is compared with {WORDS[self.type]}, not with “{given}”.") from error

    def equals(self, given: Any) -> ColumnElement[bool]:
        """It is this value; a list holds it.

        Raises:
            BadRequest: the value is of another type.
        """
        value = self.value(given)
        if self.type == "list":
            return literal(value) == any_(self.sql)
        is_it: ColumnElement[bool] = self.sql == value
        kind = OF_PLACES.get(self.column.name) if self.column.via == "areas" else None
        return is_it & stands_in(kind, value) if kind else is_it


def stands_in(kind: str, code: str) -> ColumnElement[bool]:
    """Assets in the places of a kind with such a code, of any year."""
    places = select(Place.id).where(Place.kind == kind, or_(Place.gss_code == code, Place.reference == code))
    held = select(PlaceAsset.asset_id).where(PlaceAsset.place_id.in_(places), PlaceAsset.relation == "within")
    return Asset.id.in_(held)


def text_of(given: Any) -> str:
    """Text as the store takes it."""
    if not isinstance(given, str) or "\0" in given:
        raise ValueError(given)
    given.encode()
    return given


def number_of(given: Any) -> float:
    """A finite number."""
    number = float(given)
    if isinstance(given, bool) or not isfinite(number):
        raise ValueError(given)
    return number


def whole_of(given: Any) -> int:
    """A whole number that a column of ours may hold."""
    number = int(given)
    if isinstance(given, bool) or number != float(given) or abs(number) >= 2**63:
        raise ValueError(given)
    return number


def moment_of(given: str) -> datetime:
    """A moment of RFC 3339; a day is its beginning, and a time without a zone is UTC."""
    moment = datetime.fromisoformat(given.replace("z", "Z"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


READ: dict[str, Callable[[Any], Any]] = {
    "boolean": lambda given: given if isinstance(given, bool) else {"true": True, "false": False}[given],
    "integer": whole_of,
    "number": number_of,
    "string": text_of,
    "list": text_of,
    "date": date.fromisoformat,
    "date-time": moment_of,
}


def queryables(s: Session, layer: Layer, audience: str) -> dict[str, Queryable]:
    """The properties that ``audience`` may ask for, by name; their types come from the database, once."""
    columns = layer.columns_for(audience)
    if (layer.name, audience) not in _types:
        empty = select(*[column.labelled() for column in columns]).select_from(layer.joined(columns)).where(false())
        described: Any = s.connection().execute(empty).cursor
        _types[layer.name, audience] = tuple(each.type_code for each in described.description)
    typed = zip(columns, _types[layer.name, audience], strict=True)
    return {column.name: Queryable(column, TYPES[number]) for column, number in typed if number in TYPES}
