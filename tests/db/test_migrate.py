"""The migration makes exactly the tables that the code describes, once, with the rights of each role."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from abcd.cli import app
from abcd.db import embedded, migrate
from abcd.db.audit import record
from abcd.db.chain import verify
from abcd.db.session import SHARE_ROLE, SYSTEM, engine, session
from abcd.db.tables import Base
from abcd.errors import NotFound, StoreOutdated, StoreUnavailable
from tests.conftest import as_owner, ask


@pytest.mark.filterwarnings("ignore:Expression #1:UserWarning")
def test_the_migration_makes_the_tables_of_the_code(store: str) -> None:
    with create_engine(store, poolclass=NullPool).connect() as connection:
        config = migrate.alembic_config()
        config.attributes["connection"] = connection
        command.check(config)


def test_a_second_upgrade_changes_nothing(store: str) -> None:
    assert migrate.upgrade() == migrate.upgrade() == migrate.newest()


def test_every_index_says_which_query_it_serves(store: str) -> None:
    named = [index for table in Base.metadata.sorted_tables for index in table.indexes]
    assert [index.name for index in named if not index.info.get("comment")] == []
    with create_engine(store, poolclass=NullPool).connect() as connection:
        told = connection.scalar(
            text("select count(*) from pg_description where objoid in (select indexrelid from pg_index)")
        )
    assert told == len(named)


def test_the_public_role_sees_nothing_private(store: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied for schema core"), session(SYSTEM, SHARE_ROLE) as s:
        s.execute(text("select * from core.asset"))


@pytest.mark.parametrize("statement", ["update core.audit_event set by = 'x'", "delete from core.audit_event"])
def test_the_app_cannot_rewrite_what_was_done(s: Session, statement: str) -> None:
    record(s, "test", "thing", "1", by=SYSTEM)
    s.flush()
    with pytest.raises(DBAPIError, match="permission denied"):
        s.execute(text(statement))


def test_not_even_the_owner_rewrites_what_was_done(store: str) -> None:
    with (
        create_engine(store, poolclass=NullPool).connect() as connection,
        pytest.raises(DBAPIError, match="never changed or removed"),
    ):
        connection.execute(text("delete from core.audit_event"))


def test_a_server_that_is_down_is_told() -> None:
    with pytest.raises(StoreUnavailable, match="does not answer"):
        migrate.upgrade("postgresql+psycopg://postgres@/abcd?host=/nowhere")


def test_a_store_of_the_first_schema_keeps_its_data_and_gets_the_trail(cluster: Path) -> None:
    """Its tables belonged to a superuser and the app was a member of their owner; its events were never chained."""
    ask(cluster, "create database older template template0")
    url = embedded.url(cluster, database="older")
    try:
        migrate.upgrade(url, to="0001")
        with as_owner(url) as older:
            older.execute(text("grant abcd_owner to abcd_app_rw; alter table core.asset owner to abcd_owner"))
            older.execute(text("grant truncate on all tables in schema core to abcd_app_rw"))
            older.execute(text("insert into core.term (slug, name, position) values ('library', 'Library', 1)"))
            older.execute(
                text("insert into core.asset (asset_kind, category, name) values ('physical', 'library', 'L')")
            )
            older.execute(
                text("insert into core.audit_event (id, by, verb, thing_kind) values (7, 'Ann', 'add', 'asset')")
            )
            older.execute(text("select setval('core.audit_event_id_seq', 7)"))
        assert migrate.upgrade(url) == migrate.newest()
        with as_owner(url) as newer, Session(newer) as s:
            assert s.scalar(text("select pg_has_role('abcd_app_rw', 'abcd_owner', 'member')")) is False
            assert s.scalar(text("select has_table_privilege('abcd_app_rw', 'core.asset', 'truncate')")) is False
            assert s.scalar(text("select name from core.asset")) == "L"
            s.execute(text("update core.asset set name = 'M'"))
            assert s.scalar(text("select after ->> 'name' from core.row_change order by id desc limit 1")) == "M"
            s.commit()
        for _ in range(2):
            with create_engine(url, poolclass=NullPool).begin() as sealing:
                sealing.execute(text("select core.seal_audit()"))
        with as_owner(url) as newer, Session(newer) as s:
            assert s.scalar(text("select min(id) from core.audit_seal")) == 7
            assert verify(s) == []
    finally:
        ask(cluster, "drop database older with (force)")


def test_a_store_of_another_schema_is_told_in_a_sentence_by_every_door(
    cluster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(cluster, "create database bare template template0")
    url = embedded.url(cluster, database="bare")
    monkeypatch.setenv("ABCD_DATABASE_URL", url.replace("+psycopg", ""))
    command = ["patches", "list", "--place", "TOWN"]
    try:
        with pytest.raises(StoreOutdated, match="Run 'abcd db migrate'"):
            CliRunner().invoke(app, command, catch_exceptions=False)
        migrate.upgrade(url)
        with pytest.raises(NotFound):
            CliRunner().invoke(app, command, catch_exceptions=False)
        with as_owner(url) as older:
            older.execute(text("update alembic_version set version_num = '0024'"))
            older.execute(text("alter table core.place rename column drawn to draw"))
        with pytest.raises(StoreOutdated, match="Run 'abcd db migrate'"):
            CliRunner().invoke(app, command, catch_exceptions=False)
        with as_owner(url) as newer:
            newer.execute(text("update alembic_version set version_num = 'of next year'"))
        with pytest.raises(StoreOutdated, match="Install the newer version"):
            CliRunner().invoke(app, command, catch_exceptions=False)
        with as_owner(url) as newer:
            newer.execute(text("update alembic_version set version_num = :ours"), {"ours": migrate.newest()})
        with pytest.raises(ProgrammingError):  # a defect of ours, and no migration would mend it
            CliRunner().invoke(app, command, catch_exceptions=False)
    finally:
        engine().dispose()
        monkeypatch.undo()
        ask(cluster, "drop database bare with (force)")
