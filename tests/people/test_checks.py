"""``abcd check`` finds a wall that somebody took down, a key that is left, a log that talks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from abcd.db import erasures
from abcd.db.check import Check
from abcd.db.checks import people as checks
from tests.conftest import as_owner


@pytest.fixture
def connection(store: str) -> Iterator[Connection]:
    """A connection of the store's owner; what it changes is rolled back."""
    with as_owner(store) as opened:
        yield opened
        opened.rollback()


@pytest.mark.parametrize(
    ("check", "statement", "detail"),
    [
        (checks.walls, "alter role abcd_app_rw bypassrls", "abcd_app_rw may pass row security"),
        (checks.walls, "grant truncate on core.person to abcd_app_rw", "the app may empty person"),
        (checks.keys, "grant usage on schema keyring to abcd_backup", "abcd_backup reaches them"),
        (checks.keys, "grant select on keyring.person_key to public", "reaches them"),
        (checks.keys, "grant abcd_keeper to abcd_app_rw", "abcd_app_rw reaches them"),
        (checks.no_key_of_nobody, "insert into keyring.person_key values (gen_random_uuid(), 'x')", "1 keys of nobody"),
        (checks.quiet, "set local log_min_messages = error", "log_min_messages=error"),
        (checks.quiet, "set local log_error_verbosity = verbose", "log_error_verbosity=verbose"),
    ],
)
def test_what_somebody_breaks_is_found(connection: Connection, check: Check, statement: str, detail: str) -> None:
    assert check.run(connection).is_right, check.run(connection)
    connection.execute(text(statement))
    found = check.run(connection)
    assert not found.is_right
    assert detail in found.detail
    assert found.cure


def test_an_erasure_that_was_not_finished_is_found(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))
    assert checks.swept.run(connection).is_right
    erasures.remember("somebody")
    assert not checks.swept.run(connection).is_right
    erasures.remember_sweep()
    assert checks.swept.run(connection).detail == "1 erased"
