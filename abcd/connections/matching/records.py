"""What is looked for, and what comes of it; printed or logged, both say ids and nothing more."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from abcd.connections.records import Part
from abcd.db.tables import GIFT_KINDS

#: A week of seven days by three parts, of which nobody has asked.
UNKNOWN_GRID = -1
#: Somebody who gives with the heart is matched by what they lived through.
HEART = GIFT_KINDS[1]


@dataclass(frozen=True, repr=False)
class Sought:
    """A wish as matching reads it: a resident's (``person_id``) or a group's (``asset_id``).

    ``grid`` is 21 bits, ``UNKNOWN_GRID`` when nobody asked; ``hours`` a week that are needed, one part of a day when
    not said; ``max_walk`` in minutes; ``confirmed_on`` the day on which it was last known to hold.
    """

    wish_id: UUID
    place_id: UUID
    wish_kind: str
    skill: str
    category: str
    theme: str
    own_words: str
    grid: int
    hours: int | None
    confirmed_on: date
    person_id: UUID | None = None
    asset_id: UUID | None = None
    languages: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    max_walk: int | None = None
    wants_alike: bool = False
    is_urgent: bool = False

    def __repr__(self) -> str:
        return f"Sought({self.wish_id})"


@dataclass(frozen=True, repr=False)
class Match:
    """Somebody or something that could answer a wish, with every reason and what nobody has checked.

    ``kind`` is one of ``CONNECTION_KINDS``; ``tier`` 1 neighbours ... 5 statutory services; ``score`` (0-1) belongs to
    the pair. Exactly one of ``b_person_id``, ``b_asset_id`` is set, or neither for an organisation that only has an
    ``offer_id``. ``a_person_id`` is the resident whose wish it is; for a group's wish the resident who could help,
    ``b_asset_id`` then being the group; None when no resident is part of it.
    """

    kind: str
    kind_name: str
    tier: int
    tier_name: str
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[str, ...]
    not_checked: tuple[str, ...]
    minutes_band: str
    name: str
    place_id: UUID
    place_name: str = ""
    a_person_id: UUID | None = None
    b_person_id: UUID | None = None
    b_asset_id: UUID | None = None
    person_wish_id: UUID | None = None
    wish_id: UUID | None = None
    person_offer_id: UUID | None = None
    offer_id: UUID | None = None
    crosses_patches: bool = False
    is_urgent: bool = False
    own_words: str = field(default="")

    @property
    def values(self) -> dict[str, float]:
        """The parts of the score by letter: figures alone, as a connection keeps them."""
        return {part.letter: round(part.value, 4) for part in self.parts}

    @property
    def key(self) -> str:
        """What tells it from the others of one wish, for a widget."""
        return "-".join(str(one) for one in (self.b_person_id, self.b_asset_id, self.offer_id, self.a_person_id) if one)

    def __repr__(self) -> str:
        return f"Match({self.person_wish_id or self.wish_id}, {self.key})"
