"""What a resident sees and says by their own link: what we keep, each yes and no, still right, forget me.

What was said in confidence is not here: whoever finds the link would read it. They ask us for it and we hand it over.
Pressing twice is pressing once. What they say holds at once and waits for nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.tables import Conversation
from abcd.errors import BadRequest
from abcd.people.actions import confirm_person
from abcd.people.consent_drafts import ConsentDraft
from abcd.people.consents import agree, consents_of, disagree, holding
from abcd.people.gift_records import OfferRecord, WishRecord
from abcd.people.leaving import leave
from abcd.people.offers import edit_person_offer, end_person_offer, offers_of
from abcd.people.own_records import Asked, OwnPage, Said
from abcd.people.queries import notes_of, person
from abcd.people.resident_links import Holder, holder, note_use
from abcd.people.wishes import edit_person_wish, rest_person_wish, wishes_of
from abcd.people.wordings import wordings

Record = TypeVar("Record", OfferRecord, WishRecord)

#: What a resident can agree to by themselves; an organisation that may be told is named in a talk.
BY_THEMSELVES = ("introductions", "being_found", "story", "photo")
OPEN_NOTES = ("gift", "hope", "interest", "own_words")
"""Of what they said: nothing in confidence."""
HOW = "online"


def own_page(s: Session, token: str) -> OwnPage | None:
    """What the link opens; ``None`` when it is unknown, over, ended, or there is nobody any more."""
    who = holder(s, token)
    return _told(s, who.person_id) if who else None


def _told(s: Session, person_id: UUID) -> OwnPage:
    given, words = consents_of(s, person_id), wordings(s)
    held = holding(given)
    return OwnPage(
        person=person(s, person_id),
        said=tuple(Said(note.kind, note.words, note.said_on) for note in notes_of(s, person_id)
                   if note.kind in OPEN_NOTES),
        offers=tuple(one for one in offers_of(s, person_id) if one.state != "ended"),
        wishes=tuple(one for one in wishes_of(s, person_id) if one.state not in ("let_go", "met")),
        asked=tuple(Asked(purpose, words[purpose].words, held.get(purpose)) for purpose in BY_THEMSELVES),
        shared=tuple(one for one in given if one.holds and one.purpose == "sharing"),
        talks=s.scalar(select(func.count()).where(Conversation.person_id == person_id)) or 0,
    )  # fmt: skip


@dataclass(frozen=True)
class Pressed:
    """What was pressed: which of ``DEEDS``, about what (a purpose or an id), with which words and version."""

    deed: str
    about: str = ""
    words: str = ""
    version: int | None = None


def answer(s: Session, token: str, pressed: Pressed) -> bool:
    """Do what they say; False as ``own_page`` for a link that opens nothing.

    Raises:
        BadRequest: this is no button of the page, or the words cannot be.
        Conflict: the words were changed by somebody else meanwhile.
    """
    who = holder(s, token)
    if who is None:
        return False
    if pressed.deed not in DEEDS:
        raise no_button()
    DEEDS[pressed.deed](s, who, pressed)
    note_use(s, token, prolong=pressed.deed in PROLONGS)
    return True


def forget(s: Session, token: str) -> bool:
    """They want to be forgotten; False for a link that opens nothing, so also when it is done already."""
    who = holder(s, token)
    if who is None:
        return False
    leave(s, who.person_id, HOW, by=who.actor, by_self=True)
    return True


def no_button() -> BadRequest:
    """What is said to whoever sends what no button sends."""
    return BadRequest(_("Press one of the buttons."))


def _right(s: Session, who: Holder, _pressed: Pressed) -> None:
    one = person(s, who.person_id)
    if one.confirmed_on != today() or one.status != "active":
        confirm_person(s, who.person_id, version=one.version, by=who.actor)


def _yes(s: Session, who: Holder, pressed: Pressed) -> None:
    if pressed.about not in BY_THEMSELVES:
        raise no_button()
    if pressed.about not in holding(consents_of(s, who.person_id)):
        agree(s, who.person_id, ConsentDraft(pressed.about, HOW), by=who.actor)


def _no(s: Session, who: Holder, pressed: Pressed) -> None:
    given = [one for one in consents_of(s, who.person_id) if str(one.id) == pressed.about]
    if not given:
        raise no_button()
    disagree(s, given[0], HOW, by=who.actor, by_self=True)


def _end_offer(s: Session, who: Holder, pressed: Pressed) -> None:
    one = _own(offers_of(s, who.person_id), pressed)
    if one.state != "ended":
        end_person_offer(s, one.id, version=one.version, by=who.actor)


def _let_wish_go(s: Session, who: Holder, pressed: Pressed) -> None:
    one = _own(wishes_of(s, who.person_id), pressed)
    if one.state != "let_go":
        rest_person_wish(s, one.id, version=one.version, by=who.actor)


def _say_offer(s: Session, who: Holder, pressed: Pressed) -> None:
    one = _own(offers_of(s, who.person_id), pressed)
    edit_person_offer(s, one.id, {"own_words": pressed.words}, version=pressed.version, by=who.actor)


def _say_wish(s: Session, who: Holder, pressed: Pressed) -> None:
    one = _own(wishes_of(s, who.person_id), pressed)
    edit_person_wish(s, one.id, {"own_words": pressed.words}, version=pressed.version, by=who.actor)


def _own(mine: list[Record], pressed: Pressed) -> Record:
    found = next((one for one in mine if str(one.id) == pressed.about), None)
    if found is None:
        raise no_button()
    return found


DEEDS: dict[str, Callable[[Session, Holder, Pressed], None]] = {
    "right": _right, "yes": _yes, "no": _no, "end_offer": _end_offer, "let_wish_go": _let_wish_go,
    "say_offer": _say_offer, "say_wish": _say_wish,
}  # fmt: skip
"""What a resident may say, and what it does."""
PROLONGS = ("right", "yes")
"""After these the link opens for another two years, as the yes does."""
