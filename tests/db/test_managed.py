"""A server of others: an account that is no superuser migrates, and the app then works signed in as its own role.

What the owner of such a server does by hand is in ``BY_HAND``, once, as README says it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from abcd.assets.actions import add_asset, edit_asset
from abcd.assets.drafts import AssetDraft
from abcd.db import check, embedded, migrate
from abcd.db.backup import keys, on_a_server, restoring, taking
from abcd.db.backup.steps import Steps
from abcd.db.chain import seal, verify
from abcd.db.checks import rights, server
from abcd.db.cluster import cluster_of
from abcd.db.session import APP_ROLE, SHARE_ROLE, SYSTEM, Actor, engine, session
from abcd.errors import NotAllowed, SetupMissing
from abcd.intake.bulk import WORTH_IT_ROWS, indexes_aside

ADMIN = "council"
DATABASE = "managed"
#: What the provider's console does; the rest is ``abcd db migrate``.
BY_HAND = (
    f"create role {ADMIN} login createrole createdb nosuperuser",
    f"create database {DATABASE} owner {ADMIN}",
)
#: PostGIS alone may not be created by everybody; the other extensions are trusted.
IN_IT = ("create extension postgis",)


@pytest.fixture(scope="module")
def managed() -> Iterator[Path]:
    """The home of a second cluster with a database that belongs to an account which is no superuser."""
    with tempfile.TemporaryDirectory(prefix="abcd-managed-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        embedded.up(home, durable=False)
        try:
            _by_hand(home)
            yield home
        finally:
            embedded.down(home)


def _by_hand(home: Path) -> None:
    with (cluster_of(home).data / "pg_ident.conf").open("a") as identities:
        identities.write(f"abcd {_account()} {ADMIN}\n")
    for database, statements in (("postgres", (*BY_HAND, "select pg_reload_conf()")), (DATABASE, IN_IT)):
        with console(home, database) as connection:
            for statement in statements:
                connection.execute(text(statement))


@contextmanager
def console(home: Path, database: str) -> Iterator[Connection]:
    """The provider's own account, a superuser."""
    engine = create_engine(embedded.url(home, database=database), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def _account() -> str:
    return "root" if os.geteuid() == 0 else os.environ["USER"]


def address(home: Path, role: str) -> str:
    return embedded.url(home, role, DATABASE)


@pytest.fixture(scope="module")
def migrated(managed: Path) -> Path:
    """Migrated from the command line, twice, as its help says."""
    for _ in range(2):
        command = [sys.executable, "-c", "from abcd.cli import main; main()", "db", "migrate"]
        done = subprocess.run(
            command, cwd=Path(__file__).parents[2], text=True,
            env=os.environ | {"ABCD_DATABASE_URL": address(managed, ADMIN)}, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert migrate.newest() in done.stdout
    return managed


@pytest.fixture
def app(migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app's own settings: it signs in as ``abcd_app_rw`` and knows nothing else."""
    monkeypatch.setenv("ABCD_DATABASE_URL", address(migrated, APP_ROLE))
    yield
    engine().dispose()
    engine(SHARE_ROLE).dispose()


def test_no_superuser_owns_anything_of_ours(migrated: Path) -> None:
    owners = """
        select distinct r.rolname from pg_class c join pg_roles r on r.oid = c.relowner
        where relnamespace in ('core'::regnamespace, 'pub'::regnamespace)
        union select distinct r.rolname from pg_proc p join pg_roles r on r.oid = p.proowner
        where pronamespace in ('core'::regnamespace, 'pub'::regnamespace)"""
    with create_engine(address(migrated, ADMIN), poolclass=NullPool).connect() as connection:
        assert set(connection.scalars(text(owners))) <= {"abcd_owner", "abcd_keeper"}
        assert connection.scalar(text("select rolsuper from pg_roles where rolname = current_user")) is False


def test_the_app_does_its_work(app: None, owner: Actor) -> None:
    with session(owner) as s:
        where = {"easting": 380_000, "northing": 394_000}
        draft = AssetDraft(name="Old Library", category="library", reach="0161 496 0000", **where)
        made = add_asset(s, draft, by=owner)
        edit_asset(s, made.id, {"name": "New Library"}, version=made.version, by=owner)
    with session(owner) as s:
        assert s.scalar(text("select current_user || session_user")) == APP_ROLE * 2
        assert s.scalar(text("select count(*) from core.row_change where thing_id = :id"), {"id": str(made.id)}) >= 2
    for _ in range(2):
        with session(owner) as s:
            seal(s)
    with session(owner) as s:
        assert verify(s) == []
        assert s.scalar(text("select count(*) from core.audit_seal")) > 100


def test_a_large_load_sets_indexes_aside(app: None, owner: Actor) -> None:
    with session(owner) as s, indexes_aside(s, WORTH_IT_ROWS):
        assert s.scalar(text("select count(*) from core.set_aside")) > 5


def test_what_is_public_steps_down(app: None) -> None:
    with pytest.raises(DBAPIError, match="permission denied for schema core"), session(SYSTEM, SHARE_ROLE) as s:
        s.execute(text("select * from core.asset"))


@pytest.mark.parametrize("role", [APP_ROLE, "abcd_share_ro", "abcd_backup"])
def test_no_role_is_more_than_it_should_be(migrated: Path, role: str) -> None:
    with create_engine(address(migrated, role), poolclass=NullPool).connect() as connection:
        assert connection.scalar(text("select pg_has_role(current_user, 'abcd_owner', 'member')")) is False
        with pytest.raises(DBAPIError, match="permission denied|must be owner"):
            connection.execute(text("create table core.mine (id int)"))


def test_the_backup_role_reads_all_and_writes_nothing(migrated: Path) -> None:
    with create_engine(address(migrated, "abcd_backup"), poolclass=NullPool).connect() as connection:
        assert connection.scalar(text("select count(*) from core.term")) > 50
        connection.execute(text("select set_config('abcd.actor', 'Backup', false)"))
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("update core.term set name = 'x'"))


#: What the provider's console does after the first ``abcd db migrate``: only a superuser may.
AFTERWARDS = (
    "alter role abcd_backup bypassrls",
    *(f"revoke execute on function {name} from public" for name in (
        "st_estimatedextent(text, text)", "st_estimatedextent(text, text, text)",
        "st_estimatedextent(text, text, text, boolean)", "_postgis_stats(regclass, text, text)",
        "_postgis_selectivity(regclass, text, geometry, text)",
        "_postgis_join_selectivity(regclass, text, regclass, text, text)")),
)  # fmt: skip


def test_the_check_names_what_a_provider_must_do_and_then_is_green(migrated: Path) -> None:
    def wrong() -> dict[str, str]:
        found = check.findings(address(migrated, ADMIN))
        ours = [one for one in found if one.must or one.title == rights.spread.title]
        return {one.title: one.detail for one in ours if not one.is_right and one.title != server.durable.title}

    before = wrong()
    assert set(before) == {rights.backup.title, rights.spread.title}, before
    with console(migrated, DATABASE) as connection:
        for statement in AFTERWARDS:
            connection.execute(text(statement))
    assert wrong() == {}


def test_a_backup_and_a_restore_need_no_superuser(
    migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider lets the role for backups past row security, once, and makes the empty database to restore into."""
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))
    monkeypatch.setenv("ABCD_DATABASE_URL", address(migrated, ADMIN))
    keys.make(tmp_path)
    with pytest.raises(NotAllowed, match=f"'alter role abcd_backup bypassrls' and 'grant abcd_backup to {ADMIN}'"):
        taking.take(tmp_path)
    with console(migrated, "postgres") as connection:
        connection.execute(text("alter role abcd_backup bypassrls"))
        connection.execute(text(f"grant abcd_backup to {ADMIN}"))
    taken = taking.take(tmp_path)
    source = restoring.source_of(tmp_path, keys.recovery(tmp_path))
    with pytest.raises(SetupMissing, match=r"(?s)'postgis'.*let its owner make an empty database"):
        on_a_server.restore_beside(source, (), lambda _erased: 0, Steps(), "beside")
    with console(migrated, "postgres") as connection:
        connection.execute(text(f"create database empty_one owner {ADMIN}"))
    with console(migrated, "empty_one") as connection:
        connection.execute(text("create extension postgis"))
    monkeypatch.setenv("ABCD_DATABASE_URL", embedded.url(migrated, ADMIN, "empty_one"))
    assert on_a_server.restore_into(source, (), lambda _erased: 0, Steps()).manifest == taken.manifest
    with console(migrated, "empty_one") as connection:
        forced = "select relforcerowsecurity from pg_class where oid = 'core.person'::regclass"
        assert connection.scalar(text(forced)) is True
