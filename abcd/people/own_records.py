"""What a resident's own page holds; printed or logged it says nobody's words."""

from dataclasses import dataclass
from datetime import date

from abcd.people.consent_records import ConsentRecord
from abcd.people.gift_records import OfferRecord, WishRecord
from abcd.people.records import PersonRecord


@dataclass(frozen=True, repr=False)
class Said:
    """Something they said: its kind, their words, the day."""

    kind: str
    words: str
    said_on: date

    def __repr__(self) -> str:
        return f"Said({self.kind})"


@dataclass(frozen=True)
class Asked:
    """Something they may agree to: the words in which it is put, and the yes that holds today."""

    purpose: str
    told: str
    held: ConsentRecord | None


@dataclass(frozen=True, repr=False)
class OwnPage:
    """What we keep about somebody, for their own eyes: gifts and hopes first, then what they agreed to, then who.

    ``shared`` are the organisations that may be told; ``talks`` how many talks we had, whose words are not here.
    """

    person: PersonRecord
    said: tuple[Said, ...]
    offers: tuple[OfferRecord, ...]
    wishes: tuple[WishRecord, ...]
    asked: tuple[Asked, ...]
    shared: tuple[ConsentRecord, ...]
    talks: int

    def __repr__(self) -> str:
        return f"OwnPage({self.person.id})"
