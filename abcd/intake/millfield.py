"""Millfield, the invented borough: the demo's first data and the tests' own, brought in through the ordinary doors.

Its boundaries lie in the sea, its postcodes belong to no town and nobody in it lives.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from abcd.assets.actions import AssetDraft, add_asset
from abcd.assets.rooms import GroupWords, VenueWords, describe_rooms
from abcd.core.clock import today
from abcd.core.hours import read_hours
from abcd.core.text import name_key
from abcd.db.audit import record
from abcd.db.session import Actor, session
from abcd.db.tables import Asset, Edge, Place, Setting
from abcd.gaps.searching import record_search
from abcd.intake.dwellings_file import import_dwellings
from abcd.intake.households_file import import_households
from abcd.intake.places_file import import_places
from abcd.intake.postcodes_file import import_postcodes
from abcd.intake.run import run
from abcd.places.queries import place

FOLDER = Path(__file__).parents[2] / "data" / "millfield"
MARK = "millfield"
"""The setting that says how far the load has come."""

BOUNDARIES = {
    "borough_boundary": "lad", "wards_2023": "ward", "output_areas_2021": "oa", "estates": "estate",
    "developments": "development", "water": "water", "greenspace": "greenspace", "streets": "street",
}  # fmt: skip

#: File of assets -> how many days before today it was put together; None where its rows say so themselves.
ASSET_FILES = {
    "community_buildings.csv": 60, "groups_and_clubs.xlsx": 120, "parks_and_play.geojson": 200,
    "health_money_and_work.csv": None, "warm_spaces.csv": 20, "bus_stops.csv": 250, "stories.csv": 90,
}  # fmt: skip

REFUGE = AssetDraft(
    name="A safe house for women and children", category="support-and-recovery",
    reach="Ring 01600 900199, day or night",
    easting=312_650.0, northing=441_900.0, is_sensitive=True, source_kind="partner list",
)  # fmt: skip


def is_wanted(s: Session) -> bool:
    """Whether the store holds nothing, or a load of Millfield that was cut short."""
    begun = s.get(Setting, MARK)
    if begun is not None:
        return str(begun.value) == "loading"
    return not s.scalar(select(exists(select(Place.id)) | exists(select(Asset.id))))


def load(*, actor: Actor, folder: Path = FOLDER) -> None:
    """Bring the whole borough into an empty store; after an interruption the same call completes it."""
    _mark(actor, "loading")
    import_postcodes(folder / "postcodes.csv", actor=actor)
    for name, kind in BOUNDARIES.items():
        import_places(folder / f"{name}.geojson", kind, actor=actor)
    import_households(folder / "household_tenure_2021.csv", "oa", actor=actor)
    import_dwellings(folder / "dwellings.csv", actor=actor)
    for name, days in ASSET_FILES.items():
        run(folder / name, actor=actor, as_of=None if days is None else today() - timedelta(days=days))
    with session(actor, patient=True) as s:
        add_asset(s, REFUGE, by=actor)
        _groups(s, folder, actor)
        _rooms(s, folder, actor)
        _searches(s, folder, actor)
        _ties(s, folder, actor)
        s.get_one(Setting, MARK).value = "loaded"


def _mark(actor: Actor, state: str) -> None:
    with session(actor, patient=True) as s:
        s.merge(Setting(name=MARK, value=state, source="the invented borough"))


def _groups(s: Session, folder: Path, actor: Actor) -> None:
    for row in _rows(folder / "groups_in_their_own_words.csv"):
        told = GroupWords(
            needs_room=row["needs_room"] == "yes", room_need=row["room_need"], run_by=row["run_by"],
            serves=row["serves"], key_holder_count=int(row["key_holders"]),
            meets_at=_named(s, row["meets_at"])[0] if row["meets_at"] else None,
            streets_mix=row["streets_mix"], ages_mix=row["ages_mix"],
            funded_until=_in_days(row["money_for_days"]),
        )  # fmt: skip
        asset_id, version = _named(s, row["group"])
        describe_rooms(s, asset_id, told, version=version, by=actor)


def _rooms(s: Session, folder: Path, actor: Actor) -> None:
    for row in _rows(folder / "rooms_to_spare.csv"):
        told = VenueWords(
            is_underused=row["underused"] == "yes", spare_grid=read_hours(row["stands_empty"]).grid,
            capacity=int(row["capacity"]), owner=row["owner"], hire_terms=row["hire_terms"],
            ha_owned=row["ha_owned"] == "yes", lease_ends_on=_in_days(row["let_for_days"]),
        )  # fmt: skip
        asset_id, version = _named(s, row["venue"])
        describe_rooms(s, asset_id, told, version=version, by=actor)


def _searches(s: Session, folder: Path, actor: Actor) -> None:
    for row in _rows(folder / "who_looked.csv"):
        day = today() - timedelta(days=int(row["days_ago"]))
        there = place(s, row["place"]).id
        record_search(s, there, row["category"], row["method"], day, int(row["found"]), by=actor, by_role="coach")


def _ties(s: Session, folder: Path, actor: Actor) -> None:
    for row in _rows(folder / "ties.csv"):
        ends = [_named(s, row[end])[0] for end in ("one", "other")]
        a, b = sorted(ends) if row["relation"].startswith(("shares", "joint")) else ends
        edge = Edge(
            a_id=a, b_id=b, relation=row["relation"], evidence=row["what_shows_it"], source_kind=row["source_kind"],
            since=date.fromisoformat(row["since"]) if row["since"] else None,
            last_seen=today() - timedelta(days=int(row["days_ago"])),
        )  # fmt: skip
        s.add(edge)
        s.flush()
        record(s, "add", "edge", edge.id, by=actor, after={"a": str(a), "b": str(b), "relation": edge.relation})


def _named(s: Session, name: str) -> tuple[UUID, int]:
    """The asset called ``name`` whatever its quotation marks, and its version."""
    alike = select(Asset.id, Asset.version, Asset.name).where(func.left(Asset.name, 4) == name[:4])
    return next((row.id, row.version) for row in s.execute(alike) if name_key(row.name) == name_key(name))


def _in_days(days: str) -> date | None:
    """The day so many days from now, so that the story is never out of date; nothing where none are said."""
    return today() + timedelta(days=int(days)) if days else None


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)
