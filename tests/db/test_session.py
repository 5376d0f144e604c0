"""The way into the store: who asks, how long it may take, and what is said when the store does not answer."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.db.audit import once
from abcd.db.migrate import upgrade
from abcd.db.pool import Pool, connected, pool
from abcd.db.session import SYSTEM, Actor, engine, session, until_known
from abcd.db.tables import Operation
from abcd.errors import OutcomeUnknown, StoreBusy, StoreLost, StoreUnavailable

PERSON = Actor("Pat", "officer", account_id="a1", organisation_id="o1")
SETTINGS = """
select current_setting('abcd.actor'), current_setting('abcd.actor_id'), current_setting('abcd.role'),
       current_setting('abcd.organisation')"""
#: Seconds for which other work on the machine may hold us up; far less than what a missing limit would cost.
CROWDED = 8
END_OTHERS = """
select pg_terminate_backend(pid) from pg_stat_activity
where pid <> pg_backend_pid() and datname = current_database()"""


def shown(s: Session, name: str) -> str:
    return str(s.scalar(text(f"show {name}")))


def end_others(store: str) -> None:
    """End every connection to the store, as a restart of the server does."""
    with create_engine(store, poolclass=NullPool).connect() as connection:
        connection.execute(text(END_OTHERS))


def test_the_transaction_says_who_asks(store: str) -> None:
    with session(PERSON) as s:
        assert tuple(s.execute(text(SETTINGS)).one()) == ("Pat", "a1", "officer", "o1")


def test_who_asks_is_said_in_one_statement(store: str, tmp_path: Path) -> None:
    with session(PERSON) as s:
        wire: Any = s.connection().connection.driver_connection
    with (tmp_path / "wire").open("w+") as told:
        wire.pgconn.trace(told.fileno())
        with session(PERSON) as s:
            assert s.connection().connection.driver_connection is wire
        wire.pgconn.untrace()
        told.seek(0)
        sent = [line.split("\t")[3:] for line in told if line.split("\t")[1] == "F"]
    assert [kind for kind, *_words in sent if kind in ("Query", "Execute")] == ["Query", "Execute", "Query"]
    assert [words for kind, *words in sent if kind == "Query"] == [[' "BEGIN"\n'], [' "COMMIT"\n']]


def test_the_next_user_of_a_connection_does_not_inherit_who_asked(store: str) -> None:
    with session(PERSON) as s:
        first = s.scalar(text("select pg_backend_pid()"))
    with engine().connect() as connection:
        assert connection.scalar(text("select pg_backend_pid()")) == first
        assert connection.scalar(text("select current_setting('abcd.organisation', true)")) in (None, "")


@pytest.mark.parametrize(("actor", "patient", "statement", "idle"), [
    (PERSON, False, "5s", "1min"), (SYSTEM, False, "15s", "1min"), (PERSON, True, "0", "10min"),
])  # fmt: skip
def test_how_long_anything_may_take(store: str, actor: Actor, patient: bool, statement: str, idle: str) -> None:
    with session(actor, patient=patient) as s:
        assert shown(s, "statement_timeout") == statement
        assert shown(s, "lock_timeout") == "4s"
        assert shown(s, "idle_in_transaction_session_timeout") == idle


def test_a_patient_job_does_not_make_the_next_one_patient(store: str) -> None:
    with session(PERSON, patient=True):
        pass
    with session(SYSTEM) as s:
        assert shown(s, "statement_timeout") == "15s"


def test_the_limits_lie_on_the_roles_too(store: str) -> None:
    """So that somebody who comes in past the app's pool has them as well."""
    upgrade(store)
    with session(SYSTEM) as s:
        said = s.scalars(text("select unnest(setconfig) from pg_db_role_setting d join pg_roles r on r.oid = d.setrole "
                              "join pg_database b on b.oid = d.setdatabase and b.datname = current_database() "
                              "where rolname = 'abcd_app_rw'")).all()  # fmt: skip
    assert set(said) == {"statement_timeout=15s", "lock_timeout=4s", "idle_in_transaction_session_timeout=60s"}


def test_a_slow_query_of_a_person_is_told_as_busy_within_six_seconds(store: str) -> None:
    began = time.monotonic()
    with pytest.raises(StoreBusy, match="busy"), session(PERSON) as s:
        s.execute(text("select pg_sleep(30)"))
    assert time.monotonic() - began < 6 + CROWDED


def test_a_held_row_is_told_as_busy_within_five_seconds_and_others_go_on(store: str) -> None:
    with session(SYSTEM) as s:
        s.add_all([Operation(key="held", by="a"), Operation(key="free", by="a")])
    with session(SYSTEM) as holder:
        holder.execute(text("select from core.operation where key = 'held' for update"))
        began = time.monotonic()
        with pytest.raises(StoreBusy, match="Nothing was changed"), session(PERSON) as s:
            s.execute(text("update core.operation set by = 'b' where key = 'held'"))
        assert 3.5 < time.monotonic() - began < 5 + CROWDED
        with session(PERSON) as s:
            s.execute(text("update core.operation set by = 'b' where key = 'free'"))


def test_an_exhausted_pool_is_busy_within_three_seconds_and_free_within_one(store: str) -> None:
    go, took = Event(), []

    def hold() -> None:
        with session(SYSTEM):
            took.append(True)
            go.wait(30)

    with ThreadPoolExecutor(16) as people:
        held = [people.submit(hold) for _ in range(16)]
        while len(took) < 16:
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(StoreBusy), session(PERSON):
            pass
        assert time.monotonic() - began < 3 + CROWDED
        go.set()
        began = time.monotonic()
        with session(PERSON):
            pass
        assert time.monotonic() - began < 1 + CROWDED
        [one.result() for one in held]


def test_connections_that_were_ended_are_found_again_without_a_word(store: str) -> None:
    with ThreadPoolExecutor(6) as people:
        assert list(people.map(lambda _: one(), range(12))) == [1] * 12
        end_others(store)
        assert list(people.map(lambda _: one(), range(12))) == [1] * 12


def test_a_connection_past_any_session_is_alive_too(store: str) -> None:
    assert one() == 1
    end_others(store)
    with connected() as connection:
        assert connection.scalar(text("select 1")) == 1


def one() -> int:
    with session(PERSON) as s:
        time.sleep(0.02)
        return int(s.scalar(text("select 1")) or 0)


def test_a_connection_lost_before_the_commit_is_nothing_saved(store: str) -> None:
    with pytest.raises(StoreLost, match="text is kept"), session(PERSON) as s:  # noqa: PT012
        s.add(Operation(key="lost", by="a"))
        s.flush()
        end_others(store)
        s.execute(text("select 1"))
    with session(SYSTEM) as s:
        assert s.get(Operation, "lost") is None


def cut_at_commit(after_it: bool) -> list[str]:
    """The wire of the next commit is cut: before the server hears of it, or before we hear of it."""
    cut: list[str] = []

    def on_commit(connection: object) -> None:
        if cut:
            return
        wire = connection.connection.driver_connection  # type: ignore[attr-defined]
        cut.append(str(wire.info.backend_pid))
        if after_it:
            wire.pgconn.exec_(b"commit")
        wire.pgconn.finish()

    event.listen(engine(), "commit", on_commit)
    return cut


@pytest.mark.parametrize("after_it", [False, True])
def test_a_commit_that_nobody_heard_of_is_neither_saved_nor_lost(store: str, after_it: bool) -> None:
    cut_at_commit(after_it)
    key = f"unheard {after_it}"
    with pytest.raises(OutcomeUnknown, match="it may be saved or not"), session(PERSON) as s:
        s.add(Operation(key=key, by="a"))
    with session(SYSTEM) as s:
        assert (s.get(Operation, key) is not None) is after_it


@pytest.mark.parametrize("after_it", [False, True])
def test_with_its_key_a_commit_that_nobody_heard_of_is_done_once(store: str, after_it: bool) -> None:
    cut_at_commit(after_it)
    done: list[int] = []
    key = f"once {after_it}"

    def act(s: Session) -> dict[str, int]:
        return once(s, key, PERSON, lambda: done.append(1) or {"n": 7})

    assert until_known(PERSON, act) == {"n": 7}
    assert len(done) == (1 if after_it else 2)
    with session(SYSTEM) as s:
        assert s.get_one(Operation, key).result == {"n": 7}


def test_an_error_that_was_swallowed_is_not_committed(store: str) -> None:
    """PostgreSQL answers COMMIT of a broken transaction with ROLLBACK, and that must not be told as saved."""
    with pytest.raises(RuntimeError, match="nothing was saved"), session(PERSON) as s:  # noqa: PT012
        s.execute(text("insert into core.operation (key, by) values ('swallowed', 'a')"))
        connection = s.connection()
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("select 1/0")


def test_a_defect_of_ours_is_no_trouble_of_the_stores(store: str) -> None:
    with session(PERSON) as s:
        s.add(Operation(key="twice", by="a"))
    with pytest.raises(IntegrityError), session(PERSON) as s:
        s.add(Operation(key="twice", by="a"))


def test_a_store_that_is_known_to_be_down_answers_at_once_and_is_asked_by_one(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, asked = pool(), []

    def still_down() -> None:
        asked.append(time.monotonic())
        raise StoreUnavailable("It does not answer.")

    monkeypatch.setattr(here.outage, "_mend", still_down)
    monkeypatch.setattr("abcd.db.outage.FRESH_SECONDS", 0.5)
    here.outage.begin("for the test")
    with pytest.raises(StoreLost), session(PERSON):
        pass
    time.sleep(0.5)
    began = time.monotonic()
    with ThreadPoolExecutor(20) as people:
        assert all(people.map(lambda _: refused(), range(200)))
    assert time.monotonic() - began < 4, "nobody waited half a second each"
    assert 2 <= len(asked) < 12
    here.outage.end()
    assert one() == 1


def refused() -> bool:
    try:
        one()
    except StoreLost:
        return True
    return False


def test_who_comes_while_it_is_mended_waits_and_goes_on(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here: Pool = pool()
    monkeypatch.setattr(here.outage, "_mend", lambda: time.sleep(0.7))
    here.outage.begin("for the test")
    began = time.monotonic()
    assert one() == 1
    assert 0.5 < time.monotonic() - began < 2 + CROWDED
