"""The landing page and the collections of the feed: what is there, for whom, and that every link leads somewhere."""

from types import SimpleNamespace
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator
from starlette.testclient import TestClient

from abcd.config import settings
from tests.api.ogc.conftest import HIDDEN, OPEN_TO_ALL
from tests.api.shares import a_share, revoked, secret_of


def links_in(document: Any) -> set[str]:
    """Every address in a document."""
    if isinstance(document, dict):
        own = {document["href"]} if "href" in document and not document.get("templated") else set()
        return own.union(*map(links_in, document.values()))
    return set().union(*map(links_in, document)) if isinstance(document, list) else set()


def test_every_link_from_the_landing_page_on_leads_somewhere(web: TestClient) -> None:
    root = settings().public_url
    waiting, known = {f"{root}/ogc"}, set()
    while waiting:
        address = waiting.pop()
        known.add(address)
        answer = web.get(address.removeprefix(root))
        assert answer.status_code == 200, address
        if "html" not in answer.headers["content-type"] and "/items/" not in address:
            waiting |= {one for one in links_in(answer.json()) if "/items?" not in one} - known
    assert {f"{root}/ogc/collections/{name}" for name in OPEN_TO_ALL} <= known
    assert len(known) > 50


def test_the_document_of_the_feed_is_valid_openapi_3_0(web: TestClient, key: str) -> None:
    for headers in ({}, {"X-API-Key": key}):
        answer = web.get("/ogc/api", headers=headers)
        assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
        OpenAPIV30SpecValidator(answer.json()).validate()
    paths = web.get("/ogc/api").json()["paths"]
    asked = {one.get("name") for one in paths["/collections/assets/items"]["get"]["parameters"]}
    assert {"category", "entry-date", "lsoa_code"} <= asked
    assert "access_facilities" not in asked


def test_collections_are_those_of_the_reader(web: TestClient, key: str) -> None:
    def named(**headers: str) -> list[str]:
        return [one["id"] for one in web.get("/ogc/collections", headers=headers).json()["collections"]]

    assert sorted(named()) == sorted(OPEN_TO_ALL)
    assert named(Authorization=f"Bearer {key}") == ["assets", "places"]


@pytest.mark.parametrize("path", ["", "/items", "/schema", "/queryables", "/tiles", "/tiles/WebMercatorQuad"])
def test_a_layer_that_is_not_open_is_no_layer(web: TestClient, path: str) -> None:
    unknown = web.get(f"/ogc/collections/moons{path}")
    shut = web.get(f"/ogc/collections/patches{path}")
    assert (shut.status_code, shut.content) == (unknown.status_code, unknown.content) == (404, unknown.content)
    assert {name: value for name, value in shut.headers.items() if name != "date"} == dict(unknown.headers)


def test_the_box_of_a_collection_is_that_of_what_the_reader_sees(web: TestClient, key: str) -> None:
    def box(name: str, **headers: str) -> list[float]:
        found = web.get(f"/ogc/collections/{name}", headers=headers).json()["extent"]["spatial"]["bbox"][0]
        assert [-9, 49] < found[:2] < found[2:] < [3, 62]
        return list(found)

    whole, own = box("assets"), box("assets", **{"X-API-Key": key})
    assert whole[2] - whole[0] > 0.07
    assert own[2] - own[0] < 0.01
    assert whole[0] <= own[0] < own[2] <= whole[2]
    assert box("places", **{"X-API-Key": key})[2] < box("places")[2] - 0.05


def test_what_it_conforms_to_is_what_its_parts_say(web: TestClient) -> None:
    conforms = web.get("/ogc/conformance").json()["conformsTo"]
    for part in (
        "features-1/1.0/conf/core",
        "features-1/1.0/conf/oas30",
        "features-2/1.0/conf/crs",
        "tiles-1/1.0/conf/mvt",
    ):
        assert any(one.endswith(part) for one in conforms), part
    collection = web.get("/ogc/collections/assets").json()
    assert collection["storageCrs"].endswith("/27700")
    assert len(collection["crs"]) == 4


def test_the_schema_tells_each_property_and_the_queryables_those_one_can_ask_for(web: TestClient) -> None:
    schema, asked = (web.get(f"/ogc/collections/assets/{which}").json() for which in ("schema", "queryables"))
    assert set(asked["properties"]) < set(schema["properties"])
    assert asked["properties"]["confidence"]["type"] == "number"
    assert asked["properties"]["assured_date"]["format"] == "date"
    assert "phone" in schema["properties"]
    assert "address" not in schema["properties"]


@pytest.mark.parametrize("path", ["", "/conformance", "/api", "/collections", "/collections/assets", "/tileMatrixSets"])
def test_a_parameter_that_there_is_not_is_refused(web: TestClient, path: str) -> None:
    answer = web.get(f"/ogc{path}", params={"colour": "red"})
    assert answer.status_code == 400
    assert "colour" in answer.json()["error"]


PAGES = (
    "", "/conformance", "/api", "/collections", "/collections/assets", "/collections/assets/schema",
    "/collections/assets/queryables", "/collections/assets/items", "/collections/assets/tiles",
    "/collections/assets/tiles/WebMercatorQuad", "/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_address_has_a_page_in_both_languages(web: TestClient, path: str) -> None:
    english = web.get(f"/ogc{path}", headers={"Accept": "text/html"})
    welsh = web.get(f"/ogc{path}", params={"f": "html", "lang": "cy"})
    assert english.headers["content-type"] == welsh.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="en">' in english.text
    assert '<html lang="cy">' in welsh.text
    assert HIDDEN not in english.text


def test_any_sites_script_may_read_it_and_asks_before_it_sends_a_key(web: TestClient) -> None:
    for path in ("/ogc", "/ogc/collections/assets/items"):
        asked = web.options(path, headers={"Origin": "https://gis.example", "Access-Control-Request-Method": "GET"})
        assert asked.status_code == 204
        assert "X-API-Key" in asked.headers["access-control-allow-headers"]
        for where in (path, f"{path}?colour=red"):
            assert (
                web.get(where, headers={"Origin": "https://gis.example"}).headers["access-control-allow-origin"] == "*"
            )


def test_a_key_that_opens_nothing_gets_the_one_answer_everywhere(web: TestClient) -> None:
    gone = secret_of(revoked(a_share("feed", layers=("assets",))))
    answers = {
        web.get(f"/ogc{path}", headers={"X-API-Key": secret}).content
        for path in (
            "",
            "/api",
            "/collections",
            "/collections/assets/items",
            "/collections/assets/tiles/WebMercatorQuad/9/1/1",
        )
        for secret in (gone, "abcd_nonsense", "x")
    }
    assert len(answers) == 1


def test_a_key_that_is_taken_back_opens_nothing_from_then_on(web: TestClient, town: SimpleNamespace) -> None:
    one = a_share("feed", layers=("assets",), places=(town.mill,))
    headers = {"X-API-Key": secret_of(one)}
    first = web.get("/ogc/collections/assets/items", headers=headers)
    tile = web.get("/ogc/collections/assets/tiles/WebMercatorQuad/5/10/15", headers=headers)
    assert (first.status_code, tile.status_code) == (200, 200)
    revoked(one)
    for path, copy in (("items", first), ("tiles/WebMercatorQuad/5/10/15", tile)):
        again = web.get(f"/ogc/collections/assets/{path}", headers=headers | {"If-None-Match": copy.headers["etag"]})
        assert again.status_code == 404
