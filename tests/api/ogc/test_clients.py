"""Clients that nobody here wrote read the feed over the network: GDAL, OWSLib, and QGIS where it is installed."""

import csv
import json
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_core_python.sync_playwright import Axe
from owslib.ogcapi.features import Features
from sqlalchemy import select

from abcd.maps.layers import LAYERS
from abcd.maps.reader import Reader
from tests.api.ogc.conftest import FAR, NEAR, OPEN_TO_ALL
from tests.walks.browsing import a_browser, foreign_requests

QGIS = Path("/usr/bin/python3")


def gdal(*command: str, key: str = "") -> str:
    """What a program of GDAL prints, which asked with a key or without."""
    config = ["--config", "GDAL_HTTP_HEADERS", f"X-API-Key: {key}"] if key else []
    told = subprocess.run([*command, *config], capture_output=True, text=True, check=True, timeout=120)
    assert "ERROR" not in told.stderr, told.stderr
    return told.stdout


def in_store(name: str) -> set[str]:
    """The ids of all that everybody may see of a layer."""
    layer = LAYERS[name]
    with Reader("public", (name,)).reading() as s:
        return {
            str(one) for one in s.scalars(select(layer.id).select_from(layer.table).where(*layer.seen_by("public")))
        }


def test_gdal_lists_the_collections_and_reads_each_to_its_end(address: str) -> None:
    listed = gdal("ogrinfo", "-ro", f"OAPIF:{address}/ogc")
    assert all(f": {name} (" in listed for name in OPEN_TO_ALL)
    for name in OPEN_TO_ALL:
        rows = gdal("ogr2ogr", "-f", "CSV", "/vsistdout/", f"OAPIF:{address}/ogc", name, "-oo", "PAGE_SIZE=7")
        found = [row["id"] for row in csv.DictReader(StringIO(rows))]
        assert len(found) == len(set(found))
        assert set(found) == in_store(name), name


def test_gdal_with_a_key_reads_what_is_for_the_partner(address: str, key: str) -> None:
    listed = gdal("ogrinfo", "-ro", f"OAPIF:{address}/ogc", key=key)
    assert {name for name in LAYERS if f": {name} (" in listed} == {"assets", "places"}
    rows = gdal("ogr2ogr", "-f", "CSV", "/vsistdout/", f"OAPIF:{address}/ogc", "assets", key=key)
    names = {row["name"] for row in csv.DictReader(StringIO(rows))}
    assert len(names) == NEAR + 3
    assert "For partners" in names


def test_gdal_asks_for_a_box_and_for_a_property(address: str, tmp_path: Path) -> None:
    box = ("-spat", "-2.31", "53.435", "-2.29", "53.45")
    whole = gdal("ogr2ogr", "-f", "CSV", "/vsistdout/", f"OAPIF:{address}/ogc", "assets", *box)
    assert len(whole.splitlines()) == 1 + NEAR + 2
    grid = tmp_path / "grid.geojson"
    wanted = ("-where", "name = 'Library 3'", "-t_srs", "EPSG:27700", "-lco", "RFC7946=NO")
    gdal("ogr2ogr", "-f", "GeoJSON", str(grid), f"OAPIF:{address}/ogc", "assets", *wanted)
    (one,) = json.loads(grid.read_text())["features"]
    assert one["properties"]["name"] == "Library 3"


def test_owslib_reads_it_all(address: str, key: str) -> None:
    feed = Features(f"{address}/ogc")
    assert set(feed.feature_collections()) == set(OPEN_TO_ALL)
    assert feed.api()["openapi"].startswith("3.0")
    assert feed.collection("assets")["id"] == "assets"
    assert "category" in feed.collection_queryables("assets")["properties"]
    page = feed.collection_items("assets", limit=5)
    assert len(page["features"]) == 5
    one = page["features"][0]
    assert feed.collection_item("assets", one["id"])["properties"] == one["properties"]
    assert len(feed.collection_items("assets", bbox=[-2.31, 53.435, -2.29, 53.45], limit=100)["features"]) == NEAR + 2
    filtered = feed.collection_items("assets", filter="name like 'Far%'", limit=100)
    assert len(filtered["features"]) == FAR
    own = Features(f"{address}/ogc", headers={"X-API-Key": key})
    assert set(own.feature_collections()) == {"assets", "places"}


IN_QGIS = """
import os
import sys
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f" url='{sys.argv[1]}/ogc' typename='{name}' pageSize='7'", name, "OAPIF")
    assert layer.isValid(), layer.error().message()
    print(name, *sorted(one["id"] for one in layer.getFeatures()), flush=True)
os._exit(0)  # what QGIS tears down at its end sometimes fails
"""


def has_qgis() -> bool:
    """Whether Debian's QGIS is on this machine."""
    asked = [str(QGIS), "-c", "import qgis.core"]
    return QGIS.exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_qgis(), reason="QGIS is not installed here: apt-get install python3-qgis")
def test_qgis_reads_each_collection_to_its_end(address: str, town: SimpleNamespace, tmp_path: Path) -> None:
    own = {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    command = [str(QGIS), "-c", IN_QGIS, address, "assets", "places"]
    told = subprocess.run(command, capture_output=True, text=True, env=own, timeout=120, check=False)
    assert told.returncode == 0, told.stderr
    for line in told.stdout.splitlines():
        name, *ids = line.split()
        assert set(ids) == in_store(name), name
        assert len(ids) == len(set(ids))


def test_its_pages_are_for_everybody_and_ask_no_other_host(address: str, town: SimpleNamespace) -> None:
    assets = "/collections/assets"
    paths = ("", "/collections", assets, f"{assets}/items", f"{assets}/items/{town.choir}", "/api", "/conformance")
    with a_browser() as chromium:
        for width in (1280, 390):
            page = chromium.new_page(viewport={"width": width, "height": 900})
            left = foreign_requests(page, address)
            for path in paths:
                page.goto(f"{address}/ogc{path}?f=html")
                found = Axe().run(page, options={"resultTypes": ["violations"]})["violations"]
                assert [(one["id"], one["nodes"][0]["html"][:160]) for one in found] == [], path
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, width)
            assert left == []
            page.close()


def test_gdal_is_here() -> None:
    """The control: without it nothing above would have been read."""
    assert shutil.which("ogr2ogr")
