"""What happened to a record, in sentences."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from abcd.assets.actions import AssetDraft, add_asset, confirm_asset, edit_asset, retire_asset
from abcd.assets.history import history
from abcd.db.session import Actor
from abcd.db.tables import Import, ImportChange, Source
from abcd.errors import NotFound
from tests.builders import HERE, an_asset


def test_people_and_files_tell_one_story_the_latest_first(s: Session, owner: Actor) -> None:
    made = add_asset(s, AssetDraft("Mill Hall", "community-centre", "ask", *HERE), by=owner)
    edit_asset(s, made.id, {"name": "Mill Rooms", "cost": "free"}, version=1, by=owner)
    edit_asset(s, made.id, {"easting": 381_000.0, "northing": 394_000.0}, version=2, by=owner)
    confirm_asset(s, made.id, version=3, by=owner, method="staff visit")
    retire_asset(s, made.id, "Sold for flats", version=4, by=owner)
    told = {event.what for event in history(s, made.id)}
    assert told == {
        "Added as “Mill Hall”.", "Changed: cost from nothing to “free”; name from “Mill Hall” to “Mill Rooms”.",
        "Changed: where it is.", "Confirmed as still right (staff visit).", "Retired: Sold for flats",
    }  # fmt: skip
    assert {event.by for event in history(s, made.id)} == {owner.name}


def test_the_files_that_touched_it_are_named(s: Session) -> None:
    source = Source(slug="trafford", name="Trafford Council")
    s.add(source)
    s.flush()
    first, second = (
        Import(source_id=source.id, kind="assets", file_name=f"{year}.csv", by="cli", status="loaded",
               loaded_at=datetime(year, 1, 1, tzinfo=UTC)) for year in (2025, 2026)
    )  # fmt: skip
    s.add_all([first, second])
    s.flush()
    made = an_asset(s, first_import_id=first.id, last_import_id=second.id)
    s.add(ImportChange(import_id=second.id, asset_id=made, op="changed", before={}, version_after=2))
    s.flush()
    assert [(event.at.year, event.what) for event in history(s, made)] == [
        (2026, "Changed by 2026.csv (Trafford Council)."), (2025, "Came with 2025.csv (Trafford Council).")
    ]  # fmt: skip


def test_a_stranger_has_no_history(s: Session) -> None:
    with pytest.raises(NotFound):
        history(s, uuid4())
