"""Those that are shown get their names: read only now, so that no more is read of anybody than is needed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from abcd.connections.matching import wording
from abcd.connections.matching.others import Others
from abcd.connections.matching.records import HEART, Match, Sought
from abcd.connections.matching.terms import Terms
from abcd.connections.matching.ways import Patches, band
from abcd.connections.matching.weighing import Weighed
from abcd.connections.score import part, tier_name
from abcd.connections.weights import LETTERS, Weights
from abcd.db.tables.agreed import introducible

OFFERS = text("select id, own_words from core.person_offer where id = any(:ids)")
ASSETS = text("select id, name from core.asset where id = any(:ids)")
GIVEN = text("""
select o.id, o.own_words, coalesce(a.name, n.name, '') as name
from core.offer o left join core.asset a on a.id = o.asset_id left join core.organisation n on n.id = o.owner_id
where o.id = any(:ids)""")


@dataclass(frozen=True, repr=False)
class Naming:
    """What a match is made of besides figures: names by the id of a person, asset or offer, own words by offer."""

    wish: Sought
    known: Terms
    patches: Patches
    used: Weights
    names: dict[UUID, str]
    said: dict[UUID, str]


def named(
    s: Session, wish: Sought, found: Others, weighed: Weighed, known: Terms, patches: Patches, used: Weights
) -> list[Match]:  # fmt: skip
    """A match for each of the others, in their order."""
    names, said = _read(s, found.rows)
    naming = Naming(wish, known, patches, used, names, said)
    return [_match(naming, found, weighed, at) for at in range(len(found))]


def _read(s: Session, rows: Collection[Any]) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Names, and own words."""
    names: dict[UUID, str] = {}
    said: dict[UUID, str] = {}
    if people := _ids(rows, "person_id"):
        wanted = select(introducible.c.id, introducible.c.preferred_name).where(introducible.c.id.in_(people))
        names |= {row.id: row.preferred_name for row in s.execute(wanted)}
    if assets := _ids(rows, "asset_id"):
        names |= {row.id: row.name for row in s.execute(ASSETS, {"ids": assets})}
    if ours := _ids(rows, "person_offer_id"):
        said |= {row.id: row.own_words for row in s.execute(OFFERS, {"ids": ours})}
    if given := _ids(rows, "offer_id"):
        offers = s.execute(GIVEN, {"ids": given}).all()
        names |= {row.id: row.name for row in offers}
        said |= {row.id: row.own_words for row in offers}
    return names, said


def _ids(rows: Collection[Any], name: str) -> list[UUID]:
    return [one for one in {_of(row, name) for row in rows} if one]


def _of(row: Any, name: str) -> Any:
    return getattr(row, name, None)


def _match(naming: Naming, found: Others, weighed: Weighed, at: int) -> Match:
    row, minutes, wish, gift = found.rows[at], float(found.minutes[at]), naming.wish, str(found.skills[at])
    known = {letter: float(column[at]) for letter, column in weighed.values.items() if not np.isnan(column[at])}
    values = {letter: known[letter] for letter in LETTERS if letter in known}
    words = wording.reasons(wish, row, gift, values, minutes, naming.known, naming.used)
    kind, tier = kind_of(wish, row), int(found.tier[at])
    return Match(
        kind=kind,
        kind_name=wording.kind_name(kind),
        tier=tier,
        tier_name=tier_name(tier),
        score=float(weighed.scores[at]),
        parts=tuple(part(letter, value, words[letter], naming.used.of(letter)) for letter, value in values.items()),
        reasons=tuple(words[letter] for letter in values if letter != "Q" and words[letter]),
        not_checked=wording.not_checked(wish, row, gift, values, naming.known),
        minutes_band=band(minutes),
        place_id=wish.place_id,
        is_urgent=wish.is_urgent,
        **_sides(naming, row),
    )


def _sides(naming: Naming, row: Any) -> dict[str, Any]:
    """Who and what the two sides are; for a group's wish the resident comes first and the group second."""
    wish, person, asset, offer = naming.wish, _of(row, "person_id"), _of(row, "asset_id"), _of(row, "offer_id")
    ours = _of(row, "person_offer_id")
    a, b, thing = (wish.person_id, person, asset) if wish.person_id or not person else (person, None, wish.asset_id)
    there = naming.patches.names[naming.patches.at[row.place_id]] if person else ""
    return {
        "name": naming.names.get(person or asset or offer, ""), "own_words": naming.said.get(ours or offer, ""),
        "place_name": there, "a_person_id": a, "b_person_id": b, "b_asset_id": thing, "person_offer_id": ours,
        "offer_id": offer, "person_wish_id": wish.wish_id if wish.person_id else None,
        "wish_id": None if wish.person_id else wish.wish_id,
        "crosses_patches": bool(person and row.place_id != wish.place_id),
    }  # fmt: skip


def kind_of(wish: Sought, row: Any) -> str:
    """Which sort of connection it would be, one of ``CONNECTION_KINDS``."""
    if _of(row, "person_id") is None:
        is_room = row.gift_kind == "space" or (row.asset_kind == "physical" and not row.run_by)
        return "space" if is_room else "group"
    if row.shared:
        return "shared_interest"
    if not wish.person_id:
        return "volunteer"
    if wish.wish_kind == "learn" and row.will_teach:
        return "teach_learn"
    if row.gift_kind == HEART and wish.wish_kind in ("meet", "change"):
        return "lived_experience"
    return "shared_interest" if wish.wish_kind in ("do", "meet", "learn") else "volunteer"
