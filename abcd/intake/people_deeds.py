"""What a row of a list of residents becomes: a person, what they give and hope for, and what they agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.core.text import name_key
from abcd.db.session import Actor
from abcd.errors import BadRequest
from abcd.intake.people_rows import PersonRow
from abcd.people.actions import add_note, add_person
from abcd.people.consents import ConsentDraft, give_consent
from abcd.people.drafts import Grounds, NoteDraft, PersonDraft
from abcd.people.gifts_said import gift_said
from abcd.people.offers import OfferDraft, add_person_offer
from abcd.people.queries import might_be_same
from abcd.people.skills import SkillRecord
from abcd.people.wishes import WishDraft, add_person_wish

PURPOSE = "introductions"
"""What people are written down for where the list does not say."""


@dataclass(frozen=True)
class Known:
    """What rows are read against: patches and estates by what they are called, gifts by slug."""

    homes: Mapping[str, UUID]
    skills: Mapping[str, SkillRecord]


def write_down(s: Session, row: PersonRow, known: Known, *, by: Actor) -> UUID | None:
    """Add a person with everything the row says; ``None`` when they are known already, who then stay as they are.

    Raises:
        BadRequest: the place is none that we know, or a value cannot be; nothing of the row is quoted.
        NotAllowed: ``by`` may not add people there.
    """
    draft = draft_of(row, known)
    if might_be_same(s, draft):
        return None
    person_id = add_person(s, draft, by=by).id
    for agreed in row.agreed:
        yes = ConsentDraft(agreed.purpose, row.how, row.agreed_on, agreed.controllers)
        give_consent(s, person_id, yes, by=by)
    for words in row.interests:
        add_note(s, person_id, NoteDraft("interest", words, draft.grounds, row.agreed_on), by=by)
    _gifts_and_hopes(s, person_id, row, draft.grounds, known, by)
    return person_id


def draft_of(row: PersonRow, known: Known) -> PersonDraft:
    """The person of a row.

    Raises:
        BadRequest: the place is none that we know.
    """
    place = known.homes.get(row.place.casefold()) or known.homes.get(name_key(row.place))
    if place is None or row.agreed_on is None:
        raise BadRequest("We know no patch or estate of that name. Use its reference, or bring in its boundary first.")
    grounds = Grounds(PURPOSE, row.basis, row.agreed_on, row.source or "the person")
    route = "phone" if row.phone else "email" if row.email else "in_person"
    return PersonDraft(
        row.name, place, grounds, phone=row.phone, email=row.email, contact_route=route, language=row.language,
        adult_confirmed=row.is_adult, max_walk_minutes=row.walk,
    )  # fmt: skip


def _gifts_and_hopes(s: Session, person_id: UUID, row: PersonRow, grounds: Grounds, known: Known, by: Actor) -> None:
    for words, teaches in row.gifts:
        offer = OfferDraft(words, skill=_slug(words, known), will_teach=teaches, free_grid=row.grid,
                           max_walk_minutes=row.walk, said_on=row.agreed_on, grounds=grounds)  # fmt: skip
        add_person_offer(s, person_id, offer, by=by)
    for kind, told in (("learn", row.learns), ("do", row.hopes)):
        for words in told:
            wish = WishDraft(words, kind, skill=_slug(words, known), free_grid=row.grid, said_on=row.agreed_on,
                             grounds=grounds)  # fmt: skip
            add_person_wish(s, person_id, wish, by=by)


def _slug(words: str, known: Known) -> str | None:
    gift = gift_said(words, known.skills)
    return gift.slug if gift else None
