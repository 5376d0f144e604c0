"""How coaches' work is laid out: a week that was planned, hours that were logged, homes that kept their coach."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.access.accounts import add_account
from abcd.core.clock import months_after, today
from abcd.db.session import Actor
from abcd.db.tables import PatchCoach, Place
from abcd.errors import BadRequest, Conflict, NotAllowed
from abcd.patches.coaches import assign_coach, coaches_on
from abcd.patches.kept import Kept, Span, kept_coach, stayed
from abcd.patches.weeks import plan_week
from abcd.patches.work import patch_work, summary
from abcd.people.actions import add_person
from abcd.people.conversations import ConversationDraft, add_conversation
from tests.builders import HERE, a_place, a_small_area
from tests.people.conftest import a_draft, an_association, ask_as

COL, DEE = UUID(int=1), UUID(int=2)
SINCE, DAY = date(2024, 6, 1), date(2026, 6, 1)
LONG_AGO = today() - timedelta(1000)


@pytest.fixture
def leader(s: Session) -> Actor:
    """A manager of an association, who asks from now on."""
    actor = Actor("Mona Manager", "manager", organisation_id=an_association(s, "Millfield Homes"))
    ask_as(s, actor)
    return actor


def an_account(s: Session, name: str, leader: Actor) -> UUID:
    """A coach of the same association."""
    of = {"by": leader, "email": f"{name}@example.org", "organisation_id": UUID(leader.organisation_id)}
    return UUID(add_account(s, name, "coach", **of).account_id)


def a_patch(s: Session, reference: str, **more: object) -> UUID:
    """A patch round the town's middle, 100 households in the west and 60 in the east of it."""
    made = a_place(s, kind="patch", name=reference, size=400, **more)
    s.get_one(Place, made).reference = reference
    s.flush()
    return made


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], None),
        ([Span(COL, date(2024, 6, 2), date.max)], None),
        ([Span(COL, SINCE, date.max)], True),
        ([Span(COL, SINCE, DAY)], False),
        ([Span(COL, SINCE, date(2025, 1, 1)), Span(COL, date(2025, 1, 1), date.max)], True),
        ([Span(COL, SINCE, date(2025, 1, 1)), Span(COL, date(2025, 1, 2), date.max)], False),
        ([Span(COL, SINCE, date(2025, 1, 1)), Span(DEE, date(2025, 1, 1), date.max)], False),
    ],
    ids=["nobody", "a day late", "stayed", "gone today", "on and on", "a day off", "somebody else"],
)
def test_who_stayed(spans: list[Span], expected: bool | None) -> None:
    assert stayed(spans, SINCE, DAY) is expected


def test_homes_keep_their_coach_when_patches_are_drawn_anew(s: Session, leader: Actor) -> None:
    """West and East had coaches of their own; since then one patch holds both, and the coach of the west went on."""
    east, north = HERE
    a_small_area(s, (east - 100, north), 100)
    a_small_area(s, (east + 100, north), 60)
    west = a_place(s, (east - 100, north), kind="patch", size=190, end_date=today() - timedelta(100))
    other = a_place(s, (east + 100, north), kind="patch", size=190, end_date=today() - timedelta(100))
    both = a_patch(s, "NEW", start_date=today() - timedelta(100))
    col, dee = an_account(s, "Col", leader), an_account(s, "Dee", leader)
    for place, account, first in ((west, col, LONG_AGO), (other, dee, LONG_AGO), (both, col, today() - timedelta(100))):
        s.add(PatchCoach(place_id=place, account_id=account, from_on=first, made_by="Test"))
    s.flush()
    assert kept_coach(s, [both]) == {both: Kept(160.0, 160.0, 100.0)}
    assert kept_coach(s, [both])[both].share == pytest.approx(0.625)
    assert kept_coach(s, [both], months_after(LONG_AGO, 23))[both].share is None


def test_a_week_is_planned_by_those_who_share_out_patches(s: Session, leader: Actor) -> None:
    patch = a_patch(s, "P1")
    assign_coach(s, patch, an_account(s, "Col", leader), from_on=today(), by=leader)
    one = coaches_on(s, [patch])[patch]
    assert one.week_hours is None
    plan_week(s, one.id, 30, 12, version=one.version, by=leader, key="press")
    plan_week(s, one.id, 30, 12, version=one.version, by=leader, key="press")
    two = coaches_on(s, [patch])[patch]
    assert (two.week_hours, two.people_hours, two.version) == (30.0, 12.0, one.version + 1)
    with pytest.raises(Conflict):
        plan_week(s, one.id, 31, 12, version=one.version, by=leader)
    with pytest.raises(BadRequest, match="part of the week"):
        plan_week(s, one.id, 30, 31, version=two.version, by=leader)
    with pytest.raises(BadRequest, match="at most 60"):
        plan_week(s, one.id, 61, 12, version=two.version, by=leader)
    with pytest.raises(NotAllowed):
        plan_week(s, one.id, 30, 15, version=two.version, by=Actor("Otis", "officer"))
    with pytest.raises(NotAllowed):
        plan_week(s, one.id, 30, 15, version=two.version, by=Actor("Mo", "manager", places=frozenset({str(COL)})))


def test_hours_are_logged_by_conversations_and_short_weeks_named(s: Session, leader: Actor) -> None:
    """Six hours in six weeks: an hour of a week of ten, where four were meant; one marked as a risk never counts."""
    a_small_area(s, HERE, 193)
    patch, quiet = a_patch(s, "P1"), a_place(s, (1000.0, 1000.0), kind="patch", name="Quiet")
    assign_coach(s, patch, an_account(s, "Col", leader), from_on=today() - timedelta(42), by=leader)
    held = coaches_on(s, [patch])[patch]
    plan_week(s, held.id, 10, 4, version=held.version, by=leader)
    ada = add_person(s, a_draft(patch), by=leader).id
    risk = add_person(s, a_draft(patch, preferred_name="R", phone="", email="", safety_risk=True), by=leader).id
    talks = (
        (ada, "listening", 240, 42),
        (ada, "practical", 120, 1),
        (ada, "coaching", 60, 43),
        (risk, "listening", 60, 2),
    )
    for person, kind, minutes, days in talks:
        talk = ConversationDraft(kind, "did_with", minutes, today() - timedelta(days))
        add_conversation(s, person, talk, by=leader)
    by_place = {one.place.id: one for one in patch_work(s)}
    one, none = by_place[patch], by_place[quiet]
    assert (one.minutes, one.weeks) == ({"listening": 240, "coaching": 0, "practical": 120}, 6.0)
    assert (one.households, one.is_large, one.planned) == (193, True, 0.4)
    assert (one.logged_hours, one.logged, one.is_short) == (1.0, 0.1, True)
    assert (none.coach, none.planned, none.logged, none.is_short, none.households) == (None, None, None, False, None)
    told = summary(list(by_place.values()))
    assert (told.patches, told.fitting, told.held, told.homes, told.planned, told.enough) == (2, 0, 1, 193, 1, 0)


def test_who_began_lately_is_not_judged(s: Session, leader: Actor) -> None:
    patch = a_patch(s, "P1")
    assign_coach(s, patch, an_account(s, "Col", leader), from_on=today() - timedelta(27), by=leader)
    held = coaches_on(s, [patch])[patch]
    plan_week(s, held.id, 10, 4, version=held.version, by=leader)
    (one,) = patch_work(s)
    assert (one.weeks, one.logged, one.is_short) == (0.0, None, False)


@pytest.mark.parametrize("role", ["officer", "coach", "data_officer", "partner_viewer"])
def test_it_is_for_managers(s: Session, leader: Actor, role: str) -> None:
    ask_as(s, Actor("Somebody", role, organisation_id=leader.organisation_id))
    with pytest.raises(NotAllowed):
        patch_work(s)
