"""How well own words find what fits: ours against PostgreSQL's trigrams and themes alone, on the labelled set.

Both halves are counted, wishes against all offers of the set. ``ours`` speaks with the gifts alone, whose words another
hand wrote; ``ours_everyday`` adds ``data/everyday_words.csv``, whose author knew the set, so that its figures on it
prove nothing; ``_ticked`` says that both sides also ticked the group of the gift, ``_unsensed`` that features count
alone, without the sense of words. Ties stand in the set's order.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.connections import lexicon as lexicons
from abcd.connections.lexicon import Lexicon, made_of
from abcd.connections.matching.terms import in_tree, terms
from abcd.connections.sense import NONE
from abcd.connections.words_match import Reading, likeness, read, stacked
from abcd.db.session import SYSTEM, session
from abcd.people.skills import load_skills, skills
from tests.bench.stores import a_copy_of_millfield, drop
from tests.connections.labelled_set import Labelled, measure, offers, wishes

SIZES = [len(offers())]
TRIGRAMS = """
select n from unnest(cast(:offers as text[])) with ordinality as o(words, n)
order by {likeness}(lower(unaccent(o.words)), lower(unaccent(:wish))) desc, n"""

Order = Callable[[Labelled], Sequence[str]]


def rows(_size: int) -> Iterator[dict[str, Any]]:
    """Each scorer on each half."""
    url = a_copy_of_millfield()
    os.environ["ABCD_DATABASE_URL"] = url
    try:
        with session(SYSTEM) as s:
            load_skills(s)
            for name, order in scorers(s).items():
                for is_held_back in (False, True):
                    yield judged(name, order, is_held_back)
    finally:
        drop(url)


def scorers(s: Session) -> dict[str, Order]:
    """By name."""
    every = offers()
    gifts, categories = skills(s), term_values(s)
    with_everyday = made_of(gifts, categories)
    everyday, lexicons.everyday = lexicons.everyday, lambda: ()  # type: ignore[assignment]
    plain = made_of(gifts, categories)
    lexicons.everyday = everyday
    return {
        "ours": ours(plain, every), "ours_ticked": ours(plain, every, is_ticked=True),
        "ours_unsensed": ours(plain, every, is_sensed=False),
        "ours_everyday_unsensed": ours(with_everyday, every, is_sensed=False),
        "ours_everyday": ours(with_everyday, every), "ours_everyday_ticked": ours(with_everyday, every, is_ticked=True),
        "similarity": trigrams(s, every, "similarity"), "word_similarity": trigrams(s, every, "word_similarity"),
        "theme_ticked": ticked(every), "theme_read": themes(s, plain, every),
    }  # fmt: skip


def judged(name: str, order: Order, is_held_back: bool) -> dict[str, Any]:
    """The row of one scorer on one half."""
    asked = wishes(held_back=is_held_back)
    found = {what: round(value, 3) for what, value in measure(asked, order).items()}
    row = {
        "scorer": name,
        "half": "held back" if is_held_back else "tuned on",
        "wishes": len(asked),
        "pairs": sum(len(one.fits or {}) for one in asked),
        **{f"{what}_at_5" if what in ("precision", "recall") else what: value for what, value in found.items()},
        "recall_at_10": round(measure(asked, order, 10)["recall"], 3),
    }
    return row | {"milliseconds_a_wish": speed(asked, order)}


def speed(asked: list[Labelled], order: Order) -> float:
    """The median wish."""
    taken = []
    for wish in asked[:30]:
        start = time.perf_counter()
        order(wish)
        taken.append(time.perf_counter() - start)
    return round(1000 * median(taken), 2)


def ours(known: Lexicon, every: list[Labelled], *, is_ticked: bool = False, is_sensed: bool = True) -> Order:
    """By likeness of what both said."""

    def reading(one: Labelled) -> Reading:
        made = read(known, one.words, one.gift_group if is_ticked else None)
        return made if is_sensed else replace(made, sense=NONE)

    said = stacked([reading(one) for one in every])

    def order(wish: Labelled) -> Sequence[str]:
        return _sorted(every, likeness(reading(wish), said))

    return order


def trigrams(s: Session, every: list[Labelled], function: str) -> Order:
    """By pg_trgm: the whole text, or the part of an offer that is most like the wish."""
    asked, words = text(TRIGRAMS.format(likeness=function)), [one.words for one in every]
    return lambda wish: [every[n - 1].id for n in s.scalars(asked, {"offers": words, "wish": wish.words})]


def ticked(every: list[Labelled]) -> Order:
    """By the group of the gift that both sides ticked."""
    return lambda wish: _sorted(every, np.array([one.gift_group == wish.gift_group for one in every], dtype=float))


def themes(s: Session, known: Lexicon, every: list[Labelled]) -> Order:
    """By how near the gifts are that the words name, as suggestions count it for ticked gifts: 1, 0.7, 0.3."""
    tree = terms(s)
    lines = {slug: tree.line(slug) for slug in tree.gifts}
    named = [known.named(known.words(one.words)) for one in every]

    def order(wish: Labelled) -> Sequence[str]:
        asked = known.named(known.words(wish.words))
        levels = [max((in_tree(lines[a], lines[b]) for a in asked for b in theirs), default=0.0) for theirs in named]
        return _sorted(every, np.array(levels))

    return order


def _sorted(every: list[Labelled], scores: Any) -> list[str]:
    return [every[at].id for at in np.argsort(-scores, kind="stable")]
