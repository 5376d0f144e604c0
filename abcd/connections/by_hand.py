"""Two sides that a coordinator thought of without a suggestion: who may be asked, and what kind of idea it is."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import in_own_places
from abcd.assets.search import Search, find
from abcd.assets.taxonomy import term_values
from abcd.connections.ideas import Idea
from abcd.core.language import _
from abcd.db.naming import called
from abcd.db.session import actor_of
from abcd.db.tables import Asset, Place
from abcd.db.tables.agreed import introducible
from abcd.errors import BadRequest

MOST_GROUPS = 10
NEIGHBOURS, RESIDENT_LED, SPACES = 1, 2, 3


@dataclass(frozen=True, repr=False)
class Agreed:
    """Somebody whose yes to introductions holds today."""

    id: UUID
    name: str
    place_name: str

    def __repr__(self) -> str:
        return f"Agreed({self.id})"


def agreed(s: Session) -> list[Agreed]:
    """The people of whoever asks with whom something may be done today, by name.

    Raises:
        NotAllowed: whoever asks may not suggest introductions.
    """
    require(actor_of(s), "suggest", "connection")
    here = in_own_places(actor_of(s), introducible.c.place_id)
    rows = select(introducible.c.id, introducible.c.preferred_name, called(Place)).join(
        Place, Place.id == introducible.c.place_id
    )
    found = [Agreed(*row) for row in s.execute(rows.where(here))]
    return sorted(found, key=lambda one: (one.name.lower(), one.place_name, str(one.id)))


def groups_named(s: Session, words: str) -> list[tuple[UUID, str]]:
    """(id, name) of groups and places that fit ``words``, the best first; no sensitive one."""
    kept = (~Asset.is_sensitive, Asset.asset_kind != "individual")
    return [(line.id, line.name) for line in find(s, Search(words, limit=MOST_GROUPS, also=kept)).lines]


def idea_between(s: Session, a: UUID | None, person: UUID | None = None, asset: UUID | None = None) -> Idea:
    """The idea of bringing somebody together with another, or with a group or place.

    Raises:
        BadRequest: a side is missing, or both are one person.
    """
    if a is None or (person is None and asset is None) or a == person:
        raise BadRequest(_("Choose two sides: a neighbour, and another or a group."))
    if person:
        return Idea("shared_interest", a, b_person_id=person, tier=NEIGHBOURS)
    known = s.execute(select(Asset.category, Asset.asset_kind).where(Asset.id == asset)).one_or_none()
    is_group = known is not None and known.asset_kind == "association"
    usual = term_values(s).get(known.category, {}).get("tier") if known else None
    kind, tier = ("group", RESIDENT_LED) if is_group else ("space", SPACES)
    return Idea(kind, a, b_asset_id=asset, tier=usual or tier)
