"""The words by which a person is known again wherever they were written: now, and before each change."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.db.tables import Conversation, FollowUp, PersonNote, PersonOffer, PersonWish
from abcd.people.history import history_of
from abcd.people.queries import person

LEAST_LETTERS = 8
"""A shorter word, or a name of one word, is shared by too many to stand for one person."""

TELLING = ("preferred_name", "phone", "email", "comms_needs", "words", "own_words", "summary", "gave", "conditions")
OF_PERSON = TELLING[:4]
SAID = (
    (PersonNote, "words"), (PersonOffer, "own_words"), (PersonOffer, "conditions"), (PersonWish, "own_words"),
    (Conversation, "summary"), (FollowUp, "own_words"), (FollowUp, "gave"),
)  # fmt: skip
"""Where a person's words lie beside their own row."""


@dataclass(frozen=True, repr=False)
class Traces:
    """What to look for: ``sure`` words reach one person alone (telephone, e-mail), ``likely`` ones are their own."""

    sure: tuple[str, ...]
    likely: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.sure, *self.likely)

    def pattern(self, words: Iterable[str] | None = None) -> str:
        """A regular expression of PostgreSQL that finds any of ``words`` (default: all), in JSON too; "" for none."""
        told = [word for word in (self.words if words is None else words) if word]
        escaped = {re.sub(r"([^\w\s])", r"\\\1", form) for word in told for form in (word, _in_json(word))}
        return "|".join(sorted(escaped, key=len, reverse=True))


def traces_of(s: Session, person_id: UUID) -> Traces:
    """The words of a person and of what they said, as they are and as they were.

    Raises:
        NotFound: there is no such person for whoever asks.
    """
    found: dict[str, set[str]] = {name: set() for name in TELLING}
    record = person(s, person_id)
    for name in OF_PERSON:
        found[name].add(getattr(record, name))
    for table, name in SAID:
        found[name].update(s.scalars(select(getattr(table, name)).where(table.person_id == person_id)))
    for event in history_of(s, person_id):
        for values in (event.before, event.after):
            for name in TELLING:
                found[name].add(str(values.get(name) or ""))
    sure = {form for phone in found["phone"] for form in phone_forms(phone)} | found["email"]
    told = {word for name in TELLING if name not in ("phone", "email") for word in found[name]}
    likely = {word for word in told if is_telling(word)}
    return Traces(_longest_first(sure), _longest_first(likely))


def is_telling(word: str) -> bool:
    """Whether words are so many that they stand for one person: a single first name does not."""
    return len(word) >= LEAST_LETTERS and (" " in word.strip() or len(word) >= 2 * LEAST_LETTERS)


def phone_forms(phone: str) -> Iterator[str]:
    """A telephone number as it was typed, and as people and spreadsheets write it."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < LEAST_LETTERS:
        return
    yield phone
    national = re.sub(r"^(00)?44", "", digits).lstrip("0")
    for start in ("0", "+44", "0044", "44"):
        yield start + national
    yield f"0{national[:4]} {national[4:]}"
    yield f"0{national[:4]} {national[4:7]} {national[7:]}"


def _in_json(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted((word for word in words if word.strip()), key=lambda word: (-len(word), word)))
