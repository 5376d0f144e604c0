"""Every format: what is in the file equals the store, the same bytes each time, nothing hidden, read by GDAL."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import frictionless
import geoparquet_validator
import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from sqlalchemy import delete, func, select

from abcd.core.geo import to_grid
from abcd.db.session import Actor, session
from abcd.db.tables import Asset, AuditEvent
from abcd.errors import AbcdError, BadRequest
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.order import Order, Written, write_files
from abcd.maps.layers import LAYERS
from abcd.maps.oruk import feed
from abcd.maps.reader import Reader
from tests.builders import a_term, an_asset
from tests.maps.conftest import Borough

TABLES = [name for name in FORMATS if name != "oruk"]
"""Formats with a row for each row of a layer; a directory has services."""
#: Which assets of the borough an audience sees.
SEEN = {"public": 8, "partner": 9, "council": 9, "officer": 10}


@pytest.fixture
def take(borough: Borough, owner: Actor, tmp_path: Path) -> Callable[..., Written]:
    """Writes an order of assets for the public."""

    def taken(name: str = "", **asked: Any) -> Written:
        order = Order(**{"layers": ("assets",), "format": "geojson"} | asked)
        out = tmp_path / (name or f"file{FORMATS[order.format].suffix}")
        with session(owner) as s:
            return write_files(s, order, out, by=owner)

    return taken


@pytest.mark.parametrize("audience", SEEN)
@pytest.mark.parametrize("form", TABLES)
def test_each_audience_gets_its_rows_in_each_format(take: Callable[..., Written], form: str, audience: str) -> None:
    done = take(format=form, audience=audience)
    assert done.rows == {"assets": SEEN[audience]}


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_order_gives_the_same_bytes(take: Callable[..., Written], form: str) -> None:
    first, second = (take(f"{n}{FORMATS[form].suffix}", format=form) for n in "ab")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.sha256 == second.sha256


@pytest.mark.parametrize("layers", [("assets", "places"), ("venues", "groups", "activities", "patches")])
def test_layers_of_one_book_and_the_same_bytes(take: Callable[..., Written], layers: tuple[str, ...]) -> None:
    for form in ("gpkg", "xlsx"):
        one, other = (take(f"{n}.{form}", format=form, layers=layers, audience="partner") for n in "ab")
        assert one.sha256 == other.sha256
        assert set(one.rows) == set(layers)


@pytest.mark.parametrize("form", ["geojson", "gpkg", "csv", "fgb"])
def test_gdal_reads_every_row(take: Callable[..., Written], form: str) -> None:
    done = take(format=form)
    layer = "file" if form in ("csv", "geojson") else "assets"
    told = subprocess.run(["ogrinfo", "-so", done.path, layer], capture_output=True, text=True, check=True).stdout
    # FlatGeobuf has no room for a row without a place.
    assert f"Feature Count: {6 if form == 'fgb' else 8}" in told
    assert "ERROR" not in told


@pytest.mark.parametrize("form", ["gpkg", "fgb", "parquet", "geojson", "csv"])
def test_shapes_equal_the_store(take: Callable[..., Written], owner: Actor, form: str) -> None:
    """To the millimetre, where a format does not round to the 10 cm that six decimals of a degree are."""
    path, tolerance = take(format=form, audience="officer").path, 0.1 if form in ("geojson", "csv") else 1e-3
    found = points(path) if form == "gpkg" else in_degrees(path, form)
    kept = stored(owner, Asset.point if form == "gpkg" else func.coalesce(Asset.geom, Asset.point))
    assert found.keys() == kept.keys()
    assert max(shapely.hausdorff_distance(found[one], kept[one]) for one in kept) < tolerance


def test_an_outline_has_a_table_of_its_own(take: Callable[..., Written], owner: Actor, borough: Borough) -> None:
    found = points(take(format="gpkg").path, "assets_outlines")
    garden = str(borough.assets["garden"])
    assert found.keys() == {garden}
    assert found[garden].normalize() == shapely.multipolygons([stored(owner, Asset.geom)[garden]]).normalize()


def stored(owner: Actor, column: Any) -> dict[str, Any]:
    """The shapes of the assets that a file for officers holds, by id, in metres."""
    shown = LAYERS["assets"].seen_by("officer")
    asked = select(Asset.id, func.ST_AsBinary(column)).where(column.is_not(None), *shown)
    with session(owner) as s:
        return {str(number): shapely.from_wkb(bytes(wkb)) for number, wkb in s.execute(asked)}


def points(path: Path, layer: str = "assets") -> dict[str, Any]:
    """The shapes of a GeoPackage's table, by id, as they stand there."""
    about, _, shapes, values = pyogrio.raw.read(path, layer=layer)
    assert about["crs"] == "EPSG:27700"
    ids = values[list(about["fields"]).index("id")]
    return {number: shapely.from_wkb(wkb) for number, wkb in zip(ids, shapes, strict=True) if wkb}


def in_degrees(path: Path, form: str) -> dict[str, Any]:
    """The shapes of a file in longitude and latitude, by id, brought back to metres."""
    found = shapes_in(path, form)
    kept = {number: shape for number, shape in found if shape}
    return {number: shapely.transform(shape, metres) for number, shape in kept.items()}


def shapes_in(path: Path, form: str) -> list[tuple[str, Any]]:
    """Id and shape of each row, or ``None``."""
    if form == "parquet":
        table = pq.read_table(path, columns=["id", "geometry"]).to_pylist()
        return [(row["id"], row["geometry"] and shapely.from_wkb(row["geometry"])) for row in table]
    if form == "csv":
        return [(row["id"], row["geometry"] and shapely.from_wkt(row["geometry"])) for row in csv_rows(path)]
    if form == "geojson":
        whole = json.loads(path.read_text())["features"]
        return [(one["id"], one["geometry"] and shapely.geometry.shape(one["geometry"])) for one in whole]
    about, _, shapes, values = pyogrio.raw.read(path)
    ids = values[list(about["fields"]).index("id")]
    return [(number, shapely.from_wkb(wkb)) for number, wkb in zip(ids, shapes, strict=True)]


def metres(degrees: Any) -> Any:
    """Pairs of longitude and latitude as eastings and northings."""
    return np.column_stack(to_grid(degrees[:, 0], degrees[:, 1]))


def csv_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_csv_says_what_a_feature_says(take: Callable[..., Written], borough: Borough) -> None:
    row = next(one for one in csv_rows(take(format="csv").path) if one["id"] == str(borough.assets["hall"]))
    assert row["name"] == 'Mill "Hall" \\ <b>\u2028 ${x}'
    assert (row["uprn"], row["languages"], row["access_facilities"]) == (
        "100012345678",
        '["en","ur"]',
        '{"lift":"yes"}',
    )
    assert (row["entry-date"], row["confidence"], row["cost"]) == ("2026-05-04", "0.5", "")
    assert row["point"] == row["geometry"] == f"POINT({float(row['lon'])} {float(row['lat'])})"


def test_what_a_spreadsheet_takes_for_a_formula_is_text(take: Callable[..., Written], owner: Actor) -> None:
    words = ("=1+1", "+44 161", "-2", "@here", "\t=1", " =1")
    with session(owner) as s:
        for name in words:
            an_asset(s, a_term(s, "formula"), name=name)
    cells = {row["name"] for row in csv_rows(take(format="csv", category="formula").path)}
    sheet = openpyxl.load_workbook(take(format="xlsx", category="formula").path)["assets"]
    names = [cell for column in sheet.iter_cols() if column[0].value == "name" for cell in column[1:]]
    assert cells == {cell.value for cell in names} == {f"'{word}" for word in words}
    assert {cell.data_type for cell in names} == {"s"}
    with session(owner) as s:
        s.execute(delete(Asset).where(Asset.category == "formula"))


def test_a_workbook_has_its_sheets_and_nothing_else(take: Callable[..., Written]) -> None:
    path = take(format="xlsx", layers=("assets", "places")).path
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["assets", "places", "dictionary", "readme"]
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    assert not any(
        one.hidden for sheet in book for one in [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
    )
    assert not any(cell.comment or cell.data_type == "f" for sheet in book for row in sheet for cell in row)
    assert (list(book.defined_names), book.properties.creator, book.properties.lastModifiedBy) == ([], None, None)
    parts = zipfile.ZipFile(path).namelist()
    assert not [name for name in parts if "pivot" in name or "vba" in name or "extern" in name or "custom" in name]


def test_a_geopackage_is_fresh_and_holds_what_it_declares(take: Callable[..., Written]) -> None:
    path = take(format="gpkg", layers=("assets", "places")).path
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("pragma freelist_count").fetchone() == (0,)
        assert file.execute("pragma integrity_check").fetchone() == ("ok",)
        declared = {name for (name,) in file.execute("select table_name from gpkg_contents")}
        kept = {name for (name,) in file.execute("select name from sqlite_master where type in ('table', 'view')")}
        indexed = {name for (name,) in file.execute("select table_name from gpkg_extensions")}
        times = {when for (when,) in file.execute("select last_change from gpkg_contents")}
        told = dict(file.execute("select about, what from readme where layer = 'assets'"))
    layers = {"assets", "assets_outlines", "places"}
    assert declared == layers | {"readme", "dictionary", "layer_styles"}
    assert {name for name in kept - declared if not name.startswith(("gpkg_", "rtree_", "sqlite_"))} == set()
    assert layers <= indexed
    assert times == {"2000-01-01T00:00:00.000Z"}
    assert (told["rows"], told["left_out: not for this audience"]) == ("8", "2")


def test_each_layer_comes_dressed_for_qgis(take: Callable[..., Written]) -> None:
    path = take(format="gpkg", layers=("assets", "places")).path
    with closing(sqlite3.connect(path)) as file:
        asked = 'select f_table_name, f_geometry_column, "styleQML" from layer_styles where "useAsDefault"'
        styles = {name: (column, qml) for name, column, qml in file.execute(asked)}
        kinds = {kind for (kind,) in file.execute("select distinct asset_kind from assets")}
    assert styles.keys() == {"assets", "assets_outlines", "places"}
    roots = {name: ElementTree.fromstring(qml) for name, (_, qml) in styles.items()}
    assert {column for column, _ in styles.values()} == {"geom"}
    categories = roots["assets"].findall("renderer-v2/categories/category")
    symbols = {symbol.get("name"): symbol for symbol in roots["assets"].findall("renderer-v2/symbols/symbol")}
    assert kinds <= {one.get("value") for one in categories}
    looks = [tuple(symbols[one.get("symbol")].find(f"layer/Option/Option[@name='{what}']").get("value")
                   for what in ("name", "color")) for one in categories]  # fmt: skip
    assert len({shape for shape, _ in looks}) == len({colour for _, colour in looks}) == len(categories) == 5
    assert {symbol.get("type") for symbol in roots["places"].findall(".//symbol")} == {"fill"}


def test_a_geoparquet_file_is_one(take: Callable[..., Written]) -> None:
    path = take(format="parquet").path
    report = geoparquet_validator.check(str(path))
    assert geoparquet_validator.failed(report) == []
    about = json.loads(pq.read_schema(path).metadata[b"geo"])
    assert about["version"] == "1.1.0"
    assert about["columns"]["geometry"]["geometry_types"] == ["Point", "Polygon"]
    boxes = [
        (row["bbox"], shapely.from_wkb(row["geometry"])) for row in pq.read_table(path).to_pylist() if row["geometry"]
    ]
    assert all(tuple(box.values()) == shape.bounds for box, shape in boxes)


def test_the_check_of_a_geoparquet_file_can_fail(take: Callable[..., Written], tmp_path: Path) -> None:
    table = pq.read_table(take(format="parquet").path)
    about = json.loads(table.schema.metadata[b"geo"])
    about["columns"]["geometry"]["geometry_types"] = ["Point"]
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(about)}), tmp_path / "wrong.parquet")
    assert geoparquet_validator.failed(geoparquet_validator.check(str(tmp_path / "wrong.parquet"))) != []


def test_a_dictionary_is_a_table_schema_that_its_file_obeys(take: Callable[..., Written], tmp_path: Path) -> None:
    path = take("assets.csv", format="csv", dictionary=True).path
    schema = frictionless.Schema.from_descriptor(json.loads((tmp_path / "assets.schema.json").read_text()))
    report = frictionless.Resource(path=path.name, basepath=str(tmp_path), schema=schema).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
    assert {"entry-date": "date", "uprn": "integer", "languages": "array", "access_facilities": "object"}.items() <= {
        field.name: field.type for field in schema.fields
    }.items()
    assert all(field.description for field in schema.fields)


@pytest.mark.parametrize("form", FORMATS)
def test_no_byte_of_what_must_stay_inside_leaves(take: Callable[..., Written], form: str) -> None:
    several = form in ("gpkg", "xlsx")
    done = take(format=form, audience="council", layers=("assets", "places") if several else ("assets",))
    # The directory has the address of a hall, which is no home.
    secrets = (b"canary", b"200099999999", *([] if form == "oruk" else [b"M16 7AA"]))
    assert not [secret for data in laid_open(done.path) for secret in secrets if secret in data]


@pytest.mark.parametrize("form", TABLES)
def test_the_search_for_bytes_can_find(take: Callable[..., Written], form: str) -> None:
    """An officer's file holds the row that no other has; so a search that looks in the wrong bytes fails here."""
    done = take(format=form, audience="officer")
    assert any(b"canary-officer" in data for data in laid_open(done.path))


def laid_open(path: Path) -> list[bytes]:
    """The bytes of a file and of all that is packed in it."""
    found = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            found += [archive.read(name) for name in archive.namelist()]
    if path.suffix == ".parquet":
        found.append(repr(pq.read_table(path).to_pylist()).encode())
        found.append(repr(pq.read_schema(path).metadata).encode())
    return found


def test_a_directory_is_what_its_feed_gives(take: Callable[..., Written], borough: Borough) -> None:
    done = take("services.oruk.json", format="oruk", layers=("activities",))
    whole = json.loads(done.path.read_text())
    with Reader("public", ("activities",)).reading() as s:
        given = list(feed(s, Reader("public", ("activities",))))
    assert whole["contents"] == json.loads(json.dumps(given))
    assert (whole["total_items"], whole["size"], done.rows) == (len(given), len(given), {"activities": len(given)})
    assert str(borough.assets["hall"]) in {service["id"] for service in given}


def test_a_disk_that_takes_no_more_leaves_no_half_file(borough: Borough, store: str, tmp_path: Path) -> None:
    """No file of this process may grow beyond a kilobyte: what the kernel says then is what it says of a full disk."""
    (tmp_path / "out").mkdir()
    environment = os.environ | {"ABCD_DATABASE_URL": store, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", CRAMPED, str(tmp_path / "out")]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.stdout.split() == [f"{name}:refused" for name in FORMATS], told.stderr[-2000:]
    assert list((tmp_path / "out").iterdir()) == []


CRAMPED = """
import resource, signal, sys
from pathlib import Path
from abcd.db.session import SYSTEM, session
from abcd.errors import StoreUnavailable
from abcd.maps.files.formats import FORMATS
from abcd.maps.files.order import Order, write_files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
for name, form in FORMATS.items():
    try:
        with session(SYSTEM) as s:
            write_files(s, Order(("activities",), name), Path(sys.argv[1]) / f"file{form.suffix}", by=SYSTEM)
    except StoreUnavailable as error:
        print(f"{name}:" + ("refused" if "could not be written" in str(error) else str(error)))
"""


def test_several_layers_go_into_a_folder_or_an_archive(take: Callable[..., Written], tmp_path: Path) -> None:
    folder, archive = (take(name, format="csv", layers=("assets", "places")) for name in ("folder", "files.zip"))
    names = {"assets.csv", "places.csv", "assets.schema.json", "places.schema.json"}
    assert {file.name for file in folder.path.iterdir()} == names | {"manifest.json"}
    with zipfile.ZipFile(archive.path) as packed:
        assert set(packed.namelist()) == names
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert packed.read("assets.csv") == (folder.path / "assets.csv").read_bytes()
    assert take("again.zip", format="csv", layers=("assets", "places")).sha256 == archive.sha256
    assert take("folder", format="csv", layers=("assets", "places")).sha256 == folder.sha256


def test_a_folder_of_somebody_else_is_left_alone(take: Callable[..., Written], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.jpg").write_text("dear")
    with pytest.raises(BadRequest, match=r"photo\.jpg"):
        take("mine", format="csv", layers=("assets", "places"))
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize(
    ("name", "asked", "error"),
    [
        ("x.csv", {"format": "csv", "layers": ("assets", "places")}, "holds one layer"),
        ("x.csv", {"format": "csv", "layers": ("assets", "assets")}, "each once"),
        ("x.csv", {"format": "shp"}, "no format"),
        ("x.csv", {"format": "csv", "audience": "everybody"}, "no audience"),
        ("x.csv", {"format": "csv", "layers": ("patches",)}, "not for this audience"),
        ("x.csv", {"format": "csv", "layers": ("moons",)}, "no layer"),
        ("nowhere/x.csv", {"format": "csv"}, "no folder"),
    ],
)
def test_what_cannot_be_written_is_said(
    take: Callable[..., Written], tmp_path: Path, name: str, asked: dict[str, Any], error: str
) -> None:
    with pytest.raises(AbcdError, match=error):
        take(name, **asked)
    assert list(tmp_path.iterdir()) == []


def test_what_left_is_written_down(take: Callable[..., Written], owner: Actor) -> None:
    done = take(format="csv", category="library", audience="partner")
    with session(owner) as s:
        event = s.scalars(select(AuditEvent).where(AuditEvent.verb == "export").order_by(AuditEvent.id.desc())).first()
    assert (event.by, event.thing_id) == (owner.name, "assets")
    assert event.after == {
        "format": "csv", "audience": "partner", "place": None, "category": "library", "release": None,
        "rows": 5, "layers": {"assets": 5}, "bytes": done.path.stat().st_size, "sha256": done.sha256,
    }  # fmt: skip
    assert done.sha256 == sha256(done.path.read_bytes()).hexdigest()
    assert done.left_out == {"assets": {"merged into another record": 1, "gift of a resident, never placed": 1,
                                        "not for this audience": 1}}  # fmt: skip


QGIS = Path("/usr/bin/python3")
IN_QGIS = """
import json, os, sys
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    dressed = layer.renderer()
    kinds = [one.value() for one in dressed.categories()] if dressed.type() == "categorizedSymbol" else []
    told = [name, layer.isValid(), layer.crs().authid(), layer.featureCount(), dressed.type(), kinds]
    print(json.dumps(told), flush=True)
os._exit(0)  # what QGIS tears down at its end sometimes fails
"""


def has_qgis() -> bool:
    """Whether Debian's QGIS is on this machine."""
    asked = [str(QGIS), "-c", "import qgis.core"]
    return QGIS.exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def test_qgis_opens_it_dressed(take: Callable[..., Written], tmp_path: Path) -> None:
    # Asked here, because starting QGIS takes a second of every collection.
    if not has_qgis():
        pytest.skip("QGIS is not installed here: apt-get install python3-qgis")
    path = take(format="gpkg", layers=("assets", "places")).path
    own = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin"}
    command = [str(QGIS), "-c", IN_QGIS, str(path), "assets", "assets_outlines", "places"]
    done = subprocess.run(command, capture_output=True, text=True, env=own, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assets, outlines, places = map(json.loads, done.stdout.splitlines())
    kinds = ["association", "physical", "institution", "economic", "story"]
    assert assets == ["assets", True, "EPSG:27700", 8, "categorizedSymbol", kinds]
    assert outlines == ["assets_outlines", True, "EPSG:27700", 1, "categorizedSymbol", kinds]
    assert places[1:5] == [True, "EPSG:27700", 7, "singleSymbol"]


def test_a_directory_of_services_is_made_of_layers_that_have_some(take: Callable[..., Written]) -> None:
    with pytest.raises(BadRequest, match="assets, activities, groups"):
        take("places.oruk.json", format="oruk", layers=("places",))
