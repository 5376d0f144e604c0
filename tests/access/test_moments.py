"""Time that never runs backwards: a clock set back lengthens no session, link or wait."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from abcd.access import moments
from abcd.access.links import new_link, use_link
from abcd.access.moments import clock_of_store, moment
from abcd.access.sessions import actor_of_cookie, open_session
from abcd.db.session import Actor


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Seconds by which the wall clock of the store and the steady clock of this machine are off."""
    off, wall, steady = {"wall": 0.0, "steady": 0.0}, clock_of_store, moments.monotonic

    def set_wall(s: Session) -> datetime:
        return wall(s) + timedelta(seconds=off["wall"])

    monkeypatch.setattr(moments, "_told", {})
    monkeypatch.setattr(moments, "clock_of_store", set_wall)
    monkeypatch.setattr(moments, "monotonic", lambda: steady() + off["steady"])
    return off


def pass_by(clock: dict[str, float], seconds: float) -> None:
    """Let time pass on both clocks."""
    clock["wall"] += seconds
    clock["steady"] += seconds


def test_it_is_the_stores_clock(s: Session, clock: dict[str, float]) -> None:
    assert abs(moment(s) - clock_of_store(s)) < timedelta(seconds=2)


@pytest.mark.parametrize("back", [300, 3_600, 86_400])
def test_a_clock_set_back_lengthens_no_session(s: Session, coach: Actor, clock: dict[str, float], back: int) -> None:
    idle, old = open_session(s, coach), open_session(s, coach)
    pass_by(clock, 20 * 60)
    clock["wall"] -= back
    assert actor_of_cookie(s, idle) == coach
    pass_by(clock, 31 * 60)
    assert actor_of_cookie(s, idle) is None
    for _ in range(36):
        pass_by(clock, 20 * 60)
        actor_of_cookie(s, old)
    assert actor_of_cookie(s, old) is None


def test_a_clock_set_back_lengthens_no_link(s: Session, coach: Actor, owner: Actor, clock: dict[str, float]) -> None:
    token = new_link(s, coach, by=owner)
    clock["wall"] -= 3_600
    pass_by(clock, 15 * 60 + 5)
    assert use_link(s, token) is None


def test_after_a_restart_the_last_sign_of_life_holds(s: Session, coach: Actor, clock: dict[str, float]) -> None:
    open_session(s, coach)
    last = moment(s)
    moments._told.clear()
    clock["wall"] -= 3_600
    assert moment(s) >= last - timedelta(seconds=1)


def test_a_clock_put_right_forwards_is_followed(s: Session, clock: dict[str, float]) -> None:
    before = moment(s)
    clock["wall"] += 3_600
    assert moment(s) - before >= timedelta(hours=1)


def test_it_never_runs_backwards_whatever_the_clock_does(s: Session, clock: dict[str, float]) -> None:
    told = []
    for jump in (0, -300, 600, -3_600, 7_200, -86_400, 1):
        clock["wall"] += jump
        pass_by(clock, 1)
        told.append(moment(s))
    assert told == sorted(told)
