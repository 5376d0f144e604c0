"""Sealing goes on from the command line too, and the oldest days can go without breaking the chain."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from abcd.cli import app
from abcd.db.audit import record
from abcd.db.chain import sealed
from abcd.db.sealing import seal_all
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from tests.conftest import as_owner


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))


def look(owner: Actor) -> None:
    with session(owner) as s:
        record(s, "look", "thing", "1", by=owner)


def test_the_commands_seal_and_verify(owner: Actor) -> None:
    look(owner)
    assert "1 events were sealed" in CliRunner().invoke(app, ["audit", "seal"]).output
    said = CliRunner().invoke(app, ["audit", "verify"])
    assert (said.exit_code, said.output[:27]) == (0, "The trail is whole up to ev")


def test_verify_names_what_was_changed(owner: Actor, store: str) -> None:
    look(owner)
    seal_all()
    with session(owner) as s:
        last = sealed(s).id
    change = "update core.audit_event set by = '{}' where id = {}"
    with as_owner(store) as connection:
        connection.execute(text("alter table core.audit_event disable trigger append_only"))
        connection.execute(text(change.format("Eve", last)))
    said = CliRunner().invoke(app, ["audit", "verify"])
    with as_owner(store) as connection:
        connection.execute(text(change.format(owner.name, last)))
        connection.execute(text("alter table core.audit_event enable trigger append_only"))
    assert (said.exit_code, said.output) == (7, f"WRONG Event {last} was changed after it was sealed.\n")
    assert CliRunner().invoke(app, ["audit", "verify", "--since", "2026-01-01"]).exit_code == 0


def test_the_oldest_days_go_by_command(owner: Actor, store: str) -> None:
    with as_owner(store) as connection:
        connection.execute(text("alter table core.audit_event disable trigger stamp"))
        connection.execute(
            text("""
            insert into core.audit_event (id, at, by, verb, thing_kind)
            select nextval('core.audit_event_id_seq'), timestamptz '2018-05-01 12:00Z' + n * interval '1 hour',
                   'Old', 'look', 'thing' from generate_series(0, 23) n""")
        )
        connection.execute(text("alter table core.audit_event enable trigger stamp"))
    seal_all()
    said = CliRunner().invoke(app, ["audit", "forget", "--before", "2019-01-01"])
    assert said.output == "2 days with 24 events were removed; their heads stay.\n"
    assert CliRunner().invoke(app, ["audit", "verify"]).exit_code == 0
    with session(owner) as s:
        last = s.execute(text("select verb, after from core.audit_event order by id desc limit 1")).one()
        assert tuple(last) == ("forget", {"days": 2, "events": 24})


def test_young_days_stay(owner: Actor) -> None:
    look(owner)
    seal_all()
    said = CliRunner().invoke(app, ["audit", "forget", "--before", "2100-01-01"])
    assert isinstance(said.exception, BadRequest)


def test_beginning_anew_without_heads_says_so() -> None:
    assert CliRunner().invoke(app, ["audit", "begin-anew"]).output == "No heads were remembered yet.\n"
