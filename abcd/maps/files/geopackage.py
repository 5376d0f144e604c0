"""GeoPackage in the British National Grid (EPSG:27700): layers with an index, styles for QGIS, dictionary, readme.

Assets are points; those whose outline is known have it in a table beside (``assets_outlines``), because ArcGIS reads
one kind of shape a table and QGIS dresses it by kind.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from abcd.maps.files.fields import Field
from abcd.maps.files.gdal import put
from abcd.maps.files.part import Part, schema_of
from abcd.maps.files.readme import lines
from abcd.maps.files.shapes import Way, as_point, in_metres
from abcd.maps.files.styles import style
from abcd.maps.files.workbook import dictionary_rows
from abcd.maps.layer import Column

OUTLINES = "_outlines"
TYPES = {0: "Point", 1: "MultiLineString", 2: "MultiPolygon"}
#: Columns that an outline repeats, so that it can be named and dressed.
NAMED = ("reference", "name", "asset_kind", "category")
TABLES = {
    "readme": "layer text, about text, what text",
    "dictionary": "layer text, column_name text, type text, description text",
    "layer_styles": "f_table_catalog text(256), f_table_schema text(256), f_table_name text(256), "
    'f_geometry_column text(256), "styleName" text(30), "styleQML" text, "styleSLD" text, "useAsDefault" boolean, '
    "description text, owner text(30), ui text(30), update_time datetime",
}
"""Tables without shapes, beside the layers; the last is QGIS's own form."""


@dataclass(frozen=True)
class Table:
    """One table of a layer: its name, how it tells where things are, the type of its shapes, what is in it."""

    name: str
    way: Way
    shape: str
    columns: tuple[Column, ...] | None = None
    conditions: tuple[object, ...] = ()


def write(path: Path, parts: list[Part]) -> dict[str, tuple[Field, ...]]:
    """Layers as tables of one GeoPackage; their columns by their names."""
    columns = {table.name: fields for part in parts for table, fields in layers(path, part)}
    with closing(sqlite3.connect(path)) as file:
        with file:
            add(file, "readme", [line for part in parts for line in lines(part)])
            add(file, "dictionary", dictionary_rows(columns))
            add(file, "layer_styles", [dressed(name, fields) for name, fields in columns.items()])
        if file.execute("pragma freelist_count").fetchone() != (0,):
            file.execute("vacuum")
    return columns


def layers(path: Path, part: Part) -> Iterator[tuple[Table, tuple[Field, ...]]]:
    """Write the tables of one layer."""
    for number, table in enumerate(tables(part)):
        # Rows are counted once, by the table that holds all of them.
        reading = part if number == 0 else Part(part.connections, part.selection, part.note)
        query = reading.query(table.way, table.columns, *table.conditions)
        fields = reading.fields(query)
        schema, batches = schema_of(fields), reading.batches(query, fields)
        layer = part.selection.layer
        put(schema, batches, path, "GPKG", table.name, "geom", crs="EPSG:27700", shape=table.shape,
            dataset_options=None if path.exists() else {"VERSION": "1.3"},
            layer_options={"SPATIAL_INDEX": "YES", "IDENTIFIER": table.name, "DESCRIPTION": layer.says})  # fmt: skip
        yield table, fields


def tables(part: Part) -> list[Table]:
    """The tables of a layer: one kind of shape each."""
    layer = part.selection.layer
    dimension = func.ST_Dimension(layer.geom)
    found = part.connections[0].scalars(
        select(dimension).select_from(layer.table).where(*part.selection.conditions, layer.geom.is_not(None)).distinct()
    )
    kinds = sorted(found)
    if kinds and kinds[0] > 0 and len(kinds) == 1:
        return [Table(layer.name, in_metres, TYPES[kinds[0]])]
    named = tuple(column for column in part.columns if column.name in NAMED)
    return [
        Table(layer.name, as_point, TYPES[0]),
        *(
            Table(f"{layer.name}{OUTLINES}", in_metres, TYPES[kind], named, (dimension == kind,))
            for kind in kinds[-1:]
            if kind
        ),
    ]


def dressed(name: str, fields: tuple[Field, ...]) -> tuple[object, ...]:
    """The row of a table's style."""
    qml = style(name, {field.name for field in fields})
    return ("", "", name, "geom", name, qml, None, True, "", "", None, "2000-01-01T00:00:00.000Z")


def add(file: sqlite3.Connection, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    """A table without shapes, which the file's list of contents names."""
    wide = TABLES[name].count(",") + 1
    file.execute(f"create table {name} (id integer primary key autoincrement not null, {TABLES[name]})")
    file.executemany(f"insert into {name} values (null{', ?' * wide})", rows)
    file.execute("insert into gpkg_contents (table_name, data_type, identifier, last_change) "
                 "values (?, 'attributes', ?, '2000-01-01T00:00:00.000Z')", (name, name))  # fmt: skip
