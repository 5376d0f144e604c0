"""An invented town behind the feed: what is for everybody, what for partners, and what for nobody outside."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from shapely import Point, box
from sqlalchemy import text
from starlette.testclient import TestClient

from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Activity, PlaceAsset, Setting
from abcd.maps.reader import PUBLIC_LAYERS
from tests.api.conftest import free_port, until_up
from tests.api.doors import the_doors
from tests.api.shares import a_share, secret_of
from tests.builders import HERE, TODAY, a_place, an_asset

OPEN_TO_ALL = ["assets", "venues", "groups", "activities", "places"]
NEAR, FAR = 23, 4
HIDDEN = "canary-never-outside"


@pytest.fixture(scope="module")
def town(store: str) -> SimpleNamespace:
    """Ids by name. Old Mill is a square of 400 m with ``NEAR`` libraries; ``FAR`` more stand 5 km to the east."""
    east, north = HERE
    with session(SYSTEM) as s:
        load_taxonomy(s)
        s.merge(Setting(name=PUBLIC_LAYERS, value=OPEN_TO_ALL))
        mill = a_place(s, name="Old Mill", households=120)
        ward = a_place(s, name="Mill ward", kind="ward", size=4000, gss_code="E05000001", vintage="2023")
        a_place(s, (east + 5000, north), name="Far End")
        near = [an_asset(s, at=(east + n * 5, north - n), name=f"Library {n}") for n in range(NEAR)]
        far = [an_asset(s, at=(east + 5000 + n, north), name=f"Far library {n}") for n in range(FAR)]
        park = an_asset(
            s, "park", None, kind="physical", name="Mill Park", geom=box(east, north, east + 300, north + 60)
        )
        choir = an_asset(
            s, "arts-and-music", kind="association", name="Côr yr Afon", languages=["cy", "en"], confidence=0.9
        )
        s.add(Activity(asset_id=choir, minimum_age=18))
        partner = an_asset(s, "library", name="For partners", visibility="partner")
        hidden = {
            "officer": an_asset(s, "library", name=HIDDEN, visibility="officer"),
            "gift": an_asset(s, "library", name=HIDDEN, kind="individual"),
        }
        unplaced = an_asset(s, "library", None, name="A place that stays private", is_sensitive=True)
        for one in [*near, park, choir, partner]:
            s.add_all(PlaceAsset(place_id=place, asset_id=one, relation="within") for place in (mill, ward))
        s.execute(
            text("update core.asset set updated_at = :day where name like 'Far%'"),
            {"day": datetime(2025, 3, 1, 12, tzinfo=UTC)},
        )
    return SimpleNamespace(mill=mill, near=near, far=far, park=park, choir=choir, partner=partner, hidden=hidden,
                           unplaced=unplaced, point=Point(HERE), today=TODAY)  # fmt: skip


@pytest.fixture(scope="module")
def web(town: SimpleNamespace) -> Iterator[TestClient]:
    """A program without a key."""
    with the_doors(headers={"Accept": "application/json"}) as client:
        yield client


@pytest.fixture
def key(town: SimpleNamespace) -> str:
    """The key of a partner who may see assets and places, in Old Mill alone."""
    return secret_of(a_share("feed", layers=("assets", "places"), places=(town.mill,)))


@pytest.fixture(scope="module")
def address(town: SimpleNamespace, store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The public process on the loopback, as anybody's client meets it."""
    port, log = free_port(), tmp_path_factory.mktemp("public") / "log"
    own = {"ABCD_DATABASE_URL": store, "ABCD_PORT": str(port), "ABCD_URL": f"http://127.0.0.1:{port}"}
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "abcd.api.public"], env=os.environ | own, stdout=output,
                                   stderr=output, cwd=Path(__file__).parents[3])  # fmt: skip
    try:
        yield until_up(f"http://127.0.0.1:{port}", log)
    finally:
        process.terminate()
        process.wait(30)


def seen(town: SimpleNamespace) -> set[UUID]:
    """The assets that everybody sees."""
    return {*town.near, *town.far, town.park, town.choir, town.unplaced}
