"""Every layer goes through the feed: measures, patches and people's figures, each page after page and as tiles."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.gaps.keeping import work_out
from abcd.maps.layers import BACKGROUND, LAYERS
from tests.api.doors import the_doors
from tests.api.shares import a_share, secret_of
from tests.builders import a_group, a_place, an_asset

OUTSIDE = tuple(name for name in LAYERS if name not in BACKGROUND)


@pytest.fixture(scope="module")
def web(store: str) -> Iterator[TestClient]:
    """A partner with a key to everything, over an estate whose measures were worked out."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        estate = a_place(s, name="Old Mill", households=100)
        a_place(s, name="A coach's patch", kind="patch", households=175)
        an_asset(s, name="Mill Library")
        a_group(s, name="Gardeners", opening_hours="Mo 10:00-12:00")
        work_out(s, estate)
    key = secret_of(a_share("feed", audience="council", layers=OUTSIDE))
    with the_doors(headers={"Accept": "application/json", "X-API-Key": key}) as client:
        yield client


def pages(web: TestClient, layer: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    address = f"/ogc/collections/{layer}/items?limit=40"
    while address:
        page = web.get(address).json()
        found += page["features"]
        following = [one["href"] for one in page["links"] if one["rel"] == "next"]
        address = "/ogc" + following[0].partition("/ogc")[2] if following else ""
    return found


@pytest.mark.parametrize("layer", OUTSIDE)
def test_a_layer_page_after_page(web: TestClient, layer: str) -> None:
    found = pages(web, layer)
    assert len({one["id"] for one in found}) == len(found)
    assert web.get(f"/ogc/collections/{layer}/items?resultType=hits").json()["numberMatched"] == len(found)
    for one in found:
        alone = web.get(f"/ogc/collections/{layer}/items/{one['id']}").json()
        assert alone["properties"] == one["properties"]
    schema = web.get(f"/ogc/collections/{layer}/schema").json()["properties"]
    for one in found:
        assert set(one["properties"]) == set(schema) - {"geometry"}
    assert web.get(f"/ogc/collections/{layer}/tiles/WebMercatorQuad/tilejson.json").status_code == 200


def test_measures_are_there_and_can_be_asked_for(web: TestClient) -> None:
    coverage = web.get("/ogc/collections/coverage/items?limit=1000").json()["features"]
    assert {one["properties"]["place_name"] for one in coverage} == {"Old Mill"}
    (chosen,) = web.get("/ogc/collections/coverage/items?category=library").json()["features"]
    assert (chosen["properties"]["category"], chosen["properties"]["known"]) == ("library", "Here")
    assert chosen in coverage
    assert [one["properties"]["kind"] for one in pages(web, "patches")] == ["patch"]
