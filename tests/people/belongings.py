"""What somebody gives, wishes, agreed to and was brought together with: a row in each of people's tables."""

from uuid import UUID

from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import Actor, session
from abcd.db.tables import (
    Connection,
    ConnectionStep,
    FollowUp,
    IntroductionIn,
    PersonAvoids,
    PersonCheck,
    PersonSuggestion,
    PlanAction,
)
from abcd.people.consents import ConsentDraft, give_consent, withdraw
from abcd.people.conversations import ConversationDraft, add_conversation
from abcd.people.gift_drafts import OfferDraft, WishDraft
from abcd.people.offers import add_person_offer
from abcd.people.resident_links import make_resident_link
from abcd.people.wishes import add_person_wish
from tests.builders import a_group, a_term
from tests.canary import unlikely
from tests.people.conftest import grounds

SAID = ("offer", "conditions", "wish", "urgent", "check", "named", "talk", "going", "gave", "planned", "owner",
        "supporter", "blocker")  # fmt: skip
WHY = {"purpose": "p", "lawful_basis": "consent", "consent_on": today(), "source": "them"}


def belongings(by: Actor, person_id: UUID, place_id: UUID) -> dict[str, str]:
    """A row of each kind, each in words of its own; the words by what they are."""
    words = {name: f"{unlikely()} {unlikely()}" for name in SAID}
    with session(by) as s:
        offer, wish = said(s, by, person_id, words)
        agreed(s, by, person_id, words)
        make_resident_link(s, person_id, by=by)
        brought_together(s, by, person_id, place_id, wish, words)
        noted(s, by, person_id, wish, offer, place_id, words)
    return words


def said(s: Session, by: Actor, person_id: UUID, words: dict[str, str]) -> tuple[UUID, UUID]:
    """An offer, a wish and a talk."""
    given = OfferDraft(words["offer"], "hands", conditions=words["conditions"], grounds=grounds())
    hoped = WishDraft(words["wish"], "learn", urgent_reason=words["urgent"], grounds=grounds())
    talk = ConversationDraft("listening", "did_with", 40, summary=words["talk"])
    add_conversation(s, person_id, talk, by=by)
    return add_person_offer(s, person_id, given, by=by).id, add_person_wish(s, person_id, hoped, by=by).id


def agreed(s: Session, by: Actor, person_id: UUID, words: dict[str, str]) -> None:
    """A yes that holds, and one that was taken back."""
    give_consent(s, person_id, ConsentDraft("introductions", "in_person"), by=by)
    shared = give_consent(s, person_id, ConsentDraft("sharing", "paper", None, (words["named"],)), by=by)
    withdraw(s, shared, "phone", by=by)


def brought_together(s: Session, by: Actor, person_id: UUID, place_id: UUID, wish: UUID, words: dict[str, str]) -> None:
    """An introduction to a group, with a step and how it goes; and how they came to us."""
    home = UUID(by.organisation_id)
    a_term(s, "gardening-group")
    tie = Connection(organisation_id=home, kind="group", a_person_id=person_id, b_asset_id=a_group(s),
                     person_wish_id=wish, place_id=place_id, tier=2, coordinator=by.name)  # fmt: skip
    s.add(tie)
    s.flush()
    s.add(ConnectionStep(connection_id=tie.id, organisation_id=home, state="asked_a", side="a", recorded_by=by.name))
    s.add(FollowUp(connection_id=tie.id, person_id=person_id, organisation_id=home, weeks=4, said_on=today(),
                   own_words=words["going"], gave=words["gave"], **WHY))  # fmt: skip
    s.add(IntroductionIn(organisation_id=home, reference=unlikely(), source_kind="neighbour", received_on=today(),
                         expires_on=today(), state="said_yes", settled_on=today(), person_id=person_id))  # fmt: skip


def noted(
    s: Session, by: Actor, person_id: UUID, wish: UUID, offer: UUID, place_id: UUID, words: dict[str, str]
) -> None:
    """A check, whom they asked not to meet, a plan for their wish, and what the night found for it."""
    home = UUID(by.organisation_id)
    s.add(PersonCheck(person_id=person_id, organisation_id=home, role=words["check"], **WHY))
    s.add(PersonAvoids(person_id=person_id, organisation_id=home, asset_id=a_group(s)))
    s.add(PlanAction(organisation_id=home, person_wish_id=wish, who_does="with_help", what=words["planned"],
                     owner_words=words["owner"], supporter=words["supporter"], blocker="other",
                     blocker_words=words["blocker"]))  # fmt: skip
    s.add(PersonSuggestion(person_wish_id=wish, position=1, organisation_id=home, kind="group", a_person_id=person_id,
                           b_asset_id=a_group(s), person_offer_id=offer, place_id=place_id, tier=2, score=0.5,
                           worked_out_on=today()))  # fmt: skip
