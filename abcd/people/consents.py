"""What residents said yes to: one purpose a yes, only ever added, for two years, taken back as easily as given.

What may be done with somebody today is asked of the database (``core.consents``, the views of ``db.tables.agreed``);
this room writes what was said and tells how it stands.
"""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import places_of_place
from abcd.core.clock import months_after, today
from abcd.core.language import _
from abcd.db.audit import once, record
from abcd.db.session import Actor
from abcd.db.tables import Consent, ConsentWithdrawn
from abcd.errors import BadRequest
from abcd.people.actions import association_of
from abcd.people.consent_drafts import MONTHS, ConsentDraft, require_way
from abcd.people.consent_records import ConsentRecord, Expiring, consent, consents_of, expiring, holding
from abcd.people.introductions_end import hold, stop_introductions
from abcd.people.queries import person
from abcd.people.wordings import wordings

__all__ = [
    "ConsentDraft", "ConsentRecord", "Expiring", "agree", "consent", "consents_of", "disagree", "expiring",
    "give_consent", "holding", "require_there", "take_back", "withdraw",
]  # fmt: skip


def give_consent(s: Session, person_id: UUID, draft: ConsentDraft, *, by: Actor, key: str | None = None) -> UUID:
    """Write down that a resident said yes; returns the id. A yes that holds already is prolonged by the new one.

    Raises:
        BadRequest: as ``ConsentDraft.checked``, or the person was made anonymous.
        NotFound: there is no such person for ``by``.
        NotAllowed: ``by`` may not record what people agree to, or not there.
    """
    require_there(s, by, "record", person_id)
    told = draft.checked()
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(agree(s, person_id, told, by=by))})
    return UUID(done["id"])


def agree(s: Session, person_id: UUID, draft: ConsentDraft, *, by: Actor) -> UUID:
    """As ``give_consent``, for whoever has been let in already: a resident by their own link."""
    told = draft.checked()
    if person(s, person_id).status == "anonymised":
        raise BadRequest(_("This record was made anonymous. If the person comes back, add them anew."))
    day, new = told.given_on or today(), uuid4()
    version = wordings(s, day)[told.purpose].version
    s.add(Consent(id=new, person_id=person_id, organisation_id=association_of(by), purpose=told.purpose,
                  controllers=list(told.controllers), wording_version=version, given_on=day, how=told.how,
                  recorded_by=by.name, expires_on=months_after(day, MONTHS)))  # fmt: skip
    s.flush()
    record(s, "give_consent", "person", person_id, by=by)
    return new


def withdraw(s: Session, consent_id: UUID, how: str, *, by: Actor, key: str | None = None) -> None:
    """They take a yes back, and with it every other to the same: from this moment nothing rests on any of them.

    Whoever takes the yes to introductions back is out of all that are open, and the other side is told no reason.

    Raises:
        BadRequest: a way we do not know.
        NotFound: there is no such yes for ``by``.
        NotAllowed: ``by`` may not record that, or not there.
    """
    require_way(how)
    one = consent(s, consent_id)
    require_there(s, by, "withdraw", one.person_id)
    once(s, key or str(uuid4()), by, lambda: {"n": disagree(s, one, how, by=by)})


def disagree(s: Session, one: ConsentRecord, how: str, *, by: Actor, by_self: bool = False) -> int:
    """As ``withdraw``, for whoever has been let in already; how many were taken back. A second no finds it done."""
    hold(s, one.person_id)
    same = [each for each in consents_of(s, one.person_id) if _is_same(each, one) and each.withdrawn_on is None]
    take_back(s, same, how, by=by, by_self=by_self)
    if one.purpose == "introductions":
        stop_introductions(s, one.person_id)
    return len(same)


def _is_same(one: ConsentRecord, other: ConsentRecord) -> bool:
    shared = not one.controllers or not set(one.controllers).isdisjoint(other.controllers)
    return one.purpose == other.purpose and shared


def take_back(s: Session, which: Sequence[ConsentRecord], how: str, *, by: Actor, by_self: bool) -> None:
    """Add a no to each of these."""
    for one in which:
        s.add(ConsentWithdrawn(consent_id=one.id, person_id=one.person_id, organisation_id=association_of(by),
                               withdrawn_on=today(), how=how, by_self=by_self, recorded_by=by.name))  # fmt: skip
    s.flush()
    if which:
        record(s, "withdraw_consent", "person", which[0].person_id, by=by)


def require_there(s: Session, by: Actor, verb: str, person_id: UUID) -> None:
    """Let ``by`` through to the consents of a person.

    Raises:
        NotFound: there is no such person for ``by``.
        NotAllowed: ``by`` may not, or not there.
    """
    require(by, verb, "consent")
    one = person(s, person_id)
    require(by, verb, "consent", places_of_place(s, one.place_id) if by.places else None)
