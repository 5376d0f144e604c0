"""Who holds a cookie, by one glance: the same answer as in a session, each time anew."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, delete, select, text
from sqlalchemy.pool import NullPool

from abcd.access.accounts import add_account, set_places
from abcd.access.changes import disable_account
from abcd.access.holder import holder_of
from abcd.access.sessions import actor_of_cookie, close_session, open_session
from abcd.access.tokens import fingerprint
from abcd.db.session import SYSTEM, Actor, engine, session
from abcd.db.tables import Account, AppSession, Organisation

Later = Callable[[timedelta], None]
END_OTHERS = """
select pg_terminate_backend(pid) from pg_stat_activity
where pid <> pg_backend_pid() and datname = current_database()"""


@pytest.fixture
def cara(store: str) -> Actor:
    """Somebody with an account that is there for everybody."""
    with session(SYSTEM) as s:
        s.execute(delete(AppSession))
        return add_account(s, "Cara Coach", "coach", by=SYSTEM)


@pytest.fixture
def cookie(cara: Actor) -> str:
    """Her cookie, known to this process."""
    with session(SYSTEM) as s:
        given = open_session(s, cara)
    assert holder_of(given) == cara
    return given


def seen_at(cookie: str) -> Any:
    with session(SYSTEM) as s:
        return s.scalar(select(AppSession.seen_at).where(AppSession.token_hash == fingerprint(cookie)))


def test_it_is_asked_in_one_statement_without_a_transaction(cookie: str, tmp_path: Path) -> None:
    with engine().connect() as connection:
        wire: Any = connection.connection.driver_connection
    with (tmp_path / "wire").open("w+") as told:
        wire.pgconn.trace(told.fileno())
        assert holder_of(cookie)
        wire.pgconn.untrace()
        told.seek(0)
        lines = [line.split("\t") for line in told]  # of time, direction, length, kind; a statement may go on below
    sent = [parts[3].strip() for parts in lines if len(parts) > 3 and parts[1] == "F"]
    assert [kind for kind in sent if kind in ("Query", "Execute")] == ["Execute"]
    assert not wire.autocommit


def test_it_knows_the_organisation_and_the_places(cookie: str, cara: Actor) -> None:
    with session(SYSTEM) as s:
        theirs = Organisation(name="Theirs")
        s.add(theirs)
        s.flush()
        s.get_one(Account, UUID(cara.account_id)).organisation_id = theirs.id
        set_places(s, UUID(cara.account_id), [uuid4(), uuid4()])
    found = holder_of(cookie)
    assert found is not None
    assert (found.organisation_id, len(found.places)) == (str(theirs.id), 2)
    with session(SYSTEM) as s:
        assert found == actor_of_cookie(s, cookie)


@pytest.mark.parametrize("wrong", [None, "", "nonsense", "A" * 43, "\udcff"])
def test_any_other_cookie_names_nobody(cookie: str, wrong: str | None) -> None:
    assert holder_of(wrong) is None


def test_signing_out_and_closing_the_account_end_it_at_once(cara: Actor, cookie: str) -> None:
    with session(SYSTEM) as s:
        other = open_session(s, cara)
    with session(SYSTEM) as s:
        close_session(s, cookie)
    assert (holder_of(cookie), holder_of(other)) == (None, cara)
    with session(SYSTEM) as s:
        disable_account(s, cara.account_id, by=SYSTEM)
    assert holder_of(other) is None


def test_silence_ends_it_and_use_keeps_it_but_not_beyond_half_a_day(cara: Actor, cookie: str, later: Later) -> None:
    assert holder_of(cookie) == cara
    for minutes in range(29, 12 * 60, 29):
        later(timedelta(minutes=minutes))
        assert holder_of(cookie) == cara
    later(timedelta(hours=12, minutes=1))
    assert holder_of(cookie) is None
    with session(SYSTEM) as s:
        silent = open_session(s, cara)
    later(timedelta(hours=12, minutes=33))
    assert holder_of(silent) is None


def test_an_open_page_is_no_sign_of_life_and_a_click_is_one_each_minute(cookie: str, later: Later) -> None:
    first = seen_at(cookie)
    later(timedelta(seconds=50))
    holder_of(cookie)
    assert seen_at(cookie) == first
    later(timedelta(seconds=130))
    holder_of(cookie, touch=False)
    assert seen_at(cookie) == first
    holder_of(cookie)
    assert seen_at(cookie) > first


def test_a_clock_of_the_store_that_lags_lengthens_nothing(cara: Actor, cookie: str, later: Later) -> None:
    """This machine's steady clock has moved on by 31 minutes while the store's own says that no time has passed."""
    assert holder_of(cookie) == cara
    later(timedelta(minutes=31))
    assert holder_of(cookie) is None


def test_connections_that_were_ended_are_found_again_without_a_word(store: str, cara: Actor, cookie: str) -> None:
    for _ in range(3):
        with create_engine(store, poolclass=NullPool).connect() as connection:
            connection.execute(text(END_OTHERS))
        assert holder_of(cookie) == cara
