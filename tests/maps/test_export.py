"""GeoJSON files: what is in them, what is not, the same bytes each time, and what strict readers say."""

import errno
import hashlib
import io
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import geojson_validator
import pytest
import shapely
from convertbng import cutil
from geojson_pydantic import FeatureCollection
from shapely.geometry import shape
from sqlalchemy import select

from abcd.db.session import Actor, session
from abcd.db.tables import AuditEvent
from abcd.errors import BadRequest, NotAllowed, NotFound, StoreUnavailable
from abcd.maps.export import Exported, export_geojson
from abcd.maps.layers import LAYERS
from tests.builders import HERE
from tests.maps.conftest import Borough

geojson_validator.configure_logging(enabled=False)

PUBLIC = {"hall", "refuge", "garden", "quiet", "unplaced", "story", "closed", "far"}


def exported(owner: Actor, layer: str = "assets", **asked: Any) -> dict[str, Any]:
    """The parsed file of a layer."""
    out = io.BytesIO()
    with session(owner) as s:
        export_geojson(s, layer, out, by=owner, **asked)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def whole(borough: Borough, owner: Actor) -> dict[str, Any]:
    """Every public asset."""
    return exported(owner)


def names(borough: Borough, file: dict[str, Any]) -> set[str]:
    """Which of the borough's assets are in the file."""
    known = {str(number): name for name, number in borough.assets.items()}
    return {known[feature["id"]] for feature in file["features"]}


def feature(borough: Borough, file: dict[str, Any], name: str) -> dict[str, Any]:
    """One asset of the file."""
    return next(one for one in file["features"] if one["id"] == str(borough.assets[name]))


def test_what_the_public_may_see_is_in_the_file_and_nothing_else(borough: Borough, whole: dict[str, Any]) -> None:
    assert names(borough, whole) == PUBLIC


def test_no_byte_of_what_must_stay_inside_leaves(borough: Borough, owner: Actor) -> None:
    text = json.dumps([exported(owner), exported(owner, "places")], ensure_ascii=False)
    assert "canary" not in text
    assert "M16 7AA" not in text
    assert "200099999999" not in text


def test_other_audiences_see_what_is_for_them(borough: Borough, owner: Actor) -> None:
    assert names(borough, exported(owner, audience="partner")) == PUBLIC | {"partners only"}
    assert names(borough, exported(owner, audience="officer")) == PUBLIC | {"partners only", "officers only"}


def test_a_feature_says_what_product_h1_asks(borough: Borough, whole: dict[str, Any]) -> None:
    hall = feature(borough, whole, "hall")
    assert hall["properties"] == {
        "reference": "council-halls:7", "name": 'Mill "Hall" \\ <b>\u2028 ${x}', "name_cy": "Neuadd y Felin",
        "asset_kind": "physical", "category": "community-centre",
        "category_uri": "https://wiki.openstreetmap.org/wiki/Tag:amenity%3Dcommunity_centre", "description": None,
        "organisation": "Old Mill Trust", "uprn": 100012345678, "place_reference": "OM1", "place_name": "Old Mill",
        "lad_code": "E08000009", "lad_year": "2023", "ward_code": "E05000001", "ward_year": "2023",
        "lsoa_code": "E01006001", "lsoa_year": "2021", "oa_code": "E00030001", "oa_year": "2021", "status": "active",
        "step_free": "unknown", "access_facilities": {"lift": "yes"}, "schedule_text": "Mo-Fr 09:00-17:00",
        "cost": None, "open_to_new": "unknown", "eligibility": "from age 5; to age 11; referral needed",
        "languages": ["en", "ur"], "website": "https://hall.example.org", "phone": "0161 912 1000",
        "email": "hall@example.org", "source_kind": "import", "source": "Halls 2026", "assured_date": "2026-06-01",
        "confidence": 0.5, "entry-date": "2026-05-04", "start-date": None, "end-date": None,
        "notes": "Placed by coordinates, right within about 10 m.", "licence": "Open Government Licence v3.0",
    }  # fmt: skip
    (lon,), (lat,) = cutil.convert_osgb36_to_ll([HERE[0]], [HERE[1]])
    assert hall["geometry"]["coordinates"] == pytest.approx([lon, lat], abs=1e-6)


def test_a_contact_needs_consent(borough: Borough, whole: dict[str, Any]) -> None:
    quiet = feature(borough, whole, "quiet")["properties"]
    assert (quiet["phone"], quiet["email"]) == (None, None)


@pytest.mark.parametrize("name", ["refuge", "unplaced"])
def test_what_has_no_place_has_no_geometry(borough: Borough, whole: dict[str, Any], name: str) -> None:
    assert feature(borough, whole, name)["geometry"] is None


def test_the_file_describes_itself(whole: dict[str, Any]) -> None:
    told = whole["metadata"]
    assert told["generated_at"] == "2026-05-04T09:30:00Z"
    assert told["as_of"] == "2026-05-04"
    assert (told["rows"], told["without_geometry"]) == (8, 2)
    assert told["left_out"] == {
        "merged into another record": 1,
        "gift of a resident, never placed": 1,
        "not for this audience": 2,
    }
    assert told["sources"] == [
        {"name": "Halls 2026", "publisher": "Trafford Council", "licence": "Open Government Licence v3.0",
         "attribution": "Contains Trafford Council data."}
    ]  # fmt: skip
    assert set(told["columns"]) == set(whole["features"][0]["properties"])


def test_the_box_holds_every_feature_and_no_more(whole: dict[str, Any]) -> None:
    shapes = [shape(one["geometry"]) for one in whole["features"] if one["geometry"]]
    assert whole["bbox"] == pytest.approx(list(shapely.union_all(shapes).bounds), abs=1e-9)


def test_features_come_in_the_order_of_their_ids(whole: dict[str, Any]) -> None:
    ids = [one["id"] for one in whole["features"]]
    assert ids == sorted(ids)


def test_the_same_store_gives_the_same_bytes(borough: Borough, owner: Actor, tmp_path: Path) -> None:
    first, second = tmp_path / "a.geojson", tmp_path / "b.geojson"
    for path in (first, second):
        with session(owner) as s:
            export_geojson(s, "assets", path, by=owner)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9])
def test_however_it_is_cut_the_bytes_are_the_same(
    borough: Borough, owner: Actor, whole: dict[str, Any], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LAYERS, "assets", replace(LAYERS["assets"], piece=size))
    assert exported(owner) == whole


def test_a_place_keeps_what_lies_in_it(borough: Borough, owner: Actor) -> None:
    file = exported(owner, place="OM1")
    assert names(borough, file) == {"hall", "garden", "quiet", "story", "closed"}
    assert file["metadata"]["selection"]["place"] == {"reference": "OM1", "name": "Old Mill", "kind": "estate"}


def test_a_category_keeps_its_own(borough: Borough, owner: Actor) -> None:
    assert names(borough, exported(owner, category="library")) == {"quiet", "unplaced", "closed", "far"}


def test_places_come_with_those_inside_them(borough: Borough, owner: Actor) -> None:
    file = exported(owner, "places", place=str(borough.places["ward"]))
    assert {one["properties"]["name"] for one in file["features"]} == {"Longford", "Old Mill"}


def test_an_empty_answer_is_a_file_too(borough: Borough, owner: Actor) -> None:
    file = exported(owner, place="FS1", category="park")
    assert file["features"] == []
    assert "bbox" not in file
    assert file["metadata"]["generated_at"] is None
    FeatureCollection.model_validate(file)


@pytest.mark.parametrize("layer", ["assets", "places"])
def test_strict_readers_agree(borough: Borough, owner: Actor, layer: str) -> None:
    file = exported(owner, layer)
    assert len(FeatureCollection.model_validate(file).features) == len(file["features"])
    assert geojson_validator.validate_structure(file, check_crs=True) == {}
    found = geojson_validator.validate_geometries(file)
    assert found["invalid"] == {}
    assert set(found["problematic"]) <= {"holes"}


def test_the_check_of_the_winding_can_fail(borough: Borough, whole: dict[str, Any]) -> None:
    turned = json.loads(json.dumps(feature(borough, whole, "garden")))
    for ring in turned["geometry"]["coordinates"]:
        ring.reverse()
    found = geojson_validator.validate_geometries({"type": "FeatureCollection", "features": [turned]})
    assert {"exterior_not_ccw", "interior_not_cw"} <= set(found["invalid"])


def test_gdal_reads_it(borough: Borough, owner: Actor, tmp_path: Path) -> None:
    path = tmp_path / "assets.geojson"
    with session(owner) as s:
        export_geojson(s, "assets", path, by=owner)
    told = subprocess.run(["ogrinfo", "-so", "-al", str(path)], capture_output=True, text=True, check=True).stdout
    assert "Feature Count: 8" in told
    assert "WGS 84" in told
    assert "entry-date: Date" in told


def test_what_left_is_written_down_with_its_fingerprint(borough: Borough, owner: Actor, tmp_path: Path) -> None:
    path = tmp_path / "halls.geojson"
    with session(owner) as s:
        done = export_geojson(s, "assets", path, by=owner, category="library")
    with session(owner) as s:
        event = s.scalars(select(AuditEvent).where(AuditEvent.verb == "export").order_by(AuditEvent.id.desc())).first()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert done == Exported("assets", rows=4, drawn=3, bytes=path.stat().st_size, sha256=sha256)
    assert (event.thing_kind, event.thing_id, event.after["sha256"]) == ("layer", "assets", sha256)
    assert event.after["category"] == "library"


def test_a_failure_leaves_the_old_file_and_no_half_of_a_new_one(
    borough: Borough, owner: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "assets.geojson"
    path.write_text("before")

    def broken(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("abcd.maps.export.metadata", broken)
    with pytest.raises(StoreUnavailable, match=r"No space left.*no half file"), session(owner) as s:
        export_geojson(s, "assets", path, by=owner)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("assets.geojson", "before")]


@pytest.mark.parametrize(
    ("layer", "asked", "error"),
    [
        ("moons", {}, NotFound),
        ("assets", {"place": "nowhere"}, NotFound),
        ("assets", {"category": "moon"}, NotFound),
        ("places", {"category": "library"}, BadRequest),
    ],
)
def test_what_cannot_be_exported_is_said(
    borough: Borough, owner: Actor, layer: str, asked: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        exported(owner, layer, **asked)


def test_a_folder_that_is_not_there_is_said(borough: Borough, owner: Actor, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="There is no folder"), session(owner) as s:
        export_geojson(s, "assets", tmp_path / "nowhere" / "a.geojson", by=owner)


def test_a_partner_takes_no_files(borough: Borough) -> None:
    with pytest.raises(NotAllowed):
        exported(Actor("Pat", "partner_viewer"))
