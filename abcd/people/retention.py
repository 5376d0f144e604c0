"""The retention clocks at work (trust.md P24): who has long been silent is asked again, then made anonymous."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import LOCAL, today
from abcd.db import erasures
from abcd.db.audit import record
from abcd.db.rewriting import Rewritten
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import (
    Base,
    Consent,
    Conversation,
    FollowUp,
    IntroductionIn,
    Person,
    PersonNote,
    PersonOffer,
    PersonWish,
    ResidentLink,
)
from abcd.people.associations import associations
from abcd.people.clock import CONVERSATION_MONTHS, KEEP_MONTHS, REVIEW_MONTHS, before
from abcd.people.erasing import clear_elsewhere, sweep
from abcd.people.traces import Traces, traces_of
from abcd.people.whereabouts import PEOPLE, delete_rows

ACTOR = "retention"
IN_CONFIDENCE = ("conversation", "worry")
BLANK = {
    "preferred_name": "", "phone": "", "email": "", "comms_needs": "", "contact_route": "in_person", "language": "en",
    "safety_risk": False, "source": "retention", "status": "anonymised", "roles": [], "speaks": [],
    "access_needs": [], "max_walk_minutes": None, "wants_alike": False,
}  # fmt: skip
#: Where it is written when we last heard of somebody, beside the day on which they said that all is right.
HEARD = (
    (PersonNote, "said_on"), (Conversation, "held_on"), (Consent, "given_on"), (PersonOffer, "said_on"),
    (PersonWish, "said_on"), (FollowUp, "said_on"),
)  # fmt: skip
LINK_KEPT = timedelta(days=365)
"""How long a link that is over still tells that the person held one."""


@dataclass(frozen=True)
class Retired:
    """What the clocks did.

    Attributes:
        anonymised: people of whom nothing was heard for as long as it may be kept.
        to_review: people to be asked again.
        notes: notes in confidence that went.
        talks: talks of which only day, length and kind are left.
        introductions: suggestions of somebody that ended without a yes.
    """

    anonymised: int = 0
    to_review: int = 0
    notes: int = 0
    talks: int = 0
    introductions: int = 0
    traces: tuple[Traces, ...] = field(default=(), repr=False)


def run_retention(day: date | None = None) -> tuple[Retired, Rewritten | None]:
    """Let the clocks strike in every association, then rewrite what held whoever went; also after one that was stopped.

    Raises:
        StoreUnavailable: the store does not answer; what is done is done.
    """
    with session(SYSTEM) as s:
        actors = associations(s, ACTOR)
    done = Retired()
    for actor in actors:
        with session(actor, patient=True) as s:
            done = _sum(done, retire_the_silent(s, day or today(), by=actor))
    touched = [table for traces in done.traces for table in clear_elsewhere(traces, SYSTEM).tables]
    is_due = bool(done.anonymised or done.notes or done.talks or erasures.is_sweep_due())
    words = [word for traces in done.traces for word in traces.words]
    return done, sweep(words, touched) if is_due else None


def retire_the_silent(s: Session, day: date, *, by: Actor) -> Retired:
    """The clocks of one association, on ``day``: not confirmed for 24 months is made anonymous, for 12 is to be asked.

    Raises:
        NotAllowed: ``by`` may not erase people.
    """
    require(by, "erase", "person")
    kept = Person.status != "anonymised"
    silent = s.scalars(select(Person.id).where(kept, Person.confirmed_on <= before(day, KEEP_MONTHS))).all()
    traces = []
    for person_id in silent:
        traces.append(traces_of(s, person_id))
        _anonymise(s, person_id, traces[-1], by)
    notes, talks = _forget_confidences(s, day), _forget_talks(s, day)
    ended = _end_introductions(s, day, by)
    _forget_links(s, day)
    asked = update(Person).where(Person.status == "active", Person.confirmed_on <= before(day, REVIEW_MONTHS))
    reviewed = int(s.execute(asked.values(status="inactive", version=Person.version + 1)).rowcount)  # type: ignore[attr-defined]
    return Retired(len(silent), reviewed, notes, talks, ended, tuple(traces))


def _anonymise(s: Session, person_id: UUID, traces: Traces, by: Actor) -> None:
    """Take everything personal from a person's row, and their other rows; the key goes with the change of status."""
    for home in PEOPLE[:-1]:
        delete_rows(s, home, person_id, traces)
    s.execute(update(Person).where(Person.id == person_id).values(**BLANK, version=Person.version + 1))
    record(s, "anonymise", "person", person_id, by=by)


def _forget_confidences(s: Session, day: date) -> int:
    """What was said in confidence goes twelve months after the last contact, whatever that was."""
    since = before(day, CONVERSATION_MONTHS)
    old = (
        PersonNote.kind.in_(IN_CONFIDENCE)
        & (PersonNote.said_on <= since)
        & PersonNote.person_id.in_(_out_of_touch(since))
    )
    return int(s.execute(delete(PersonNote).where(old).execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _forget_talks(s: Session, day: date) -> int:
    """Of talks the words and what they were about go at the same time; that there was one, and how long, stays."""
    since = before(day, CONVERSATION_MONTHS)
    is_told = or_(Conversation.summary != "", Conversation.themes != [])
    old = is_told & (Conversation.held_on <= since) & Conversation.person_id.in_(_out_of_touch(since))
    blank: dict[str, Any] = {"summary": "", "themes": [], "next_on": None, "version": Conversation.version + 1}
    return int(s.execute(update(Conversation).where(old).values(**blank)).rowcount)  # type: ignore[attr-defined]


def _out_of_touch(since: date) -> Select[UUID]:
    """People with whom there was no contact after ``since``, whatever it was."""
    heard = [func.coalesce(_latest(table, column), since) <= since for table, column in HEARD]
    return select(Person.id).where(Person.confirmed_on <= since, *heard)


def _latest(table: type[Base], column: str) -> ScalarSelect[date]:
    latest = select(func.max(getattr(table, column))).where(table.person_id == Person.id)  # type: ignore[attr-defined]
    return latest.correlate(Person).scalar_subquery()


def _end_introductions(s: Session, day: date, by: Actor) -> int:
    """Whoever was suggested and did not say yes within four weeks is no longer waited for."""
    over = (IntroductionIn.state == "suggested") & (IntroductionIn.expires_on <= day)
    ended = update(IntroductionIn).where(over)
    values = {"state": "expired", "settled_on": day, "version": IntroductionIn.version + 1}
    number = int(s.execute(ended.values(**values)).rowcount)  # type: ignore[attr-defined]
    if number:
        record(s, "expire", "introduction_in", day.isoformat(), by=by, after={"number": number})
    return number


def _forget_links(s: Session, day: date) -> None:
    """Links that are over for long go."""
    since = datetime.combine(day, time(), LOCAL) - LINK_KEPT
    over: ColumnElement[bool] = or_(ResidentLink.expires_at < since, ResidentLink.ended_at < since)
    s.execute(delete(ResidentLink).where(over))


def _sum(one: Retired, other: Retired) -> Retired:
    return Retired(
        one.anonymised + other.anonymised,
        one.to_review + other.to_review,
        one.notes + other.notes,
        one.talks + other.talks,
        one.introductions + other.introductions,
        (*one.traces, *other.traces),
    )
