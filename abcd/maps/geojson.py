"""GeoJSON made by the database: one Feature a row, RFC 7946."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal_column, select, true

from abcd.db.spatial import geojson_text, in_degrees
from abcd.maps.layer import Column, Layer

#: Decimals of a degree: 6 are about 10 cm (product.md H.1).
DIGITS = 6


def feature(layer: Layer, degrees: ColumnElement[Any]) -> ColumnElement[str]:
    """The Feature as text: ``degrees`` is its geometry, the row ``p`` its properties."""
    words: ColumnElement[Any] = literal_column("""'{"type":"Feature","id":"'""", String)
    return (
        words.concat(cast(layer.id, String))
        .concat(literal_column("""'","geometry":'"""))
        .concat(func.coalesce(geojson_text(degrees, DIGITS), "null"))
        .concat(literal_column("""',"properties":'"""))
        .concat(cast(func.row_to_json(literal_column("p")), String))
        .concat(literal_column("'}'"))
    )


def features(layer: Layer, audience: str, columns: tuple[Column, ...], geometry: Any = None) -> Select[Any]:
    """The features of ``layer`` that ``audience`` may see, with the properties ``columns`` and nothing else.

    Rows of ``id``, ``degrees`` (the geometry in WGS84), ``changed`` and ``feature`` (its JSON text); filter, order and
    limit the query before running it. ``geometry`` (metres) is drawn instead of the layer's own shape.
    """
    tables = layer.table, *(join.target for join in layer.joins.values())
    properties = select(*[column.labelled() for column in columns]).correlate(*tables).lateral("p")
    # OFFSET 0 keeps the planner from writing the conversion twice where both text and extent are asked for.
    drawn = in_degrees(layer.geom if geometry is None else geometry).label("degrees")
    there = select(drawn).correlate(*tables).offset(literal_column("0")).lateral("there")
    return (
        select(
            layer.id.label("id"),
            there.c.degrees,
            layer.changed.label("changed"),
            feature(layer, there.c.degrees).label("feature"),
        )
        .select_from(layer.joined(columns).join(there, true()).join(properties, true()))
        .where(*layer.seen_by(audience))
    )


def collection(members: bytes, **others: bytes) -> bytes:
    """A FeatureCollection of features that are JSON text already, with foreign members that are JSON too."""
    foreign = b"".join(b',"' + name.encode() + b'":' + value for name, value in others.items())
    return b'{"type":"FeatureCollection","features":[' + members + b"]" + foreign + b"}"
