"""An account, and a clock that can be moved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from abcd.access import accounts, links, sessions
from abcd.access.accounts import add_account
from abcd.core import clock
from abcd.db.session import Actor


@pytest.fixture
def coach(s: Session, owner: Actor) -> Actor:
    """Somebody with an account."""
    return add_account(s, "Cara Coach", "coach", by=owner)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the time of the access room on."""

    def move(by: timedelta) -> None:
        for module in (accounts, links, sessions):
            monkeypatch.setattr(module, "now", lambda: clock.now() + by)

    return move
