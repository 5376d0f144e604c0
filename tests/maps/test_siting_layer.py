"""Sites and the homes that are left out, as the map draws them, and what its address may say."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.core.geo import to_grid
from abcd.errors import BadRequest, NotFound
from abcd.maps.geojson import collection
from abcd.maps.siting_layer import MOST, siting_features
from tests.builders import HERE, a_place, a_small_area, an_asset

AT = f"{HERE[0] + 1200},{HERE[1]}"


@pytest.fixture
def estate(s: Session) -> UUID:
    """An estate of three groups of homes, with a library in the middle."""
    load_taxonomy(s)
    for metres, households in ((-1200, 100), (0, 150), (1200, 60)):
        a_small_area(s, (HERE[0] + metres, HERE[1]), households)
    return a_place(s, size=2600)


def drawn(s: Session, estate: UUID, at: str = "", show: str = "left", **more: Any) -> list[dict[str, Any]]:
    told = siting_features(s, str(estate), "library", "standard", (), at, show, **more)
    return list(json.loads(collection(told))["features"])


def test_those_who_are_far_from_every_site_are_drawn_with_their_households(s: Session, estate: UUID) -> None:
    library = an_asset(s, "library", HERE)
    assert [one["properties"]["name"] for one in drawn(s, estate)] == [
        "100 households, in the west", "60 households, in the east",
    ]  # fmt: skip
    assert [one["properties"]["name"] for one in drawn(s, estate, AT)] == ["100 households, in the west"]
    moved = drawn(s, estate, AT, without=str(library))
    assert [one["properties"]["name"].split(",")[0] for one in moved] == ["150 households", "100 households"]


def test_sites_are_numbered_where_the_address_says(s: Session, estate: UUID) -> None:
    found = drawn(s, estate, f"{AT};{HERE[0]},{HERE[1]}", "sites")
    assert [one["properties"]["name"] for one in found] == ["1", "2"]
    lon, lat = found[0]["geometry"]["coordinates"]
    east, north = to_grid([lon], [lat])
    assert (float(east[0]), float(north[0])) == pytest.approx((HERE[0] + 1200, HERE[1]), abs=0.1)


def test_what_is_no_point_is_refused(s: Session, estate: UUID) -> None:
    for at in ("here", "1", "1,2,3", "nan,1", "1e308,1", "-5,1", ";".join(["1,2"] * (MOST + 1))):
        with pytest.raises(BadRequest):
            drawn(s, estate, at)
    for without in ("one", str(uuid4())):
        with pytest.raises(BadRequest):
            drawn(s, estate, AT, without=without)
    with pytest.raises(NotFound):
        siting_features(s, "nowhere", "library", "standard", (), "", "left")
