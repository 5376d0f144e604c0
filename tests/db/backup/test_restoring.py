"""What comes back is what was there: rows, rights, rules and numbers; anything else is refused and leaves no trace."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from abcd.db import audit, migrate
from abcd.db.backup import bundle, contents, keys, on_a_server, reaching, restoring, sealing, taking
from abcd.db.backup.manifest import Content
from abcd.db.backup.rebuilding import Source
from abcd.db.backup.steps import Steps
from abcd.db.backup.taking import Taken
from abcd.db.erasures import Erased
from abcd.db.migrations import ground
from abcd.db.session import Actor, session
from abcd.errors import AbcdError, BadFile, StoreUnavailable
from tests.builders import a_place
from tests.db.backup.conftest import nobody, opened
from tests.db.backup.test_trusting import made_by

RULES = {
    "indexes": "select indexdef from pg_indexes where schemaname in ('core', 'pub', 'keyring') order by 1",
    "constraints": """select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
                      where connamespace in ('core'::regnamespace, 'keyring'::regnamespace) order by 1, 2""",
    "triggers": """select tgrelid::regclass::text, tgname, tgenabled from pg_trigger
                   where not tgisinternal order by 1, 2""",
    "row security": """select oid::regclass::text, relrowsecurity, relforcerowsecurity from pg_class
                       where relnamespace = 'core'::regnamespace and relrowsecurity order by 1""",
    "rights": """select oid::regclass::text, relowner::regrole::text, array(select unnest(relacl)::text order by 1)
                 from pg_class where relnamespace in (select oid from pg_namespace where nspname in ('core', 'pub'))
                 order by 1""",
    "functions": """select oid::regprocedure::text, proowner::regrole::text, prosecdef from pg_proc
                    where pronamespace = 'core'::regnamespace order by 1""",
}


def source_of(home: Path, folder: Path) -> Source:
    return restoring.source_of(folder, keys.recovery(home))


@contextmanager
def restored(store: str, source: Source, name: str, erased: tuple[Erased, ...] = ()) -> Iterator[str]:
    """The URL of a database restored beside the store, dropped in the end."""
    on_a_server.restore_beside(source, erased, nobody, Steps(), name)
    try:
        yield make_url(store).set(database=name).render_as_string(hide_password=False)
    finally:
        with opened(store) as connection:
            connection.execute(f"drop database {name} with (force)")


def databases(store: str) -> set[str]:
    with opened(store) as connection:
        return {name for (name,) in connection.execute("select datname from pg_database")}


@pytest.fixture(scope="module")
def again(store: str, home: Path, taken: Taken) -> Iterator[str]:
    """The store as its backup gave it back."""
    with restored(store, source_of(home, taken.store), "restored_again") as url:
        yield url


def test_every_row_comes_back(again: str, taken: Taken) -> None:
    with opened(again) as connection:
        found = contents.contents_of(connection)
        names = [name for (name,) in connection.execute("select name from core.place order by name")]
    assert found == taken.manifest.tables
    assert "Café \\N\t\\. O'Brien\n\\.\nTŷ" in names


@pytest.mark.parametrize("what", RULES)
def test_every_rule_comes_back(store: str, again: str, what: str) -> None:
    with opened(store) as one, opened(again) as other:
        wanted, found = one.execute(RULES[what]).fetchall(), other.execute(RULES[what]).fetchall()
    assert found == wanted
    assert len(found) > 0


def test_numbers_go_on_where_they_were(again: str, taken: Taken) -> None:
    with opened(again) as connection:
        (number,) = connection.execute("select nextval('core.audit_event_id_seq')").fetchone()
    assert number == taken.manifest.sequences["core.audit_event_id_seq"][0] + 1


def test_the_newest_schema_is_there(again: str) -> None:
    with opened(again) as connection:
        assert connection.execute("select version_num from alembic_version").fetchone() == (migrate.newest(),)


def test_a_backup_in_the_midst_of_writing_is_one_moment(store: str, home: Path, owner: Actor, tmp_path: Path) -> None:
    """Each save is a place and its event in one transaction: the backup holds both or neither, and no later ones."""
    stop, saved = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            with session(owner) as s:
                audit.record(s, "swarm", "place", a_place(s, name="Swarm"), by=owner)
            saved.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(saved) < 20:
            assert writer.is_alive()
        taken = taking.take(tmp_path, lasting=False)
        later = len(saved)
        while len(saved) < later + 5:
            assert writer.is_alive()
    finally:
        stop.set()
        writer.join()
    with restored(store, source_of(home, taken.store), "restored_swarm") as url, opened(url) as connection:
        assert contents.contents_of(connection) == taken.manifest.tables
        (places,) = connection.execute("select count(*) from core.place where name = 'Swarm'").fetchone()
        (events,) = connection.execute("select count(*) from core.audit_event where verb = 'swarm'").fetchone()
    assert places == events
    assert 20 <= places < len(saved)


def test_old_links_let_nobody_in(store: str, home: Path, tmp_path: Path) -> None:
    with opened(store) as connection:
        account = connection.execute(
            "insert into core.account (name, role) values ('Olive', 'owner') returning id"
        ).fetchone()[0]
        connection.execute(
            "insert into core.sign_in_link (token_hash, account_id, expires_at) values ('abc', %s, now() + '1 hour')",
            [account],
        )
    taken = taking.take(tmp_path, lasting=False)
    assert taken.manifest.tables["core.sign_in_link"].rows == 1
    with restored(store, source_of(home, taken.store), "restored_links") as url, opened(url) as connection:
        assert connection.execute("select count(*) from core.sign_in_link").fetchone() == (0,)
        assert connection.execute("select count(*) from core.account where name = 'Olive'").fetchone() == (1,)


def refused(store: str, source: Source, kind: type[AbcdError], told: str) -> None:
    """Restoring must fail with ``told`` and leave no database behind."""
    before = databases(store)
    with pytest.raises(kind, match=told):
        on_a_server.restore_beside(source, (), nobody, Steps(), "restored_never")
    assert databases(store) == before


def test_another_content_than_was_signed_is_refused(store: str, home: Path, copy: Path) -> None:
    said = source_of(home, copy).manifest
    made_by(home, copy, tables=said.tables | {"core.asset": replace(said.tables["core.asset"], checksum="1")})
    refused(store, source_of(home, copy), StoreUnavailable, r"not what was backed up: core\.asset \(")


ONE = Content(rows=3, checksum="7", invalid=0)


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"a": ONE, "b": ONE},
        {"a": replace(ONE, rows=2)},
        {"a": replace(ONE, checksum="8")},
        {"a": replace(ONE, invalid=1)},
    ],
    ids=["missing", "too many", "rows", "checksum", "shapes"],
)
def test_any_difference_counts(found: dict[str, Content]) -> None:
    contents.require_same({"a": ONE}, {"a": ONE})
    with pytest.raises(StoreUnavailable, match="is not what was backed up"):
        contents.require_same({"a": ONE}, found)


def test_a_table_that_is_not_ours_is_refused(store: str, home: Path, copy: Path) -> None:
    with opened(store) as connection:
        connection.execute("create table core.stranger (id int)")
    try:
        sealed_again(home, copy, "--data-only", "--table=core.stranger")
    finally:
        with opened(store) as connection:
            connection.execute("drop table core.stranger")
    refused(store, source_of(home, copy), BadFile, r"core\.stranger with other columns")


def test_an_archive_that_holds_more_than_data_is_refused(
    store: str, home: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed with our own key, even so: pg_restore is told to let everything through, and nothing of it is run."""
    sealed_again(home, copy, "--schema=core")
    monkeypatch.setattr("abcd.db.backup.archive.UNPACK", ("--file=-",))
    refused(store, source_of(home, copy), BadFile, "holds more than data .'CREATE SCHEMA core;'")


def sealed_again(home: Path, copy: Path, *options: str) -> None:
    """Another dump in the place of the backup's, encrypted for us and signed by us."""
    plain = subprocess.run(
        reaching.owner().program("pg_dump", "--format=custom", *options), capture_output=True, check=True
    )
    (copy / bundle.SEALED).unlink()
    (copy / "plain").write_bytes(plain.stdout)
    with (copy / "plain").open("rb") as stream:
        sealing.seal(stream, copy / bundle.SEALED, [keys.recovery(home).identity.to_public()])
    made_by(home, copy)


def test_a_backup_of_an_older_schema_is_brought_on(
    store: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_url(store).set(database="older_one").render_as_string(hide_password=False)
    with opened(store) as connection:
        connection.execute("create database older_one template template0")
    try:
        migrate.upgrade(url, to="0002")
        with opened(url) as connection:
            for statement in ground.GRANTS["abcd_backup"]:
                connection.execute(statement.format(role="abcd_backup"))
            connection.execute("insert into core.organisation (name) values ('Old Friends')")
        monkeypatch.setenv("ABCD_DATABASE_URL", url)
        taken = taking.take(tmp_path, lasting=False)
        assert taken.manifest.revision == "0002"
        with restored(store, source_of(home, taken.store), "restored_older") as fresh, opened(fresh) as connection:
            assert connection.execute("select version_num from alembic_version").fetchone() == (migrate.newest(),)
            assert connection.execute("select name from core.organisation").fetchall() == [("Old Friends",)]
    finally:
        with opened(store) as connection:
            connection.execute("drop database older_one with (force)")


def test_erasures_are_told_by_this_machine_and_by_every_signed_backup(home: Path, copy: Path, tmp_path: Path) -> None:
    """A machine that burned took its list with it."""
    other = tmp_path / "beside"
    newer = other / bundle.name_of("store", source_of(home, copy).manifest.made_at)
    other.mkdir()
    copy.rename(newer)
    made_by(home, newer, erased={"ab" * 32: "2026-11-01"})
    (found,) = restoring.erased_since(source_of(home, newer), keys.recovery(home))
    assert (found.hash, found.on.isoformat()) == ("ab" * 32, "2026-11-01")
