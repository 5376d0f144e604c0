"""How an introduction goes, at the start, after 4 and after 12 weeks: in people's own words, with what they make of it.

Nothing here is ever late. A follow-up that says it goes on takes the introduction to its next state by itself; one that
says it has ended, out.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import in_own_places, places_of_place
from abcd.connections.introducing import take
from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor, actor_of
from abcd.db.tables import Connection, Consent, FollowUp, Person
from abcd.db.tables.introductions import EXITS, OUTCOME_DOMAINS, STEPS
from abcd.errors import BadRequest, NotFound

WEEKS = (0, 4, 12)
PURPOSE, SOURCE = "introductions", "the person"
#: A good time to ask begins so many days before the weeks are round, so that it fits a visit.
SOON = timedelta(days=4)
STATE_AFTER = {4: "going_at_4w", 12: "going_at_12w"}
LONGEST = 2_000


@dataclass(frozen=True, repr=False)
class FollowUpDraft:
    """What somebody says: ``confidence`` is 0-10, ``domains`` are of ``OUTCOME_DOMAINS``, the rest their own words."""

    weeks: int
    is_going: bool | None = None
    own_words: str = ""
    domains: tuple[str, ...] = ()
    confidence: int | None = None
    would_again: bool | None = None
    gave: str = ""

    def checked(self) -> "FollowUpDraft":
        """The same, tidied.

        Raises:
            BadRequest: a value cannot be, or nothing is said at all.
        """
        told = replace(self, own_words=tidy(self.own_words, lines=True), gave=tidy(self.gave))
        if told.weeks not in WEEKS:
            raise BadRequest("A follow-up is at the start, after 4 weeks or after 12.")
        if told.confidence is not None and not 0 <= told.confidence <= 10:
            raise BadRequest(_("Confidence is a number from 0 to 10."))
        if set(told.domains) - set(OUTCOME_DOMAINS):
            raise BadRequest(f"What changed is one of these: {', '.join(OUTCOME_DOMAINS)}.")
        if max(len(told.own_words), len(told.gave)) > LONGEST:
            raise BadRequest(_("One answer is too long: {n} letters at most.").format(n=LONGEST))
        if told == FollowUpDraft(told.weeks):
            raise BadRequest(_("Write down at least one thing that they said."))
        return told


@dataclass(frozen=True, repr=False)
class FollowUpRecord:
    """What somebody said of an introduction after so many weeks."""

    id: UUID
    connection_id: UUID
    person_id: UUID
    weeks: int
    said_on: date
    is_going: bool | None
    own_words: str
    domains: tuple[str, ...]
    confidence: int | None
    would_again: bool | None
    gave: str
    version: int

    def __repr__(self) -> str:
        return f"FollowUpRecord({self.id})"


def add_follow_up(
    s: Session, connection_id: UUID, person_id: UUID, draft: FollowUpDraft, *, by: Actor, key: str | None = None
) -> UUID:
    """Write down how it goes for one of the two; the follow-up's id.

    Raises:
        BadRequest: something cannot be, it has ended, they were not introduced yet, or said it before.
        NotFound: there is no such introduction of this person for ``by``.
        NotAllowed: ``by`` may not, or not there.
    """
    told = draft.checked()
    _require(s, person_id, by)
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_added(s, connection_id, person_id, told, by))})
    return UUID(done["id"])


def _added(s: Session, connection_id: UUID, person_id: UUID, told: FollowUpDraft, by: Actor) -> UUID:
    row = s.scalar(select(Connection).where(Connection.id == connection_id).with_for_update())
    if row is None or person_id not in (row.a_person_id, row.b_person_id):
        raise NotFound(_("There is no such introduction."))
    if row.state in EXITS or (told.weeks and row.introduced_on is None):
        raise BadRequest(_("They have not been introduced, or it has ended: there is nothing to follow up."))
    same = (FollowUp.connection_id == connection_id, FollowUp.person_id == person_id, FollowUp.weeks == told.weeks)
    if s.scalar(select(FollowUp.id).where(*same)):
        raise BadRequest(_("They told us of this before. Mend what is written there."))
    new = FollowUp(id=uuid4(), connection_id=connection_id, person_id=person_id, organisation_id=row.organisation_id,
                   said_on=today(), **_values(told), **_grounds(s, person_id))  # fmt: skip
    s.add(new)
    s.flush()
    _go_on(s, row, told, "a" if person_id == row.a_person_id else "b", by)
    record(s, "follow_up", "connection", connection_id, by=by, after={"weeks": told.weeks})
    return new.id


def edit_follow_up(
    s: Session, follow_up_id: UUID, draft: FollowUpDraft, *, version: int | None, by: Actor, key: str | None = None
) -> UUID:
    """Mend what was written down of a follow-up; the state of the introduction stays.

    Raises:
        BadRequest: something cannot be.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not, or not there.
    """
    told = draft.checked()

    def act() -> dict[str, str]:
        row = for_edit(s, FollowUp, follow_up_id, version, _values(told))
        _require(s, row.person_id, by)
        for name, value in _values(told).items():
            setattr(row, name, value)
        s.flush()
        record(s, "edit_follow_up", "connection", row.connection_id, by=by, after={"weeks": row.weeks})
        return {"id": str(follow_up_id)}

    require(by, "follow_up", "connection")
    return UUID(once(s, key or str(uuid4()), by, act)["id"])


def _go_on(s: Session, row: Connection, told: FollowUpDraft, side: str, by: Actor) -> None:
    """Take the introduction as far as what was said; through each state on the way."""
    if told.is_going is False and told.weeks:
        row.version += 1
        take(s, row, "stopped", side, by)
    elif told.is_going and told.weeks:
        wanted = STEPS.index(STATE_AFTER[told.weeks])
        row.version += 1
        for state in STEPS[STEPS.index(row.state) + 1 : wanted + 1]:
            take(s, row, state, "", by)


def _values(told: FollowUpDraft) -> dict[str, Any]:
    return {name: getattr(told, name) for name in FollowUpDraft.__dataclass_fields__} | {"domains": list(told.domains)}


def _grounds(s: Session, person_id: UUID) -> dict[str, Any]:
    """Why it may be kept: their yes to introductions (trust.md P26).

    Raises:
        BadRequest: none holds today.
    """
    given = select(func.max(Consent.given_on)).where(Consent.person_id == person_id, Consent.purpose == PURPOSE)
    if not s.scalar(select(func.core.consents(person_id, PURPOSE))):
        raise BadRequest(_("One of the two has not said yes to introductions, or no longer. Ask them first."))
    return {"purpose": PURPOSE, "lawful_basis": "consent", "consent_on": s.scalar(given), "source": SOURCE}


def _require(s: Session, person_id: UUID, by: Actor) -> None:
    """Let a coordinator write for the people of their own places."""
    require(by, "follow_up", "connection")
    place_id = s.scalar(select(Person.place_id).where(Person.id == person_id))
    if place_id is None:
        raise NotFound(_("There is no such introduction."))
    require(by, "follow_up", "connection", places_of_place(s, place_id) if by.places else None)


def follow_ups_of(s: Session, connection_id: UUID) -> list[FollowUpRecord]:
    """What both sides told of an introduction, of those whom whoever asks speaks for, in the order of the weeks.

    Raises:
        NotAllowed: whoever asks may not look at introductions.
    """
    require(actor_of(s), "view", "connection")
    names = tuple(FollowUpRecord.__dataclass_fields__)
    rows = (
        select(*(getattr(FollowUp, name) for name in names))
        .join(Person, Person.id == FollowUp.person_id)
        .where(FollowUp.connection_id == connection_id, in_own_places(actor_of(s), Person.place_id))
        .order_by(FollowUp.weeks, FollowUp.said_on)
    )  # fmt: skip
    return [FollowUpRecord(**{**row._mapping, "domains": tuple(row.domains)}) for row in s.execute(rows)]


def good_time(introduced_on: date | None, told: set[int], on: date | None = None) -> int | None:
    """The follow-up that it is a good time for, in weeks; none while none is. ``told`` are those that were written."""
    if introduced_on is None:
        return None
    gone = (on or today()) - introduced_on + SOON
    ripe = [weeks for weeks in WEEKS[1:] if gone >= timedelta(weeks=weeks) and weeks not in told]
    return ripe[-1] if ripe else None
