"""What a map draws: features, clusters where there are too many, and the background."""

import json
from typing import Any
from uuid import UUID

import pytest
from shapely import Point, box
from shapely.geometry import shape as shapely_shape
from sqlalchemy import func, text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.core import geo
from abcd.db.cells import count_afresh, count_later
from abcd.db.tables import Asset, Place, PlaceAsset
from abcd.errors import BadRequest, NotFound
from abcd.maps import viewport
from abcd.maps.view import BRITAIN, Bbox, Filters
from tests.builders import HERE, a_place, an_asset, shape

EAST, NORTH = HERE
Drawn = list[dict[str, Any]]
ZOOMS = range(5, 19)
MANY = """
insert into core.asset (name, category, asset_kind, geom, point)
select 'Asset ' || i, :category, :kind, p, p from generate_series(0, :n - 1) i
cross join lateral (select ST_SetSRID(ST_MakePoint(:east + i % :side * :step, :north + i / :side * :step), 27700) p) q
"""


@pytest.fixture(autouse=True)
def taxonomy(s: Session) -> None:
    """Categories with their themes."""
    load_taxonomy(s)


def round_about(metres: float, at: tuple[float, float] = HERE) -> Bbox:
    """A box in degrees, ``metres`` to each side of a point."""
    lon, lat = geo.to_degrees([at[0] - metres, at[0] + metres], [at[1] - metres, at[1] + metres])
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def drawn(
    s: Session, layer: str = "assets", bbox: Bbox | None = None, zoom: int = 15, **more: Any
) -> list[dict[str, Any]]:
    """The features of a view."""
    audience = more.pop("audience", "officer")
    found = viewport.features(s, layer, bbox or round_about(1_000), zoom, Filters(**more), audience)
    return json.loads(found)["features"]


def counted(features: list[dict[str, Any]]) -> int:
    """How many assets the marks stand for."""
    return sum(one["properties"].get("count", 1) for one in features)


def many(s: Session, n: int, category: str = "cafe", kind: str = "economic", step: float = 10) -> None:
    """``n`` assets on a square grid north-east of the usual point, counted as a bulk load counts."""
    count_later(s)
    values = {"n": n, "side": int(n**0.5) + 1, "step": step, "east": EAST, "north": NORTH}
    s.execute(text(MANY), values | {"category": category, "kind": kind})
    count_afresh(s)


def test_a_view_holds_what_lies_in_it(s: Session) -> None:
    near, far = an_asset(s), an_asset(s, at=(EAST + 5_000, NORTH))
    assert [one["id"] for one in drawn(s)] == [str(near)]
    assert {one["id"] for one in drawn(s, bbox=round_about(6_000))} == {str(near), str(far)}


def test_a_feature_carries_what_its_card_says(s: Session) -> None:
    an_asset(s, name="Sale Library", address="1 High Street", postcode="M33 7ZF")
    (one,) = drawn(s)
    assert one["properties"] == {
        "name": "Sale Library", "asset_kind": "institution", "category": "library", "category_name": "Library or hub",
        "status": "active", "assured_date": "2026-06-01", "confidence": 0.5, "theme": "learning-and-skills",
        "fresh": one["properties"]["fresh"], "address": "1 High Street", "postcode": "M33 7ZF",
        "venue_address": "1 High Street", "venue_postcode": "M33 7ZF",
    }  # fmt: skip
    (seen,) = drawn(s, audience="partner")
    assert not {"address", "postcode"} & set(seen["properties"])


def test_what_is_not_alive_or_not_theirs_is_not_drawn(s: Session) -> None:
    shown = an_asset(s)
    an_asset(s, status="defunct")
    an_asset(s, merged_into=shown)
    an_asset(s, kind="individual")
    an_asset(s, visibility="officer")
    assert len(drawn(s)) == 2
    assert [one["id"] for one in drawn(s, audience="public")] == [str(shown)]


@pytest.mark.parametrize(
    ("filters", "n"),
    [
        ({"category": "library"}, 1),
        ({"kinds": ("institution", "association")}, 3),
        ({"kinds": ("association",), "category": "youth-group"}, 1),
        ({"theme": "food"}, 1),
        ({"theme": "no-such-theme"}, 0),
    ],
)
@pytest.mark.parametrize("zoom", [8, 15])
def test_filters_keep_the_same_near_and_far(s: Session, filters: dict[str, Any], n: int, zoom: int) -> None:
    an_asset(s, "library")
    an_asset(s, "youth-group", kind="association")
    an_asset(s, "food-bank", kind="association")
    an_asset(s, "park", kind="physical")
    assert counted(drawn(s, zoom=zoom, **filters)) == n


def test_a_place_keeps_what_it_holds(s: Session) -> None:
    place, inside, _outside = a_place(s), an_asset(s), an_asset(s)
    s.add(PlaceAsset(place_id=place, asset_id=inside, relation="within"))
    s.flush()
    assert [one["id"] for one in drawn(s, place=str(place))] == [str(inside)]


def test_a_list_is_drawn_wherever_it_is_and_never_as_clusters(s: Session) -> None:
    many(s, 2_500)
    far = [an_asset(s, at=(EAST + 50_000 * n, NORTH)) for n in (1, 2)]
    assert {one["id"] for one in drawn(s, zoom=6, ids=tuple(far))} == set(map(str, far))


def test_too_many_become_clusters_that_lose_nobody(s: Session) -> None:
    many(s, 2_001)
    features = drawn(s, bbox=round_about(2_000), zoom=13)
    assert all(one["properties"]["cluster"] for one in features)
    assert counted(features) == 2_001


def test_at_the_limit_each_is_itself(s: Session) -> None:
    many(s, 2_000)
    features = drawn(s, bbox=round_about(2_000), zoom=13)
    assert len(features) == 2_000
    assert "cluster" not in features[0]["properties"]


@pytest.mark.parametrize("zoom", ZOOMS)
def test_at_every_zoom_all_are_counted_once(s: Session, zoom: int) -> None:
    many(s, 3_000)
    many(s, 500, "library", "institution", step=17)
    features = drawn(s, bbox=BRITAIN, zoom=zoom)
    assert counted(features) == 3_500
    kinds = {"economic": 0, "institution": 0}
    for one in features:
        assert sum(one["properties"]["kinds"].values()) == one["properties"]["count"]
        for kind, n in one["properties"]["kinds"].items():
            kinds[kind] += n
    assert kinds == {"economic": 3_000, "institution": 500}


def test_a_cluster_stands_amid_its_assets_and_names_their_main_kind(s: Session) -> None:
    many(s, 2_100, step=1)
    an_asset(s, at=(EAST + 5, NORTH + 5))
    (one,) = drawn(s, zoom=9)
    assert one["properties"]["asset_kind"] == "economic"
    easting, northing = geo.to_grid(*([value] for value in one["geometry"]["coordinates"]))
    assert abs(easting[0] - EAST - 23) < 2
    assert abs(northing[0] - NORTH - 22) < 2


def test_what_people_do_is_counted_at_once(s: Session) -> None:
    many(s, 2_500)
    moved, retired = an_asset(s), an_asset(s)
    assert counted(drawn(s, zoom=9)) == 2_502
    s.get_one(Asset, retired).status = "defunct"
    s.get_one(Asset, moved).point = func.ST_SetSRID(func.ST_MakePoint(EAST + 300_000, NORTH), 27700)
    s.flush()
    assert counted(drawn(s, bbox=round_about(30_000), zoom=9)) == 2_500
    assert counted(drawn(s, bbox=BRITAIN, zoom=6)) == 2_501


def test_places_are_drawn_from_their_zoom_on_unless_asked_for(s: Session) -> None:
    estate, ward = a_place(s), a_place(s, kind="ward", size=9_000)
    assert [one["id"] for one in drawn(s, "places", zoom=9)] == [str(ward)]
    assert {one["id"] for one in drawn(s, "places", zoom=14)} == {str(ward), str(estate)}
    assert [one["id"] for one in drawn(s, "places", zoom=14, kinds=("estate",))] == [str(estate)]
    assert [one["id"] for one in drawn(s, "places", zoom=9, place=str(estate))] == [str(estate)]


def test_a_boundary_is_no_finer_than_the_screen_and_in_its_place(s: Session) -> None:
    circle = Point(HERE).buffer(5_000, quad_segs=500)
    place = a_place(s, kind="ward", size=9_000)
    s.get_one(Place, place).geom = func.ST_Multi(shape(circle))
    s.flush()
    (wide,) = drawn(s, "places", bbox=round_about(6_000), zoom=10)
    (near,) = drawn(s, "places", bbox=round_about(6_000), zoom=12)
    corners = [len(one["geometry"]["coordinates"][0][0]) for one in (wide, near)]
    assert corners[0] < corners[1] < 300
    assert abs(shapely_shape(near["geometry"]).area / shapely_shape(wide["geometry"]).area - 1) < 0.02


def test_close_in_what_lies_far_outside_is_cut_away(s: Session) -> None:
    a_place(s, kind="lad", size=100_000)
    (one,) = drawn(s, "places", bbox=round_about(200), zoom=17)
    west, south, east, north = shapely_shape(one["geometry"]).bounds
    assert east - west < 0.02
    assert north - south < 0.02


def test_greenery_is_drawn_from_shapes_of_assets_and_places(s: Session) -> None:
    lawn = box(EAST, NORTH, EAST + 200, NORTH + 200)
    an_asset(s, "park", geom=lawn, kind="physical", name="Longford Park")
    an_asset(s, "park", name="A point")
    an_asset(s, "library", geom=lawn)
    a_place(s, kind="greenspace", name="Meadow")
    assert {one["properties"]["name"] for one in drawn(s, "greenspace")} == {"Longford Park", "Meadow"}
    assert drawn(s, "greenspace", zoom=9) == []


@pytest.mark.parametrize("layer", ["assets", "places", "boundaries", "greenspace", "water", "streets"])
def test_an_empty_store_draws_empty_layers(s: Session, layer: str) -> None:
    assert drawn(s, layer, bbox=BRITAIN, zoom=6) == []


def test_an_unknown_layer_is_not_found(s: Session) -> None:
    with pytest.raises(NotFound, match="moons"):
        drawn(s, "moons")


@pytest.mark.parametrize(
    ("bbox", "zoom"),
    [((1, 53, -1, 54), 10), ((-1, 54, 1, 53), 10), ((float("nan"), 53, 1, 54), 10), ((-1, 53, 1, 54), 99)],
)
def test_a_view_that_makes_no_sense_is_refused(s: Session, bbox: Bbox, zoom: int) -> None:
    with pytest.raises(BadRequest, match="bbox=west,south,east,north"):
        drawn(s, bbox=bbox, zoom=zoom)


def test_a_view_of_elsewhere_is_empty(s: Session) -> None:
    an_asset(s)
    assert drawn(s, bbox=(100, -40, 120, -20), zoom=6) == []


def test_any_text_comes_through_as_it_is(s: Session) -> None:
    name = '</script><img src=x onerror=alert(1)> ${1} " \\ \u2028 \U0001f600'
    an_asset(s, name=name)
    assert drawn(s)[0]["properties"]["name"] == name


def test_an_id_is_a_uuid(s: Session) -> None:
    an_asset(s)
    assert UUID(drawn(s)[0]["id"]).version
