"""The link that a resident holds: their own page, without an account, for as long as a yes given today holds.

Whoever has the link is taken for the resident, so what it opens is what they may see and take back, and not what was
said in confidence. The store keeps its SHA-256. A newer link ends the earlier one. Dead and unknown ones are ``None``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.moments import moment
from abcd.access.scope import places_of_place
from abcd.access.tokens import fingerprint, new_token
from abcd.config import settings
from abcd.core.clock import months_after, today
from abcd.core.language import LANGUAGES
from abcd.db.audit import record
from abcd.db.session import Actor, actor_of
from abcd.db.tables import Person, ResidentLink
from abcd.errors import BadRequest
from abcd.people.actions import association_of
from abcd.people.associations import become
from abcd.people.consent_drafts import MONTHS
from abcd.people.queries import person
from abcd.people.records import PersonRecord

THEMSELVES = "the person themselves"
"""Who signs what comes by a resident's own link."""


@dataclass(frozen=True, repr=False)
class NewLink:
    """A link that was just made; its token is told only now."""

    person_id: UUID
    token: str
    language: str

    @property
    def url(self) -> str:
        """The address to hand over, in the language that they prefer."""
        return f"{settings().public_url}/mine/{self.token}{self._spoken}"

    @property
    def card(self) -> str:
        """The address of a card to print."""
        return f"{settings().public_url}/mine/{self.token}/card{self._spoken}"

    @property
    def _spoken(self) -> str:
        spoken = self.language.split("-")[0]
        return f"?lang={spoken}" if spoken in LANGUAGES and spoken != "en" else ""

    def __repr__(self) -> str:
        return f"NewLink({self.person_id})"


@dataclass(frozen=True)
class HeldLink:
    """That a resident holds a link: made by whom, when, until when, and on which day it was last used."""

    made_by: str
    made_at: datetime
    expires_at: datetime
    last_used_day: date | None


@dataclass(frozen=True)
class Holder:
    """Whoever came by a link: the person, and as whom the session goes on."""

    person_id: UUID
    actor: Actor


def make_resident_link(s: Session, person_id: UUID, *, by: Actor) -> NewLink:
    """A link for a resident to keep; an earlier one ends.

    Raises:
        BadRequest: the person was made anonymous.
        NotFound: there is no such person for ``by``.
        NotAllowed: ``by`` may not make links, or not there.
    """
    one = _let_through(s, by, "make", person_id)
    if one.status == "anonymised":
        raise BadRequest("This record was made anonymous, so there is nobody to hand a link to.")
    time, token = moment(s), new_token()
    _end(s, person_id, time)
    s.add(ResidentLink(token_hash=fingerprint(token), person_id=person_id, organisation_id=association_of(by),
                       made_by=by.name, made_at=time, expires_at=until(time)))  # fmt: skip
    s.flush()
    record(s, "make_resident_link", "person", person_id, by=by)
    return NewLink(person_id, token, one.language)


def end_resident_link(s: Session, person_id: UUID, *, by: Actor) -> None:
    """The link of a resident opens nothing any more; one that has ended stays ended.

    Raises:
        NotFound, NotAllowed: as ``make_resident_link``.
    """
    _let_through(s, by, "end", person_id)
    if _end(s, person_id, moment(s)):
        record(s, "end_resident_link", "person", person_id, by=by)


def link_held_by(s: Session, person_id: UUID) -> HeldLink | None:
    """The live link that a resident holds.

    Raises:
        NotAllowed: whoever asks may not know of links.
    """
    require(actor_of(s), "view", "resident_link")
    live = select(ResidentLink).where(ResidentLink.person_id == person_id, _open(moment(s)))
    row = s.scalar(live.order_by(ResidentLink.made_at.desc()).limit(1))
    return HeldLink(row.made_by, row.made_at, row.expires_at, row.last_used_day) if row else None


def holder(s: Session, token: str) -> Holder | None:
    """Go on in this transaction as whoever holds ``token``; ``None`` when it is unknown, over or ended.

    From then on the database shows this session that one person, and nobody beside, whatever is asked of it.
    """
    s.execute(text("select set_config('abcd.token_hash', :hash, true)"), {"hash": fingerprint(token)})
    link = s.scalar(select(ResidentLink).where(ResidentLink.token_hash == fingerprint(token), _open(moment(s))))
    if link is None:
        return None
    # In the role of an owner, because of all that is kept of them nothing is kept from the session itself.
    actor, person_id = Actor(THEMSELVES, organisation_id=str(link.organisation_id)), link.person_id
    become(s, actor)
    s.execute(text("select set_config('abcd.self', :self, true)"), {"self": str(person_id)})
    s.expire_all()
    found = s.scalar(select(Person.status).where(Person.id == person_id))
    return None if found in (None, "anonymised") else Holder(person_id, actor)


def note_use(s: Session, token: str, *, prolong: bool = False) -> None:
    """Remember the day on which the link was used to say something; ``prolong`` begins its time anew."""
    used = update(ResidentLink).where(ResidentLink.token_hash == fingerprint(token))
    more = {"expires_at": until(moment(s))} if prolong else {}
    s.execute(used.values(last_used_day=today(), **more))


def end_links(s: Session, person_id: UUID) -> None:
    """Every link of a person ends, for whoever has been let in already."""
    _end(s, person_id, moment(s))


def until(time: datetime) -> datetime:
    """How long a link opens: as long as the yes that is given beside it."""
    last = months_after(time.date(), MONTHS)
    return time.replace(year=last.year, month=last.month, day=last.day)


def _let_through(s: Session, by: Actor, verb: str, person_id: UUID) -> PersonRecord:
    require(by, verb, "resident_link")
    one = person(s, person_id)
    require(by, verb, "resident_link", places_of_place(s, one.place_id) if by.places else None)
    return one


def _end(s: Session, person_id: UUID, time: datetime) -> bool:
    ended = update(ResidentLink).where(ResidentLink.person_id == person_id, _open(time)).values(ended_at=time)
    return s.execute(ended.returning(ResidentLink.token_hash)).first() is not None


def _open(time: datetime) -> ColumnElement[bool]:
    return and_(ResidentLink.ended_at.is_(None), ResidentLink.expires_at > time)
