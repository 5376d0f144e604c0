"""Every check of an installation says right when it is right, and wrong with its cure when somebody breaks it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from abcd.assets.taxonomy import load_taxonomy
from abcd.cli.check import app
from abcd.db import chain, heads, migrate, space
from abcd.db.check import CHECKS, Answer, Check, Finding, findings
from abcd.db.checks import files, rights, schema, server, trail
from abcd.db.session import SYSTEM, session
from abcd.errors import StoreUnavailable


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))


@pytest.fixture
def connection(store: str) -> Iterator[Connection]:
    """A connection as the owner of a fresh store; what it changes is rolled back."""
    engine = create_engine(migrate.owner_url(), poolclass=NullPool)
    with engine.connect() as opened:
        opened.execute(text("select set_config('abcd.actor', 'Test', false)"))
        yield opened
        opened.rollback()


def broken_by(connection: Connection, statement: str, by: Check) -> Finding:
    """What ``by`` finds after ``statement``, having found all well before it."""
    assert by.run(connection).is_right, by.run(connection)
    connection.exec_driver_sql(statement)
    return by.run(connection)


def test_a_fresh_store_lacks_nothing_but_durability(store: str) -> None:
    """Stores for tests are made without fsync, which is just what the check is there to find."""
    with session(SYSTEM) as s:
        assert load_taxonomy(s) > 50
    wrong = {found.title: found.detail for found in findings() if found.must and not found.is_right}
    assert set(wrong) == {server.durable.title}, wrong


def test_every_check_has_its_cure() -> None:
    assert len(CHECKS) >= 20
    assert all(each.cure for each in CHECKS)
    assert len({each.title for each in CHECKS}) == len(CHECKS)


def test_a_server_that_is_down_is_one_finding() -> None:
    (only,) = findings("postgresql+psycopg://postgres@/abcd?host=/nowhere")
    assert (only.is_right, only.cure) == (False, "Run 'abcd db up'.")


@pytest.mark.parametrize(
    ("statement", "by", "detail"),
    [
        ("drop extension unaccent cascade", server.extensions, "missing: unaccent"),
        ("update alembic_version set version_num = 'older'", schema.migrated, "older; wanted"),
        ("truncate core.term cascade", schema.taxonomy, "0 terms"),
        ("alter role abcd_share_ro superuser", rights.roles, "abcd_share_ro may administer the server"),
        ("alter role abcd_app_rw createrole", rights.roles, "abcd_app_rw may administer the server"),
        (
            "alter role abcd_app_rw set abcd.actor = 'Anybody'",
            rights.roles,
            "abcd_app_rw always says abcd.actor=Anybody",
        ),
        ("drop owned by abcd_migrator; drop role abcd_migrator", rights.roles, "abcd_migrator is missing"),
        ("grant abcd_owner to abcd_app_rw", rights.owns_nothing, "it is abcd_owner"),
        ("alter table core.term owner to abcd_app_rw", rights.owns_nothing, "core.term"),
        ("alter function core.audit_row() owner to postgres", rights.no_superuser, "core.audit_row()"),
        ("alter table core.asset owner to postgres", rights.no_superuser, "core.asset"),
        ("grant usage on schema core to abcd_share_ro", rights.private, "it can reach schema core"),
        ("grant select (name) on core.account to public", rights.private, "it can reach table core.account"),
        ("alter role abcd_backup nobypassrls", rights.backup, "held up by row security"),
        ("revoke select on core.asset from abcd_backup", rights.backup, "it cannot read core.asset"),
        ("grant delete on core.asset to abcd_backup", rights.backup, "writing in core.asset"),
        ("alter table core.person no force row level security", rights.row_security, "not on person"),
        ("alter table core.person_note disable row level security", rights.row_security, "not on person_note"),
        ("drop trigger audit_update on core.asset", trail.triggers, "asset lacks audit_update"),
        ("alter table core.venue disable trigger audit_row", trail.triggers, "venue lacks audit_row"),
        ("create table core.newcomer (id int)", trail.triggers, "nobody decided about newcomer"),
        ("drop trigger kept on core.row_change", trail.append_only, "row_change lacks kept"),
        ("grant update on core.row_change to abcd_app_rw", trail.append_only, "the app may update row_change"),
        ("grant execute on function st_estimatedextent(text, text) to public", rights.spread, "st_estimatedextent"),
    ],
)
def test_what_somebody_breaks_is_found(connection: Connection, statement: str, by: Check, detail: str) -> None:
    with Session(connection) as s:
        load_taxonomy(s)
        s.flush()
        found = broken_by(connection, statement, by)
    assert not found.is_right
    assert detail in found.detail


def test_a_question_the_database_cannot_answer_is_a_finding(connection: Connection) -> None:
    connection.execute(text("drop schema core cascade"))
    assert not schema.taxonomy.run(connection).is_right


def test_the_server_agrees_with_ordnance_survey(connection: Connection) -> None:
    assert schema.grid.run(connection).detail == "accurate to 0.05 m (ostn15)"


def test_a_trail_that_was_changed_is_found(connection: Connection) -> None:
    with session(SYSTEM) as s:
        load_taxonomy(s)
    for _ in range(2):
        with session(SYSTEM) as s:
            chain.seal(s)
    changed = "alter table core.row_change disable trigger all; update core.row_change set by = 'Eve' where id = 2"
    found = broken_by(connection, changed, trail.whole)
    assert "Event 2 was changed after it was sealed." in found.detail


def test_events_that_nobody_seals_are_noted(connection: Connection) -> None:
    late = """alter table core.audit_event disable trigger stamp;
        insert into core.audit_event (id, at, by, verb, thing_kind)
        values (1000000, now() - interval '2 hours', 'x', 'x', 'x')"""
    found = broken_by(connection, late, trail.sealed_soon)
    assert found.mark == "note"


def test_a_chain_made_anew_is_found_by_what_was_remembered_outside(connection: Connection) -> None:
    """Whoever owns the database can make a chain that agrees with itself."""
    day = """insert into core.audit_day (day, first_id, last_id, events, seed, seed_id, head)
             values ('2026-01-05', 0, 0, 0, '', 0, sha256('as it was'))"""
    connection.execute(text(day))
    with Session(connection) as s:
        assert heads.remember(s) == 1
        assert heads.remember(s) == 0
        assert heads.compare(s) == []
        connection.execute(text("update core.audit_day set head = sha256('made anew')"))
        s.expire_all()
        assert "made anew" in heads.compare(s)[0].sentence
        connection.execute(text("delete from core.audit_day"))
        s.expire_all()
        assert "no longer in the database" in heads.compare(s)[0].sentence
        assert "no longer in the database" in trail.whole.run(connection).detail
        assert heads.file_of().stat().st_mode & 0o077 == 0
        assert heads.begin_anew() is not None
        assert heads.compare(s) == []


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("postgresql+psycopg://abcd_app_rw@/abcd?host=/run/postgresql", True),
        ("postgresql+psycopg://abcd_app_rw@localhost/abcd", True),
        ("postgresql+psycopg://abcd_app_rw@db.example.org/abcd", False),
        ("postgresql+psycopg://abcd_app_rw@db.example.org/abcd?sslmode=require", False),
    ],
)
def test_a_server_elsewhere_must_prove_itself(connection: Connection, address: str, is_right: bool) -> None:
    """Only the address is another's here; what the server says of this connection is true, and it is not encrypted."""
    with connection.engine.connect() as here:
        here.engine.url = create_engine(address).url
        assert server.private_way.run(here).is_right is is_right


def test_a_secret_that_others_can_read_is_found(connection: Connection, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "closed.age").write_text("x")
    (tmp_path / "server.lock").write_text("")
    assert files.private_files.run(connection).is_right
    (tmp_path / "signing.key").write_text("x")
    (tmp_path / "signing.key").chmod(0o640)
    assert files.private_files.run(connection).detail == "signing.key"
    (tmp_path / "signing.key").chmod(0o600)
    assert files.private_files.run(connection).is_right


def test_the_command_says_it_in_words_and_in_json(store: str) -> None:
    with session(SYSTEM) as s:
        load_taxonomy(s)
    said = CliRunner().invoke(app)
    assert said.exit_code == 7
    assert "ok    The database answers" in said.output
    assert "WRONG What is saved survives a power cut" in said.output
    assert f"To mend it: {server.durable.cure}" in said.output
    told = CliRunner().invoke(app, ["--json"])
    assert '"mark": "WRONG"' in told.output


def test_a_room_adds_its_own(connection: Connection) -> None:
    def ask(_connection: Connection) -> Answer:
        raise StoreUnavailable("There is no backup.")

    assert Check("There is a backup", "Run 'abcd backup'.", True, ask).run(connection).detail == "There is no backup."


def test_a_full_disk_stops_writing_early(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nearly_full = space.Space(free=300 * space.MEGABYTE, total=2_000 * space.MEGABYTE)
    assert nearly_full.missing == 212 * space.MEGABYTE
    monkeypatch.delenv("ABCD_DATABASE_URL")
    monkeypatch.setattr(space, "space_at", lambda _folder: nearly_full)
    with pytest.raises(StoreUnavailable, match=r"nearly full. Nothing was changed. Free 212 MB"):
        space.require_space()


def test_a_tenth_must_stay_free_on_a_large_disk() -> None:
    assert space.Space(free=50_000, total=1_000_000).missing > 0
    assert space.Space(free=5 * 10**10, total=10**11).missing == 0


def test_another_server_minds_its_own_disk(store: str) -> None:
    space.require_space()
