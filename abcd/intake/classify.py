"""Which category a row is, from what the file says: its title, a column, the words of its name."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from abcd.intake import strings
from abcd.intake.mapping import Mapping
from abcd.intake.vocabulary import Found, Vocabulary, vocabulary

BROAD = frozenset({
    "community-centre", "council-land", "doorstep-greenspace", "funded-project", "housing", "leisure", "other",
    "public-service", "trader", "voluntary-organisation",
})  # fmt: skip
"""Categories that a file is often about as a whole, while the words of a row say more."""

VAGUE = frozenset({"council-land", "funded-project", "housing", "other", "voluntary-organisation"})
"""Broad categories that give way to a name even when a column says them of the very row."""

ELSEWHERE = (
    r"(?i)\b(former|formerly|site of|adjoining|adjacent|adj|near|opposite|fronting|rear of|next to|between|bounded)\b"
)
"""A name with such words tells what was here, or what is beside it, rather than what it is."""

SURE = 0.5
"""Below this a row goes to the review list."""

WHOLE_VALUE, PART_OF_VALUE, PHRASE, WORD, DESCRIPTION, RIVALS = 0.95, 0.85, 0.8, 0.7, 0.4, 0.25
"""How sure a category is by what said so; ``RIVALS`` is taken off when the words name two categories."""

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


@dataclass
class Verdict:
    """The category of each row so far.

    Attributes:
        term: index into the vocabulary's terms, -1 for none.
        confidence: 0 to 1.
        by: what said so.
    """

    term: Numbers
    confidence: Shares
    by: npt.NDArray[np.object_]

    def take(self, where: npt.NDArray[np.bool_], term: Numbers, confidence: Shares, by: str) -> None:
        """Let ``term`` stand for the rows of ``where``."""
        self.term = np.where(where, term, self.term)
        self.confidence = np.where(where, confidence, self.confidence)
        self.by = np.where(where, by, self.by).astype(object)


def classify(rows: int, mapping: Mapping, columns: list[pa.Array], name: pa.Array, description: pa.Array) -> Verdict:
    """The category of each row: a column's value first, then the file, then words of the name and description.

    A broad category (``BROAD``) gives way to what the name says; a narrow one does not, since a
    defibrillator at a primary school stays a defibrillator.
    """
    words = vocabulary()
    verdict = _by_file(rows, mapping, words)
    for values in columns:
        _by_column(verdict, values, words)
    _by_words(verdict, name, words, "name")
    _by_words(verdict, description, words, "description")
    return verdict


def _by_file(rows: int, mapping: Mapping, words: Vocabulary) -> Verdict:
    term = words.index.get(mapping.category, -1)
    by = np.full(rows, "file" if term >= 0 else "nothing", dtype=object)
    return Verdict(np.full(rows, term), np.full(rows, mapping.category_confidence if term >= 0 else 0.0), by)


def _by_column(verdict: Verdict, values: pa.Array, words: Vocabulary) -> None:
    """Let a column's value decide where it names a term and no earlier column did; ``other`` says nothing."""
    coded = pc.dictionary_encode(values)
    found = words.read(coded.dictionary)
    code = np.asarray(coded.indices.to_numpy())
    term, sure = found.term[code], np.where(found.is_whole, WHOLE_VALUE, PART_OF_VALUE)[code]
    gives_way = among(BROAD, words)[verdict.term] | found.is_whole[code]
    says = (term >= 0) & (term != words.index["other"]) & (verdict.by != "column") & gives_way
    verdict.take(says, term, sure, "column")


def among(slugs: frozenset[str], words: Vocabulary) -> npt.NDArray[np.bool_]:
    """For each term, and last for "no term" (index -1), whether it is none or one of ``slugs``."""
    return np.array([term.slug in slugs for term in words.terms] + [True])


def _by_words(verdict: Verdict, texts: pa.Array, words: Vocabulary, by: str) -> None:
    """Let words decide where nothing is known or only something broad, if they are surer than a rival reading."""
    broad, vague = among(BROAD, words), among(VAGUE, words)
    by_name = np.where(verdict.by == "column", vague[verdict.term], broad[verdict.term])
    chosen = np.flatnonzero(by_name if by == "name" else verdict.term < 0)
    if not len(chosen):
        return
    found = words.read(texts.take(pa.array(chosen)))
    term, sure, says = (np.full(len(verdict.term), fill) for fill in (-1, 0.0, False))
    term[chosen], sure[chosen], says[chosen] = found.term, _sureness(found, by), found.term >= 0
    says &= (verdict.term < 0) | (~broad[term] & (sure > SURE) & ~strings.matches(texts, ELSEWHERE))
    verdict.take(says, term, sure, by)


def _sureness(found: Found, by: str) -> Shares:
    base = np.where(found.length > 1, PHRASE, WORD) if by == "name" else np.full(len(found.term), DESCRIPTION)
    return np.asarray(base - RIVALS * (found.rivals > 0), dtype=np.float64)
