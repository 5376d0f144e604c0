"""GeoPackage, read with SQLite alone: only tables, only reading, nothing of the file's own runs."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from abcd.errors import BadFile
from abcd.intake.read.crs import crs_of_wkt
from abcd.intake.read.facts import FileLook, Layer, ReadChoice
from abcd.intake.read.faults import Faults
from abcd.intake.read.header import names_of
from abcd.intake.read.limits import LAYERS, MEGABYTE, VALUE_BYTES
from abcd.intake.read.rows import Row, batches
from abcd.intake.read.table import Source, Table
from abcd.intake.read.values import text_of

DAMAGED = "This GeoPackage is damaged. Save the layer again, as GeoPackage or GeoJSON."
KEYS = ("fid", "ogc_fid")
#: What SQLite asks leave for while it only reads tables.
READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
FUNCTIONS = {"count", "lower"}
#: flag bits of a GeoPackage geometry -> bytes of its envelope
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


@dataclass(frozen=True)
class Content:
    """One layer: its table, its geometry column (``""`` for none) and coordinate system."""

    table: str
    geometry: str
    geometry_type: str
    srs: int


def open_table(source: Source, choice: ReadChoice, faults: Faults) -> Table:
    """The rows of one layer.

    Raises:
        BadFile: damaged, no layers, or none of that name.
    """
    path = source.folder / "input.gpkg"
    source.file.seek(0)
    with path.open("wb") as copy:
        shutil.copyfileobj(source.file, copy, MEGABYTE)
    try:
        return _table(_connected(path), choice, faults)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise BadFile(DAMAGED) from error


def _connected(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    store.text_factory = lambda text: text.decode("utf-8", "broken")
    store.execute("PRAGMA trusted_schema = OFF")
    store.execute("PRAGMA query_only = ON")
    store.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES)
    store.set_authorizer(_allowed)
    return store


def _allowed(action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None) -> int:
    may = action in READING or (action == sqlite3.SQLITE_FUNCTION and second in FUNCTIONS)
    may = may or (action == sqlite3.SQLITE_PRAGMA and first == "table_info")
    return sqlite3.SQLITE_OK if may else sqlite3.SQLITE_DENY


def _table(store: sqlite3.Connection, choice: ReadChoice, faults: Faults) -> Table:
    contents, said = _contents(store)
    content = _chosen(contents, choice, store)
    columns = _columns(store, content)
    names, renamed = names_of(columns, len(columns))
    layers = tuple(Layer(each.table, _count(store, each), each.geometry_type) for each in contents)
    look = FileLook(
        format="gpkg",
        layers=layers,
        layer=content.table,
        columns=tuple(names),
        crs=_crs(store, content),
        geometry_type=content.geometry_type,
        row_count=_count(store, content),
        warnings=(*said, *_others(contents, content), *renamed),
    )
    if content.geometry_type in ("GEOMETRY", "") and content.geometry:
        look = replace(look, geometry_type="Geometry")
    return Table(look, batches(_rows(store, content, columns, faults), look.columns, faults))


def _contents(store: sqlite3.Connection) -> tuple[list[Content], list[str]]:
    """The layers that are real tables, and a sentence for each that is not."""
    kinds = {
        name: kind if not (sql or "").lower().startswith("create virtual") else "virtual table"
        for name, kind, sql in store.execute("SELECT name, type, sql FROM sqlite_master")
    }
    if "gpkg_contents" not in kinds:
        raise BadFile("This is a database, but not a GeoPackage. Save the layer as GeoPackage or GeoJSON.")
    named = [
        name
        for (name,) in store.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
        )
    ]
    said = [
        f"The layer “{name[:40]}” is a {kinds[name]}, not a table, so it was not read."
        for name in named
        if kinds.get(name, "table") != "table"
    ]
    found = [_content(store, name, "gpkg_geometry_columns" in kinds) for name in named if kinds.get(name) == "table"]
    if not found:
        raise BadFile(" ".join([*said[:3], "There is no layer of shapes or rows in this GeoPackage."]))
    return found[:LAYERS], said[:20]


def _content(store: sqlite3.Connection, table: str, has_geometries: bool) -> Content:
    asked = (
        "SELECT column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)"
    )
    found = store.execute(asked, (table,)).fetchone() if has_geometries else None
    if found is None:
        return Content(table, "", "", 0)
    return Content(table, str(found[0]), TYPES.get(str(found[1]).upper(), "Geometry"), int(found[2] or 0))


TYPES = {
    kind.upper(): kind
    for kind in (
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    )
}


def _chosen(contents: list[Content], choice: ReadChoice, store: sqlite3.Connection) -> Content:
    if choice.layer is None:
        return max(contents, key=lambda content: _count(store, content))
    found = next((content for content in contents if content.table == choice.layer), None)
    if found is None:
        raise BadFile(f"There is no layer called “{choice.layer[:60]}” in this file.")
    return found


def _others(contents: list[Content], content: Content) -> list[str]:
    others = ", ".join(f"“{other.table[:40]}”" for other in contents[:6] if other != content)
    return [f"Only the layer “{content.table[:40]}” is brought in; there are others: {others}."] if others else []


def _count(store: sqlite3.Connection, content: Content) -> int:
    return int(store.execute(f"SELECT count(*) FROM {quoted(content.table)}").fetchone()[0])


def _columns(store: sqlite3.Connection, content: Content) -> list[str]:
    """Names of the columns but the geometry and the key that the format adds."""
    found = store.execute(f"PRAGMA table_info({quoted(content.table)})").fetchall()
    return [
        name
        for _, name, kind, _, _, key in found
        if name.lower() != content.geometry.lower() and not (key and name.lower() in KEYS) and kind.upper() != "BLOB"
    ]


def quoted(name: str) -> str:
    """``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _crs(store: sqlite3.Connection, content: Content) -> str | None:
    asked = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    found = store.execute(asked, (content.srs,)).fetchone() if content.geometry and content.srs > 0 else None
    if found is None:
        return None
    return f"EPSG:{int(found[1])}" if str(found[0]).upper() == "EPSG" else crs_of_wkt(str(found[2]))


def _rows(store: sqlite3.Connection, content: Content, columns: list[str], faults: Faults) -> Iterator[Row]:
    wanted = ", ".join(map(quoted, [*columns, *([content.geometry] if content.geometry else [])])) or "NULL"
    try:
        with closing(store):
            for number, row in enumerate(store.execute(f"SELECT {wanted} FROM {quoted(content.table)}"), 1):
                faults.seen += 1
                cells = [_text(value) for value in row[: len(columns)]]
                shape = wkb_of(row[-1]) if content.geometry else None
                _note(shape, content, number, faults)
                yield Row(number, cells, shape, len(shape or b"") + sum(len(cell) for cell in cells if cell))
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        raise BadFile(DAMAGED) from error


def _note(shape: bytes | None, content: Content, number: int, faults: Faults) -> None:
    if shape is None and content.geometry:
        faults.add("no_geometry", number, content.geometry)


def _text(value: Any) -> str | None:
    return None if isinstance(value, bytes) else text_of(value)


def wkb_of(blob: Any) -> bytes | None:
    """The WKB in a GeoPackage geometry; ``b"?"``, which no one can read, when it is not one; ``None`` when empty."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        return b"?"
    is_empty, envelope = blob[3] >> 4 & 1, ENVELOPES.get(blob[3] >> 1 & 7)
    return b"?" if envelope is None else None if is_empty else blob[8 + envelope :]
