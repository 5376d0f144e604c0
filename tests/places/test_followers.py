"""An asset or a place that goes takes its assignments along."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from abcd.db.tables import Asset, Place, PlaceAsset
from abcd.places.assign import assign
from tests.builders import HERE, a_place, an_asset

EAST, NORTH = HERE


def test_a_deleted_asset_leaves_its_places(s: Session) -> None:
    a_place(s), a_place(s, kind="ward", size=900)
    gone, stays = an_asset(s), an_asset(s)
    assert assign(s) == 4
    s.execute(delete(Asset).where(Asset.id == gone))
    assert set(s.scalars(select(PlaceAsset.asset_id))) == {stays}


def test_a_deleted_place_leaves_its_assets(s: Session) -> None:
    gone, stays = a_place(s), a_place(s, kind="ward", size=900)
    an_asset(s)
    assert assign(s) == 2
    s.execute(delete(Place).where(Place.id == gone))
    assert set(s.scalars(select(PlaceAsset.place_id))) == {stays}
