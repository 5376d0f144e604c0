"""F17: an upgrade of the schema is killed at any statement: the old schema or the new one, and it can be run again."""

import functools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from abcd.db import embedded, migrate
from tests.conftest import ask
from tests.faults.cut import kill_at, run
from tests.faults.figures import tell
from tests.faults.size import times

SCHEMA = """
select md5(string_agg(line, '|' order by line)) from (
  select table_schema || table_name || column_name || data_type || is_nullable || coalesce(column_default, '') as line
    from information_schema.columns where table_schema in ('core', 'pub', 'stage', 'keyring')
  union all select pg_get_indexdef(indexrelid) from pg_index where indrelid::regclass::text like 'core.%'
  union all select conrelid::regclass || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'core'::regnamespace
  union all select pg_get_triggerdef(t.oid) from pg_trigger t where not tgisinternal
  union all select proname || md5(prosrc) from pg_proc where pronamespace = 'core'::regnamespace
  union all select tablename || policyname || coalesce(qual, '') from pg_policies
  union all select version_num from alembic_version
) lines"""
FIFTY = """
insert into core.asset (asset_kind, category, name)
select 'physical', 'library', 'Library ' || n from generate_series(1, 50) n"""
OLD = "faults_old"
_numbers = iter(range(1_000_000))


def upgraded(url: str, stop_at: int | str | None, in_pieces: bool) -> None:
    """The upgrade, killed before its statement number ``stop_at``; ``in_pieces`` breaks it first."""
    if in_pieces:
        migrate.create_engine = functools.partial(create_engine, isolation_level="AUTOCOMMIT")  # type: ignore[assignment]
    kill_at(stop_at)
    migrate.upgrade(url)


@pytest.fixture(scope="module")
def template(cluster: Path) -> Iterator[None]:
    """A store of the first schema, with something in it."""
    ask(cluster, f"create database {OLD} template template0")
    url = embedded.url(cluster, database=OLD)
    migrate.upgrade(url, to="0001")
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("insert into core.term (slug, name, position) values ('library', 'Library', 1)"))
        connection.execute(text(FIFTY))
    yield
    ask(cluster, f"drop database {OLD} with (force)")


@pytest.fixture
def older(cluster: Path, template: None) -> Iterator[str]:
    name = f"faults_{next(_numbers)}"
    ask(cluster, f"create database {name} template {OLD}")
    yield embedded.url(cluster, database=name)
    ask(cluster, f"drop database {name} with (force)")


def schema(url: str) -> tuple[str, int]:
    """One word for all that a schema is, and how many assets are in it."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        assets = connection.scalar(text("select count(*) from core.asset where name like 'Library %'"))
        return str(connection.scalar(text(SCHEMA))), int(assets or 0)


def test_an_upgrade_killed_at_any_statement_leaves_the_old_schema_or_the_new(
    older: str, cluster: Path, tmp_path: Path
) -> None:
    old = schema(older)
    n = statements(cluster, tmp_path / "count")
    killed = sorted(random.Random(17).sample(range(n), min(n, times(10, n))))
    left = {k: schema(older) for k in killed if run(upgraded, older, k, False) == -9}
    assert run(upgraded, older, None, False) == 0
    new = schema(older)
    tell(
        "kill -9 of an upgrade",
        len(left),
        statements=n,
        half_schemas=sum(one not in (old, new) for one in left.values()),
    )
    assert list(left) == killed
    assert set(left.values()) <= {old, new}
    assert new != old
    assert new[1] == 50


def statements(cluster: Path, counted: Path) -> int:
    """How many statements a whole upgrade takes."""
    ask(cluster, f"create database faults_whole template {OLD}")
    assert run(upgraded, embedded.url(cluster, database="faults_whole"), str(counted), False) == 0
    ask(cluster, "drop database faults_whole with (force)")
    return int(counted.read_text())


def test_an_upgrade_in_pieces_is_found_out(older: str) -> None:
    """The control: it leaves something in between, which cannot be upgraded again."""
    old = schema(older)
    assert run(upgraded, older, 60, True) == -9
    between = schema(older)
    tell("control: upgrade in pieces", 1, half_schemas=int(between != old))
    assert between != old
    assert run(upgraded, older, None, False) == 1
