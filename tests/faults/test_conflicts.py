"""F12: officers change one record at the same time; one is saved, the others are told, nobody's words vanish."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from abcd.assets.actions import confirm_asset, edit_asset, retire_asset
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Asset
from abcd.errors import Conflict, VersionMissing
from tests.builders import an_asset
from tests.faults.figures import tell
from tests.faults.size import times

OFFICERS = [Actor(name, "officer") for name in ("Ann", "Ben", "Cat", "Dan")]
MANY = 25


@dataclass(frozen=True)
class Outcome:
    """What one of the officers was told: saved, or a conflict with both sides."""

    by: str
    changes: dict[str, Any]
    is_saved: bool
    theirs: dict[str, object]


Save = Callable[[Actor, UUID, dict[str, Any], int, Barrier], Outcome]


@pytest.fixture(scope="module")
def assets(store: str) -> list[UUID]:
    with session(SYSTEM) as s:
        load_taxonomy(s)
        return [an_asset(s, name=f"Asset {n}", phone="0") for n in range(MANY)]


def changes_of(n: int, dice: random.Random) -> dict[str, Any]:
    """What an officer wants, by column: to mend one field or another, to retire it, or to confirm it."""
    return dice.choice((
        {"phone": f"0161 496 {n:04}"}, {"phone": f"0161 497 {n:04}"}, {"cost": f"£{n}"}, {"status": "defunct"},
        {"assured_on": n},
    ))  # fmt: skip


def act(by: Actor, asset_id: UUID, changes: dict[str, Any], version: int, start: Barrier) -> Outcome:
    """One officer's save, at the same moment as the other's."""
    start.wait()
    try:
        with session(by) as s:
            if "status" in changes:
                retire_asset(s, asset_id, "It closed", version=version, by=by)
            elif "assured_on" in changes:
                confirm_asset(s, asset_id, version=version, by=by)
            else:
                edit_asset(s, asset_id, changes, version=version, by=by)
    except Conflict as clash:
        return Outcome(by.name, changes, is_saved=False, theirs=clash.theirs)
    return Outcome(by.name, changes, is_saved=True, theirs={})


def row_of(asset_id: UUID) -> dict[str, Any]:
    with session(SYSTEM) as s:
        found = s.execute(text("select version, phone, cost, status, (select count(*) from core.audit_event e "
                               "where e.thing_id = a.id::text) as events from core.asset a where id = :id"),
                          {"id": asset_id})  # fmt: skip
        return dict(found.one()._mapping)


def rounds(save: Save, assets: list[UUID], times: int) -> Counter[str]:
    """Everybody at one record at once, again and again; what went wrong, and ``told``, the conflicts that were told."""
    dice, found = random.Random(12), Counter[str]()
    with ThreadPoolExecutor(len(OFFICERS)) as crew:
        for n in range(times):
            asset_id, start = dice.choice(assets), Barrier(len(OFFICERS))
            before = row_of(asset_id)
            asked = [crew.submit(save, by, asset_id, changes_of(n, dice), before["version"], start) for by in OFFICERS]
            done = [one.result() for one in asked]
            found.update(faults_of(done, before, row_of(asset_id)))
            found["told"] += sum(not one.is_saved for one in done)
    return found


def test_of_several_saves_one_wins_and_the_others_are_told(assets: list[UUID]) -> None:
    n = times(200, 25_000)
    found = rounds(act, assets, n)
    tell("officers edit one asset at once", n, edits=n * len(OFFICERS), conflicts_told=found["told"],
         silent_overwrites=found["overwritten"])  # fmt: skip
    assert found == Counter(told=n * (len(OFFICERS) - 1))


def faults_of(done: list[Outcome], before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What went wrong: not exactly one winner, its words gone, a loser who is not shown them, a step too many."""
    winners = [one for one in done if one.is_saved]
    if len(winners) != 1:
        return ["overwritten"]
    won = {name: value for name, value in winners[0].changes.items() if name in after}
    losers = [one for one in done if not one.is_saved]
    faults = ["lost"] * any(after[name] != value for name, value in won.items())
    faults += ["not told"] * any(one.theirs.get(name, value) != value for one in losers for name, value in won.items())
    faults += ["steps"] * (after["version"] != before["version"] + 1 or after["events"] != before["events"] + 1)
    return faults


def test_a_save_without_a_version_is_refused(assets: list[UUID]) -> None:
    with pytest.raises(VersionMissing), session(OFFICERS[0]) as s:
        edit_asset(s, assets[0], {"phone": "1"}, version=None, by=OFFICERS[0])


def test_saves_that_do_not_look_at_the_version_overwrite_each_other(assets: list[UUID]) -> None:
    """The control: read, change, write, as a form without a version does; words get lost and nobody is told."""
    found = rounds(naive, assets, 20)
    tell("control: no version", 20, conflicts_told=found["told"], silent_overwrites=found["overwritten"])
    assert found["overwritten"] > 0


def naive(by: Actor, asset_id: UUID, changes: dict[str, Any], _version: int, start: Barrier) -> Outcome:
    start.wait()
    with session(by) as s:
        row = s.get_one(Asset, asset_id)
        row.phone, row.cost = changes.get("phone", row.phone), changes.get("cost", row.cost)
    return Outcome(by.name, changes, is_saved=True, theirs={})
