"""Accounts: the first owner, adding, closing."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.access.accounts import add_account, ensure_owner
from abcd.access.changes import disable_account
from abcd.access.links import new_link, use_link
from abcd.access.sessions import actor_of_cookie, open_session
from abcd.db.session import SYSTEM, Actor
from abcd.db.tables import Account, AuditEvent
from abcd.errors import BadRequest, NotAllowed, NotFound


def test_the_first_start_makes_one_owner_and_the_second_finds_it(s: Session) -> None:
    first = ensure_owner(s, by=SYSTEM)
    assert first.role == "owner"
    assert ensure_owner(s, by=SYSTEM) == first
    assert s.scalar(select(func.count()).select_from(Account)) == 1


def test_adding_an_account_is_written_down_without_its_name(s: Session, owner: Actor) -> None:
    made = add_account(s, "  Cara Coach ", "coach", by=owner, email="cara@example.org")
    assert (made.name, made.role) == ("Cara Coach", "coach")
    event = s.scalars(select(AuditEvent).where(AuditEvent.thing_id == made.account_id)).one()
    assert (event.verb, event.by, event.after) == ("add", "Olive Owner", {"role": "coach"})


@pytest.mark.parametrize(("name", "role"), [("", "coach"), ("Cara", "king")])
def test_an_account_needs_a_name_and_a_role(s: Session, owner: Actor, name: str, role: str) -> None:
    with pytest.raises(BadRequest, match="officer, coach"):
        add_account(s, name, role, by=owner)


def test_a_coach_makes_no_accounts(s: Session, coach: Actor) -> None:
    with pytest.raises(NotAllowed):
        add_account(s, "Friend", "owner", by=coach)


def test_a_closed_account_is_out_at_once_and_stays_out(s: Session, coach: Actor, owner: Actor) -> None:
    cookie, token = open_session(s, coach), new_link(s, coach, by=owner)
    disable_account(s, coach.account_id, by=owner)
    assert actor_of_cookie(s, cookie) is None
    assert use_link(s, token) is None


def test_closing_an_unknown_account_says_so(s: Session, owner: Actor) -> None:
    with pytest.raises(NotFound):
        disable_account(s, "00000000-0000-4000-8000-000000000000", by=owner)
