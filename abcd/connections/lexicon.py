"""Which gifts a word or a phrase speaks of: names and synonyms of gifts, of the categories where they are at home, and
``data/everyday_words.csv``, in which people say what they lack rather than what it is called.

A phrase that is written down names its gifts; a word that only occurs in phrases hints at them, the more so the fewer
gifts share it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from abcd.assets.taxonomy import term_values
from abcd.connections.stems import is_telling, is_welsh, stem, unmutated, words_of
from abcd.people.skills import SkillRecord, skills

EVERYDAY = Path(__file__).parents[2] / "data" / "everyday_words.csv"
LONGEST = 5
"""Words of the longest phrase that is looked for."""

AT_HOME = 0.5
"""What the name of a category says of the gifts at home in it, all together."""

ONE_WORD, OTHER_ENDING = 0.9, 0.7
"""A single word is less sure than a phrase, and one with another ending less sure than the word itself."""

HINT, SHARPER, MOST_HINTS = 0.5, 1.5, 8
"""What all words that only hint come to together, how much more a rare one says, and how many gifts are hinted at."""

ONE_OF_SEVERAL = 0.9
"""What one of the things says that a name puts side by side, such as "knitting" of "Knitting, crochet and sewing"."""

ENGLISH, WELSH = re.compile(r", | and | or "), re.compile(r", | (?:a|ac|neu) ")
"""Between things that a name puts side by side."""

Weights = dict[str, float]


@dataclass(frozen=True)
class Lexicon:
    """Phrases and words with the gifts that they speak of; ``gifts`` as ``abcd.people.skills`` gives them."""

    gifts: Mapping[str, SkillRecord]
    phrases: dict[tuple[str, ...], Weights] = field(default_factory=dict)
    stems: dict[tuple[str, ...], Weights] = field(default_factory=dict)
    hints: dict[str, Weights] = field(default_factory=dict)
    rareness: dict[str, float] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def words(self, said: str) -> list[str]:
        """The words of a text, Welsh ones without their mutations."""
        words = words_of(said)
        return unmutated(words, self.known) if is_welsh(words) else words

    def rare(self, cut: str) -> float:
        """How much a stem tells, 0-1: 1 when no gift has it."""
        return self.rareness.get(cut, 1.0)

    def named(self, words: list[str]) -> Weights:
        """The gifts that words name by the longest phrases, each with how surely (0-1)."""
        found: Weights = {}
        for weights, sure in self._phrases_in(words):
            for slug, weight in weights.items():
                found[slug] = max(found.get(slug, 0.0), sure * weight / len(weights) ** 0.5)
        return found

    def hinted(self, words: Iterable[str]) -> Weights:
        """The gifts that single words hint at, at most ``MOST_HINTS`` of them, each up to ``HINT``."""
        found: Weights = {}
        for cut in {stem(word) for word in words if is_telling(word)}:
            for slug, weight in self.hints.get(cut, {}).items():
                found[slug] = found.get(slug, 0.0) + weight**SHARPER
        most = max(found.values(), default=0.0)
        nearest = sorted(found, key=lambda slug: (-found[slug], slug))[:MOST_HINTS]
        return {slug: HINT * min(1.0, found[slug]) * found[slug] / most for slug in nearest if most}

    def _phrases_in(self, words: list[str]) -> Iterator[tuple[Weights, float]]:
        """Every phrase of the words with how surely it is meant, from left to right, the longest first."""
        cut = [stem(word) for word in words]
        at = 0
        while at < len(words):
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                exact = self.phrases.get(tuple(words[at : at + length]))
                found = exact or self.stems.get(tuple(cut[at : at + length]))
                if found:
                    yield found, (1.0 if exact else OTHER_ENDING) * (1.0 if length > 1 else ONE_WORD)
                    break
            at += length


def lexicon(s: Session) -> Lexicon:
    """The lexicon of the gifts and categories in use, made again when they changed."""
    gifts, categories = skills(s), term_values(s)
    kept = _kept.get("of")
    # What was read anew is mostly the same as before, and quicker compared than made again.
    if kept is None or kept[0] != gifts or kept[1] != categories:
        _kept["of"] = kept = (gifts, categories, made_of(gifts, categories))
    return kept[2]


_kept: dict[str, tuple[Any, Any, Lexicon]] = {}


def made_of(gifts: Mapping[str, SkillRecord], categories: Mapping[str, Mapping[str, Any]]) -> Lexicon:
    """A lexicon of ``gifts`` and ``categories`` by slug, and of the everyday words."""
    phrases: dict[tuple[str, ...], Weights] = {}
    for slug, phrase, weight in _all_phrases(gifts, categories):
        words = tuple(words_of(phrase))
        if words and (len(words) > 1 or is_telling(words[0])):
            weights = phrases.setdefault(words, {})
            weights[slug] = max(weights.get(slug, 0.0), weight)
    stems = _by_stem(phrases)
    hints, rareness = _hints(stems, len(gifts))
    known = frozenset(word for words in phrases for word in words)
    return Lexicon(gifts, phrases, stems, hints, rareness, known)


def _all_phrases(
    gifts: Mapping[str, SkillRecord], categories: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, float]]:
    """Each gift with each phrase for it and what that says, 0-1."""
    at_home: dict[str, list[str]] = {}
    for slug, gift in gifts.items():
        yield from ((slug, phrase, 1.0) for phrase in (gift.name, gift.name_cy, *gift.synonyms))
        if gift.parent is not None:
            yield from ((slug, phrase, ONE_OF_SEVERAL) for phrase in (*parts(gift.name), *parts(gift.name_cy, WELSH)))
        for category in gift.categories:
            at_home.setdefault(category, []).append(slug)
    for category, slugs in at_home.items():
        term = categories.get(category) or {"name": "", "name_cy": "", "synonyms": ()}
        for phrase in (term["name"], term["name_cy"], *term["synonyms"]):
            yield from ((slug, phrase, AT_HOME / len(slugs) ** 0.5) for slug in slugs)
    yield from ((slug, phrase, 1.0) for slug, phrase in everyday() if slug in gifts)


@lru_cache(maxsize=1)
def everyday(file: Path = EVERYDAY) -> tuple[tuple[str, str], ...]:
    """Gift and phrase, as people say it when they lack it."""
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple((row["gift"], phrase) for row in csv.DictReader(lines) for phrase in row["words"].split("|"))


def parts(name: str, between: re.Pattern[str] = ENGLISH) -> list[str]:
    """The things that a name puts side by side; none when it names one alone.

    >>> parts("Knitting, crochet and sewing")
    ['Knitting', 'crochet', 'sewing']
    """
    found = between.split(name)
    return found if len(found) > 1 else []


def _by_stem(phrases: Mapping[tuple[str, ...], Weights]) -> dict[tuple[str, ...], Weights]:
    found: dict[tuple[str, ...], Weights] = {}
    for words, weights in phrases.items():
        kept = found.setdefault(tuple(stem(word) for word in words), {})
        for slug, weight in weights.items():
            kept[slug] = max(kept.get(slug, 0.0), weight)
    return found


def _hints(stems: Mapping[tuple[str, ...], Weights], gifts: int) -> tuple[dict[str, Weights], dict[str, float]]:
    """For each stem the gifts in whose phrases it occurs, by how rare it is (inverse document frequency, 0-1)."""
    held: dict[str, Weights] = {}
    for cut, weights in stems.items():
        for one in filter(is_telling, cut):
            kept = held.setdefault(one, {})
            for slug, weight in weights.items():
                kept[slug] = max(kept.get(slug, 0.0), weight / len(cut) ** 0.5)
    rareness = {one: log((gifts + 1) / len(slugs)) / log(gifts + 1) for one, slugs in held.items()}
    hints = {one: {slug: weight * rareness[one] for slug, weight in slugs.items()} for one, slugs in held.items()}
    return hints, rareness
