"""Hostile and broken GeoPackages: views, triggers, lies, damage."""

import random
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from abcd.errors import BadFile
from abcd.intake.read import look
from tests.intake.read.refusals import refusal, rows_or_sentence

pytestmark = pytest.mark.timeout(90)

TABLES = """
CREATE TABLE gpkg_spatial_ref_sys
    (srs_name, srs_id INTEGER PRIMARY KEY, organization, organization_coordsys_id, definition);
CREATE TABLE gpkg_contents (table_name PRIMARY KEY, data_type, identifier, srs_id);
CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m);
INSERT INTO gpkg_spatial_ref_sys VALUES ('BNG', 27700, 'EPSG', 27700, 'x'), ('undefined', -1, 'NONE', -1, 'undefined');
"""


def blob(shape: shapely.Geometry | bytes, envelope: int = 0, flags: int = 1) -> bytes:
    """A GeoPackage geometry."""
    wkb = shape if isinstance(shape, bytes) else shapely.to_wkb(shape)
    return b"GP\0" + bytes([flags | envelope << 1]) + struct.pack("<i", 27700) + bytes({0: 0, 1: 32}[envelope]) + wkb


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    def made(*script: str, rows: list[tuple[Any, ...]] | None = None, srs: int = 27700, name: str = "clubs") -> Path:
        path = tmp_path / "a.gpkg"
        path.unlink(missing_ok=True)
        quoted = '"' + name.replace('"', '""') + '"'
        with sqlite3.connect(path) as store:
            store.executescript(TABLES)
            store.execute(f"CREATE TABLE {quoted} (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, size REAL)")
            store.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?)", (name, name, srs))
            store.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'POINT', ?, 0, 0)", (name, srs))
            given = rows if rows is not None else [(blob(shapely.Point(380_000, 390_000)), "Hall", 5.0)]
            store.executemany(f"INSERT INTO {quoted} (geom, name, size) VALUES (?, ?, ?)", given)
            for part in script:
                store.executescript(part)
        store.close()
        return path

    return made


def test_a_geopackage(make: Callable, read: Callable) -> None:
    rows = [(blob(shapely.Point(1, 2), 1), "NA", 5.0), (None, None, 0.25), (blob(b"", flags=17), "empty", None)]
    got = read(make(rows=rows))
    assert (got.look.format, got.look.crs, got.look.geometry_type, got.look.row_count) == (
        "gpkg",
        "EPSG:27700",
        "Point",
        3,
    )
    assert [(row["name"], row["size"]) for row in got.rows] == [("NA", "5"), (None, "0.25"), ("empty", None)]
    assert got.shapes() == [shapely.Point(1, 2), None, None]
    assert got.counts == {"no_geometry": 2}


def test_h50_a_view_without_end(make: Callable, read: Callable) -> None:
    view = """CREATE VIEW trap AS
              WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x AS geom FROM n;
              INSERT INTO gpkg_contents VALUES ('trap', 'features', 'trap', 27700);"""
    got = read(make(view))
    assert got.column("name") == ["Hall"]
    assert got.look.warnings == ("The layer “trap” is a view, not a table, so it was not read.",)
    only = make(view, "DELETE FROM gpkg_contents WHERE table_name = 'clubs'")
    assert "is a view" in refusal(only)


def test_h50_the_contents_themselves_are_a_view(make: Callable) -> None:
    endless = """DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS
        WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
        SELECT x AS table_name, 'features' AS data_type FROM n;"""
    assert refusal(make(endless)).endswith(".")


def test_h51_nothing_of_the_file_runs(make: Callable, read: Callable, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "secret.db") as secret:
        secret.execute("CREATE TABLE t AS SELECT 'CANARY' AS name")
    secret.close()
    script = """CREATE TRIGGER t AFTER INSERT ON clubs BEGIN DELETE FROM clubs; END;
        CREATE VIRTUAL TABLE words USING fts5(body); INSERT INTO words VALUES ('x');
        INSERT INTO gpkg_contents VALUES ('words', 'attributes', 'words', 0), ('words_content', 'attributes', 'w', 0);
        CREATE INDEX odd ON clubs (abs(size));"""
    got = read(make(script), layer="clubs")
    assert got.column("name") == ["Hall"]
    assert "“words” is a virtual table" in " ".join(got.look.warnings)


def test_h51_a_generated_column_is_not_computed(make: Callable, read: Callable) -> None:
    got = read(make("ALTER TABLE clubs ADD COLUMN trap AS (hex(zeroblob(900000000)))"))
    assert got.look.columns == ("name", "size")
    assert got.column("name") == ["Hall"]


@pytest.mark.parametrize("count", [2**31 - 1, 2**32 - 1, 10_000_000])
def test_h52_a_shape_that_claims_billions_of_points(make: Callable, read: Callable, count: int) -> None:
    lie = struct.pack("<BII", 1, 2, count) + struct.pack("<dd", 1, 2)
    got = read(make(rows=[(blob(lie), "lie", 1.0), (blob(shapely.Point(1, 2)), "Hall", 1.0)]))
    assert got.column("name") == ["lie", "Hall"]
    assert got.shapes() == [None, shapely.Point(1, 2)]
    assert [(issue.kind, issue.row) for issue in got.issues] == [("bad_geometry", 1)]


def test_h53_cut_short_or_with_bits_changed(make: Callable) -> None:
    many = [(blob(shapely.Point(n, n)), f"Hall {n}", float(n)) for n in range(500)]
    path = make(rows=many)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(path)
    chance = random.Random(7)
    for _ in range(12):
        changed = bytearray(whole)
        for _ in range(40):
            at = chance.randrange(100, len(changed))
            changed[at] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        rows_or_sentence(path)


def test_h54_layers_none_many_and_oddly_named(make: Callable, read: Callable) -> None:
    assert "no layer" in refusal(make("DELETE FROM gpkg_contents"))
    assert "no layer" in refusal(make("UPDATE gpkg_contents SET data_type = 'tiles'"))
    many = "".join(
        f"CREATE TABLE t{n} (a); INSERT INTO gpkg_contents VALUES ('t{n}', 'attributes', 't{n}', 0);"
        for n in range(1_000)
    )
    assert len(look(make(many)).layers) == 500
    odd = "clubs \"x'; DROP TABLE gpkg_contents; --\n"
    got = read(make(name=odd), layer=odd)
    assert got.column("name") == ["Hall"]
    with pytest.raises(BadFile, match="no layer called"):
        read(make(), layer="nothing")


def test_h54_just_a_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.gpkg") as store:
        store.execute("CREATE TABLE t (a)")
    store.close()
    assert "not a GeoPackage" in refusal(tmp_path / "a.gpkg")


@pytest.mark.parametrize("srs", [-1, 0, 99_999])
def test_h55_no_coordinate_system(make: Callable, srs: int) -> None:
    assert look(make(srs=srs)).crs is None


def test_h56_empty_curved_high_and_mixed(make: Callable, read: Callable) -> None:
    curve = struct.pack("<BII", 1, 8, 3) + struct.pack("<6d", 0, 0, 1, 1, 2, 0)
    shapes = [blob(curve), blob(shapely.Point(1, 2, 3)), blob(shapely.box(0, 0, 1, 1)), blob(shapely.Point())]
    got = read(make(rows=[(shape, str(at), None) for at, shape in enumerate(shapes)]))
    assert got.shapes() == [None, shapely.Point(1, 2), shapely.box(0, 0, 1, 1), None]
    assert {issue.row for issue in got.issues} == {1, 4}
    assert len(got.rows) == 4


def test_h59_columns_named_as_ours_are_only_text(make: Callable, read: Callable) -> None:
    script = (
        "ALTER TABLE clubs ADD COLUMN id; ALTER TABLE clubs ADD COLUMN __row__; UPDATE clubs SET id = 7, __row__ = 'x';"
    )
    got = read(make(script))
    assert got.look.columns == ("name", "size", "id", "__row___2")
    assert (got.rows[0]["id"], got.rows[0]["__row__"]) == ("7", 1)


def test_a_value_of_another_encoding(make: Callable, read: Callable) -> None:
    got = read(make("INSERT INTO clubs (name) VALUES (CAST(x'436166e9' AS TEXT))"))
    assert got.column("name") == ["Hall"]
    assert [(issue.kind, issue.row) for issue in got.issues if issue.kind != "no_geometry"] == [("undecodable", 2)]
