"""Consent to show a contact: who, when, how, what they were told; for two years; withdrawn at once."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from abcd.assets.consent import (
    MONTHS,
    WORDING,
    consents_of,
    record_consent,
    show_office_contact,
    to_ask,
    to_ask_count,
    withdraw_consent,
)
from abcd.assets.lines import lines
from abcd.core.clock import months_after, today
from abcd.db.consent import may_show_contact
from abcd.db.session import Actor
from abcd.db.tables import Asset, AuditEvent, PlaceAsset
from abcd.errors import BadRequest, NotAllowed
from tests.builders import a_group, a_place, an_asset


def is_shown(s: Session, asset_id: UUID) -> bool:
    return bool(s.scalar(select(may_show_contact()).where(Asset.id == asset_id)))


def test_a_recorded_consent_says_who_when_how_and_what_they_were_told(s: Session, owner: Actor) -> None:
    group = a_group(s, phone="07700 900123")
    record_consent(s, group, how="telephone", by=owner, on=today() - timedelta(days=3))
    (one,) = consents_of(s, group)
    assert (one.given_on, one.how, one.told, one.recorded_by) == (
        today() - timedelta(days=3), "telephone", WORDING, owner.name
    )  # fmt: skip
    assert one.expires_on == months_after(one.given_on, MONTHS)
    assert one.holds
    assert is_shown(s, group)


@pytest.mark.parametrize(
    ("kind", "flag", "agreed", "shown"),
    [("association", True, True, True), ("association", True, False, False), ("association", False, False, False),
     ("economic", True, False, False), ("story", True, False, False), ("economic", True, True, True),
     ("institution", True, False, True), ("physical", True, False, True), ("physical", False, False, False)],
)  # fmt: skip
def test_what_may_be_one_persons_number_needs_more_than_a_flag(
    s: Session, owner: Actor, kind: str, flag: bool, agreed: bool, shown: bool
) -> None:
    one = an_asset(s, kind=kind, contact_public=flag, phone="1")
    if agreed:
        record_consent(s, one, how="form", by=owner)
    assert is_shown(s, one) is shown


def test_after_two_years_it_is_over_to_the_day(s: Session, owner: Actor) -> None:
    group = a_group(s, phone="1")
    last = months_after(today(), -MONTHS) + timedelta(days=1)
    record_consent(s, group, how="form", by=owner, on=last)
    assert is_shown(s, group)
    with pytest.raises(BadRequest, match="not more than two years"):
        record_consent(s, group, how="form", by=owner, on=last - timedelta(days=2))


def test_withdrawing_holds_at_once_and_keeps_what_was(s: Session, owner: Actor) -> None:
    group = a_group(s, phone="1")
    for how in ("form", "telephone"):
        record_consent(s, group, how=how, by=owner)
    withdraw_consent(s, group, how="e-mail", by=owner)
    assert not is_shown(s, group)
    assert [one.withdrawn_on for one in consents_of(s, group)] == [today(), today()]
    assert not s.get_one(Asset, group).contact_public
    told = s.scalars(select(AuditEvent.verb).where(AuditEvent.thing_id == str(group)).order_by(AuditEvent.id)).all()
    assert list(told) == ["agree_to_show", "agree_to_show", "hide_contact"]
    record_consent(s, group, how="form", by=owner)
    assert is_shown(s, group)


@pytest.mark.parametrize(
    "wrong", [{"how": "telepathy"}, {"how": "form", "on": today() + timedelta(days=2)},
              {"how": "form", "on": date(2001, 1, 1)}]
)  # fmt: skip
def test_what_is_no_consent_is_refused(s: Session, owner: Actor, wrong: dict[str, Any]) -> None:
    group = a_group(s, phone="1")
    with pytest.raises(BadRequest):
        record_consent(s, group, by=owner, **wrong)
    assert consents_of(s, group) == []


def test_pressed_twice_it_is_written_once(s: Session, owner: Actor) -> None:
    group = a_group(s)
    for _ in range(2):
        record_consent(s, group, how="form", by=owner, key="press")
    assert len(consents_of(s, group)) == 1


def test_an_office_needs_no_consent_and_a_group_is_no_office(s: Session, owner: Actor) -> None:
    hall, group = an_asset(s, kind="physical", phone="1"), a_group(s, phone="1")
    show_office_contact(s, hall, True, by=owner)
    assert is_shown(s, hall)
    show_office_contact(s, hall, False, by=owner)
    assert not is_shown(s, hall)
    with pytest.raises(BadRequest, match="one person's own number"):
        show_office_contact(s, group, True, by=owner)


def test_who_is_flagged_and_never_agreed_is_to_be_asked(s: Session, owner: Actor) -> None:
    asked = a_group(s, phone="1", contact_public=True, name="To ask")
    for other in (a_group(s, phone="1"), a_group(s, contact_public=True), a_group(s, phone="1", contact_public=True)):
        record_consent(s, other, how="form", by=owner)
    an_asset(s, kind="physical", phone="1", contact_public=True)
    a_group(s, phone="1", contact_public=True, status="defunct")
    assert [line.id for line in lines(s, to_ask())] == [asked]
    assert to_ask_count(s) == 1


def test_only_the_team_and_only_in_their_places(s: Session, owner: Actor) -> None:
    here, there, group = a_place(s), a_place(s, name="There"), a_group(s)
    s.add(PlaceAsset(place_id=here, asset_id=group, relation="within"))
    s.flush()
    partner, coach = Actor("Pat", "partner_viewer"), Actor("Cara", "coach", places=frozenset({str(there)}))
    for somebody in (partner, coach):
        with pytest.raises(NotAllowed):
            record_consent(s, group, how="form", by=somebody)
        with pytest.raises(NotAllowed):
            withdraw_consent(s, group, how="form", by=somebody)
    record_consent(s, group, how="form", by=Actor("Cara", "coach", places=frozenset({str(here)})))


@pytest.mark.parametrize(
    "statement", ["update core.contact_consent set given_on = '2020-01-01'", "delete from core.contact_consent"]
)
def test_the_app_cannot_change_what_was_agreed(s: Session, owner: Actor, statement: str) -> None:
    record_consent(s, a_group(s), how="form", by=owner)
    with pytest.raises(ProgrammingError, match="permission denied"):
        s.execute(text(statement))
    s.rollback()
