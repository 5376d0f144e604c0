"""What the app does behind its pages: each chore at its time, and a store that is away is asked again."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from abcd.api.chores import CHORES, Chore, scheduler
from abcd.db.audit import record
from abcd.db.chain import sealed
from abcd.db.sealing import seal_all
from abcd.db.session import Actor, session
from abcd.errors import StoreUnavailable


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))


def every_moment(act: Callable[[], object]) -> Chore:
    return Chore("often", act, "interval", (("seconds", 0.05),))


def until(is_done: Callable[[], bool], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_done()


def test_the_app_seals_by_itself(owner: Actor) -> None:
    with session(owner) as s:
        record(s, "look", "thing", "1", by=owner)

    def nothing_waits() -> bool:
        with session(owner) as s:
            return sealed(s).waiting == 0

    running = scheduler((every_moment(seal_all),))
    running.start()
    try:
        assert until(nothing_waits)
    finally:
        running.shutdown()


def test_a_store_that_does_not_answer_is_asked_again() -> None:
    asked: list[int] = []

    def away() -> None:
        asked.append(1)
        raise StoreUnavailable("The store does not answer.")

    running = scheduler((every_moment(away),))
    running.start()
    try:
        assert until(lambda: len(asked) > 2)
    finally:
        running.shutdown()


def test_every_chore_has_a_time_and_can_be_done(owner: Actor) -> None:
    running = scheduler()
    assert {job.id for job in running.get_jobs()} == {chore.name for chore in CHORES}
    for chore in CHORES:
        chore.act()
