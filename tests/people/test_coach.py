"""A coach of one patch: whatever they ask, nothing that somebody of another patch said, was called or agreed to."""

from collections.abc import Callable
from dataclasses import asdict, is_dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.connections.introduced import introductions_of, over, waiting
from abcd.connections.matching import suggestions_for_wish
from abcd.core.clock import months_after, today
from abcd.db.session import Actor
from abcd.errors import AbcdError
from abcd.people.actions import add_note, add_person, confirm_person, edit_person
from abcd.people.consent_records import consents_of, expiring
from abcd.people.consents import ConsentDraft, give_consent
from abcd.people.conversations import (
    ConversationDraft,
    add_conversation,
    conversations_of,
    next_conversations,
)
from abcd.people.drafts import NoteDraft
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_person_offer, end_person_offer, offers_of
from abcd.people.patch import known_to_all, neighbours, to_greet
from abcd.people.queries import might_be_same, notes_of, people, people_here, person
from abcd.people.skills import load_skills
from abcd.people.waiting import offers_waiting, wishes_unmet
from abcd.people.wishes import add_person_wish, wishes_of
from abcd.people.wordings import load_wordings
from tests.builders import HERE, a_place
from tests.canary import a_canary
from tests.connections.meeting import a_neighbour, an_introduction
from tests.people.conftest import a_draft, ask_as, grounds

#: The next patch: near enough to walk, so that distance is no reason for silence.
SOUTH = (HERE[0] + 450, HERE[1])


GIFT = "piano"


class Bea:
    """Somebody of the other patch, every word about whom is unlike any other."""

    def __init__(self, s: Session, by: Actor) -> None:
        self.words = a_canary()
        self.place = a_place(s, SOUTH, kind="patch", name="South patch")
        draft = a_draft(self.place, **self.words, roles=("connector",), adult_confirmed=True)
        self.id = add_person(s, draft, by=by).id
        self.said = [f"{self.words['comms_needs']} {what}" for what in ("note", "offer", "wish", "talk")]
        note, offer, wish, talk = self.said
        add_note(s, self.id, NoteDraft("hope", note, grounds()), by=by)
        self.offer = add_person_offer(s, self.id, OfferDraft(own_words=offer, skill=GIFT, grounds=grounds()), by=by)
        self.wish = add_person_wish(s, self.id, WishDraft(own_words=wish, grounds=grounds()), by=by)
        told = ConversationDraft("listening", "did_with", 30, today(), summary=talk, next_on=today())
        add_conversation(s, self.id, told, by=by)
        for purpose in ("introductions", "being_found"):
            give_consent(s, self.id, ConsentDraft(purpose, "in_person"), by=by)


@pytest.fixture
def bea(s: Session, manager: Actor) -> Bea:
    """Somebody of the other patch."""
    load_taxonomy(s)
    load_skills(s)
    load_wordings(s)
    return Bea(s, manager)


@pytest.fixture
def ada(s: Session, manager: Actor, patch: UUID, bea: Bea) -> UUID:
    """A neighbour of the first patch whose wish Bea could answer, and another who is being introduced to Bea."""
    ada, eve = a_neighbour(s, manager, patch), a_neighbour(s, manager, patch, "Eve")
    add_person_wish(s, ada, WishDraft(own_words="To learn the piano", skill=GIFT, grounds=grounds()), by=manager)
    an_introduction(s, manager, eve, bea.id, "asked_a", "yes_a")
    return ada


@pytest.fixture
def coach(s: Session, manager: Actor, patch: UUID, ada: UUID) -> Actor:
    """A coach of the first patch, who asks."""
    made = replace(manager, name="Cara Coach", role="coach", places=frozenset({str(patch)}))
    ask_as(s, made)
    return made


def for_ada(s: Session) -> list[Any]:
    """What could answer the wish of the neighbour in the coach's own patch."""
    theirs = [one for one in wishes_unmet(s) if one.person_id and one.own_words == "To learn the piano"]
    return [found for one in theirs for found in suggestions_for_wish(s, one.id)]


LOOKS: dict[str, Callable[[Session, Bea], Any]] = {
    "person": lambda s, bea: person(s, bea.id),
    "people": lambda s, bea: [people(s), people(s, bea.place)],
    "people_here": lambda s, bea: [people_here(s), people_here(s, bea.place)],
    "might_be_same": lambda s, bea: might_be_same(s, a_draft(bea.place, **bea.words)),
    "notes_of": lambda s, bea: notes_of(s, bea.id),
    "offers_of": lambda s, bea: offers_of(s, bea.id),
    "wishes_of": lambda s, bea: wishes_of(s, bea.id),
    "offers_waiting": lambda s, bea: [offers_waiting(s), offers_waiting(s, bea.place)],
    "wishes_unmet": lambda s, bea: [wishes_unmet(s), wishes_unmet(s, bea.place)],
    "conversations_of": lambda s, bea: conversations_of(s, bea.id),
    "next_conversations": lambda s, bea: next_conversations(s, [bea.place]),
    "neighbours": lambda s, bea: neighbours(s, [bea.place]),
    "known_to_all": lambda s, bea: known_to_all(s, [bea.place]),
    "to_greet": lambda s, bea: to_greet(s, [bea.place], months_after(today(), 36)),
    "consents_of": lambda s, bea: consents_of(s, bea.id),
    "expiring": lambda s, bea: expiring(s, 2000),
    "introductions_of": lambda s, bea: introductions_of(s, bea.id),
    "waiting": lambda s, bea: [waiting(s), waiting(s, [bea.place]), over(s)],
    "suggestions_for_ada": lambda s, bea: for_ada(s),
    "suggestions_for_wish": lambda s, bea: suggestions_for_wish(s, bea.wish.id),
}


SILENT = {"suggestions_for_wish", "introductions_of"}
"""What tells nobody of Bea: her wish finds nobody, and she has not been asked yet."""


def test_a_coach_is_told_nothing_of_somebody_elsewhere(s: Session, coach: Actor, bea: Bea) -> None:
    # An introduction across patches says that there is a second side, by its bare id, with which no page opens.
    secret = [*filter(None, bea.words.values()), *bea.said]
    leaks = {name: said(s, bea, name, [*secret, *([] if name == "waiting" else [str(bea.id)])]) for name in LOOKS}
    assert {name: words for name, words in leaks.items() if words} == {}


def said(s: Session, bea: Bea, name: str, words: list[str]) -> list[str]:
    """Which of ``words`` a look tells."""
    told = answer(s, lambda: LOOKS[name](s, bea))
    return [word for word in words if word in told]


def answer(s: Session, look: Callable[[], Any]) -> str:
    """All that a look gives back, or why it gives nothing, as text."""
    try:
        with s.begin_nested():
            return str(plain(look()))
    except AbcdError as error:
        return str(error)


def plain(told: Any) -> Any:
    """Records with all that they hold, which their own text keeps to itself."""
    if is_dataclass(told) and not isinstance(told, type):
        return asdict(told)
    return [plain(one) for one in told] if isinstance(told, list | tuple | set | frozenset) else told


def test_whoever_has_every_place_is_told_so_that_the_question_above_can_fail(
    s: Session, manager: Actor, bea: Bea, ada: UUID
) -> None:
    hers = [*bea.said, bea.words["preferred_name"], str(bea.id)]
    assert {name for name in LOOKS if said(s, bea, name, hers)} == set(LOOKS) - SILENT


def test_a_coach_changes_nothing_of_somebody_elsewhere(s: Session, coach: Actor, bea: Bea) -> None:
    deeds = (
        lambda: edit_person(s, bea.id, {"phone": ""}, version=1, by=coach),
        lambda: confirm_person(s, bea.id, version=1, by=coach),
        lambda: add_note(s, bea.id, NoteDraft("hope", "x", grounds()), by=coach),
        lambda: add_person_offer(s, bea.id, OfferDraft(own_words="x", grounds=grounds()), by=coach),
        lambda: end_person_offer(s, bea.offer.id, version=1, by=coach),
        lambda: add_conversation(s, bea.id, ConversationDraft("listening", "did_with", 5), by=coach),
        lambda: add_person(s, a_draft(bea.place), by=coach),
    )
    for deed in deeds:
        with pytest.raises(AbcdError) as refused, s.begin_nested():
            deed()
        assert bea.words["preferred_name"] not in str(refused.value)
