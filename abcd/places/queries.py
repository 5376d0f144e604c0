"""Places by reference, by part of their name, by kind, and what holds them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Row, Select, and_, case, cast, func, literal, or_, select, text
from sqlalchemy.orm import Session

from abcd.core.language import chosen
from abcd.db.naming import called
from abcd.db.spatial import as_geojson
from abcd.db.tables import PLACE_KINDS, Organisation, Place, PlaceLandlord, PlaceParent
from abcd.errors import NotFound
from abcd.places.records import PlaceRecord

NEARLY = "0.4"
"""Likeness (0 to 1) of a name that is taken for the one meant: two letters exchanged in eight still count."""

FACTS = (
    "id", "kind", "reference", "vintage", "name", "name_cy", "gss_code", "households", "population",
    "denominators_source", "denominators_year", "drawn", "start_date", "end_date", "version",
)  # fmt: skip


def place_rows() -> Select[Any]:
    """Every place that still stands: its facts, its point, its box and its area, in metres."""
    measures: list[ColumnElement[Any]] = [
        cast(func.ST_X(Place.point), Float).label("easting"),
        cast(func.ST_Y(Place.point), Float).label("northing"),
        cast(func.ST_Area(Place.geom), Float).label("area"),
    ]
    edges = ("XMin", "YMin", "XMax", "YMax")
    box = [cast(getattr(func, f"ST_{edge}")(Place.geom), Float).label(edge) for edge in edges]
    facts = [getattr(Place, name) for name in FACTS]
    return select(*facts, Place.aliases, *measures, *box).where(Place.end_date.is_(None))


def _record(row: Row[Any]) -> PlaceRecord:
    values = row._mapping
    spoken = values["name_cy"] if chosen() == "cy" and values["name_cy"] else values["name"]
    return PlaceRecord(
        **{name: values[name] for name in FACTS} | {"name": spoken, "own_name": values["name"]},
        aliases=tuple(values["aliases"]),
        easting=values["easting"],
        northing=values["northing"],
        box=(values["XMin"], values["YMin"], values["XMax"], values["YMax"]),
        area_km2=values["area"] / 1e6,
    )


def _kind_order() -> ColumnElement[int]:
    return case({kind: position for position, kind in enumerate(PLACE_KINDS)}, value=Place.kind)


def place(s: Session, ref_or_id: str | UUID) -> PlaceRecord:
    """The place with this id or reference: estates before other kinds, the newest vintage first.

    Raises:
        NotFound: no place has it.
    """
    asked = str(ref_or_id).strip()
    chosen = Place.id == UUID(asked) if _is_uuid(asked) else Place.reference == asked
    row = s.execute(place_rows().where(chosen).order_by(_kind_order(), Place.vintage.desc()).limit(1)).first()
    if row is None:
        raise NotFound(f"No place has the reference “{asked}”. Search for it by name, or import its boundary.")
    return _record(row)


def places_with(s: Session, ids: Collection[UUID]) -> list[PlaceRecord]:
    """The places with these ids that still stand, in no order."""
    return [_record(row) for row in s.execute(place_rows().where(Place.id.in_(ids)))]


def _is_uuid(words: str) -> bool:
    try:
        return str(UUID(words)) == words.lower()
    except ValueError:
        return False


def places_matching(s: Session, words: str, kind: str | None = None, limit: int = 20) -> list[PlaceRecord]:
    """Places whose name holds ``words`` or nearly does, or whose reference they are; best match first."""
    asked = words.strip().lower()
    name = func.lower(Place.name)
    pattern = "%" + asked.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    likeness = func.word_similarity(literal(asked), name)
    found = place_rows().where(
        or_(name.like(pattern), literal(asked).op("<%")(name), Place.reference == words.strip().upper())
    )
    if kind:
        found = found.where(Place.kind == kind)
    s.execute(text("select set_config('pg_trgm.word_similarity_threshold', :least, true)"), {"least": NEARLY})
    first = name.like(pattern).desc(), likeness.desc(), _kind_order(), called(Place), Place.vintage.desc()
    found = found.order_by(*first)
    return [_record(row) for row in s.execute(found.limit(limit))]


def places_of_kind(s: Session, kind: str, limit: int | None = None) -> list[PlaceRecord]:
    """Places of ``kind`` by name, newest vintage first."""
    rows = place_rows().where(Place.kind == kind).order_by(called(Place), Place.reference, Place.vintage.desc())
    return [_record(row) for row in s.execute(rows.limit(limit))]


def parents(s: Session, place_id: UUID) -> list[PlaceRecord]:
    """The larger places that hold at least half of a place, smallest first."""
    rows = (
        place_rows()
        .join(PlaceParent, and_(PlaceParent.parent_id == Place.id, PlaceParent.place_id == place_id))
        .order_by(func.ST_Area(Place.geom))
    )
    return [_record(row) for row in s.execute(rows)]


def landlords(s: Session, place_id: UUID) -> list[tuple[str, int]]:
    """(name, homes) of each landlord in a place, the largest first."""
    rows = (
        select(called(Organisation), PlaceLandlord.homes)
        .join(PlaceLandlord, PlaceLandlord.organisation_id == Organisation.id)
        .where(PlaceLandlord.place_id == place_id)
        .order_by(PlaceLandlord.homes.desc(), called(Organisation))
    )
    return [(name, homes) for name, homes in s.execute(rows)]


def boundary(s: Session, place_id: UUID) -> str:
    """The boundary as GeoJSON geometry text in degrees.

    Raises:
        NotFound: no such place.
    """
    found: str | None = s.scalar(select(as_geojson(Place.geom)).where(Place.id == place_id))
    if found is None:
        raise NotFound("This place is no longer there.")
    return found
