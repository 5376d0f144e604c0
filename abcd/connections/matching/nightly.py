"""Every open wish of an association against everybody and everything: patch by patch, with the code that answers one.

What is read of people is read once; a wish is then weighed against the homes within a walk of its own patch alone, so
the work grows with who is near and not with the square of the association.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from math import isnan
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from abcd.connections.matching import others as sides
from abcd.connections.matching.others import Numbers, Others, Tongues
from abcd.connections.matching.planning import plan
from abcd.connections.matching.records import Sought
from abcd.connections.matching.register import assets_near, offered
from abcd.connections.matching.residents import all_alike, offering
from abcd.connections.matching.standing import Standing, apply, standing_of_all
from abcd.connections.matching.suggesting import best_of, levels_of, theme_levels
from abcd.connections.matching.terms import PARENT, Levels, Terms, category_levels, terms
from abcd.connections.matching.ways import Patches, patches_of
from abcd.connections.matching.weighing import Weighed, asking_side, weigh
from abcd.connections.matching.wishes import resident_wishes
from abcd.connections.network.bridging import known_groups
from abcd.connections.weights import LETTERS, Weights, weights

BEST = 10
"""So many neighbours of each wish take part in the plan."""

Positions = NDArray[np.intp]


@dataclass(frozen=True, repr=False)
class Answer:
    """One of those a wish was answered with: its row as read, its tier, its score, and the values of its parts."""

    row: Any
    tier: int
    score: float
    values: Sequence[float]

    @property
    def parts(self) -> dict[str, float]:
        """The parts that are known, by letter."""
        told = zip(LETTERS, self.values, strict=True)
        return {letter: round(value, 4) for letter, value in told if not isnan(value)}


@dataclass(frozen=True, repr=False)
class Found:
    """What one wish was answered with, best first, and the neighbour whom the plan of all keeps for it."""

    wish: Sought
    answers: list[Answer]
    planned: UUID | None = None

    def with_plan(self, kept: Answer) -> "Found":
        """The same, with the neighbour who is kept for it at the end of the list if they were not in it."""
        person = kept.row.person_id
        is_there = any(person == sides.who_is(one.row) for one in self.answers)
        return Found(self.wish, self.answers if is_there else [*self.answers, kept], person)


@dataclass(repr=False)
class Night:
    """What is read once for all wishes."""

    known: Terms
    used: Weights
    day: date
    tongues: Tongues
    patches: Patches
    residents: Others
    alike: Others
    homes: Positions
    homes_alike: Positions
    stands: Standing
    levels: dict[Any, "Asked"] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def numbered(self, slugs: Iterable[str]) -> Positions:
        """Gifts and categories as numbers, "" as 0."""
        return np.array([self.numbers.setdefault(slug, len(self.numbers)) for slug in slugs], dtype=np.intp)


@dataclass(frozen=True)
class Asked:
    """How near gifts, categories and themes are to what some wishes name; ``column`` is that of gifts by number."""

    gifts: Levels
    categories: Levels
    themes: Levels
    column: Numbers


@dataclass(frozen=True, repr=False)
class Scene:
    """Who offers, who hopes, and what stands within a walk of one patch; gifts and categories by number."""

    others: Others
    rest: Others
    gifts: Positions
    gifts_alike: Positions
    categories_alike: Positions


def begun(s: Session, wishes: Sequence[Sought], day: date) -> Night:
    """Everybody who agreed, and how they stand to each other."""
    known, used, tongues = terms(s), weights(s), Tongues({})
    every = dict.fromkeys(known.gifts, 1.0)
    residents = offering(s, every, None, tongues, day)
    alike = all_alike(s, known, tongues, day)
    stands = standing_of_all(s, day, used.fair_days)
    for part in (residents, alike):
        apply(part, stands, None, known, {})
    places = {row.place_id for row in (*residents.rows, *alike.rows)} | {wish.place_id for wish in wishes}
    patches = patches_of(s, places, {wish.place_id for wish in wishes}, used.furthest_minutes)
    homes, homes_alike = (
        np.array([patches.at.get(row.place_id, -1) for row in part.rows], dtype=np.intp) for part in (residents, alike)
    )
    night = Night(known, used, day, tongues, patches, residents, alike, homes, homes_alike, stands)
    night.numbered(("", *known.gifts, *known.categories))
    return night


def matched(s: Session, day: date, limit: int = 5) -> list[Found]:
    """What every open wish of the association is answered with, and which neighbour the plan keeps for it."""
    wishes = resident_wishes(s)
    night = begun(s, wishes, day)
    found: list[Found] = []
    pairs: list[tuple[int, Answer]] = []
    for place_id, those in groupby(wishes, key=lambda wish: wish.place_id):
        if place_id in night.patches.at:
            for one, near in of_patch(s, night, place_id, list(those), limit):
                pairs += [(len(found), kept) for kept in near]
                found.append(one)
    return _planned(night, found, pairs)


def of_patch(
    s: Session, night: Night, place_id: UUID, wishes: list[Sought], limit: int
) -> Iterator[tuple[Found, list[Answer]]]:
    """What the wishes of one patch are answered with, and the best neighbours of each with their scores."""
    scene = _scene(s, night, place_id, [_asked(s, night, wish) for wish in wishes])
    for wish in wishes:
        others = _others(night, scene, wish, _asked(s, night, wish))
        weighed = _weighed(night, wish, others)
        order = weighed.best_first(others.tier)
        yield _found(wish, others, weighed, order, limit, night.used), _neighbours(others, weighed, order)


def _asked(s: Session, night: Night, wish: Sought) -> Asked:
    """What a wish names; wishes that name the same share it."""
    named = (wish.skill, wish.category, wish.theme, "" if wish.skill or wish.category else wish.own_words)
    if named not in night.levels:
        gifts = levels_of(s, night.known, wish)
        column = np.zeros(len(night.numbers))
        column[night.numbered(gifts)] = list(gifts.values())
        night.levels[named] = Asked(gifts, category_levels(night.known, wish), theme_levels(night.known, wish), column)
    return night.levels[named]


def _scene(s: Session, night: Night, place_id: UUID, asked: Sequence[Asked]) -> Scene:
    """What the wishes of one patch are weighed against: read once for all of them."""
    reach, minutes = night.used.furthest_minutes, night.patches.between(place_id)
    near = []
    for whole, homes in ((night.residents, night.homes), (night.alike, night.homes_alike)):
        at = np.flatnonzero((homes >= 0) & (minutes[homes] <= reach))
        near.append(replace(sides.taken(whole, at), minutes=minutes[homes[at]]))
    slugs, gifts, themes = (
        dict.fromkeys((slug for one in asked for slug in getattr(one, which)), 1.0)
        for which in ("categories", "gifts", "themes")
    )
    assets = assets_near(s, slugs, place_id, night.patches, reach, night.known.categories, night.tongues, night.day)
    given = offered(s, gifts, themes, place_id, night.patches, night.tongues, night.day)
    rest = sides.joined([assets, given])
    linked = known_groups(s, {row.asset_id for row in rest.rows if row.asset_id})
    apply(rest, night.stands, None, night.known, linked)
    people, alike = near
    categories = night.numbered(row.category or "" for row in alike.rows)
    return Scene(
        sides.joined([people, alike, rest]),
        rest,
        night.numbered(people.skills),
        night.numbered(alike.skills),
        categories,
    )


def _others(night: Night, scene: Scene, wish: Sought, asked: Asked) -> Others:
    """Those of the scene with something in common with a wish."""
    column = np.pad(asked.column, (0, len(night.numbers) - len(asked.column)))
    alike = np.where(column >= PARENT, column, 0.0)[scene.gifts_alike]
    if wish.category:
        alike[scene.categories_alike == night.numbered([wish.category])[0]] = 1.0
    rest = [
        max(asked.gifts.get(row.about, 0.0), asked.themes.get(row.theme, 0.0))
        if row.offer_id
        else asked.categories.get(row.about, 0.0)
        for row in scene.rest.rows
    ]
    level = np.concatenate([column[scene.gifts], alike, np.array(rest, dtype=float)])
    at = np.flatnonzero(level)
    return replace(sides.taken(scene.others, at), level=level[at])


def _weighed(night: Night, wish: Sought, others: Others) -> Weighed:
    """As for one wish: nobody with themselves, nobody whom they avoid or who is being introduced to them already."""
    never = {*night.stands.never.get(wish.person_id, frozenset()), wish.person_id}  # type: ignore[arg-type]
    others.is_wanted = ~np.isin(others.who, [sides.number_of(one) for one in never if one])
    recent, knows = night.stands.recent.get(wish.person_id, 0), night.stands.knows.get(wish.person_id, frozenset())  # type: ignore[arg-type]
    return weigh(asking_side(wish, night.tongues, night.day, recent=recent, knows=knows), others, night.used)


def _found(wish: Sought, others: Others, weighed: Weighed, order: Positions, limit: int, used: Weights) -> Found:
    chosen = best_of(order, others, limit, used.of_one_tier, wish.is_urgent)
    return Found(wish, _answers(others, weighed, chosen))


def _answers(others: Others, weighed: Weighed, chosen: Positions) -> list[Answer]:
    values = np.array([weighed.values[letter][chosen] for letter in LETTERS]).T.tolist()
    told = (others.rows[chosen], others.tier[chosen].tolist(), weighed.scores[chosen].tolist(), values)
    return [Answer(*one) for one in zip(*told, strict=True)]


def _neighbours(others: Others, weighed: Weighed, order: Positions) -> list[Answer]:
    """The best neighbours who offer something, each once."""
    best: dict[int, int] = {}
    for at in order[others.kind[order] == sides.PERSON]:
        if len(best) == BEST:
            break
        if others.rows[at].person_offer_id:
            best.setdefault(int(others.who[at]), int(at))
    return _answers(others, weighed, np.array(list(best.values()), dtype=np.intp))


def _planned(night: Night, found: list[Found], pairs: list[tuple[int, Answer]]) -> list[Found]:
    """The same with the neighbour that the plan keeps for each wish."""
    people: dict[UUID, int] = {}
    columns = np.array([people.setdefault(one.row.person_id, len(people)) for _at, one in pairs], dtype=np.int64)
    going = np.array([night.stands.open_now.get(one, 0) for one in people], dtype=np.int64)
    wishes = np.array([at for at, _one in pairs], dtype=np.int64)
    scores = np.array([one.score for _at, one in pairs], dtype=float)
    kept = plan(wishes, columns, scores, np.maximum(0, night.used.most_open - going))
    for at in np.flatnonzero(kept):
        wish, one = pairs[at]
        found[wish] = found[wish].with_plan(one)
    return found
