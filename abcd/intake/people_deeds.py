"""What a row of a list of residents becomes: a person, what they give and hope for, and what they agreed to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.core.text import name_key, plain
from abcd.db.session import Actor
from abcd.errors import BadRequest
from abcd.intake.people_rows import PersonRow
from abcd.people.actions import add_note, add_person
from abcd.people.consents import ConsentDraft, give_consent
from abcd.people.drafts import Grounds, NoteDraft, PersonDraft
from abcd.people.offers import OfferDraft, add_person_offer
from abcd.people.queries import might_be_same
from abcd.people.skills import SkillRecord
from abcd.people.wishes import WishDraft, add_person_wish

PURPOSE = "introductions"
"""What people are written down for where the list does not say."""


WORDS = re.compile(r"[a-z0-9]+")
FEW_WORDS, LONG_WORD = 3, 6
AND = re.compile(r",|\b(?:and|or|a|ac|neu)\b")


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
    gift = gift_in(words, known.skills)
    return gift.slug if gift else None


def gift_in(words: str, known: Mapping[str, SkillRecord]) -> SkillRecord | None:
    """The gift that somebody's own words name: the longest of its names that stands in them, or none.

    One short word says it in a short answer alone: "chair" in "yoga on a chair" chairs no meeting.
    """
    said = WORDS.findall(plain(words))
    text, is_short = f" {' '.join(said)} ", len(said) <= FEW_WORDS
    named = [(len(name), skill) for skill in known.values() for name in _names(skill, is_short) if f" {name} " in text]
    return max(named, key=lambda pair: pair[0], default=(0, None))[1]


def _names(skill: SkillRecord, is_short: bool) -> list[str]:
    """What a gift is called, as comparable words: each half of a name such as "piano and keyboard" by itself."""
    halves = [half for name in (skill.name, skill.name_cy) for half in AND.split(name)]
    others = [one for one in skill.synonyms if is_short or " " in one or len(one) >= LONG_WORD]
    return [" ".join(WORDS.findall(plain(one))) for one in (*halves, *others) if len(one) > 2]
