"""Attempts are counted in the store: per account and per address, for anybody, at once or one by one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.access.attempts import MINUTES, PER_ACCOUNT, PER_ADDRESS, forget, seconds_to_wait
from abcd.db.session import SYSTEM, session
from abcd.db.tables import Attempt

MOST = PER_ACCOUNT.amount


def tries(s: Session, n: int, email: str = "cara@example.org", address: str = "192.0.2.1") -> list[bool]:
    """Whether each of ``n`` tries may go on."""
    return [seconds_to_wait(s, email, address) == 0 for _ in range(n)]


@pytest.mark.parametrize("email", ["cara@example.org", "nobody@example.org", "", "x\u202e'; drop table"])
def test_after_ten_tries_an_account_waits_whether_it_exists_or_not(s: Session, email: str) -> None:
    assert tries(s, MOST + 2, email) == [True] * MOST + [False] * 2
    assert 0 < seconds_to_wait(s, email.upper(), "198.51.100.9") <= MINUTES * 60
    assert tries(s, 1, "other@example.org") == [True]


def test_an_address_may_try_many_accounts_but_not_for_ever(s: Session) -> None:
    allowed = [seconds_to_wait(s, f"{n}@example.org", "192.0.2.1") == 0 for n in range(PER_ADDRESS.amount + 3)]
    assert allowed == [True] * PER_ADDRESS.amount + [False] * 3
    assert tries(s, 1, "fresh@example.org", "192.0.2.2") == [True]


def test_getting_in_forgets_ones_own_failures_and_not_the_addresss(s: Session) -> None:
    tries(s, MOST)
    forget(s, " Cara@Example.org ")
    assert tries(s, MOST) == [True] * MOST
    assert s.scalar(select(func.max(Attempt.count))) == 2 * MOST


def test_the_window_ends_and_leaves_no_row(s: Session, later: Callable[[timedelta], None]) -> None:
    assert tries(s, MOST + 1)[-1] is False
    later(timedelta(minutes=MINUTES, seconds=5))
    assert tries(s, 1, "other@example.org", "192.0.2.2") == [True]
    assert s.scalar(select(func.count()).select_from(Attempt)) == 2
    assert tries(s, 1) == [True]


def test_trying_on_does_not_lengthen_the_wait(s: Session, later: Callable[[timedelta], None]) -> None:
    tries(s, MOST + 1)
    later(timedelta(minutes=MINUTES - 1))
    assert tries(s, 5) == [False] * 5
    later(timedelta(minutes=MINUTES, seconds=5))
    assert tries(s, 1) == [True]


def test_the_store_knows_neither_e_mail_nor_address(s: Session) -> None:
    tries(s, 1)
    kept = " ".join(s.scalars(select(Attempt.key)))
    assert "cara" not in kept
    assert "192.0.2" not in kept


def test_a_restart_does_not_help_and_many_at_once_are_no_more_than_many(store: str) -> None:
    def attempt(_: int) -> bool:
        with session(SYSTEM) as s:
            return seconds_to_wait(s, "hurried@example.org", "192.0.2.77") == 0

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(3 * MOST))) == MOST
