"""Boundaries from files: recognised, repaired, idempotent, undone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.core.geo import to_degrees
from abcd.db.session import Actor
from abcd.db.tables import Households, Import, Issue, Place, PlaceAsset
from abcd.errors import BadFile, BadRequest, NotAllowed
from abcd.intake import places_file
from abcd.intake.lists import read_whole
from abcd.intake.places_file import import_places, load_places
from abcd.intake.report import ImportReport
from abcd.places.actions import edit_place
from abcd.places.households import households_in
from abcd.places.queries import parents, place, places_of_kind
from tests.builders import HERE, an_asset

EAST, NORTH = HERE
Write = Callable[..., Path]


def square(east: float, north: float, size: float = 400, degrees: bool = True) -> list[list[float]]:
    """A closed ring."""
    corners = [(east + x * size / 2, north + y * size / 2) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    if not degrees:
        return [list(corner) for corner in corners]
    lon, lat = to_degrees([x for x, _ in corners], [y for _, y in corners])
    return [[float(x), float(y)] for x, y in zip(lon, lat, strict=True)]


def feature(ring: Any, **properties: Any) -> dict[str, Any]:
    """A polygon with properties."""
    shape = {"type": "Polygon", "coordinates": [ring]} if ring else None
    return {"type": "Feature", "properties": properties, "geometry": shape}


AY = feature(square(EAST, NORTH), code="A", name="Ay")


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes features to a GeoJSON file."""

    def write(*features: dict[str, Any], name: str = "estates.geojson") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return write


def load(s: Session, path: Path, owner: Actor, kind: str = "estate", **more: Any) -> ImportReport:
    """Bring a file in within the test's transaction."""
    return load_places(s, read_whole(path), kind, by=owner, **more)


def test_columns_are_recognised_and_a_figure_keeps_its_source(s: Session, owner: Actor, written: Write) -> None:
    told = {"estate_id": "E1", "estate_name": "Old Mill", "ward": "M", "households_2021": 1917, "residents_2021": 4575}
    row = feature(square(EAST, NORTH), **told)
    report = load(s, written(row), owner)
    assert (report.rows, report.added, report.rejected, report.crs) == (1, 1, 0, "EPSG:4326")
    found = place(s, "E1")
    assert (found.name, found.households, found.population, found.denominators_year) == ("Old Mill", 1917, 4575, 2021)
    count = households_in(s, found.id)
    assert (count.count, count.source, count.year) == (1917, "households_2021 (estates.geojson)", 2021)
    assert (found.easting, found.northing) == (pytest.approx(EAST, abs=0.01), pytest.approx(NORTH, abs=0.01))


def test_the_same_file_twice_changes_nothing(s: Session, owner: Actor, written: Write) -> None:
    path = written(AY, feature(square(EAST + 900, NORTH), code="B", name="Bee"))
    load(s, path, owner)
    before = s.execute(text("select md5(string_agg(p::text, '' order by id)) from core.place p")).scalar_one()
    again = load(s, path, owner)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert s.execute(text("select md5(string_agg(p::text, '' order by id)) from core.place p")).scalar_one() == before


def test_a_newer_vintage_is_a_new_row(s: Session, owner: Actor, written: Write) -> None:
    load(s, written(feature(square(EAST, NORTH), lsoa11cd="E01000001", lsoa11nm="X 001A")), owner, "lsoa")
    wider = feature(square(EAST, NORTH, 900), lsoa21cd="E01000001", lsoa21nm="X 001A")
    assert load(s, written(wider), owner, "lsoa").added == 1
    found = [(row.vintage, round(row.area_km2, 2)) for row in places_of_kind(s, "lsoa")]
    assert found == [("2021", 0.81), ("2011", 0.16)]


@pytest.mark.parametrize(
    ("name", "vintage", "found"),
    [("oa_2021.geojson", None, "2021"), ("wards.geojson", None, ""), ("wards2019v2.geojson", "2023-05", "2023-05")],
)
def test_the_vintage_is_said_or_stands_in_the_name(
    s: Session, owner: Actor, written: Write, name: str, vintage: str | None, found: str
) -> None:
    load(s, written(feature(square(EAST, NORTH), code="W1", name="Mill"), name=name), owner, "ward", vintage=vintage)
    assert place(s, "W1").vintage == found


def test_a_corrected_file_changes_what_differs_and_its_assets(s: Session, owner: Actor, written: Write) -> None:
    load_taxonomy(s)
    asset = an_asset(s, at=(EAST + 300, NORTH))
    bee = feature(square(EAST + 2000, NORTH), code="B", name="Bee")
    load(s, written(AY, bee), owner)
    report = load(s, written(feature(square(EAST, NORTH, 800), code="A", name="Ay"), bee), owner)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    assert (place(s, "A").version, place(s, "B").version) == (2, 1)
    assert s.scalars(select(PlaceAsset.asset_id)).all() == [asset]


def test_a_file_that_only_brings_welsh_names_brings_them(s: Session, owner: Actor, written: Write) -> None:
    load(s, written(feature(square(EAST, NORTH), code="A", name="Old Mill")), owner)
    welsh = feature(square(EAST, NORTH), code="A", name="Old Mill", name_cy="Yr Hen Felin")
    assert (load(s, written(welsh), owner).changed, place(s, "A").name_cy) == (1, "Yr Hen Felin")
    again = load(s, written(feature(square(EAST, NORTH), code="A", name="Old Mill")), owner)
    assert (again.changed, place(s, "A").name_cy) == (0, "Yr Hen Felin")


def test_what_people_edited_stays(s: Session, owner: Actor, written: Write) -> None:
    load(s, written(feature(square(EAST, NORTH), code="A", name="Ay")), owner)
    edit_place(s, place(s, "A").id, {"name": "The Ay"}, version=1, by=owner)
    report = load(s, written(feature(square(EAST, NORTH, 800), code="A", name="Ay")), owner)
    assert (report.changed, place(s, "A").name) == (0, "The Ay")
    assert "1 were edited by people since and stay as they are." in report.notes


def test_faults_are_issues_and_no_row_is_lost(s: Session, owner: Actor, written: Write) -> None:
    ring = square(EAST, NORTH)
    bow = [ring[0], ring[2], ring[1], ring[3], ring[0]]
    path = written(
        feature(ring, code="A", name="Ay"), feature(bow, code="B", name="Bow"),
        feature(None, code="C", name="Nowhere"),
        feature(ring, code="A", name="Again"), feature(ring, code="", name=""),
        feature(ring, code="", name="Only a Name"),
        *(feature(square(EAST + 1000 * n, NORTH), code=f"Z{n}", name=f"Zed {n}") for n in range(8)),
    )  # fmt: skip
    report = load(s, path, owner)
    assert (report.rows, report.added, report.rejected) == (14, 11, 3)
    kinds = dict(s.execute(select(Issue.kind, func.count()).group_by(Issue.kind)).all())  # type: ignore[arg-type]
    assert {"no_boundary": 1, "repeated_reference": 1, "no_reference": 1}.items() <= kinds.items()
    assert sum(rows for kind, rows in kinds.items() if "repair" in kind) == 1
    assert place(s, "B").area_km2 == pytest.approx(0.08, rel=1e-2)
    assert place(s, "only-a-name").name == "Only a Name"


def test_metres_declared_or_recognised_stay_metres(s: Session, owner: Actor, tmp_path: Path) -> None:
    path = tmp_path / "estates.csv"
    ring = ", ".join(f"{x} {y}" for x, y in square(EAST, NORTH, degrees=False))
    path.write_text(f'ref,name,wkt\nA,Ay,"POLYGON(({ring}))"\n')
    report = load(s, path, owner)
    assert (report.added, report.crs) == (1, "EPSG:27700")
    assert (place(s, "A").easting, place(s, "A").area_km2) == (EAST, pytest.approx(0.16))


def test_what_holds_no_boundaries_is_refused(s: Session, owner: Actor, tmp_path: Path, written: Write) -> None:
    path = tmp_path / "names.csv"
    path.write_text("ref,name\nA,Ay\nB,Bee\n")
    with pytest.raises(BadFile, match="holds no boundaries"):
        load(s, path, owner)
    with pytest.raises(BadFile, match="reference or a name"):
        load(s, written(feature(square(EAST, NORTH), colour="red")), owner)
    with pytest.raises(BadRequest, match="not a kind of place"):
        import_places(path, "turf", actor=owner)
    with pytest.raises(NotAllowed):
        load(s, written(feature(square(EAST, NORTH), code="A", name="Ay")), Actor("Cal", "coach"))


def test_undo_takes_back_exactly_what_the_import_did(s: Session, owner: Actor, written: Write) -> None:
    load(s, written(feature(square(EAST, NORTH), code="A", name="Ay", households=10)), owner)
    before = place(s, "A")
    wider = feature(square(EAST, NORTH, 800), code="A", name="Ay!", households=20)
    report = load(s, written(wider, feature(square(EAST + 900, NORTH), code="B", name="Bee")), owner)
    assert places_file.undo(s, report.import_id, by=owner) == {"removed": 1, "restored": 1, "kept": 0}
    after = place(s, "A")
    assert (after.name, after.box, after.households, after.denominators_source) == (
        before.name, before.box, 10, before.denominators_source
    )  # fmt: skip
    assert [row.reference for row in places_of_kind(s, "estate")] == ["A"]
    assert s.get_one(Import, report.import_id).status == "undone"
    with pytest.raises(BadRequest, match="undone"):
        places_file.undo(s, report.import_id, by=owner)


def test_undo_keeps_what_people_edited_and_refuses_while_households_lean_on_it(
    s: Session, owner: Actor, written: Write
) -> None:
    report = load(s, written(feature(square(EAST, NORTH), code="A", name="Ay")), owner)
    other = Import(source_id=s.get_one(Import, report.import_id).source_id, kind="households", file_name="census.csv")
    s.add(other)
    s.flush()
    s.add(Households(place_id=place(s, "A").id, year=2021, measure="all", count=5, import_id=other.id))
    s.flush()
    with pytest.raises(BadRequest, match="census.csv"):
        places_file.undo(s, report.import_id, by=owner)
    s.execute(text("delete from core.households"))
    edit_place(s, place(s, "A").id, {"name": "The Ay"}, version=1, by=owner)
    assert places_file.undo(s, report.import_id, by=owner) == {"removed": 0, "restored": 0, "kept": 1}


REAL = {
    "boundaries/trafford_oa_generalised_2021.geojson": ("oa", 738, "2021"),
    "boundaries/trafford_lsoa_generalised_2021.geojson": ("lsoa", 139, "2021"),
    "boundaries/trafford_lsoa_generalised_2011.geojson": ("lsoa", 138, "2011"),
    "boundaries/trafford_msoa_generalised_2021.geojson": ("msoa", 28, "2021"),
    "boundaries/trafford_ward_full_resolution.geojson": ("ward", 21, ""),
    "boundaries/trafford_localities_full_resolution.geojson": ("locality", 4, ""),
    "boundaries/trafford_local_authority_full_resolution.geojson": ("lad", 1, ""),
    "boundaries/gm_ward_generalised.geojson": ("ward", 215, ""),
    "estates/derived_estates_standin_trafford.geojson": ("estate", 38, ""),
}


@pytest.mark.parametrize("file", REAL)
def test_real_boundaries(s: Session, owner: Actor, real_data: Path, file: str) -> None:
    kind, rows, vintage = REAL[file]
    report = load(s, real_data / file, owner, kind)
    assert (report.rows, report.added, report.rejected) == (rows, rows, 0)
    found = places_of_kind(s, kind)
    assert {row.vintage for row in found} == {vintage}
    assert sum("repair" in issue["kind"] and issue["rows"] for issue in report.issues) == (2 if "2011" in file else 0)
    valid = s.scalar(select(func.bool_and(func.ST_IsValid(Place.geom) & func.ST_Covers(Place.geom, Place.point))))
    assert valid is True


def test_real_area_of_the_borough(s: Session, owner: Actor, real_data: Path) -> None:
    load(s, real_data / "boundaries/trafford_local_authority_full_resolution.geojson", owner, "lad")
    assert place(s, "E08000009").area_km2 == pytest.approx(106.04, abs=0.05)


def test_real_estates_count_their_households_and_know_their_ward(s: Session, owner: Actor, real_data: Path) -> None:
    load(s, real_data / "boundaries/trafford_ward_full_resolution.geojson", owner, "ward")
    load(s, real_data / "estates/derived_estates_standin_trafford.geojson", owner, "estate")
    counts = [households_in(s, estate.id).count or 0 for estate in places_of_kind(s, "estate")]
    assert (len(counts), sum(counts), max(counts)) == (38, 14_692, 1917)
    assert [parent.name for parent in parents(s, place(s, "TRF-E01").id)] == ["Old Trafford"]
