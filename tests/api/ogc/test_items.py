"""Pages of features: every feature once, boxes, times, properties, coordinate systems, copies, and what is refused."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import brotli
import httpx
import pyproj
import pytest
from geojson_pydantic import FeatureCollection
from sqlalchemy import text
from starlette.testclient import TestClient

from abcd.core import geo
from abcd.db.session import SYSTEM, session
from abcd.maps.systems import SYSTEMS
from tests.api.doors import the_doors
from tests.api.ogc.conftest import FAR, HIDDEN, NEAR, seen
from tests.api.shares import a_share, secret_of
from tests.builders import HERE, an_asset

ITEMS = "/ogc/collections/assets/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
#: Round Old Mill, in degrees.
MILL = "-2.31,53.435,-2.29,53.45"
Json = dict[str, Any]


def asked(web: TestClient, path: str = ITEMS, **params: Any) -> Json:
    answer = web.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return dict(answer.json())


def every(web: TestClient, headers: dict[str, str] | None = None, **params: Any) -> Iterator[Json]:
    """All features, page after page by the links."""
    answer = web.get(ITEMS, params=params, headers=headers)
    while True:
        page = answer.json()
        assert page["numberReturned"] == len(page["features"])
        yield from page["features"]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        if not following:
            return
        parts = urlsplit(following[0])
        answer = web.get(f"{parts.path}?{parts.query}", headers=headers)


def names(page: Json) -> set[str]:
    return {one["properties"]["name"] for one in page["features"]}


def ids(features: Any) -> list[str]:
    return [one["id"] for one in features]


@pytest.mark.parametrize("limit", [1, 3, 7, 28, 29, 30, 31, 10_000])
def test_page_after_page_has_every_feature_once_and_none_that_is_hidden(
    web: TestClient, town: SimpleNamespace, limit: int
) -> None:
    found = ids(every(web, limit=limit))
    assert len(found) == len(set(found))
    assert {*found} == {str(one) for one in seen(town)}
    assert found == sorted(found)


def test_a_page_is_geojson_that_an_independent_library_reads(web: TestClient) -> None:
    page = asked(web, limit=100)
    assert len(FeatureCollection(**page).features) == NEAR + FAR + 3
    assert "crs" not in page
    assert page["numberMatched"] == page["numberReturned"]
    assert abs(datetime.fromisoformat(page["timeStamp"]) - datetime.now(UTC)).total_seconds() < 60
    assert "numberMatched" not in asked(web, limit=2)


def test_what_is_written_between_two_pages_repeats_nothing(web: TestClient, town: SimpleNamespace) -> None:
    pages = every(web, limit=5)
    first = [next(pages)["id"] for _ in range(5)]
    with session(SYSTEM) as s:
        new = str(an_asset(s, name="Come since"))
    rest = ids(pages)
    assert not set(first) & set(rest)
    assert {*first, *rest} - {new} == {str(one) for one in seen(town)}
    with session(SYSTEM) as s:
        s.execute(text("delete from core.asset where name = 'Come since'"))


@pytest.mark.parametrize(
    ("limit", "status", "n"),
    [("10000", 200, 30), ("10001", 200, 30), ("999999999999999999999", 200, 30), ("0", 400, 0), ("-1", 400, 0),
     ("a", 400, 0), ("1.5", 400, 0), ("", 400, 0), ("٣", 400, 0)],
)  # fmt: skip
def test_limits(web: TestClient, limit: str, status: int, n: int) -> None:
    answer = web.get(ITEMS, params={"limit": limit})
    assert answer.status_code == status
    assert status == 400 or answer.json()["numberReturned"] == n
    assert asked(web)["numberReturned"] == 10


def test_a_box_has_what_touches_it(web: TestClient) -> None:
    near = names(asked(web, bbox=MILL, limit=100))
    assert len(near) == NEAR + 2
    assert not {one for one in near if one.startswith("Far")}
    assert names(asked(web, bbox="-2.31,53.435,0,-2.29,53.45,100", limit=100)) == near
    assert names(asked(web, bbox="170,50,-2.27,60", limit=100)) == near
    assert asked(web, bbox="10,53,11,54")["features"] == []
    # The park's point lies west of this box, and its shape reaches into it.
    east, north = HERE
    lon, lat = geo.to_degrees([east + 290, east + 299], [north + 20, north + 40])
    assert names(asked(web, bbox=f"{lon[0]},{lat[0]},{lon[1]},{lat[1]}")) == {"Mill Park"}


@pytest.mark.parametrize("uri", SYSTEMS)
def test_the_same_box_in_every_system_finds_the_same(web: TestClient, uri: str) -> None:
    epsg = SYSTEMS[uri].epsg
    west, south, east, north = map(float, MILL.split(","))
    turn = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    corners = [*turn.transform(west, south), *turn.transform(east, north)]
    if epsg == 27700:
        corners = [
            float(each) for pair in zip(*geo.to_grid([west, east], [south, north]), strict=True) for each in pair
        ]
    if uri.endswith("/4326"):
        corners = [corners[1], corners[0], corners[3], corners[2]]
    box = ",".join(f"{each:.7f}" for each in corners)
    assert names(asked(web, **{"bbox": box, "bbox-crs": uri, "limit": "100"})) == names(
        asked(web, bbox=MILL, limit=100)
    )


@pytest.mark.parametrize("uri", SYSTEMS)
def test_features_in_every_system(web: TestClient, town: SimpleNamespace, uri: str) -> None:
    answer = web.get(f"{ITEMS}/{town.near[0]}", params={"crs": uri})
    assert answer.headers["content-crs"] == f"<{uri}>"
    assert "crs" not in answer.json()
    x, y = answer.json()["geometry"]["coordinates"]
    (lon,), (lat,) = geo.to_degrees([HERE[0]], [HERE[1]])
    if uri.endswith("/27700"):
        assert (x, y) == HERE
    elif uri.endswith("/3857"):
        there = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
        assert (x, y) == pytest.approx(there, abs=0.05)
    else:
        x, y = (y, x) if uri.endswith("/4326") else (x, y)
        assert (x, y) == pytest.approx((lon, lat), abs=2e-6)


@pytest.mark.parametrize(
    ("when", "far", "near"),
    [
        ("2025-03-01", True, False), ("2025-03-01T12:00:00Z", True, False), ("2025-03-01T12:00:00+00:00", True, False),
        ("2025-03-01T12:00:01Z", False, False), ("2025-01-01/2025-12-31", True, False), ("../2025-12-31", True, False),
        ("2025-12-31/..", False, True), ("/2025-03-01T12:00:00Z", True, False), ("2025-03-02/", False, True),
        ("2025-02-28", False, False),
    ],
)  # fmt: skip
def test_times_are_of_the_last_change(web: TestClient, when: str, far: bool, near: bool) -> None:
    found = names(asked(web, datetime=when, limit=100))
    assert ("Far library 1" in found, "Library 1" in found) == (far, near)


def test_who_harvests_each_night_learns_of_a_place_that_changed_or_ended(town: SimpleNamespace, store: str) -> None:
    headers = {"X-API-Key": secret_of(a_share("feed", layers=("places",)))}
    changes = {"2025-03-01": "name = 'Far Side'", "2025-03-02": "end_date = '2026-11-01'"}
    with the_doors(headers=headers) as web:
        for before, change in changes.items():
            with session(SYSTEM) as s:
                s.execute(text("update core.place set updated_at = :day, created_at = :day"), {"day": before})
            places, since = "/ogc/collections/places/items", {"datetime": "2025-12-31/.."}
            assert web.get(places, params=since).json()["features"] == []
            with session(SYSTEM) as s:
                s.execute(text(f"update core.place set {change} where name like 'Far%'"))
                s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'edit', 'place')"))
            (found,) = web.get(places, params=since).json()["features"]
            assert found["properties"]["name"] == "Far Side"
    assert found["properties"]["end-date"] == "2026-11-01"
    with session(SYSTEM) as s:
        s.execute(text("update core.place set name = 'Far End', end_date = null where name = 'Far Side'"))


@pytest.mark.parametrize(
    ("params", "n"),
    [
        ({"category": "park"}, 1), ({"category": "park", "name": "Library 1"}, 0), ({"name": "Côr yr Afon"}, 1),
        ({"languages": "cy"}, 1), ({"languages": "pl"}, 0), ({"confidence": "0.9"}, 1), ({"uprn": "1"}, 0),
        ({"assured_date": "2026-06-01"}, 30), ({"ward_code": "E05000001"}, NEAR + 2), ({"ward_code": "E1"}, 0),
        ({"asset_kind": "association", "bbox": MILL}, 1), ({"asset_kind": "association", "bbox": "0,51,1,52"}, 0),
        ({"name": "'; drop table core.asset; --"}, 0),
    ],
)  # fmt: skip
def test_properties(web: TestClient, params: dict[str, str], n: int) -> None:
    assert len(asked(web, limit=100, **params)["features"]) == n


@pytest.mark.parametrize(
    "params",
    [
        {"colour": "red"}, {"address": "x"}, {"access_facilities": "x"}, {"geometry": "x"}, {"bbox": "1,2,3"},
        {"bbox": "a,b,c,d"}, {"bbox": "1,2,3,nan"}, {"bbox": "0,60,1,50"}, {"bbox": MILL, "bbox-crs": "EPSG:4326"},
        {"crs": "27700"}, {"datetime": "yesterday"}, {"datetime": "2025-01-01/2024-01-01"}, {"datetime": "../.."},
        {"datetime": "a/b/c"}, {"datetime": ""}, {"datetime": "0000-01-01"}, {"confidence": "high"},
        {"assured_date": "1 June"}, {"uprn": "1e3x"}, {"uprn": "9" * 30}, {"after": "!!"}, {"after": "Zm9v"},
        {"f": "xml"}, {"resultType": "some"}, {"filter": "colour = 1"}, {"filter": "name ="},
        {"filter": "true", "filter-lang": "sql"},
        {"bbox": "5,50,1,51", "bbox-crs": f"{EPSG}/27700"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_sentence(web: TestClient, params: dict[str, str]) -> None:
    answer = web.get(ITEMS, params=params)
    assert answer.status_code == 400, answer.text
    assert len(answer.json()["error"]) > 20


def test_who_asks_for_the_number_gets_it(web: TestClient) -> None:
    page = asked(web, resultType="hits", category="library")
    assert (page["numberMatched"], page["numberReturned"], page["features"]) == (NEAR + FAR + 1, 0, [])


def test_one_feature_has_its_links(web: TestClient, town: SimpleNamespace) -> None:
    one = web.get(f"{ITEMS}/{town.choir}").json()
    assert (one["id"], one["properties"]["eligibility"]) == (str(town.choir), "from age 18")
    assert {each["rel"] for each in one["links"]} == {"self", "alternate", "collection"}
    assert one in [{**each, "links": one["links"]} for each in every(web)]
    assert web.get(f"{ITEMS}/{town.unplaced}").json()["geometry"] is None


def test_a_feature_that_is_hidden_is_none(web: TestClient, town: SimpleNamespace, key: str) -> None:
    none = web.get(f"{ITEMS}/{uuid4()}")
    assert none.status_code == 404
    for one in (*town.hidden.values(), town.partner, "nonsense", "%00"):
        assert (web.get(f"{ITEMS}/{one}").status_code, web.get(f"{ITEMS}/{one}").content) in (
            (404, none.content),
            (400, b""),
        )
    assert web.get(f"{ITEMS}/{town.far[0]}", headers={"X-API-Key": key}).content == none.content


def test_a_partner_sees_what_is_for_partners_in_their_places(web: TestClient, town: SimpleNamespace, key: str) -> None:
    found = set(ids(every(web, {"X-API-Key": key}, limit=4)))
    assert found == {str(one) for one in (*town.near, town.park, town.choir, town.partner)}
    places = web.get("/ogc/collections/places/items", headers={"X-API-Key": key}).json()["features"]
    assert {one["properties"]["name"] for one in places} == {"Old Mill"}


def test_a_copy_stays_good_until_something_changes(web: TestClient, town: SimpleNamespace, key: str) -> None:
    # All of them: the first few can be the same for both readers, and are then one copy.
    whole = {"limit": 100}
    first = web.get(ITEMS, params=whole)
    copy = {"If-None-Match": first.headers["etag"]}
    again = web.get(ITEMS, params=whole, headers=copy)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert web.get(ITEMS, params={"limit": 11}, headers=copy).status_code == 200
    assert web.get(ITEMS, params=whole, headers=copy | {"X-API-Key": key}).status_code == 200
    assert first.headers["cache-control"] == "public, no-cache"
    assert web.get(ITEMS, headers={"X-API-Key": key}).headers["cache-control"] == "private, no-cache"
    newest = max(datetime.strptime(first.headers["last-modified"], "%a, %d %b %Y %H:%M:%S GMT") for _ in (0,))
    assert newest.year >= 2025


def test_what_nobody_outside_sees_changes_no_copy(web: TestClient) -> None:
    first = web.get(ITEMS, params={"limit": 100}).headers["etag"]
    with session(SYSTEM) as s:
        an_asset(s, "library", name=HIDDEN, visibility="officer")
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'edit', 'person')"))
    assert web.get(ITEMS, params={"limit": 100}).headers["etag"] == first
    with session(SYSTEM) as s:
        an_asset(s, "library", name="One more")
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'add', 'asset')"))
    assert web.get(ITEMS, params={"limit": 100}).headers["etag"] != first
    with session(SYSTEM) as s:
        s.execute(text("delete from core.asset where name = 'One more'"))
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'add', 'asset')"))


@pytest.mark.parametrize(
    ("accepted", "used"), [("gzip", "gzip"), ("br, gzip", "br"), ("gzip;q=0", None), ("identity", None)]
)
def test_answers_travel_compressed(address: str, accepted: str, used: str | None) -> None:
    url = f"{address}{ITEMS}?limit=100"
    with httpx.stream("GET", url, headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == used
    body = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[used](raw)
    assert body.startswith(b'{"type":"FeatureCollection"')
    assert used is None or len(raw) < len(body) / 3


def test_a_head_is_an_answer_without_a_body(address: str) -> None:
    for path in (ITEMS, "/ogc", "/ogc/collections/assets/tiles/WebMercatorQuad/5/10/15"):
        whole, head = httpx.get(address + path), httpx.head(address + path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == whole.headers["etag"]


def test_the_page_of_features_leads_on_and_escapes_what_people_typed(web: TestClient) -> None:
    nasty = "<script>alert(1)</script>"
    with session(SYSTEM) as s:
        one = an_asset(s, name=nasty)
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'add', 'asset')"))
    listed = web.get(ITEMS, params={"f": "html", "limit": 3})
    assert 'rel="next"' in listed.text
    alone = web.get(f"{ITEMS}/{one}", headers={"Accept": "text/html"})
    assert "&lt;script&gt;" in alone.text
    assert nasty not in alone.text + web.get(ITEMS, params={"f": "html", "limit": 100}).text
    with session(SYSTEM) as s:
        s.execute(text("delete from core.asset where name like '<script%'"))
        s.execute(text("insert into core.audit_event (by, verb, thing_kind) values ('x', 'add', 'asset')"))
