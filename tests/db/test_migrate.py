"""The migration makes exactly the tables that the code describes, once, with the rights of each role."""

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.db import migrate
from abcd.db.audit import record
from abcd.db.session import SHARE_ROLE, SYSTEM, session
from abcd.db.tables import Base
from abcd.errors import StoreUnavailable


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
