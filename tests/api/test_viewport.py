"""``/map/{layer}.geojson``: what a map fetches."""

import httpx
import pytest

from abcd.assets.actions import confirm_asset
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Asset
from tests.api.conftest import fresh_link
from tests.builders import an_asset

HERE = "-2.33,53.42,-2.27,53.46"


def test_assets_of_a_view(browser: httpx.Client) -> None:
    answer = browser.get("/map/assets.geojson", params={"bbox": HERE, "zoom": 14, "category": "library"})
    assert answer.headers["content-type"] == "application/geo+json"
    assert "Mill Library" in {one["properties"]["name"] for one in answer.json()["features"]}


def test_a_partner_sees_the_address_of_halls_and_institutions_alone(partner: httpx.Client) -> None:
    answer = partner.get("/map/assets.geojson", params={"bbox": HERE, "zoom": 14})
    assert answer.status_code == 200
    told = [one["properties"] for one in answer.json()["features"]]
    assert told
    assert not [one for one in told if "address" in one or "postcode" in one]
    placed = {one["asset_kind"] for one in told if one.get("venue_address") or one.get("venue_postcode")}
    assert placed <= {"physical", "institution"}


def test_a_copy_stays_good_until_something_changes(browser: httpx.Client) -> None:
    params = {"bbox": HERE, "zoom": 14}
    first = browser.get("/map/assets.geojson", params=params)
    copy = {"If-None-Match": first.headers["etag"]}
    assert browser.get("/map/assets.geojson", params=params, headers=copy).status_code == 304
    assert browser.get("/map/assets.geojson", params=params | {"zoom": 15}, headers=copy).status_code == 200
    with session(SYSTEM) as s:
        changed = an_asset(s)
        confirm_asset(s, changed, version=s.get_one(Asset, changed).version, by=SYSTEM, method="desk", key="again")
    assert browser.get("/map/assets.geojson", params=params, headers=copy).status_code == 200


def test_a_copy_in_one_language_is_no_copy_in_another(browser: httpx.Client) -> None:
    first = browser.get("/map/places.geojson").headers["etag"]
    answer = browser.get("/map/places.geojson", headers={"If-None-Match": first, "Accept-Language": "cy"})
    assert (answer.status_code, answer.headers["etag"] == first) == (200, False)


def test_signing_in_changes_no_map(browser: httpx.Client, partner: httpx.Client) -> None:
    first = browser.get("/map/places.geojson").headers["etag"]
    browser.post(fresh_link())
    assert browser.get("/map/places.geojson").headers["etag"] == first
    assert partner.get("/map/places.geojson").headers["etag"] != first


def test_the_boundary_and_the_ring_of_a_place(browser: httpx.Client) -> None:
    (place,) = browser.get("/map/places.geojson", params={"bbox": HERE, "zoom": 14}).json()["features"]
    reference = place["properties"]["reference"]
    (edge,) = browser.get("/map/boundary.geojson", params={"place": reference}).json()["features"]
    (ring,) = browser.get("/map/ring.geojson", params={"place": reference, "minutes": 10}).json()["features"]
    assert edge["id"] == place["id"]
    assert ring["properties"] == {"minutes": 10, "along_streets": False}
    assert ring["geometry"]["type"] == "Polygon"
    assert browser.get("/map/ring.geojson", params={"place": reference, "profile": "flying"}).status_code == 400


def test_the_ring_of_a_point_is_as_wide_as_it_says_however_it_was_asked_for(browser: httpx.Client) -> None:
    params = {"at": " 380000, 390000", "minutes": 1e9}
    answer = browser.get("/map/ring.geojson", params=params)
    assert answer.status_code == 200, answer.text
    (ring,) = answer.json()["features"]
    assert (ring["id"], ring["properties"]["minutes"]) == ("ring-380000.0-390000.0", 60)


@pytest.mark.parametrize("layer", ["boundaries", "greenspace", "water", "streets"])
def test_background_that_is_not_there_is_an_empty_layer(browser: httpx.Client, layer: str) -> None:
    answer = browser.get(f"/map/{layer}.geojson", params={"bbox": HERE, "zoom": 15})
    assert answer.json() == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/map/moons.geojson", 404, "moons"),
        ("/map/assets.geojson?bbox=1,2,3", 400, "west,south,east,north"),
        ("/map/assets.geojson?bbox=a,b,c,d", 400, "west,south,east,north"),
        ("/map/assets.geojson?zoom=far", 400, "zoom"),
        ("/map/assets.geojson?zoom=nan", 400, "zoom"),
        ("/map/assets.geojson?zoom=1e9", 400, "zoom"),
        ("/map/assets.geojson?place=nowhere", 404, "nowhere"),
        ("/map/assets.geojson?ids=1", 400, "UUID"),
        ("/map/ring.geojson", 404, "reference"),
        ("/map/ring.geojson?at=nan,1", 400, "easting"),
        ("/map/siting.geojson?show=sites&at=1e308,1", 400, "easting"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(browser: httpx.Client, path: str, status: int, word: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, word in answer.json()["error"]) == (status, True)


def test_long_answers_travel_compressed(browser: httpx.Client) -> None:
    with session(SYSTEM) as s:
        for n in range(40):
            an_asset(s, "park", at=(380_000.0 + n, 394_000.0), kind="physical")
    answer = browser.get("/map/assets.geojson", params={"bbox": HERE, "zoom": 15}, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
