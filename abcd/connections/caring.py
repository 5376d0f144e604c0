"""What needs care soon (product.md 002-6): signals of what has not yet happened, each with its reason and a first step.

They are about records, groups, houses and a place, never about a person, and nothing ranks them: what has a day comes
by that day, the rest by name.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.connections import caring_facts as facts
from abcd.connections import caring_words as words
from abcd.connections.caring_facts import Hosted
from abcd.core.clock import today
from abcd.db.session import actor_of

KINDS = ("few_hands", "funding", "lease", "closing", "only_home", "ageing")


@dataclass(frozen=True)
class Signal:
    """One reason to care, of ``KINDS``; ``step`` is what could be done about it, ``on`` the day it is about."""

    kind: str
    reason: str
    step: str
    on: date | None = None


@dataclass(frozen=True)
class Caring:
    """An asset that needs care soon, and every reason for it."""

    asset_id: UUID
    name: str
    category_name: str
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class CareSoon:
    """What needs care in a place: assets with their reasons, and how many records in all are getting old."""

    things: tuple[Caring, ...]
    ageing: int
    meeting: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """What a place has to begin with: what happens where, and which rooms there are."""

    hosted: list[Hosted]
    rooms: list[tuple[UUID, str]]

    def under(self, venue_id: UUID) -> list[str]:
        """What happens in a venue, by name."""
        return [one.name for one in self.hosted if one.venue_id == venue_id]

    def company(self, asset_id: UUID) -> list[str]:
        """Who else is under the roof of a group, or what happens in a venue."""
        roofs = {one.venue_id for one in self.hosted if one.id == asset_id} or {asset_id}
        return list(dict.fromkeys(one.name for one in self.hosted if one.venue_id in roofs and one.id != asset_id))

    def other_rooms(self, venue_id: UUID) -> list[str]:
        """The other houses of the place, by name."""
        return [name for key, name in self.rooms if key != venue_id]


def care_soon(s: Session, place_id: UUID, on: date | None = None) -> CareSoon:
    """What needs care soon in a place; assets by the first of their days, then by name.

    Raises:
        NotAllowed: whoever asks may not look at patches.
    """
    require(actor_of(s), "view", "patch")
    day = on or today()
    scene = Scene(facts.hosted(s, place_id), facts.rooms_here(s, place_id))
    old, all_old = facts.ageing(s, place_id)
    found: dict[tuple[UUID, str, str], list[Signal]] = defaultdict(list)
    for row in facts.ending(s, place_id, day):
        found[row.id, row.name, row.category_name] += _ends(row, scene, day)
    for key, signal in _only_homes(scene):
        found[key].append(signal)
    for row in old:
        asked = words.ask_there(scene.company(row.id))
        found[row.id, row.name, row.category_name].append(Signal("ageing", words.ageing(row.assured_on), asked))
    things = sorted((Caring(*key, tuple(signals)) for key, signals in found.items()), key=_by_day)
    return CareSoon(tuple(things), all_old, tuple(dict.fromkeys(one.name for one in scene.hosted)))


def _ends(row: Row[Any], scene: Scene, day: date) -> list[Signal]:
    """The signals of an asset that rests on one person, or ends."""
    company, told = scene.company(row.id), []
    if row.key_holder_count is not None and row.key_holder_count <= facts.FEW_HANDS:
        told.append(Signal("few_hands", words.few_hands(row.key_holder_count), words.more_hands(company)))
    if facts.is_near(row.funded_until, day, "funding"):
        rooms = words.before_money([name for _id, name in scene.rooms])
        told.append(Signal("funding", words.money_ends(row.funded_until), rooms, row.funded_until))
    if facts.is_near(row.lease_ends_on, day, "lease"):
        meeting = scene.under(row.id)
        reason = words.lease_ends(row.lease_ends_on, meeting)
        told.append(Signal("lease", reason, words.before_lease(meeting), row.lease_ends_on))
    if facts.is_near(row.end_date, day, "closing"):
        told.append(Signal("closing", words.closes(row.end_date), words.before_close(), row.end_date))
    return told


def _only_homes(scene: Scene) -> list[tuple[tuple[UUID, str, str], Signal]]:
    """Venues in which everything about a theme happens, as far as anybody knows."""
    homes: dict[str, set[UUID]] = defaultdict(set)
    for one in scene.hosted:
        if one.theme:
            homes[one.theme].add(one.venue_id)
    alone = {theme: next(iter(venues)) for theme, venues in homes.items() if len(venues) == 1}
    told = []
    for venue in {one.venue_id: one for one in scene.hosted}.values():
        themes = sorted(theme for theme, home in alone.items() if home == venue.venue_id)
        names = [one.name for one in scene.hosted if one.venue_id == venue.venue_id and one.theme in themes]
        if themes:
            key = venue.venue_id, venue.venue_name, venue.venue_category
            reason, step = words.only_home(themes, names), words.second_home(scene.other_rooms(venue.venue_id))
            told.append((key, Signal("only_home", reason, step)))
    return told


def _by_day(one: Caring) -> tuple[date, str, str]:
    days = [signal.on for signal in one.signals if signal.on]
    return min(days, default=date.max), one.name.lower(), str(one.asset_id)
