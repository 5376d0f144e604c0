"""What a group says with its link: once, idempotently, and nothing by looking."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from abcd.access.tokens import fingerprint
from abcd.assets.actions import retire_asset
from abcd.assets.check_links import LIFETIME, asked, end_check_link, make_check_link, make_check_links
from abcd.assets.consent import consents_of
from abcd.assets.contributions import Suggestion
from abcd.assets.still_right import answer, own_record, suggest
from abcd.core.clock import now, today
from abcd.db.session import Actor
from abcd.db.tables import Asset, CheckLink, Contribution, Verification
from abcd.errors import BadRequest, NotAllowed
from tests.builders import a_group, an_asset

OLD = date(2024, 1, 1)


@pytest.fixture
def group(s: Session) -> UUID:
    return a_group(s, name="Knit and natter", phone="07700 900123", email="nia@example.org", checked=OLD)


@pytest.fixture
def token(s: Session, group: UUID, owner: Actor) -> str:
    return make_check_link(s, group, by=owner).token


def rows(s: Session, table: Any) -> int:
    return s.scalar(select(func.count()).select_from(table)) or 0


def test_the_store_knows_a_link_by_its_hash_alone(s: Session, group: UUID, token: str) -> None:
    link = s.scalars(select(CheckLink)).one()
    assert len(token) == 43
    assert link.token_hash == fingerprint(token)
    assert timedelta(days=59) < link.expires_at - now() <= LIFETIME
    found = asked(s, group)
    assert found
    assert (found.holds, found.answer) == (True, "")


def test_looking_changes_nothing(s: Session, group: UUID, token: str) -> None:
    for _ in range(5):
        found = own_record(s, token)
        assert found
        assert (found.asset.phone, found.shows_contact, found.answer) == ("07700 900123", False, "")
    assert (rows(s, Verification), s.get_one(Asset, group).version, s.get_one(Asset, group).assured_on) == (0, 1, OLD)


def test_still_right_makes_it_fresh_once_however_often_it_is_pressed(s: Session, group: UUID, token: str) -> None:
    for _ in range(3):
        found = answer(s, token, "right")
        assert found
    one = s.get_one(Asset, group)
    assert (one.assured_on, one.assured_by, one.version) == (today(), "group", 2)
    check = s.scalars(select(Verification)).one()
    assert (check.method, check.by_kind, check.result) == ("group", "group", "still right")
    assert (found.asset.line.freshness, found.asset.line.confidence, found.answer) == ("fresh", 1.0, "right")


def test_closed_waits_for_an_officer_and_still_right_takes_it_back(s: Session, group: UUID, token: str) -> None:
    for _ in range(3):
        assert answer(s, token, "closed")
    waiting = s.scalars(select(Contribution)).one()
    assert (waiting.kind, waiting.came_by, waiting.proposed) == ("closing", "group", {"status": "defunct"})
    assert s.get_one(Asset, group).status == "active"
    assert answer(s, token, "right")
    assert (waiting.state, waiting.settled_by) == ("refused", "the group itself")
    assert answer(s, token, "closed")
    assert rows(s, Contribution) == 2


def test_consent_is_taken_back_as_easily_as_it_was_given(s: Session, group: UUID, token: str) -> None:
    for said, shown in (("agree", True), ("agree", True), ("withdraw", False), ("withdraw", False), ("agree", True)):
        found = answer(s, token, said)
        assert found
        assert found.shows_contact is shown
    assert [(one.how, one.recorded_by) for one in consents_of(s, group)] == [("link", "the group itself")] * 2


def test_what_they_want_changed_is_kept_once(s: Session, group: UUID, token: str) -> None:
    told = Suggestion("correction", "group", {"opening_hours": "Tu 14:00-16:00"}, asset_id=group)
    assert suggest(s, token, told, key="press")
    assert suggest(s, token, told, key="press")
    assert rows(s, Contribution) == 1
    assert s.get_one(Asset, group).opening_hours == ""


def dead(s: Session, how: str, group: UUID, token: str, owner: Actor) -> str:
    """A token that opens nothing any more."""
    if how == "expired":
        s.execute(update(CheckLink).values(expires_at=now() - timedelta(seconds=1)))
    elif how == "ended":
        end_check_link(s, group, by=owner)
    elif how == "replaced":
        make_check_link(s, group, by=owner)
    elif how == "retired":
        retire_asset(s, group, "Gone", version=1, by=owner)
    return {"unknown": "A" * 43, "malformed": "x' or true"}.get(how, token)


@pytest.mark.parametrize("how", ["expired", "ended", "replaced", "retired", "unknown", "malformed"])
def test_a_dead_link_is_none_whatever_killed_it(s: Session, group: UUID, token: str, owner: Actor, how: str) -> None:
    token = dead(s, how, group, token, owner)
    before = s.get_one(Asset, group).version
    assert own_record(s, token) is None
    assert answer(s, token, "right") is None
    assert not suggest(s, token, Suggestion("correction", "group", {"name": "X"}, asset_id=group), key="k")
    assert (rows(s, Verification), rows(s, Contribution), s.get_one(Asset, group).version) == (0, 0, before)


def test_an_answer_is_one_of_those_that_are_offered(s: Session, token: str) -> None:
    with pytest.raises(BadRequest):
        answer(s, token, "erase")


def test_many_links_are_made_in_one_step_and_only_where_one_may(s: Session, owner: Actor, group: UUID) -> None:
    other = an_asset(s)
    assert [one.asset_id for one in make_check_links(s, [group, other], by=owner)] == [group, other]
    with pytest.raises(NotAllowed):
        make_check_link(s, group, by=Actor("Pat", "partner_viewer"))
    retire_asset(s, other, "Gone", version=1, by=owner)
    with pytest.raises(BadRequest, match="no longer in use"):
        make_check_link(s, other, by=owner)
