"""A restore in the place of the embedded store: killed at the worst moments, refused, drilled, on an empty machine.

The tests share one store and leave it as they found it, as far as estates go.
"""

import fcntl
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.cli.backup import app, erase_anew
from abcd.cli.restore import app as restore_app
from abcd.db import audit, damage, embedded, swap
from abcd.db.backup import in_place, keys, reaching, remembered, restoring, taking
from abcd.db.backup.archive import unpacked
from abcd.db.backup.examining import examine
from abcd.db.backup.rebuilding import Source
from abcd.db.backup.steps import Steps
from abcd.db.check import Finding, findings
from abcd.db.cluster import cluster_of
from abcd.db.session import SYSTEM, Actor, session
from abcd.errors import NotAllowed, StoreDamaged, StoreUnavailable
from abcd.people.actions import add_person
from abcd.people.erasing import erase
from tests.builders import a_place
from tests.canary import Search, a_canary
from tests.db.backup.conftest import nobody
from tests.people.conftest import a_draft

ROOT = Path(__file__).parents[3]
#: Does one thing, and kills itself when the named function is called once more than so often.
KILLED = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
module, name, left = import_module(sys.argv[1]), sys.argv[2], int(sys.argv[3])
owner = getattr(module, "Path") if name == "rename" else module
was = getattr(owner, name)
def counted(*args, **named):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return was(*args, **named)
setattr(owner, name, counted)
from abcd.config import settings
from abcd.db.backup import in_place, keys, restoring
from abcd.db.backup.steps import Steps
"""
RESTORE = """
source = restoring.source_of(settings().home / "backups", keys.recovery(settings().home))
in_place.restore(source, (), lambda _erased: 0, Steps())
"""
CHANGE_PLACES = "in_place.change_places(settings().home)"


@pytest.fixture(scope="module")
def backups(own: Path) -> Iterator[Path]:
    """A folder with a backup of that store."""
    folder = own / "backups"
    taking.take(folder, lasting=False)
    return folder


@pytest.fixture
def source(own: Path, backups: Path) -> Source:
    return restoring.source_of(backups, keys.recovery(own))


def places(home: Path) -> list[str]:
    with reaching.of_home(home).connect() as connection:
        return [name for (name,) in connection.execute("select name from core.place where kind = 'estate' order by 1")]


def add(owner: Actor, name: str) -> None:
    with session(owner) as s:
        a_place(s, name=name)


def killed_at(act: str, module: str, name: str, after: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED + act, module, name, str(after)], check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL


def a_finished_one_beside(home: Path) -> None:
    """Another store, as a restore leaves it just before it changes places: here a copy of the present one."""
    embedded.down(home)
    folder = cluster_of(home).folder
    subprocess.run(["cp", "-a", folder, swap.new(folder)], check=True)
    embedded.up(home)


def test_nobody_restores_under_a_running_server(own: Path, source: Source) -> None:
    with (own / "server.lock").open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailable, match=r"abcd is running on .*Stop it with Ctrl-C"):
            in_place.restore(source, (), nobody, Steps())
    assert embedded.status(own).running


def test_it_asks_before_newer_work_is_lost(own: Path, backups: Path, owner: Actor) -> None:
    with session(owner) as s:
        audit.record(s, "add", "place", "newer", by=owner)
    with pytest.raises(NotAllowed, match=r"Nothing was touched"):
        CliRunner().invoke(restore_app, [str(backups)], input="n\n", catch_exceptions=False)
    told = CliRunner().invoke(restore_app, [str(backups)], input="n\n")
    assert "Newer than the backup and then gone: 1 changes" in told.output
    assert embedded.status(own).running


@pytest.mark.parametrize(
    ("module", "name", "calls", "wanted"),
    [
        ("abcd.db.swap", "rename", 0, "old"),
        ("abcd.db.swap", "rename", 1, "new"),
        ("abcd.db.embedded", "_prove", 0, "new"),
    ],
    ids=["before the first rename", "between the renames", "before the answer"],
)
def test_killed_while_changing_places_one_store_works(
    own: Path, owner: Actor, module: str, name: str, calls: int, wanted: str
) -> None:
    before = places(own)
    a_finished_one_beside(own)
    add(owner, "Later")
    killed_at(CHANGE_PLACES, module, name, calls)
    embedded.up(own)
    assert places(own) == (before if wanted == "new" else sorted([*before, "Later"]))
    with reaching.of_home(own).connect() as connection:
        connection.execute("set abcd.actor = 'a test'; delete from core.place where name = 'Later'")
    for left in (swap.new(cluster_of(own).folder), swap.old(cluster_of(own).folder)):
        shutil.rmtree(left, ignore_errors=True)


def test_a_store_that_does_not_answer_gives_its_place_back(
    own: Path, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_finished_one_beside(own)
    add(owner, "Later")
    monkeypatch.setattr(in_place, "ANSWER", "select from core.no_such_table")
    with pytest.raises(StoreUnavailable, match="does not answer as it should.*The store is as it was"):
        in_place.change_places(own)
    assert "Later" in places(own)


def test_killed_while_loading_the_old_store_works_and_the_next_restore_cleans_up(
    own: Path, source: Source, owner: Actor
) -> None:
    add(owner, "Later")
    before = places(own)
    killed_at(RESTORE, "abcd.db.backup.loading", "load", 1)
    assert embedded.up(own) is False
    assert places(own) == before
    assert (own / "restoring").exists()
    steps = Steps()
    assert in_place.restore(source, (), nobody, steps).with_keys is True
    assert places(own) == [name for name in before if name != "Later"]
    left = {path.name for path in own.iterdir() if "store" in path.name or "restor" in path.name}
    assert left <= {"store", "store.lock", "store.stopped", "store.refused"}
    assert len(steps.seconds) >= 8
    assert [each for each in findings() if each.mark == "WRONG"] == []


def test_a_flipped_byte_is_told_and_the_table_is_closed(own: Path, owner: Actor) -> None:
    """Trust.md F23."""
    file = file_of_table(own, "core.asset")
    flip_in(own, file)
    try:
        is_told_and_closed(own, owner)
    finally:  # whoever comes next, and whoever tries again, finds the store whole
        flip_in(own, file)
        with reaching.of_home(own).connect() as connection:
            connection.execute(f"drop trigger if exists {damage.TRIGGER} on core.asset")
    examine(reaching.owner())


def is_told_and_closed(own: Path, owner: Actor) -> None:
    assert damage_found().is_right
    told = r"Part of the data is damaged: core\.asset\. Nothing more is written to it.*restore a backup"
    for _time in range(2):
        with pytest.raises(StoreDamaged, match=told), session(owner) as s:
            s.execute(text("select sum(length(name)) from core.asset")).scalar_one()
    with pytest.raises(StoreDamaged, match=told), session(owner) as s:
        s.execute(text("insert into core.asset (name, asset_kind, category) values ('New', 'institution', 'library')"))
    add(owner, "Elsewhere one still writes")
    assert (damage_found().mark, damage_found().detail) == ("WRONG", "damaged and closed: core.asset")
    with pytest.raises(StoreDamaged, match=r"Part of the data is damaged: (heap table|btree index) .*core\.asset"):
        examine(reaching.owner())
    with pytest.raises(StoreUnavailable, match="The backup was not made.*invalid page"):
        taking.take(own / "backups", lasting=False)


def flip_in(home: Path, file: Path) -> None:
    """Turn over a byte in the middle of a page, or turn it back, while the server is down."""
    embedded.down(home)
    with file.open("r+b") as handle:
        handle.seek(4000)
        byte = handle.read(1)[0]
        handle.seek(4000)
        handle.write(bytes([byte ^ 255]))
    embedded.up(home)


def damage_found() -> Finding:
    return next(each for each in findings() if each.title == "No part of the data is damaged")


def file_of_table(home: Path, table: str) -> Path:
    """The file of a table, everything on the disk."""
    with reaching.of_home(home).connect() as connection:
        (name,) = connection.execute("select pg_relation_filepath(%s::regclass)", [table]).fetchone()
        connection.execute("checkpoint")
    return embedded.data_dir(home) / str(name)


def test_an_empty_machine_needs_a_backup_and_the_recovery_key_and_brings_back_nobody_erased(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older backup holds them, the machine's own list burned with it, the newer backup still has it (P22, P23)."""
    canary = a_canary()
    wanted = places(own)
    owner = an_owner()
    with session(owner) as s:
        person = add_person(s, a_draft(a_place(s, kind="patch"), **canary), by=owner)
    older = taking.take(tmp_path / "backups", lasting=False)
    erase(person.id, "asked", actor=owner)
    taking.take(tmp_path / "backups", lasting=False)
    recovery = keys.read(Path(shutil.copy(keys.file_of(own), tmp_path / "recovery.txt")))
    with tempfile.TemporaryDirectory(prefix="abcd-empty-") as folder:
        fresh = Path(folder)
        fresh.chmod(0o755)
        monkeypatch.setenv("ABCD_HOME", folder)
        source = restoring.source_of(older.store, recovery)
        assert {hit.name for hit in Search(canary).in_bytes(everything_in(source), "the archive")} == set(canary)
        try:
            restored = in_place.restore(source, restoring.erased_since(source, recovery), erase_anew, Steps())
            assert restored.erased_anew == 1
            assert Search(canary).in_folders(fresh, cluster_of(fresh).folder) == []
            assert places(fresh) == wanted
            with reaching.of_home(fresh).connect() as connection:
                assert connection.execute("select count(*) from keyring.person_key").fetchone() == (0,)
        finally:
            embedded.down(fresh)


def an_owner() -> Actor:
    """Somebody who may add and erase people of the one association there is."""
    with session(SYSTEM) as s:
        ensure_owner(s, by=SYSTEM)
        return replace(SYSTEM, organisation_id=str(ensure_association(s, by=SYSTEM)))


def everything_in(source: Source) -> bytes:
    with unpacked(source.store.sealed, source.identity) as tables:
        return b"".join(chunk for table in tables for chunk in table.chunks)


def test_a_drill_gives_its_verdict_with_its_times(own: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [str(tmp_path), "--drill", "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert (found["verdict"], found["rpo_seconds"]) == ("restored and equal", None)
    assert {"The backup is made and read back", "Counts and checksums are compared"} <= set(found["seconds"])
    assert found["rto_seconds"] < sum(found["seconds"].values()) + 2
    assert remembered.age(own, remembered.DRILL) is not None
    assert remembered.age(own, remembered.FILES_EXAMINED) is not None
    assert remembered.said(own, remembered.BACKUP)["folder"] == found["folder"]
    notes = {each.title: each.is_right for each in findings()}
    assert notes["A backup was restored and compared this week"]
    assert notes["A backup was made since yesterday"]
    assert notes["Tables and indexes were examined this week"]
    assert notes["The disk holds a reserve for a day when it is full"]
