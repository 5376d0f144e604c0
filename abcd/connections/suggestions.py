"""What could be brought together round a place: community first, services last (product.md E)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.connections import wording
from abcd.connections.near import things_near
from abcd.connections.network.links import links_of
from abcd.connections.pairs import Pairs, Scene, room_pairs, scene_of, space_pairs, theme_pairs
from abcd.connections.records import Side, Suggestion
from abcd.connections.score import part, tier_name
from abcd.connections.weights import Weights, weights
from abcd.core.clock import today
from abcd.core.text import name_key
from abcd.gaps.possibilities import possibilities
from abcd.gaps.reach import homes_of
from abcd.gaps.records import Possibility
from abcd.gaps.streets.walk import walking
from abcd.gaps.themes import theme_words
from abcd.places.queries import place

MOST_TIES = 5_000
"""Ties that are looked at; a few hundred things have far fewer."""

EACH_AT_MOST = 2
"""How often one asset is suggested, so that the list shows many and not one hall twelve times."""


def suggestions(
    s: Session,
    place_id: UUID,
    limit: int = 12,
    profile: str = "standard",
    on: date | None = None,
    missing: Sequence[Possibility] | None = None,
) -> list[Suggestion]:
    """What could be brought together round a place: tier by tier, the best match of a tier first.

    ``missing`` are its possibilities, worked out here when not given. Nothing below the least score
    (0.35 unless an owner set another) is shown, no sensitive asset ever, no asset more than twice, and at most a third
    of the list is of one kind.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown walking profile.
    """
    here, day, used = place(s, place_id), on or today(), weights(s)
    walk = walking(s, here.box, profile)
    things = things_near(s, here, walk)
    ties = links_of(s, [thing.id for thing in things], MOST_TIES)
    scene = scene_of(things, walk, day, used, ties)
    wanted: list[Possibility] = []
    if any(thing.is_spare for thing in scene.things):
        unmet = possibilities(s, place_id, profile, day) if missing is None else missing
        wanted = [one for one in unmet if one.measure.standard.needs_room and one.state != "present_stale"]
    kinds = (theme_pairs(scene), room_pairs(scene), space_pairs(scene, homes_of(s, here), walk, wanted))
    found = [one for pairs in kinds for one in _best(pairs, scene, wanted, used, -(-limit // len(kinds)))]
    return _sparing(iter(sorted(found, key=lambda one: (one.tier, -one.score))), limit)


def _best(pairs: Pairs, scene: Scene, wanted: Sequence[Possibility], used: Weights, most: int) -> list[Suggestion]:
    scores = pairs.scores(used)
    order = np.lexsort((-scores, pairs.tiers))
    named = (_worded(pairs, k, float(scores[k]), scene, wanted, used) for k in order if scores[k] >= used.least)
    return _sparing(named, most)


def _sparing(found: Iterator[Suggestion], limit: int) -> list[Suggestion]:
    """The first ``limit``, no asset more than twice; by name, because one thing may be on record twice."""
    used: Counter[str] = Counter()
    kept: dict[frozenset[str], Suggestion] = {}
    while len(kept) < limit and (one := next(found, None)) is not None:
        names = [name_key(side.name) for side in (one.a, one.b)]
        pair = frozenset(names)
        if len(pair) == 2 and pair not in kept and all(used[name] < EACH_AT_MOST for name in names):
            kept[pair] = one
            used.update(names)
    return list(kept.values())


def _worded(
    pairs: Pairs, k: int, score: float, scene: Scene, wanted: Sequence[Possibility], used: Weights
) -> Suggestion:
    """The ``k``-th pair with its words."""
    one = scene.things[pairs.a[k]]
    values = {letter: float(column[k]) for letter, column in pairs.values.items() if not np.isnan(column[k])}
    minutes, tier = float(pairs.minutes[k]), int(pairs.tiers[k])
    if pairs.kind == "space":
        gap = wanted[pairs.b[k]]
        side = Side(None, gap.name, gap.category, gap.name, tier)
        words, not_checked = wording.space_words(one, gap, values, minutes), wording.unchecked_space(one, gap)
    else:
        other = scene.things[pairs.b[k]]
        side = other.side()
        words = wording.pair_words(pairs.kind, one, other, values, minutes)
        not_checked = wording.unchecked(pairs.kind, one, other)
    return Suggestion(
        kind=pairs.kind,
        kind_name=wording.kind_name(pairs.kind),
        tier=tier,
        tier_name=tier_name(tier),
        a=one.side(),
        b=side,
        theme=theme_words(one.theme),
        minutes=minutes,
        score=score,
        parts=tuple(part(letter, value, words[letter], used.of(letter)) for letter, value in values.items()),
        reasons=tuple(words[letter] for letter in values if letter != "Q"),
        not_checked=not_checked,
    )
