"""A backup is whole or it is not there: nothing is believed because a program said that it went well."""

import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from psycopg.errors import InsufficientPrivilege

from abcd.db.backup import archive, bundle, contents, dump, keys, reaching, remembered, snapshot, taking, trusting
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.manifest import PERSON_KEYS, STORE
from abcd.db.backup.taking import KEY_DAYS, Taken
from abcd.db.erasures import BACKUP_DAYS
from abcd.db.migrate import newest
from abcd.errors import StoreUnavailable
from tests.db.backup.conftest import opened


def left_in(folder: Path) -> list[str]:
    """What lies in a folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_the_manifest_tells_what_the_store_holds(store: str, taken: Taken, home: Path) -> None:
    said = trusting.verified(Bundle(taken.store), keys.recovery(home))
    with opened(store) as connection:
        assert contents.contents_of(connection) == said.tables
        (server,) = connection.execute("select current_setting('server_version_num')::int").fetchone()
    assert said.tables["core.asset"].rows == 30
    assert (said.kind, said.revision, said.postgresql) == (STORE, newest(), server)
    assert said.snapshot.count("-") == 2
    assert said.expires_at - said.made_at == timedelta(days=BACKUP_DAYS)
    assert said.last_event > 0


def test_only_its_owner_may_read_it(taken: Taken) -> None:
    assert stat.S_IMODE(taken.store.stat().st_mode) == 0o700
    assert left_in(taken.store) == ["data.age", "manifest.json", "manifest.sig"]


def test_nothing_in_it_can_be_read(taken: Taken) -> None:
    for path in taken.store.iterdir():
        assert b"Library 7" not in path.read_bytes()
    assert (taken.store / bundle.SEALED).read_bytes().startswith(b"age-encryption.org/v1\n")


def test_peoples_keys_lie_in_an_archive_of_their_own_that_lives_for_days(home: Path, taken: Taken) -> None:
    recovery = keys.recovery(home)
    in_store = archive.counted(Bundle(taken.store).sealed, recovery.identity)
    assert [name for name in in_store if not name.startswith(("core.", "pub."))] == []
    assert taken.person_keys is not None
    said = trusting.verified(Bundle(taken.person_keys), recovery, PERSON_KEYS)
    assert list(said.tables) == ["keyring.person_key"]
    assert said.snapshot == taken.manifest.snapshot
    assert said.expires_at - said.made_at == timedelta(days=KEY_DAYS)


def test_keys_may_go_elsewhere_and_others_may_open_it(home: Path, tmp_path: Path) -> None:
    someone = pyrage.x25519.Identity.generate()
    done = taking.take(tmp_path / "a", keys_folder=tmp_path / "b", recipients=[str(someone.to_public())], lasting=False)
    assert left_in(tmp_path / "a") == [done.store.name]
    assert done.person_keys is not None
    assert left_in(tmp_path / "b") == [done.person_keys.name]
    assert archive.counted(Bundle(done.store).sealed, someone)["core.asset"] == 30


def test_a_backup_is_remembered(home: Path, taken: Taken) -> None:
    assert remembered.age(home, remembered.BACKUP) < timedelta(minutes=5)
    assert remembered.kept_until(home) == (datetime.now(UTC) + timedelta(days=BACKUP_DAYS)).date()


@contextmanager
def without_bypass(store: str) -> Iterator[None]:
    """The role for backups, fenced in by row security as any other."""
    with opened(store) as connection:
        connection.execute("alter role abcd_backup nobypassrls")
        try:
            yield
        finally:
            connection.execute("alter role abcd_backup bypassrls")


def test_a_role_that_row_security_stops_makes_no_backup(store: str, home: Path, tmp_path: Path) -> None:
    with without_bypass(store), pytest.raises(StoreUnavailable, match="alter role abcd_backup bypassrls"):
        taking.take(tmp_path)
    assert left_in(tmp_path) == []


def test_pg_dump_itself_refuses_what_row_security_hides(store: str, home: Path) -> None:
    """The second wall: without our own counting the dump fails too, and says why."""
    with (
        without_bypass(store),
        snapshot.exported(days=1) as (_connection, said),
        pytest.raises(StoreUnavailable, match="past row security, so people would be missing"),
        dump.dumped(reaching.reader(), said.snapshot, contents.SCHEMAS) as plain,
    ):
        plain.read()


def test_the_option_that_we_never_use_would_lose_people_in_silence(store: str, home: Path) -> None:
    """Negative control: exit code 0, and nobody in it."""
    with opened(store) as connection:
        connection.execute("create table core.fenced (id int); insert into core.fenced values (1)")
        connection.execute(
            "alter table core.fenced enable row level security; grant select on core.fenced to abcd_backup"
        )
    try:
        with without_bypass(store):
            reach = reaching.reader()
            options = ("--data-only", "--table=core.fenced", "--role=abcd_backup", "--enable-row-security")
            done = subprocess.run(reach.program("pg_dump", *options), capture_output=True, text=True, check=True)
            assert "FROM stdin;\n\\." in done.stdout
            with pytest.raises(InsufficientPrivilege):
                reach.connect().execute("select * from core.fenced")
    finally:
        with opened(store) as connection:
            connection.execute("drop table core.fenced")


def test_a_dump_that_fails_is_no_backup(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "OPTIONS", (*dump.OPTIONS, "--no-such-option"))
    with pytest.raises(StoreUnavailable, match="The backup was not made"):
        taking.take(tmp_path)
    assert left_in(tmp_path) == []


def test_a_dump_that_leaves_rows_out_is_no_backup(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump ends with 0 here: only counting finds it out."""
    monkeypatch.setattr(dump, "OPTIONS", (*dump.OPTIONS, "--exclude-table-data=core.asset"))
    with pytest.raises(StoreUnavailable, match=r"does not hold what the store holds: core\.asset\."):
        taking.take(tmp_path)
    assert left_in(tmp_path) == []


def test_a_full_disk_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        with pytest.raises(StoreUnavailable, match="could not be written to"):
            taking.take(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert left_in(tmp_path) == []


def test_room_is_asked_for_first(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking.shutil, "disk_usage", lambda _folder: Usage())
    with pytest.raises(StoreUnavailable, match=r"has no room for a backup: .* Nothing was written"):
        taking.take(tmp_path / "new")
    assert not (tmp_path / "new").exists()


class Usage:
    """A disk with hardly a byte left."""

    free = 1000


KILLED = """
import os, signal, sys
from pathlib import Path
from abcd.db.backup import bundle, taking
bundle.describe = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
taking.take(Path(sys.argv[1]))
"""


def test_a_killed_backup_has_no_name_and_is_swept_up(home: Path, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False, cwd=Path(__file__).parents[3])
    assert done.returncode == -signal.SIGKILL
    assert all(name.startswith(bundle.UNFINISHED) for name in left_in(tmp_path))
    assert bundle.found_in(tmp_path, STORE) == []
    taken = taking.take(tmp_path)
    assert left_in(tmp_path) == sorted(path.name for path in (taken.store, taken.person_keys) if path)


def test_what_has_expired_is_removed_and_nothing_else(home: Path, tmp_path: Path) -> None:
    old = taking.take(tmp_path, days=-1)
    assert old.store.exists()
    stranger = tmp_path / f"{bundle.PREFIX[STORE]}20200101T000000.000000Z"
    stranger.mkdir()
    kept = taking.take(tmp_path)
    assert kept.expired == 1
    assert not old.store.exists()
    assert stranger.exists()
    assert kept.store.exists()
    assert taking.take(tmp_path).expired == 0
