"""Files of a shared map: its layers, its audience and its places alone, dead with the share, each written down."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from abcd.api import shared_files, sharing
from abcd.api.answers import told
from abcd.api.gate import Gate
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.db.tables import AuditEvent, PlaceAsset
from abcd.errors import AbcdError
from abcd.maps.files.formats import FORMATS
from tests.api.shares import a_share, over, revoked, secret_of
from tests.builders import HERE, a_place, an_asset

ROUTES = [*sharing.ROUTES, *shared_files.ROUTES]


@pytest.fixture(scope="module")
def places(store: str) -> dict[str, Any]:
    """Two estates with a library each, one of them for partners, and one asset for officers."""
    with session(SYSTEM) as s:
        load_taxonomy(s)
        found = {}
        for name, shift in (("near", 0), ("far", 9_000)):
            found[name] = a_place(s, (HERE[0] + shift, HERE[1]), name=name)
            library = an_asset(s, at=(HERE[0] + shift, HERE[1]), name=f"{name} library")
            partners = an_asset(s, name=f"{name} for partners", visibility="partner")
            hidden = an_asset(s, name="canary", visibility="officer")
            s.add_all(PlaceAsset(place_id=found[name], asset_id=one, relation="within")
                      for one in (library, partners, hidden))  # fmt: skip
        return found


@pytest.fixture
def door(store: str) -> Iterator[TestClient]:
    """The doors of shares and of their files, behind the gate."""
    app = Starlette(routes=ROUTES, middleware=[Middleware(Gate, routes=ROUTES)], exception_handlers={AbcdError: told})
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


def names(answer: Any) -> set[str]:
    """The assets of a GeoJSON answer."""
    assert answer.status_code == 200, answer.text
    return {one["properties"]["name"] for one in json.loads(answer.content)["features"]}


def test_a_partner_takes_what_is_theirs(door: TestClient, places: dict[str, Any]) -> None:
    one = a_share(places=(places["near"],))
    door.get(f"/s/{secret_of(one)}")
    answer = door.get(f"/shared/{one.share.slug}/files/assets.geojson")
    assert names(answer) == {"near library", "near for partners"}
    assert answer.headers["content-disposition"] == 'attachment; filename="assets.geojson"'
    with session(SYSTEM) as s:
        event = s.scalars(select(AuditEvent).where(AuditEvent.verb == "export").order_by(AuditEvent.id.desc())).first()
    assert (event.by, event.after["audience"], event.after["rows"]) == (f"share {one.share.id}", "partner", 2)
    assert event.after["sha256"] == sha256(answer.content).hexdigest()


def test_an_open_share_is_for_the_public(door: TestClient, places: dict[str, Any]) -> None:
    one = a_share("open")
    assert names(door.get(f"/open/{one.share.slug}/files/assets.geojson")) == {"near library", "far library"}
    far = door.get(f"/open/{one.share.slug}/files/assets.geojson", params={"place": str(places["far"])})
    assert names(far) == {"far library"}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_comes_whole(door: TestClient, places: dict[str, Any], form: str) -> None:
    one = a_share("open", layers=("activities",) if form == "oruk" else ("assets",))
    path = f"/open/{one.share.slug}/files/{one.share.layers[0]}.{form}"
    answer = door.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, FORMATS[form].media_type)
    assert int(answer.headers["content-length"]) == len(answer.content) > 0
    assert b"canary" not in answer.content
    assert door.get(path).content == answer.content
    head = door.head(path)
    assert (head.status_code, head.headers["content-type"], head.content) == (200, FORMATS[form].media_type, b"")


@pytest.mark.parametrize("file", ["places.geojson", "moons.geojson", "assets.shp", "people.csv"])
def test_what_is_not_shared_is_not_there(door: TestClient, places: dict[str, Any], file: str) -> None:
    one = a_share("open")
    assert door.get(f"/open/{one.share.slug}/files/{file}").status_code == 404


def test_a_file_dies_with_its_share(door: TestClient, places: dict[str, Any]) -> None:
    dead = [revoked(a_share("open")), over(a_share("open")), a_share("link")]
    answers = [door.get(f"/open/{one.share.slug}/files/assets.csv") for one in dead]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert answers[0].status_code == 404
