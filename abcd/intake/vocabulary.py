"""The taxonomy's words as a trie over word numbers, walked by whole columns at once."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from abcd.core.text import plain

TAXONOMY = Path(__file__).parents[2] / "data" / "taxonomy.csv"

STREETS = frozenset(
    "road rd street st lane ln avenue ave drive dr close way grove crescent cres place walk gardens terrace court "
    "green view rise hill mount mews parade row bridge gate fold".split()
)
"""A category's word before one of these names a street: ``School Road`` is no school."""

#: What lies between words; all letters of the world take longer to get ready for than a column takes to read.
APART, PLAINLY_APART = r"[^\pL\pN]+", "[^a-z0-9]+"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Term:
    """What the importer needs to know of a category."""

    slug: str
    parent: str
    name: str
    asset_kind: str


@dataclass(frozen=True)
class Found:
    """For each text: the term that its words name.

    Attributes:
        term: index into ``Vocabulary.terms``, -1 when no word is known.
        length: words of the phrase that said so.
        is_whole: the phrase is the whole text.
        rivals: other terms named as strongly.
    """

    term: Numbers
    length: Numbers
    is_whole: npt.NDArray[np.bool_]
    rivals: Numbers


class Vocabulary:
    """Terms and the phrases that name them.

    Phrases are walked as a trie: ``step[node, word]`` is the next node, 0 being "no such phrase".
    """

    def __init__(self, terms: list[Term], phrases: dict[str, str]) -> None:
        self.terms = terms
        self.index = {term.slug: place for place, term in enumerate(terms)}
        split = {tuple(words_of(phrase)): slug for phrase, slug in phrases.items()}
        self.words = {word: number + 1 for number, word in enumerate(sorted({w for p in split for w in p}))}
        self.longest = max(map(len, split))
        self.step, self.says = self._trie(split)

    def _trie(self, split: dict[tuple[str, ...], str]) -> tuple[Numbers, Numbers]:
        steps: list[dict[int, int]] = [{}, {}]
        says = {}
        for words, slug in split.items():
            node = 1
            for word in words:
                if self.words[word] not in steps[node]:
                    steps[node][self.words[word]] = len(steps)
                    steps.append({})
                node = steps[node][self.words[word]]
            says[node] = self.index[slug]
        table = np.zeros((len(steps), len(self.words) + 1), dtype=np.int64)
        for node, nexts in enumerate(steps):
            table[node, list(nexts)] = list(nexts.values())
        return table, np.array([says.get(node, -1) for node in range(len(steps))])

    def read(self, texts: pa.Array) -> Found:
        """The term that each text names: the longest phrase, and of equals the last, the head of an English name."""
        text, word, is_street = self._word_numbers(texts)
        hit, length = np.full(len(word), -1), np.zeros(len(word), dtype=np.int64)
        start, node = np.arange(len(word)), np.ones(len(word), dtype=np.int64)
        for size in range(1, self.longest + 1):
            inside = start + size <= len(word)
            start, node = start[inside], node[inside]
            last = start + size - 1
            node = np.where(text[last] == text[start], self.step[node, word[last]], 0)
            start, node, last = start[node > 0], node[node > 0], last[node > 0]
            ended = (self.says[node] >= 0) & ~_names_a_street(text, is_street, last)
            hit[start[ended]], length[start[ended]] = self.says[node[ended]], size
        return _strongest(len(texts), text, hit, length)

    def _word_numbers(self, texts: pa.Array) -> tuple[Numbers, Numbers, npt.NDArray[np.bool_]]:
        """Of every word of every text: which text it is in, its number (0 unknown), whether it ends a street name."""
        bare = pc.replace_substring_regex(pc.utf8_lower(texts), "['’‘`]", "")
        apart = PLAINLY_APART if pc.all(pc.string_is_ascii(bare)).as_py() else APART
        lists = pc.split_pattern(pc.utf8_trim(pc.replace_substring_regex(bare, apart, " "), " "), " ")
        coded = pc.dictionary_encode(pc.list_flatten(lists))
        known = [(self._number_of(word), word in STREETS) for word in coded.dictionary.to_pylist()]
        of_word, of_street = np.array(known or [(0, False)], dtype=np.int64).T
        codes = np.asarray(coded.indices.to_numpy())
        return np.asarray(pc.list_parent_indices(lists)), of_word[codes], of_street[codes].astype(bool)

    def _number_of(self, word: str) -> int:
        """The number of a lower-case word, 0 when no phrase uses it."""
        if word[-1:].isdigit():
            return self.words.get(word, 0)
        return self.words.get(word) or self.words.get(one_of(word if word.isascii() else plain(word)), 0)


def _names_a_street(text: Numbers, is_street: npt.NDArray[np.bool_], at: Numbers) -> npt.NDArray[np.bool_]:
    """Whether the word after ``at`` makes a street name of the phrase."""
    after = np.minimum(at + 1, max(len(text) - 1, 0))
    return np.asarray((after > at) & (text[after] == text[at]) & is_street[after], dtype=bool)


def _strongest(rows: int, text: Numbers, hit: Numbers, length: Numbers) -> Found:
    found = np.flatnonzero(hit >= 0)
    strength = length[found] * len(text) + found
    order = found[np.argsort(text[found] * (len(text) * 8 + 1) + strength, kind="stable")]
    term, longest, words = np.full(rows, -1), np.zeros(rows, np.int64), np.bincount(text, minlength=rows)
    term[text[order]], longest[text[order]] = hit[order], length[order]
    equal = order[(length[order] == longest[text[order]]) & (hit[order] != term[text[order]])]
    return Found(term, longest, (term >= 0) & (longest == words), np.bincount(text[equal], minlength=rows))


def one_of(word: str) -> str:
    """A word without its plural ending, roughly, the same way for phrases and for texts."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def words_of(text: str) -> list[str]:
    """The comparable words of a phrase."""
    spaced = "".join(ch if ch.isalnum() else " " for ch in plain(text))
    return [one_of(word) for word in spaced.split()]


@lru_cache
def vocabulary(path: Path = TAXONOMY) -> Vocabulary:
    """The vocabulary of the taxonomy file."""
    with path.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["parent"]]
    terms = [Term(row["slug"], row["parent"], row["name"], row["asset_kind"]) for row in rows]
    phrases = {phrase: row["slug"] for row in rows for phrase in row["synonyms"].split("|") if phrase}
    own = {row[name]: row["slug"] for row in rows for name in ("name", "name_cy")}
    return Vocabulary(terms, own | phrases)
