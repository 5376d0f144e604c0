"""The layer of places: areas of every kind with code and vintage. Households are counts and never have a shape."""

from typing import Any

from sqlalchemy import Date, cast, func, true

from abcd.db.tables import Place, Source
from abcd.maps.layer import Column, Join, Layer


def given(words: Any) -> Any:
    """Text, or null where nothing was given."""
    return func.nullif(words, "")


COLUMNS = (
    Column("reference", Place.reference, "Reference of the place among its kind.", on_map=True),
    Column("name", Place.name, "Name.", on_map=True),
    Column("name_cy", given(Place.name_cy), "Name in Welsh."),
    Column("kind", Place.kind, "Kind of place: estate, ward, lsoa and so on.", on_map=True),
    Column("vintage", given(Place.vintage), "Year or release of this boundary."),
    Column("gss_code", given(Place.gss_code), "Code of the Government Statistical Service."),
    Column("households", Place.households, "Households, where its own figure is known."),
    Column("population", Place.population, "Residents, where its own figure is known."),
    Column("denominators_source", given(Place.denominators_source), "Where these two figures come from."),
    Column("denominators_year", Place.denominators_year, "Year of these two figures."),
    Column("drawn_by_us", Place.drawn, "Drawn on our map, not published by anybody."),
    Column("entry-date", cast(func.timezone("UTC", Place.created_at), Date), "When it was entered."),
    Column("start-date", Place.start_date, "When it began."),
    Column("end-date", Place.end_date, "When it ended."),
    Column("source", Source.name, "The publisher's file it came from.", via="source"),
    Column("licence", given(Source.licence), "Licence of its source.", via="source"),
)

PLACES = Layer(
    name="places",
    title="Places",
    says="Areas with a name: estates, patches, census areas, wards and what residents drew.",
    table=Place.__table__,
    id=Place.id,
    geom=Place.geom,
    point=Place.point,
    changed=Place.updated_at,
    source=Place.source_id,
    columns=COLUMNS,
    shown=true(),
    on_screen=Place.end_date.is_(None),
    left_out={},
    licence="Open Government Licence v3.0",
    attribution="Contains data of the sources listed, each under its own licence.",
    piece=100,
    joins={"source": Join(Source.__table__, Source.id == Place.source_id)},
)
