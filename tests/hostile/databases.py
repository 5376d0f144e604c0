"""H50 to H59: GeoPackages that run for ever, hide code, lie about sizes, are damaged or name columns as ours."""

import random
import sqlite3
import struct
import tempfile
from pathlib import Path
from typing import Any

import shapely

from tests.hostile.cases import Case
from tests.hostile.workbooks import zipped

TABLES = """
CREATE TABLE gpkg_spatial_ref_sys
    (srs_name, srs_id INTEGER PRIMARY KEY, organization, organization_coordsys_id, definition);
CREATE TABLE gpkg_contents (table_name PRIMARY KEY, data_type, identifier, srs_id);
CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);
INSERT INTO gpkg_spatial_ref_sys VALUES ('BNG', 27700, 'EPSG', 27700, 'x'), ('undefined', -1, 'NONE', -1, 'undefined');
"""
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
VIEW = f"""CREATE VIEW trap AS {ENDLESS} SELECT x AS name, x AS geom FROM n;
INSERT INTO gpkg_contents VALUES ('trap', 'features', 'trap', 27700);"""
CODE = """CREATE TRIGGER t AFTER INSERT ON halls BEGIN DELETE FROM halls; END;
CREATE VIRTUAL TABLE words USING fts5(body); INSERT INTO words VALUES ('x');
INSERT INTO gpkg_contents VALUES ('words', 'attributes', 'words', 0);
CREATE INDEX odd ON halls (abs(fid));
ALTER TABLE halls ADD COLUMN trap AS (hex(zeroblob(900000000)));"""
OURS = """ALTER TABLE halls ADD COLUMN id; ALTER TABLE halls ADD COLUMN version;
ALTER TABLE halls ADD COLUMN deleted_at;
ALTER TABLE halls ADD COLUMN org_id; ALTER TABLE halls ADD COLUMN __row__; ALTER TABLE halls ADD COLUMN sensitivity;
UPDATE halls SET id = '00000000-0000-0000-0000-000000000001',
    version = 99, deleted_at = '2020-01-01', org_id = 1,
    __row__ = 'x', sensitivity = 'public';"""
ODD_LAYER = "halls \"x'; DROP TABLE core.asset; --\n"


def blob(shape: shapely.Geometry | bytes, flags: int = 1) -> bytes:
    """A GeoPackage geometry."""
    wkb = shape if isinstance(shape, bytes) else shapely.to_wkb(shape)
    return b"GP\0" + bytes([flags]) + struct.pack("<i", 27700) + wkb


def here(n: int = 0) -> bytes:
    """A point in Sale."""
    return blob(shapely.Point(380_000 + n, 390_000))


def package(*script: str, rows: list[tuple[Any, ...]] | None = None, srs: int = 27700, name: str = "halls") -> bytes:
    """A GeoPackage of libraries, changed by ``script``."""
    quoted = '"' + name.replace('"', '""') + '"'
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        with sqlite3.connect(path) as store:
            store.executescript(TABLES)
            store.execute(f"CREATE TABLE {quoted} (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, category TEXT)")
            store.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?)", (name, name, srs))
            store.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)", (name, srs))
            given = rows if rows is not None else [(here(), "Mill Hall")]
            store.executemany(f"INSERT INTO {quoted} (geom, name, category) VALUES (?, ?, 'Library')", given)
            for part in script:
                store.executescript(part)
        store.close()
        return path.read_bytes()


def many_layers() -> bytes:
    """A GeoPackage that names 1,000 other tables."""
    made = "".join(
        f"CREATE TABLE t{n} (a); INSERT INTO gpkg_contents VALUES ('t{n}', 'attributes', 't{n}', 0);"
        for n in range(1_000)
    )
    return package(made)


def flipped(seed: int) -> bytes:
    """A GeoPackage of 300 halls with 60 bits changed behind its head."""
    chance = random.Random(seed)
    content = bytearray(package(rows=[(here(n), f"Hall {n}") for n in range(300)]))
    for _ in range(60):
        content[chance.randrange(100, len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def endless_contents() -> bytes:
    """A GeoPackage whose list of contents is itself a view without end."""
    return package(
        f"DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS {ENDLESS} "
        "SELECT x AS table_name, 'features' AS data_type, x AS identifier, 0 AS srs_id FROM n;"
    )


LIE = struct.pack("<BII", 1, 2, 2**31 - 1) + struct.pack("<dd", 1, 2)
CURVE = struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", 0, 0, 1, 1, 2, 0)
WAL = struct.pack(">8I", 0x377F0682, 3007000, 4096, 0, 1, 2, 3, 4) + bytes(4_000)

CASES = [
    Case(50, "a.gpkg", lambda: package(VIEW), note="is a view", kept={"name": "Mill Hall"}, variant="beside"),
    Case(
        50,
        "a.gpkg",
        lambda: package(VIEW, "DELETE FROM gpkg_contents WHERE table_name = 'halls'"),
        refused="is a view",
        variant="alone",
    ),
    Case(50, "a.gpkg", endless_contents, refused="is damaged", variant="contents"),
    Case(51, "a.gpkg", lambda: package(CODE), note="virtual table", kept={"name": "Mill Hall"}),
    Case(
        52,
        "a.gpkg",
        lambda: package(rows=[(here(), "Mill Hall"), (blob(LIE), "Top Hall")]),
        issue=("bad_geometry", 2, ""),
        kept={"name": "Mill Hall"},
    ),
    Case(
        53,
        "a.gpkg",
        lambda: (whole := package(rows=[(here(n), f"Hall {n}") for n in range(300)]))[: len(whole) // 2],
        refused="damaged",
        variant="cut-short",
    ),
    Case(54, "a.gpkg", lambda: package("DELETE FROM gpkg_contents"), refused="no layer", variant="none"),
    Case(
        54,
        "a.gpkg",
        lambda: package("UPDATE gpkg_contents SET data_type = 'tiles'"),
        refused="no layer",
        variant="pictures",
    ),
    Case(54, "a.gpkg", many_layers, kept={"name": "Mill Hall"}, variant="many"),
    Case(54, "a.gpkg", lambda: package(name=ODD_LAYER), kept={"name": "Mill Hall"}, variant="odd-name"),
    *(
        Case(55, "a.gpkg", lambda srs=srs: package(srs=srs), kept={"name": "Mill Hall"}, variant=str(srs))
        for srs in (-1, 0, 99_999)
    ),
    Case(
        56,
        "a.gpkg",
        lambda: package(rows=[(here(), "Mill Hall"), (blob(CURVE), "Top Hall"), (None, "Low Hall")]),
        issue=("curved_geometry", 2, ""),
        kept={"name": "Mill Hall"},
        variant="curve",
    ),
    Case(
        56,
        "a.gpkg",
        lambda: package(rows=[(blob(shapely.Point(380_000, 390_000, 5)), "Mill Hall")]),
        kept={"at": "-2.30 53.41"},
        variant="high",
    ),
    Case(
        57,
        "a.zip",
        lambda: zipped({"a.gpkg": package(), "a.gpkg-wal": WAL, "a.gpkg-shm": bytes(32_768)}),
        refused="holds no shapefile, KML or workbook",
        variant="zipped",
    ),
    Case(58, "a.gpkg", b"", refused="5,120 MB; at most 1,024 MB"),
    Case(59, "a.gpkg", lambda: package(OURS), kept={"name": "Mill Hall", "version": "1"}),
]
