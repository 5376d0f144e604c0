"""Each asset gets the places that cover it and those it says it serves."""

from uuid import UUID

import pytest
from shapely import Point, box
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from abcd.db import holding
from abcd.db.tables import Asset, Import, ImportChange, Place, PlaceAsset, SensitiveLocation, Source
from abcd.places.assign import assign
from tests.builders import a_place, an_asset, shape

EAST, NORTH = 380_000.0, 394_000.0
CORNER, EDGE, OUTSIDE = (EAST + 200, NORTH + 200), (EAST + 200, NORTH), (EAST + 200.01, NORTH)


def held(s: Session, place: UUID) -> set[tuple[UUID, str]]:
    """(asset, relation) of a place."""
    rows = select(PlaceAsset.asset_id, PlaceAsset.relation).where(PlaceAsset.place_id == place)
    return {(asset, relation) for asset, relation in s.execute(rows)}


def test_a_point_on_the_boundary_counts(s: Session) -> None:
    place = a_place(s)
    corner, edge, _ = (an_asset(s, at=at) for at in (CORNER, EDGE, OUTSIDE))
    assert assign(s) == 2
    assert held(s, place) == {(corner, "within"), (edge, "within")}


def test_a_second_run_writes_nothing(s: Session) -> None:
    a_place(s), an_asset(s)
    assert (assign(s), assign(s)) == (1, 0)


def test_what_vanished_is_taken_away_and_what_is_new_is_added(s: Session) -> None:
    place, moved, stays = a_place(s), an_asset(s), an_asset(s)
    assign(s)
    s.execute(update(Asset).where(Asset.id == moved).values(point=shape(Point(OUTSIDE))))
    new = an_asset(s)
    assert assign(s) == 2
    assert held(s, place) == {(stays, "within"), (new, "within")}


def test_every_kind_and_vintage_that_covers_gets_it(s: Session) -> None:
    places = [a_place(s, kind="lsoa", vintage="2011"), a_place(s, kind="lsoa", vintage="2021"), a_place(s, kind="ward")]
    asset = an_asset(s)
    assert assign(s, asset_ids=[asset]) == 3
    assert all(held(s, place) == {(asset, "within")} for place in places)


def test_an_ended_place_and_a_merged_asset_leave_the_assignment(s: Session) -> None:
    place, one, other = a_place(s), an_asset(s), an_asset(s)
    assign(s)
    s.execute(update(Asset).where(Asset.id == other).values(merged_into=one))
    assert assign(s, asset_ids=[other]) == 1
    s.execute(update(Place).where(Place.id == place).values(end_date="2026-01-01"))
    assert assign(s, place_ids=[place]) == 1
    assert held(s, place) == set()


@pytest.mark.parametrize("said", ["old mill", "OLD MILL", "THE-REF"])
def test_it_serves_the_places_it_names(s: Session, said: str) -> None:
    far = a_place(s, (EAST + 9000, NORTH), name="Old Mill")
    s.execute(update(Place).where(Place.id == far).values(reference="THE-REF"))
    asset = an_asset(s, serves=[said, "nowhere", ""])
    assert assign(s) == 1
    assert held(s, far) == {(asset, "serves")}


def test_within_and_serves_stand_side_by_side(s: Session) -> None:
    place = a_place(s, name="Old Mill")
    asset = an_asset(s, serves=["Old Mill", "Old Mill"])
    assert assign(s) == 2
    assert held(s, place) == {(asset, "within"), (asset, "serves")}


def test_a_sensitive_asset_is_assigned_by_its_hidden_place(s: Session) -> None:
    place, asset = a_place(s), an_asset(s, at=None, is_sensitive=True)
    s.add(SensitiveLocation(asset_id=asset, geom=shape(box(EAST - 1, NORTH - 1, EAST + 1, NORTH + 1))))
    s.flush()
    assert assign(s, asset_ids=[asset]) == 1
    assert held(s, place) == {(asset, "within")}


@pytest.mark.parametrize("few", [0, holding.FEW])
def test_an_import_means_what_it_added_and_changed(s: Session, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "FEW", few)
    place, brought, other = a_place(s), an_import(s), an_import(s)
    added, changed = an_asset(s, first_import_id=brought), an_asset(s, first_import_id=other)
    untouched = an_asset(s, first_import_id=other)
    s.add(ImportChange(import_id=brought, asset_id=changed, op="changed", before={}, version_after=2))
    s.flush()
    assert assign(s, import_id=brought) == 2
    assert held(s, place) == {(added, "within"), (changed, "within")}
    assert assign(s, import_id=other) == 1
    assert (untouched, "within") in held(s, place)


def test_naming_places_leaves_the_others_alone(s: Session) -> None:
    here, there = a_place(s), a_place(s, (EAST + 9000, NORTH))
    inside = an_asset(s)
    an_asset(s, at=(EAST + 9000, NORTH))
    assert assign(s, place_ids=[here]) == 1
    assert (held(s, here), held(s, there)) == ({(inside, "within")}, set())


def test_naming_nothing_changes_nothing(s: Session) -> None:
    a_place(s), an_asset(s)
    assert assign(s, asset_ids=[]) == assign(s, place_ids=[]) == 0


def test_the_many_way_searches_assets_by_index_for_each_place(s: Session) -> None:
    for number in range(30):
        a_place(s, (EAST + 1000 * number, NORTH))
    s.execute(
        text("""
        insert into core.asset (asset_kind, category, name, point)
        select 'physical', 'library', 'L' || n,
               ST_SetSRID(ST_MakePoint(380000 + n * 10 % 90000, 394000 + n % 997), 27700)
        from generate_series(1, 20000) n""")
    )
    s.execute(text("analyze core.asset, core.place"))
    query = holding.HELD_BY_PLACE.format(asset="true", place="true")
    plan = "\n".join(s.scalars(text("explain " + query)))
    assert "ix_asset_point" in plan
    assert plan.index("on place p") < plan.index("ix_asset_point")


def an_import(s: Session) -> UUID:
    """A loaded import of assets."""
    source = s.scalar(select(Source).where(Source.slug == "test")) or Source(slug="test", name="Test")
    s.add(source)
    s.flush()
    row = Import(source_id=source.id, kind="assets", file_name="f.csv", status="loaded")
    s.add(row)
    s.flush()
    return row.id
