"""How alike two things are that people said: by gifts they speak of, words, letters and sense.

A text is read into weighted features and into what it is about (``abcd.connections.sense``). Two readings are as alike
as the cosines of the angles between both: 0 nothing in common, 1 the same. Nothing depends on what else is in the
store, so a likeness belongs to the pair alone. The weights were tuned on one half of ``tests/connections/labelled`` and
are measured on the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sqlalchemy.orm import Session

from abcd.connections.lexicon import Lexicon, Weights, lexicon
from abcd.connections.sense import NONE, WIDTH, Sense, sense
from abcd.connections.stems import is_telling, stem

GIFT, ABOVE, TOP, THEME, WORD_ITSELF, LETTERS = 3.0, 1.5, 0.5, 0.1, 1.0, 0.08
"""What a gift, the gift above it, its group, its themes, a word and three letters of a word count."""

SENSE = 0.3
"""What part of a likeness is that of sense; the rest is that of features."""

FEATURES = 1 << 20
"""Features are numbered by a checksum of so many values, so that readings made apart fit together."""


@dataclass(frozen=True, repr=False)
class Reading:
    """What a text says: gifts named or hinted at (0-1), its telling stems, its features of length one, its sense.

    It holds somebody's words, so it is never printed.
    """

    gifts: Weights
    stems: frozenset[str]
    features: dict[int, float] = field(default_factory=dict)
    sense: Sense = field(default_factory=lambda: NONE)


def read(known: Lexicon, said: str, gift: str | None = None) -> Reading:
    """A text as features; ``gift`` is the one that somebody ticked, which is surer than any word."""
    words = known.words(said)
    named, hinted = known.named(words), known.hinted(words)
    gifts = {slug: max(named.get(slug, 0.0), hinted.get(slug, 0.0)) for slug in {**named, **hinted}}
    if gift in known.gifts:
        gifts[str(gift)] = 1.0
    stems = frozenset(stem(word) for word in words if is_telling(word))
    about = f"{said} {known.gifts[str(gift)].name}" if gift in known.gifts else said if stems else ""
    return Reading(gifts, stems, _numbered(_features(known, gifts, stems)), sense(about))


def _features(known: Lexicon, gifts: Weights, stems: frozenset[str]) -> Weights:
    found: Weights = {}
    for slug, sure in gifts.items():
        for name, weight in _of_gift(known, slug):
            found[name] = max(found.get(name, 0.0), weight * sure)
    for cut in stems:
        found[f"word {cut}"] = WORD_ITSELF * known.rare(cut)
        for three in _threes(cut):
            found[f"letters {three}"] = found.get(f"letters {three}", 0.0) + LETTERS
    return found


def _of_gift(known: Lexicon, slug: str) -> Iterable[tuple[str, float]]:
    """A gift, what it lies below, its group and its themes, each with its weight."""
    here = known.gifts[slug]
    yield f"gift {slug}", GIFT
    for theme in here.themes:
        yield f"theme {theme}", THEME
    while here.parent is not None:
        here = known.gifts[here.parent]
        yield f"gift {here.slug}", ABOVE if here.parent else TOP


def _threes(word: str) -> list[str]:
    """Each three letters in a row, with the gaps before and after the word, as PostgreSQL's trigrams have them."""
    padded = f"  {word} "
    return [padded[at : at + 3] for at in range(len(padded) - 2)]


def _numbered(features: Weights) -> dict[int, float]:
    length = sqrt(sum(weight * weight for weight in features.values())) or 1.0
    return {crc32(name.encode()) % FEATURES: weight / length for name, weight in features.items()}


class Stack(NamedTuple):
    """Many readings at once: features as rows of a sparse matrix (n, ``FEATURES``), senses (n, 256)."""

    features: csr_matrix
    senses: NDArray[np.float32]


def stacked(readings: Sequence[Reading]) -> Stack:
    """Readings one above the other, so that one wish is held against many offers at once."""
    lengths = [len(reading.features) for reading in readings]
    rows = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    columns = np.fromiter((number for one in readings for number in one.features), np.int32, int(rows[-1]))
    values = np.fromiter((weight for one in readings for weight in one.features.values()), np.float32, int(rows[-1]))
    features = csr_matrix((values, columns, rows), shape=(len(readings), FEATURES))
    return Stack(features, np.array([one.sense for one in readings], dtype=np.float32).reshape(-1, WIDTH))


def likeness(one: Reading, others: Stack) -> NDArray[np.float64]:
    """How alike ``one`` and each of ``others`` are, 0-1."""
    dense = np.zeros(FEATURES, dtype=np.float32)
    dense[list(one.features)] = list(one.features.values())
    mixed = (1 - SENSE) * (others.features @ dense) + SENSE * (others.senses @ one.sense)
    return np.clip(np.asarray(mixed, dtype=np.float64), 0.0, 1.0)


def alike(one: Reading, other: Reading) -> float:
    """How alike two readings are, 0-1."""
    features = sum(weight * other.features.get(number, 0.0) for number, weight in one.features.items())
    return min(1.0, max(0.0, (1 - SENSE) * features + SENSE * float(one.sense @ other.sense)))


def theme_and_words(s: Session, said: str, others: Sequence[str]) -> NDArray[np.float64]:
    """How alike ``said`` is to each of ``others``, 0-1: by gifts and themes first, by words and letters then."""
    known = lexicon(s)
    return likeness(read(known, said), stacked([read(known, other) for other in others]))
