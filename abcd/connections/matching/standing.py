"""How people stand to each other: asked of late, being introduced, not to be brought together, cleared for a role."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.connections.matching.others import Others
from abcd.connections.matching.terms import Terms

#: States in which an introduction takes somebody's time: from the idea until it is known to be going by itself.
OPEN = ("idea", "asked_a", "yes_a", "asked_b", "yes_b", "introduced", "met")
#: After these the same two may be suggested again, once the days of fairness are over.
RESTING = ("not_now", "no_reply")
KNOWN_SINCE = ("met", "going_at_4w", "going_at_12w", "settled")

CONNECTIONS = """
select a_person_id as a, coalesce(b_person_id, b_asset_id) as b, b_asset_id is not null as to_asset, state,
  created_at >= :since as is_recent, state_at >= :since as is_fresh
from core.connection"""
OF_SOME = text(f"""{CONNECTIONS}
where a_person_id = any(:ids) or b_person_id = any(:ids) or b_asset_id = any(:ids)""")
OF_ALL = text(CONNECTIONS)

AVOIDED = """select person_id as one, coalesce(other_id, asset_id) as other from core.person_avoids"""
AVOIDED_BY = text(f"{AVOIDED} where person_id = :one or other_id = :one")
AVOIDED_ALL = text(AVOIDED)
AVOIDED_ASSET = text(f"{AVOIDED} where asset_id = :one")

CHECKS = text("""select person_id, role from core.person_check
where is_required and (cleared_until is null or cleared_until < :day) and (:all or person_id = any(:ids))""")


@dataclass(frozen=True, repr=False)
class Standing:
    """What is known of some ids: introductions of late and open, whom each knows, pairs never to be suggested."""

    recent: Mapping[UUID, int]
    open_now: Mapping[UUID, int]
    knows: Mapping[UUID, frozenset[UUID]]
    never: Mapping[UUID, frozenset[UUID]]
    uncleared: Mapping[UUID, frozenset[str]]


def standing_of(
    s: Session, one: UUID, ids: Collection[UUID], day: date, days: int, is_asset: bool = False
) -> Standing:  # fmt: skip
    """How ``one`` (a person, or the group whose wish it is) stands to the others with these ids."""
    asked = {"ids": [one, *ids], "since": day - timedelta(days=days)}
    avoided = s.execute(AVOIDED_ASSET if is_asset else AVOIDED_BY, {"one": one})
    checks = s.execute(CHECKS, {"ids": list(ids), "day": day, "all": False})
    return _standing(s.execute(OF_SOME, asked), avoided, checks)


def standing_of_all(s: Session, day: date, days: int) -> Standing:
    """How everybody of the association stands to everybody."""
    connections = s.execute(OF_ALL, {"since": day - timedelta(days=days)})
    return _standing(connections, s.execute(AVOIDED_ALL), s.execute(CHECKS, {"ids": [], "day": day, "all": True}))


def _standing(connections: Any, avoided: Any, checks: Any) -> Standing:
    recent: defaultdict[UUID, int] = defaultdict(int)
    going: defaultdict[UUID, int] = defaultdict(int)
    knows: defaultdict[UUID, set[UUID]] = defaultdict(set)
    never: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in connections:
        for side in (row.a, row.b):
            recent[side] += row.is_recent
            going[side] += row.state in OPEN
        if row.state not in RESTING or row.is_fresh:
            _both(never, row.a, row.b)
        if row.to_asset and row.state in KNOWN_SINCE:
            knows[row.a].add(row.b)
    for row in avoided:
        _both(never, row.one, row.other)
    roles: defaultdict[UUID, set[str]] = defaultdict(set)
    for row in checks:
        roles[row.person_id].add(row.role)
    return Standing(recent, going, _frozen(knows), _frozen(never), _frozen(roles))


def apply(
    others: Others, known: Standing, one: UUID | None, terms: Terms, linked: Mapping[UUID, frozenset[UUID]]
) -> None:
    """Write what is known into the columns of the others, seen from ``one``; whom nobody names is wanted."""
    never = known.never.get(one, frozenset()) if one else frozenset()
    for at, row in enumerate(others.rows):
        person = getattr(row, "person_id", None)
        other = person or row.asset_id
        # An asset is not a volunteer: it is asked by whoever runs it, and how full it is it says itself.
        others.recent[at] = known.recent.get(other, 0)
        others.open_now[at] = known.open_now.get(other, 0) if person else 0
        others.is_wanted[at] = other not in never
        if person and person in known.uncleared:
            others.is_cleared[at] = is_cleared(terms, others.skills[at], known.uncleared[person])
        others.knows[at] = known.knows.get(other) or linked.get(other) or None


def is_cleared(terms: Terms, skill: str, needed: Collection[str]) -> bool:
    """Whether a gift may be given although a check that is required for some roles is missing or over.

    A check for a named gift holds back that gift; one for a role in other words holds back every gift that may be
    regulated activity.
    """
    gift = terms.gifts.get(skill)
    named = {role for role in needed if role in terms.gifts}
    if gift is None:
        return True
    return gift.slug not in named and not (gift.regulated_hint and set(needed) - named)


def _both(pairs: defaultdict[UUID, set[UUID]], one: UUID, other: UUID) -> None:
    pairs[one].add(other)
    pairs[other].add(one)


def _frozen(found: Mapping[UUID, set[Any]]) -> dict[UUID, frozenset[Any]]:
    return {one: frozenset(known) for one, known in found.items()}
