"""A draft comes back to its writer alone, merges what arrives, ends when it is saved, and grows old."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from abcd.access import drafts
from abcd.access.accounts import add_account
from abcd.access.drafts import Writing
from abcd.core.clock import now
from abcd.db.session import SYSTEM, Actor
from abcd.db.tables import AuditEvent, Draft
from abcd.errors import BadRequest

ONE, OTHER = "a" * 32, "b" * 32
EDIT = Writing("edit", "record-1", ONE, 3)


@pytest.fixture
def ann(s: Session, owner: Actor) -> Actor:
    return add_account(s, "Ann", "officer", by=owner)


def test_what_arrives_in_parts_comes_back_whole(s: Session, ann: Actor) -> None:
    assert drafts.keep(s, EDIT, {"name": "Che", "ticked": True}, by=ann)
    assert drafts.keep(s, EDIT, {"name": "Chess", "day": {"day": "2026-11-22"}}, by=ann)
    (found,) = drafts.about(s, "record-1", by=ann)
    assert found.values == {"name": "Chess", "ticked": True, "day": {"day": "2026-11-22"}}
    assert found.writing == EDIT


def test_nobody_else_sees_or_touches_it(s: Session, ann: Actor, owner: Actor) -> None:
    drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    bob = add_account(s, "Bob", "owner", by=owner)
    assert drafts.about(s, "record-1", by=bob) == []
    drafts.forget(s, EDIT, by=bob)
    drafts.close(s, EDIT, by=bob)
    assert drafts.take_over(s, EDIT, OTHER, by=bob) is None
    assert [one.writing for one in drafts.about(s, "record-1", by=ann)] == [EDIT]


def test_two_windows_keep_two_drafts_and_the_newest_comes_first(s: Session, ann: Actor) -> None:
    drafts.keep(s, EDIT, {"name": "first"}, by=ann)
    drafts.keep(s, Writing("edit", "record-1", OTHER, 3), {"name": "second"}, by=ann)
    aged(s, ONE, timedelta(minutes=1))
    assert [one.values["name"] for one in drafts.about(s, "record-1", by=ann)] == ["second", "first"]


def test_once_saved_it_is_gone_and_a_late_arrival_does_not_bring_it_back(s: Session, ann: Actor) -> None:
    drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    drafts.close(s, EDIT, by=ann)
    assert not drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    assert drafts.about(s, "record-1", by=ann) == []
    assert s.scalars(select(Draft.values)).all() == [{}]


def test_a_late_arrival_is_refused_also_when_it_is_the_first(s: Session, ann: Actor) -> None:
    drafts.close(s, EDIT, by=ann)
    assert not drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    assert drafts.is_saved(s, EDIT, by=ann)
    assert not drafts.is_saved(s, Writing("edit", "record-1", OTHER), by=ann)


def test_going_on_elsewhere_takes_it_along(s: Session, ann: Actor) -> None:
    drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    taken = drafts.take_over(s, EDIT, OTHER, by=ann)
    assert taken is not None
    assert taken.values == {"name": "Chess"}
    assert [one.writing.sitting for one in drafts.about(s, "record-1", by=ann)] == [OTHER]


def test_thrown_away_it_is_gone_but_may_be_begun_again(s: Session, ann: Actor) -> None:
    drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    drafts.forget(s, EDIT, by=ann)
    assert drafts.about(s, "record-1", by=ann) == []
    assert drafts.keep(s, EDIT, {"name": "Go"}, by=ann)


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=29), 1), (timedelta(days=31), 0)])
def test_after_thirty_days_it_is_swept(s: Session, ann: Actor, age: timedelta, left: int) -> None:
    drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    aged(s, ONE, age)
    assert len(drafts.about(s, "record-1", by=ann)) == left
    drafts.keep(s, Writing("edit", "another", OTHER), {"name": "x"}, by=ann)
    assert len(s.scalars(select(Draft).where(Draft.record == "record-1")).all()) == left


def test_an_account_keeps_the_newest_two_hundred(s: Session, ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 3)
    for n in range(5):
        drafts.keep(s, Writing("edit", f"record-{n}", ONE), {"name": str(n)}, by=ann)
        aged(s, ONE, timedelta(minutes=1))
    kept = s.scalars(select(Draft.record).where(Draft.account_id.is_not(None))).all()
    assert sorted(kept) == ["record-2", "record-3", "record-4"]


def test_a_closed_account_and_an_erased_person_leave_no_draft(s: Session, ann: Actor) -> None:
    drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    drafts.keep(s, Writing("person", "person-7", ONE), {"note": "likes chess"}, by=ann)
    assert drafts.forget_record(s, "person-7") == 1
    assert drafts.forget_account(s, ann.account_id) == 1
    assert s.scalars(select(Draft)).all() == []


@pytest.mark.parametrize("bad", [Writing("", "r", ONE), Writing("edit", "r", "x"), Writing("a" * 161, "", ONE),
                                 Writing("edit", "<b>", ONE)])  # fmt: skip
def test_names_that_are_none_of_ours_are_refused(s: Session, ann: Actor, bad: Writing) -> None:
    with pytest.raises(BadRequest):
        drafts.keep(s, bad, {"name": "x"}, by=ann)


def test_what_a_form_cannot_hold_is_refused(s: Session, ann: Actor) -> None:
    with pytest.raises(BadRequest, match="more than a form can keep"):
        drafts.keep(s, EDIT, {"name": "x" * drafts.MOST_BYTES}, by=ann)


def test_characters_that_the_store_cannot_hold_are_left_out(s: Session, ann: Actor) -> None:
    drafts.keep(s, EDIT, {"name": "a\0b\ud800c", "take": ["\0x"]}, by=ann)
    (found,) = drafts.about(s, "record-1", by=ann)
    assert found.values == {"name": "ab?c", "take": ["x"]}


def test_typing_leaves_no_trail(s: Session, ann: Actor) -> None:
    before = s.scalars(select(AuditEvent.id)).all()
    drafts.keep(s, EDIT, {"name": "Chess"}, by=ann)
    drafts.close(s, EDIT, by=ann)
    assert s.scalars(select(AuditEvent.id)).all() == before


def test_without_an_account_there_is_none(s: Session) -> None:
    with pytest.raises(BadRequest, match="signed in"):
        drafts.keep(s, EDIT, {}, by=SYSTEM)
    assert drafts.about(s, "record-1", by=SYSTEM) == []
    drafts.close(s, EDIT, by=SYSTEM)


def test_the_sweep_uses_its_index(s: Session) -> None:
    s.execute(text("set local enable_seqscan = off"))
    plan = s.scalars(text("explain delete from core.draft where saved_at < now() - interval '30 days'")).all()
    assert any("ix_draft_saved_at" in line for line in plan)


def aged(s: Session, sitting: str, by: timedelta) -> None:
    s.flush()
    s.execute(update(Draft).where(Draft.sitting == sitting).values(saved_at=Draft.saved_at - by))
    s.expire_all()
    assert now()
