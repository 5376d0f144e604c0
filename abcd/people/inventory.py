"""A person written down in one go, as the capacity inventory asks: gifts, hopes and interests first, consents last.

All of it is saved or nothing is: a name without the yes that went with it would be worse than no record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.db.audit import once
from abcd.db.session import Actor
from abcd.errors import AbcdError, BadRequest
from abcd.people.actions import add_note, add_person
from abcd.people.consents import ConsentDraft, give_consent
from abcd.people.drafts import NoteDraft, PersonDraft
from abcd.people.offers import OfferDraft, add_person_offer
from abcd.people.queries import might_be_same
from abcd.people.wishes import WishDraft, add_person_wish


@dataclass(frozen=True, repr=False)
class Inventory:
    """What somebody told: what they give, hope for and care about, who they are, and what they agreed to.

    ``is_somebody_else`` says that whoever wrote it looked at the people it might be, and it is none of them.
    """

    person: PersonDraft
    offers: tuple[OfferDraft, ...] = ()
    wishes: tuple[WishDraft, ...] = ()
    notes: tuple[NoteDraft, ...] = ()
    consents: tuple[ConsentDraft, ...] = ()
    is_somebody_else: bool = False


class PapersRefused(BadRequest):
    """Some of several forms cannot be saved, so none was; ``faults`` says why, by the number of the form."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        told = [_("Form {n}: {why}").format(n=n, why=why) for n, why in faults.items()]
        super().__init__(" ".join([_("Nothing is saved yet, and nothing is lost."), *told]))
        self.faults = dict(faults)


def take_inventory(s: Session, told: Inventory, *, by: Actor, key: str | None = None) -> UUID:
    """Write somebody down with all they told; returns their id. A second press with ``key`` does nothing.

    Raises:
        BadRequest: something is missing or cannot be, or they may be written down already.
        NotAllowed: ``by`` may not add people, not there, or may not record consents.
    """
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_write_down(s, told, by))})
    return UUID(done["id"])


def take_papers(s: Session, papers: Mapping[int, Inventory], *, by: Actor, key: str | None = None) -> list[UUID]:
    """Write down several paper forms at once, by their numbers; all of them or none.

    Raises:
        BadRequest: there is no form.
        PapersRefused: what is wrong with which form; each was tried, so that all faults are told at once.
    """
    if not papers:
        raise BadRequest(_("There is no form to save yet: begin with a name."))
    done = once(s, key or str(uuid4()), by, lambda: {"ids": [str(one) for one in _each(s, papers, by)]})
    return [UUID(one) for one in done["ids"]]


def _each(s: Session, papers: Mapping[int, Inventory], by: Actor) -> list[UUID]:
    added, faults = [], {}
    for number, told in papers.items():
        try:
            with s.begin_nested():
                added.append(_write_down(s, told, by))
        except AbcdError as error:
            faults[number] = str(error)
    if faults:
        raise PapersRefused(faults)
    return added


def _write_down(s: Session, told: Inventory, by: Actor) -> UUID:
    if not told.is_somebody_else and might_be_same(s, told.person):
        raise BadRequest(
            _("Somebody of that name or contact is written down there already. Say that this is somebody else.")
        )
    new = add_person(s, told.person, by=by).id
    for offer in told.offers:
        add_person_offer(s, new, offer, by=by)
    for wish in told.wishes:
        add_person_wish(s, new, wish, by=by)
    for note in told.notes:
        add_note(s, new, note, by=by)
    for consent in told.consents:
        give_consent(s, new, consent, by=by)
    return new
