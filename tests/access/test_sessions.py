"""Signed-in browsers: idle and absolute limits, revocation, what the store keeps."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access.sessions import actor_of_cookie, close_session, close_sessions_of, open_session
from abcd.access.tokens import fingerprint
from abcd.db.session import Actor
from abcd.db.tables import AppSession

Later = Callable[[timedelta], None]


def test_a_cookie_names_its_actor(s: Session, coach: Actor) -> None:
    cookie = open_session(s, coach)
    assert actor_of_cookie(s, cookie) == coach
    assert s.scalars(select(AppSession.token_hash)).all() == [fingerprint(cookie)]


@pytest.mark.parametrize("cookie", [None, "", "nonsense", "A" * 43])
def test_any_other_cookie_names_nobody(s: Session, coach: Actor, cookie: str | None) -> None:
    open_session(s, coach)
    assert actor_of_cookie(s, cookie) is None


def test_half_an_hour_of_silence_ends_a_session(s: Session, coach: Actor, later: Later) -> None:
    cookie = open_session(s, coach)
    later(timedelta(minutes=29))
    assert actor_of_cookie(s, cookie) == coach
    later(timedelta(minutes=29 + 31))
    assert actor_of_cookie(s, cookie) is None


def test_use_keeps_a_session_alive_but_not_beyond_half_a_day(s: Session, coach: Actor, later: Later) -> None:
    cookie = open_session(s, coach)
    for minutes in range(20, 12 * 60, 20):
        later(timedelta(minutes=minutes))
        assert actor_of_cookie(s, cookie) == coach
    later(timedelta(hours=12, minutes=1))
    assert actor_of_cookie(s, cookie) is None


def test_a_page_of_seventy_files_writes_once_a_minute(s: Session, coach: Actor, later: Later) -> None:
    cookie = open_session(s, coach)
    seen = select(AppSession.seen_at)
    before = s.scalar(seen)
    later(timedelta(seconds=50))
    actor_of_cookie(s, cookie)
    assert s.scalar(seen) == before
    later(timedelta(seconds=70))
    actor_of_cookie(s, cookie)
    assert s.scalar(seen) > before


def test_signing_out_ends_one_browser(s: Session, coach: Actor) -> None:
    here, there = open_session(s, coach), open_session(s, coach)
    close_session(s, here)
    assert actor_of_cookie(s, here) is None
    assert actor_of_cookie(s, there) == coach


def test_signing_out_everywhere_ends_them_all(s: Session, coach: Actor, owner: Actor) -> None:
    cookies = [open_session(s, coach) for _ in range(3)]
    close_sessions_of(s, coach.account_id, by=owner)
    assert [actor_of_cookie(s, cookie) for cookie in cookies] == [None, None, None]


def test_rows_of_old_sessions_go_with_the_next_sign_in(s: Session, coach: Actor, later: Later) -> None:
    open_session(s, coach)
    later(timedelta(hours=13))
    kept = open_session(s, coach)
    assert s.scalars(select(AppSession.token_hash)).all() == [fingerprint(kept)]
