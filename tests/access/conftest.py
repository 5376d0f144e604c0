"""An account, and a clock that can be moved."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from abcd.access import moments
from abcd.access.accounts import add_account
from abcd.db.session import Actor


@pytest.fixture
def coach(s: Session, owner: Actor) -> Actor:
    """Somebody with an account."""
    return add_account(s, "Cara Coach", "coach", by=owner)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the time of the access room on."""

    monkeypatch.setattr(moments, "_told", {})
    steady = time.monotonic

    def move(by: timedelta) -> None:
        monkeypatch.setattr(moments, "monotonic", lambda: steady() + by.total_seconds())

    return move
