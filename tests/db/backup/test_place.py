"""A restore in the place of the embedded store: killed at the worst moments, refused, drilled, on an empty machine.

The tests share one store and leave it as they found it, as far as estates go.
"""

import fcntl
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

from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.cli.backup import erase_anew
from abcd.db import embedded, swap
from abcd.db.backup import drilling, keys, reaching, remembered, restoring, taking
from abcd.db.backup.archive import unpacked
from abcd.db.backup.examining import examine
from abcd.db.backup.rebuilding import Source
from abcd.db.backup.steps import Steps
from abcd.db.check import Finding, findings
from abcd.db.cluster import cluster_of
from abcd.db.session import SYSTEM, Actor, session
from abcd.errors import StoreDamaged, StoreUnavailable
from abcd.people.actions import add_person
from abcd.people.erasing import erase
from tests.builders import a_place
from tests.canary import Search, a_canary
from tests.db.backup.conftest import nobody
from tests.people.conftest import a_draft

ROOT = Path(__file__).parents[3]
#: Restores the newest backup, and kills itself when the named function is called once more than so often.
KILLED = """
import os, signal, sys
from importlib import import_module
from pathlib import Path
module, name, left = import_module(sys.argv[2]), sys.argv[3], int(sys.argv[4])
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
from abcd.db.backup import keys, restoring
from abcd.db.backup.steps import Steps
source = restoring.source_of(Path(sys.argv[1]), keys.recovery(settings().home))
restoring.restore(source, (), lambda _erased: 0, Steps())
"""


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


def killed_at(backups: Path, module: str, name: str, after: int) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, backups, module, name, str(after)], check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL


def test_nobody_restores_under_a_running_server(own: Path, source: Source) -> None:
    with (own / "server.lock").open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailable, match=r"abcd is running on .*Stop it with Ctrl-C"):
            restoring.restore(source, (), nobody, Steps())
    assert embedded.status(own).running


def test_killed_while_loading_leaves_the_old_store(own: Path, backups: Path, owner: Actor) -> None:
    before = places(own)
    add(owner, "Later")
    killed_at(backups, "abcd.db.backup.loading", "load", 1)
    assert embedded.up(own) is False
    assert places(own) == sorted([*before, "Later"])


def test_killed_between_the_renames_leaves_the_new_store(own: Path, backups: Path) -> None:
    assert "Later" in places(own)
    killed_at(backups, "abcd.db.swap", "rename", 1)
    assert not cluster_of(own).folder.exists()
    embedded.up(own)
    assert "Later" not in places(own)
    assert swap.old(cluster_of(own).folder).exists()


def test_a_store_that_does_not_answer_gives_its_place_back(
    own: Path, owner: Actor, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(owner, "Later")
    monkeypatch.setattr(restoring, "ANSWER", "select from core.no_such_table")
    with pytest.raises(StoreUnavailable, match="does not answer as it should.*The store is as it was"):
        restoring.restore(source, (), nobody, Steps())
    assert "Later" in places(own)


def test_a_flipped_byte_is_told_and_the_table_is_closed(own: Path, source: Source, owner: Actor) -> None:
    """Trust.md F23; the next test restores the store."""
    file = file_of_table(own, "core.asset")
    embedded.down(own)
    with file.open("r+b") as handle:
        handle.seek(4000)
        byte = handle.read(1)[0]
        handle.seek(4000)
        handle.write(bytes([byte ^ 255]))
    embedded.up(own)
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


def damage_found() -> Finding:
    return next(each for each in findings() if each.title == "No part of the data is damaged")


def file_of_table(home: Path, table: str) -> Path:
    """The file of a table, everything on the disk."""
    with reaching.of_home(home).connect() as connection:
        (name,) = connection.execute("select pg_relation_filepath(%s::regclass)", [table]).fetchone()
        connection.execute("checkpoint")
    return embedded.data_dir(home) / str(name)


def test_a_restore_leaves_nothing_lying_about(own: Path, source: Source) -> None:
    """Not what the killed ones left, and not the old store, once the new one has answered."""
    steps = Steps()
    done = restoring.restore(source, (), nobody, steps)
    assert (done.with_keys, done.erased_anew) == (True, 0)
    assert {"Later", "Elsewhere one still writes"} & set(places(own)) == set()
    assert damage_found().is_right
    examine(reaching.owner())
    left = {path.name for path in own.iterdir() if "store" in path.name or "restor" in path.name}
    assert left <= {"store", "store.lock", "store.refused"}
    assert len(steps.seconds) >= 8


def test_who_was_erased_since_stays_erased_to_the_last_byte(own: Path, tmp_path: Path) -> None:
    """An older backup holds them, and yet no byte of them is in the store that it gives back (trust.md P22, P23)."""
    canary = a_canary()
    with session(SYSTEM) as s:
        ensure_owner(s, by=SYSTEM)
        owner = replace(SYSTEM, organisation_id=str(ensure_association(s, by=SYSTEM)))
    with session(owner) as s:
        person = add_person(s, a_draft(a_place(s, kind="patch"), **canary), by=owner)
    older = taking.take(tmp_path, lasting=False)
    erase(person.id, "asked", actor=owner)
    source = restoring.source_of(older.store, keys.recovery(own))
    erased = restoring.erased_since(source, keys.recovery(own))
    with unpacked(source.store.sealed, source.identity) as tables:
        everything = b"".join(chunk for table in tables for chunk in table.chunks)
    assert {hit.name for hit in Search(canary).in_bytes(everything, "the archive")} == set(canary)
    assert older.keys_manifest is not None
    assert older.keys_manifest.rows == 1
    assert restoring.restore(source, erased, erase_anew, Steps()).erased_anew == 1
    assert Search(canary).in_folders(own, cluster_of(own).folder) == []
    with reaching.of_home(own).connect() as connection:
        assert connection.execute("select count(*) from keyring.person_key").fetchone() == (0,)


def test_a_drill_then_an_empty_machine(own: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is needed there: the backup and the recovery key."""
    wanted = places(own)
    drilled = drilling.drill(tmp_path / "second disk", nobody, Steps())
    assert drilled.where is not None
    assert drilled.rpo_seconds is None
    assert remembered.age(own, remembered.DRILL) is not None
    assert remembered.age(own, remembered.FILES_EXAMINED) is not None
    assert drilled.rto_seconds < sum(drilled.seconds.values()) + 2
    kept = shutil.copy(keys.file_of(own), tmp_path / "recovery.txt")
    with tempfile.TemporaryDirectory(prefix="abcd-empty-") as folder:
        fresh = Path(folder)
        fresh.chmod(0o755)
        monkeypatch.setenv("ABCD_HOME", folder)
        try:
            restoring.restore(restoring.source_of(drilled.where, keys.read(kept)), (), nobody, Steps())
            assert places(fresh) == wanted
        finally:
            embedded.down(fresh)
