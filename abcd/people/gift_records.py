"""Offers and wishes as the rest of the product sees them; printed or logged, a record says its id and nothing more."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

#: Whose an offer or a wish is when a resident said it.
RESIDENT = "resident"


@dataclass(frozen=True, repr=False)
class OfferRecord:
    """Something to give, a resident's or somebody else's, and the version that an edit must name.

    ``owner_kind`` is ``resident`` or one of ``OFFER_OWNERS``; ``owner_name`` and ``place_name`` are "" where a list did
    not ask for them.
    """

    id: UUID
    owner_kind: str
    person_id: UUID | None
    asset_id: UUID | None
    owner_id: UUID | None
    place_id: UUID | None
    gift_kind: str
    skill: str | None
    theme: str
    own_words: str
    how_much: str
    will_teach: bool
    free_grid: int | None
    max_walk_minutes: int | None
    conditions: str
    starts_on: date | None
    expires_on: date | None
    visibility: str
    state: str
    taken_up_on: date | None
    said_on: date
    version: int
    owner_name: str = ""
    place_name: str = ""

    def __repr__(self) -> str:
        return f"OfferRecord({self.id})"


@dataclass(frozen=True, repr=False)
class WishRecord:
    """A hope, a resident's or somebody else's, and the version that an edit must name.

    ``voiced_by`` is ``resident`` or one of ``WISH_VOICES``; ``told_on`` is when those who hoped were told what came of
    it; ``voicer_name`` and ``place_name`` are "" where a list did not ask for them.
    """

    id: UUID
    voiced_by: str
    person_id: UUID | None
    asset_id: UUID | None
    place_id: UUID | None
    wish_kind: str
    own_words: str
    theme: str
    skill: str | None
    category: str | None
    free_grid: int | None
    hours: int | None
    voices: int
    urgent_reason: str
    state: str
    said_on: date
    told_on: date | None
    version: int
    voicer_name: str = ""
    place_name: str = ""

    @property
    def is_residents(self) -> bool:
        """Whether one resident said it."""
        return self.person_id is not None

    def __repr__(self) -> str:
        return f"WishRecord({self.id})"
