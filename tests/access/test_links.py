"""One-time sign-in links."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access.accounts import add_account
from abcd.access.links import new_link, sign_in_url, use_link
from abcd.access.tokens import fingerprint
from abcd.db.session import Actor, session
from abcd.db.tables import SignInLink


def test_a_link_signs_in_once(s: Session, coach: Actor, owner: Actor) -> None:
    token = new_link(s, coach, by=owner)
    assert use_link(s, token) == coach
    assert use_link(s, token) is None


def test_the_store_knows_only_the_fingerprint(s: Session, coach: Actor, owner: Actor) -> None:
    token = new_link(s, coach, by=owner)
    s.flush()
    assert len(token) == 43
    stored = s.scalars(select(SignInLink.token_hash)).all()
    assert stored == [fingerprint(token)]
    assert token not in stored


def test_a_link_ends_after_a_quarter_of_an_hour(
    s: Session, coach: Actor, owner: Actor, later: Callable[[timedelta], None]
) -> None:
    early, late = new_link(s, coach, by=owner), new_link(s, coach, by=owner)
    later(timedelta(minutes=14, seconds=50))
    assert use_link(s, early) == coach
    later(timedelta(minutes=15, seconds=10))
    assert use_link(s, late) is None


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43, "' or true --"])
def test_what_is_no_link_signs_nobody_in(s: Session, token: str) -> None:
    assert use_link(s, token) is None


def test_of_many_presses_at_once_one_wins(store: str, owner: Actor) -> None:
    with session(owner) as s:
        token = new_link(s, add_account(s, "Quick", "coach", by=owner), by=owner)

    def press(_: int) -> Actor | None:
        with session(owner) as s:
            return use_link(s, token)

    with ThreadPoolExecutor(8) as pool:
        assert len([actor for actor in pool.map(press, range(8)) if actor]) == 1


def test_the_address_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_PORT", "9000")
    assert sign_in_url("abc") == "http://127.0.0.1:9000/sign-in/abc"
