"""Vector tiles, read by GDAL: what is on them, what each feature says, and that they stay small."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from abcd.core import geo
from abcd.db.session import SYSTEM, session
from abcd.maps import tiles
from abcd.maps.mercator import BUFFER, UNITS, Tile
from tests.api.ogc.conftest import FAR, HIDDEN, NEAR
from tests.builders import HERE, an_asset

WHERE = "/ogc/collections/{}/tiles/WebMercatorQuad"
(LON,), (LAT,) = geo.to_degrees([HERE[0]], [HERE[1]])


def at(z: int, lon: float = LON, lat: float = LAT) -> Tile:
    """The tile of a zoom that holds a point, by trying: no formula is shared with what is tested."""
    found = Tile(z, 0, 0)
    for zoom in range(1, z + 1):
        four = (Tile(zoom, 2 * found.x + x, 2 * found.y + y) for x in (0, 1) for y in (0, 1))
        found = next(one for one in four if holds(one, lon, lat))
    return found


def holds(one: Tile, lon: float, lat: float) -> bool:
    west, south, east, north = one.box
    more = (east - west) * BUFFER / (UNITS + 2 * BUFFER)
    higher = (north - south) * BUFFER / (UNITS + 2 * BUFFER)
    return west + more <= lon <= east - more and south + higher <= lat <= north - higher


def address(layer: str, one: Tile) -> str:
    return f"{WHERE.format(layer)}/{one.z}/{one.y}/{one.x}"


def read(content: bytes, one: Tile, folder: Path) -> list[dict[str, Any]]:
    """The features of a tile in degrees, as GDAL reads them."""
    file = folder / f"{one.z}" / f"{one.x}" / f"{one.y}.pbf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"MVT:{file}", "-t_srs", "EPSG:4326"]
    told = subprocess.run(command, capture_output=True, check=True)
    return list(orjson.loads(told.stdout)["features"])


@pytest.mark.parametrize("z", [0, 5, 10, 14, 18])
def test_assets_are_where_they_are_and_say_what_is_listed(web: TestClient, tmp_path: Path, z: int) -> None:
    answer = web.get(address("assets", at(z)))
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    found = read(answer.content, at(z), tmp_path)
    names = {one["properties"]["name"] for one in found}
    assert "Library 0" in names
    assert not names & {HIDDEN, "For partners", "A place that stays private"}
    assert (len(found) == NEAR + FAR + 2) is (z <= 10)
    first = next(one for one in found if one["properties"]["name"] == "Library 0")
    assert first["geometry"]["coordinates"] == pytest.approx((LON, LAT), abs=360 / 2**z / UNITS)
    said = {"mvt_id", "id", "name", "asset_kind", "category", "status", "assured_date", "confidence"}
    assert set(first["properties"]) <= said
    assert first["properties"]["category"] == "library"


def test_areas_are_drawn_from_their_zoom_on(web: TestClient, tmp_path: Path) -> None:
    for z, expected in ((8, set()), (9, {"Mill ward"}), (14, {"Mill ward", "Old Mill"})):
        answer = web.get(address("places", at(z)))
        found = read(answer.content, at(z), tmp_path) if answer.status_code == 200 else []
        assert {one["properties"]["name"] for one in found} == expected, z


def test_a_partner_has_what_lies_in_their_places(web: TestClient, tmp_path: Path, key: str) -> None:
    answer = web.get(address("assets", at(8)), headers={"X-API-Key": key})
    names = {one["properties"]["name"] for one in read(answer.content, at(8), tmp_path)}
    assert len(names) == NEAR + 3
    assert {"For partners", "Library 1"} < names
    assert web.get(address("assets", at(8))).headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize("z", [3, 9, 13])
def test_where_there_are_many_a_tile_holds_clusters_that_count_them_all(
    web: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, town: SimpleNamespace, z: int
) -> None:
    monkeypatch.setattr(tiles, "MOST", 5)
    with session(SYSTEM) as s:  # what was kept of these tiles is old now
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'edit', 'asset')"))
    for layer, n in (("assets", NEAR + 2), ("groups", 1)):
        answer = web.get(address(layer, at(z)))
        found = read(answer.content, at(z), tmp_path)
        clustered = [one["properties"]["count"] for one in found if "count" in one["properties"]]
        assert bool(clustered) is (layer == "assets")
        assert sum(clustered) + len(found) - len(clustered) == n + (FAR if layer == "assets" and z < 13 else 0)


def test_a_tile_with_nothing_on_it_is_204(web: TestClient) -> None:
    for path in (
        address("assets", at(9, -4.0, 57.0)),
        address("assets", Tile(9, 0, 0)),
        address("groups", at(16, LON + 0.1)),
    ):
        answer = web.get(path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "etag" in answer.headers


@pytest.mark.parametrize("path", ["23/0/0", "1/2/0", "1/0/2", "a/0/0", "-1/0/0", "1/0/0.5", "9/99999999999/1", "٣/0/0"])
def test_a_tile_that_there_cannot_be_is_none(web: TestClient, path: str) -> None:
    assert web.get(f"{WHERE.format('assets')}/{path}").status_code == 404
    assert web.get(f"/ogc/collections/assets/tiles/WorldCRS84Quad/{path}").status_code == 404


def test_a_copy_of_a_tile_stays_good_until_something_changes(web: TestClient) -> None:
    path = address("assets", at(17))
    first = web.get(path)
    copy = {"If-None-Match": first.headers["etag"]}
    assert web.get(path, headers=copy).status_code == 304
    with session(SYSTEM) as s:
        an_asset(s, name="New here", at=(HERE[0] + 3, HERE[1] + 3))
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'add', 'asset')"))
    assert web.get(path, headers=copy).status_code == 200
    with session(SYSTEM) as s:
        s.execute(text("delete from core.asset where name = 'New here'"))
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'add', 'asset')"))


def test_tilejson_and_the_tileset_lead_to_tiles(web: TestClient) -> None:
    short = web.get(f"{WHERE.format('assets')}/tilejson.json").json()
    assert short == web.get(WHERE.format("assets"), params={"f": "tilejson"}).json()
    assert (short["tilejson"], short["vector_layers"][0]["id"]) == ("3.0.0", "assets")
    assert short["vector_layers"][0]["fields"]["confidence"] == "Number"
    west, south, east, north = short["bounds"]
    assert west < LON < east
    assert south < LAT < north
    one = at(14)
    filled = short["tiles"][0].format(z=one.z, x=one.x, y=one.y)
    assert filled.endswith(address("assets", one))
    tileset = web.get(WHERE.format("assets")).json()
    assert any(link.get("templated") and "{tileMatrix}" in link["href"] for link in tileset["links"])
    matrices = web.get("/ogc/tileMatrixSets/WebMercatorQuad").json()
    assert matrices["uri"] == tileset["tileMatrixSetURI"]
    assert len(matrices["tileMatrices"]) == 23
