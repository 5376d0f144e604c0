"""Whoever takes everything back is gone from every page at once, and from every byte within the hour."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from abcd.access.associations import ensure_association
from abcd.access.drafts import Writing, keep
from abcd.core.clock import months_after, today
from abcd.db import erasures
from abcd.db.rewriting import Rewritten
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import (
    AuditEvent,
    Connection,
    Conversation,
    Draft,
    IntroductionIn,
    Person,
    PersonNote,
    ResidentLink,
)
from abcd.errors import NotAllowed, NotFound
from abcd.people import erasing
from abcd.people.actions import add_note
from abcd.people.consents import ConsentDraft, consents_of, give_consent
from abcd.people.drafts import NoteDraft
from abcd.people.leaving import Left, erase_withdrawn, leave, withdraw_everything
from abcd.people.queries import number_of_people, people, person
from abcd.people.replay import replay
from abcd.people.resident_links import end_resident_link, holder, link_held_by, make_resident_link, note_use
from abcd.people.retention import retire_the_silent
from tests.builders import a_place
from tests.people.conftest import ask_as, grounds
from tests.people.test_consents import YES, a_connection, a_resident, does_hold

STRANGER = Actor("somebody with a link", "resident")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))


def status(s: Session, person_id: UUID) -> str | None:
    """What the row says, for whoever may see it."""
    s.expire_all()
    return s.scalar(select(Person.status).where(Person.id == person_id))


def test_a_link_opens_one_person_and_nobody_beside(s: Session, manager: Actor, patch: UUID) -> None:
    ada, ben = (a_resident(s, patch, manager, preferred_name=name) for name in ("Ada", "Ben"))
    add_note(s, ben, NoteDraft("hope", "To sing", grounds()), by=manager)
    link = make_resident_link(s, ada, by=manager)
    assert link.token not in repr(link)
    assert link.url.endswith(f"/mine/{link.token}")
    ask_as(s, STRANGER)
    assert s.scalar(select(func.count()).select_from(Person)) == 0
    opened = holder(s, link.token)
    assert opened is not None
    assert (opened.person_id, opened.actor.organisation_id) == (ada, manager.organisation_id)
    assert [row.id for row in people(s)] == [ada]
    assert s.scalar(select(func.count()).select_from(PersonNote)) == 0
    with pytest.raises(NotFound):
        person(s, ben)


def test_somebody_at_risk_holds_a_link_like_everybody(s: Session, manager: Actor, patch: UUID) -> None:
    risky = a_resident(s, patch, manager, safety_risk=True)
    link = make_resident_link(s, risky, by=manager)
    ask_as(s, STRANGER)
    opened = holder(s, link.token)
    assert opened is not None
    assert person(s, opened.person_id).id == risky


def test_links_end_by_the_day_by_a_newer_one_and_by_hand(s: Session, manager: Actor, patch: UUID) -> None:
    ada = a_resident(s, patch, manager)

    def opens(token: str) -> bool:
        s.execute(text("select set_config('abcd.self', '', true)"))
        ask_as(s, STRANGER)
        found = holder(s, token)
        ask_as(s, manager)
        return found is not None

    first, second = (make_resident_link(s, ada, by=manager).token for _n in range(2))
    assert (opens(first), opens(second), opens("A" * 43)) == (False, True, False)
    held = link_held_by(s, ada)
    assert held is not None
    assert held.expires_at.date() == months_after(held.made_at.date(), 24)
    s.execute(text("update core.resident_link set expires_at = now() + interval '1 day' where ended_at is null"))
    note_use(s, second, prolong=True)
    held = link_held_by(s, ada)
    assert held is not None
    assert (held.last_used_day, held.expires_at.date() > today() + timedelta(700)) == (today(), True)
    end_resident_link(s, ada, by=manager)
    assert (opens(second), link_held_by(s, ada)) == (False, None)
    third = make_resident_link(s, ada, by=manager).token
    s.execute(text("update core.resident_link set expires_at = now() where ended_at is null"))
    assert not opens(third)


def test_who_may_make_links(s: Session, manager: Actor, stranger: Actor, patch: UUID) -> None:
    ada = a_resident(s, patch, manager)
    ask_as(s, replace(manager, role="data_officer"))
    with pytest.raises(NotAllowed):
        make_resident_link(s, ada, by=replace(manager, role="data_officer"))
    elsewhere = replace(manager, role="coach", places=frozenset({str(a_place(s, kind="patch"))}))
    for actor in (stranger, elsewhere):
        ask_as(s, actor)
        with pytest.raises(NotFound):
            make_resident_link(s, ada, by=actor)


def a_draft_about(s: Session, person_id: UUID) -> None:
    """A form about somebody that was not saved."""
    account = s.scalar(text("insert into core.account (name, role) values ('Odd', 'officer') returning id"))
    keep(s, Writing("edit_person", str(person_id), "f" * 32), {"phone": "1"}, by=Actor("Odd", account_id=str(account)))


def test_a_form_of_two_people_goes_with_either(s: Session, manager: Actor, patch: UUID) -> None:
    """What somebody began to write of bringing two together says who by their bare ids."""
    ada, ben, cyn = (a_resident(s, patch, manager, preferred_name=name) for name in ("Ada", "Ben", "Cyn"))
    for who, sitting in ((ada, "e" * 32), (cyn, "d" * 32)):
        account = s.scalar(text("insert into core.account (name, role) values (:n, 'officer') returning id"),
                           {"n": f"Odd {sitting}"})  # fmt: skip
        keep(
            s,
            Writing("bring together", "", sitting),
            {"a": str(ben), "b": str(who)},
            by=Actor("Odd", account_id=str(account)),
        )
    leave(s, ada, "phone", by=manager)
    (left,) = s.scalars(select(Draft.values))
    assert left["b"] == str(cyn)


def test_everything_back_is_gone_at_once(s: Session, manager: Actor, patch: UUID) -> None:
    ada, ben = (a_resident(s, patch, manager, preferred_name=name) for name in ("Ada", "Ben"))
    for one in (ada, ben):
        give_consent(s, one, YES, by=manager)
    given = give_consent(s, ada, ConsentDraft("being_found", "paper"), by=manager)
    link = make_resident_link(s, ada, by=manager)
    tie = a_connection(s, manager, patch, ben, ada, "yes_b")
    a_draft_about(s, ada)
    coach = replace(manager, name="Cora Coach", role="coach")
    ask_as(s, coach)
    for _twice in range(2):
        withdraw_everything(s, ada, "phone", by=coach, key="all of it")
    for role in ("owner", "manager", "coach", "data_officer"):
        ask_as(s, replace(manager, role=role))
        assert status(s, ada) is None
        assert [row.id for row in people(s)] == [ben]
        assert number_of_people(s) == 1
        assert s.get(Connection, tie) is None
        assert s.scalar(text("select count(*) from core.consent where id = :id"), {"id": given}) == 0
    assert not does_hold(s, ada)
    assert s.scalar(select(func.count()).select_from(Draft).where(Draft.record == str(ada))) == 0
    assert [each.hash for each in erasures.forgotten()] == [erasures.fingerprint(ada)]
    events = s.execute(select(AuditEvent.verb, AuditEvent.after).where(AuditEvent.thing_id == str(ada))).all()
    assert ("withdraw_everything", None) in events
    ask_as(s, manager)
    with pytest.raises(NotFound):
        withdraw_everything(s, ada, "phone", by=manager)
    s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
    assert status(s, ada) == "withdrawn"
    assert s.get_one(Connection, tie).state == "stopped"
    assert all(one.withdrawn_on for one in consents_of(s, ada))
    assert all(row.ended_at for row in s.scalars(select(ResidentLink)))
    ask_as(s, STRANGER)
    assert holder(s, link.token) is None


def test_a_backup_from_before_brings_nobody_back(s: Session, manager: Actor, patch: UUID) -> None:
    """Restored between the deed and the erasure, or from before the deed: the list has them already (P23)."""
    ada, ben = (a_resident(s, patch, manager, preferred_name=name) for name in ("Ada", "Ben"))
    withdraw_everything(s, ada, "phone", by=manager)
    ensure_association(s, by=SYSTEM)
    s.execute(text("update core.organisation set org_kind = 'housing association' where id = :id"),
              {"id": manager.organisation_id})  # fmt: skip
    gone = replay(s, [each.hash for each in erasures.forgotten()])
    assert [each.person_id for each in gone] == [ada]
    ask_as(s, manager)
    assert [row.id for row in people(s)] == [ben]


def test_the_chore_erases_whoever_left_and_sweeps_once(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with session(SYSTEM) as s:
        owner = Actor("Olga", "owner", organisation_id=str(ensure_association(s, by=SYSTEM)))
        patch = a_place(s, kind="patch")
    swept: list[set[str]] = []

    def rewrite(tables: set[str], words: list[str]) -> Rewritten:
        swept.append(set(words))
        return Rewritten(tuple(tables), (), is_done=True)

    monkeypatch.setattr(erasing, "rewrite", rewrite)
    assert erase_withdrawn() == Left(0, is_swept=False)
    leaving, stays = [], []
    for n in range(4):
        with session(owner) as s:
            added = a_resident(s, patch, owner, preferred_name=f"Nobody Else {n}", safety_risk=n == 0)
            (leaving if n < 2 else stays).append(added)
    for one in leaving:
        with session(owner) as s:
            leave(s, one, "online", by=owner, by_self=True)
    assert erase_withdrawn() == Left(2, is_swept=True)
    assert erase_withdrawn() == Left(0, is_swept=False)
    assert len(swept) == 1
    assert {"Nobody Else 0", "Nobody Else 1"} <= swept[0]
    with session(owner) as s:
        s.execute(text("select set_config('abcd.sees_withdrawn', 'yes', true)"))
        assert set(s.scalars(select(Person.id).where(Person.place_id == patch))) == set(stays)
        told = s.scalars(select(AuditEvent.after).where(AuditEvent.verb == "erase")).all()
    assert {"reason": "withdrew"} in told


def test_talks_lose_their_words_a_year_after_the_last_contact(s: Session, manager: Actor, patch: UUID) -> None:
    began = today() - timedelta(900)
    silent, heard_of = (a_resident(s, patch, manager, preferred_name=name) for name in ("Silent", "Heard of"))
    s.execute(text("update core.person set confirmed_on = :day"), {"day": today() - timedelta(400)})
    for one in (silent, heard_of):
        s.add(Conversation(person_id=one, organisation_id=UUID(manager.organisation_id), held_on=began, minutes=45,
                           kind="listening", mode="did_with", summary="Of old days", themes=["food"], held_by="Mona",
                           purpose="introductions", lawful_basis="consent", consent_on=began, source="x"))  # fmt: skip
    give_consent(s, heard_of, replace(YES, given_on=today() - timedelta(200)), by=manager)
    ask_as(s, replace(manager, role="owner"))
    done = retire_the_silent(s, today(), by=Actor("retention"))
    s.expire_all()
    left = {row.person_id: (row.summary, row.themes, row.minutes) for row in s.scalars(select(Conversation))}
    assert (done.talks, done.anonymised) == (1, 0)
    assert left == {silent: ("", [], 45), heard_of: ("Of old days", ["food"], 45)}
    assert retire_the_silent(s, today(), by=Actor("retention")).talks == 0


def test_nobody_is_waited_for_longer_than_four_weeks(s: Session, manager: Actor) -> None:
    def suggested(days: int) -> UUID:
        came, home = today() - timedelta(days), UUID(manager.organisation_id)
        row = IntroductionIn(organisation_id=home, reference=f"R{days}", source_kind="self", received_on=came,
                             expires_on=came + timedelta(28))  # fmt: skip
        s.add(row)
        s.flush()
        return row.id

    over, waits = suggested(28), suggested(27)
    ask_as(s, replace(manager, role="owner"))
    assert retire_the_silent(s, today(), by=Actor("retention")).introductions == 1
    s.expire_all()
    told = {row.id: (row.state, row.settled_on) for row in s.scalars(select(IntroductionIn))}
    assert told == {over: ("expired", today()), waits: ("suggested", None)}


def test_whoever_became_nobody_keeps_nothing_that_tells_of_them(s: Session, manager: Actor, patch: UUID) -> None:
    ada = a_resident(s, patch, manager)
    give_consent(s, ada, YES, by=manager)
    s.execute(text("update core.person set confirmed_on = :day, roles = '{connector}', speaks = '{cy}', "
                   "access_needs = '{step_free}', max_walk_minutes = 5, wants_alike = true"),
              {"day": today() - timedelta(800)})  # fmt: skip
    ask_as(s, replace(manager, role="owner"))
    assert retire_the_silent(s, today(), by=Actor("retention")).anonymised == 1
    s.expire_all()
    row = s.get_one(Person, ada)
    assert (row.status, row.roles, row.speaks, row.access_needs, row.max_walk_minutes, row.wants_alike) == (
        "anonymised", [], [], [], None, False)  # fmt: skip
    assert s.scalar(text("select count(*) from core.consent")) == 0
