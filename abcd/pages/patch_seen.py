"""All that the page of a patch is drawn from, read in one session before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.connections.caring import CareSoon, care_soon
from abcd.connections.introduced import Introduction, waiting
from abcd.connections.matching.keeping import NightIdea, ideas_of_the_night
from abcd.connections.register import InLine, introductions_in
from abcd.core.clock import months_after, today
from abcd.gaps.asking import Question
from abcd.pages.panels_asking import questions_in
from abcd.patches.coaches import Coach, coaches_on
from abcd.patches.standing import plan_behind
from abcd.people.consent_records import Expiring, expiring
from abcd.people.conversations import next_conversations
from abcd.people.gift_records import OfferRecord
from abcd.people.patch import Neighbour, homes_in, known_to_all, neighbours, to_greet
from abcd.people.queries import people_here
from abcd.people.records import PersonLine
from abcd.people.talks import NextConversation
from abcd.people.time_spent import TimeSpent, time_spent
from abcd.people.waiting import offers_waiting
from abcd.places.households import households_in
from abcd.places.queries import place
from abcd.places.records import HouseholdCount, PlaceRecord

MOST_PEOPLE, MOST_OFFERS, MOST_IDEAS = 60, 8, 6
MONTHS = 12
"""Over how long the time is added up."""


@dataclass(frozen=True)
class Seen:
    """All that the page of a patch is drawn from."""

    place: PlaceRecord
    coach: Coach | None
    plan: UUID | None
    homes: HouseholdCount
    people: list[PersonLine]
    known: frozenset[UUID]
    next: list[NextConversation]
    ideas: Sequence[NightIdea]
    asks: list[Introduction]
    suggested: list[InLine]
    offers: list[OfferRecord]
    care: CareSoon
    connectors: list[Neighbour]
    greet: list[Neighbour]
    ending: list[Expiring]
    time: TimeSpent
    since: date
    questions: list[Question]


def seen_in(s: Session, place_id: UUID) -> Seen:
    """Read the page of a patch in one session.

    Raises:
        NotFound: no such place.
        NotAllowed: whoever asks may not look at one of its parts.
    """
    ids, since = homes_in(s, place_id), months_after(today(), -MONTHS)
    known = neighbours(s, ids)
    here = place(s, place_id)
    return Seen(
        place=here, coach=coaches_on(s, [place_id]).get(place_id), plan=plan_behind(s, here),
        homes=households_in(s, place_id), known=known, since=since,
        people=[line for one in ids for line in people_here(s, one, limit=MOST_PEOPLE + 1)],
        next=next_conversations(s, ids), ideas=ideas_of_the_night(s, ids, MOST_IDEAS), asks=waiting(s, ids),
        suggested=introductions_in(s, place_ids=ids),
        offers=offers_waiting(s, place_id, limit=MOST_OFFERS + 1), care=care_soon(s, place_id),
        connectors=known_to_all(s, ids), greet=to_greet(s, ids), time=time_spent(s, ids, since),
        ending=[one for one in expiring(s, place_ids=ids) if one.person_id in known],
        questions=questions_in(s, place_id),
    )  # fmt: skip
