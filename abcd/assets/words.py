"""The words of a search: mended when mistyped, widened by the synonyms of the taxonomy.

``core.search_word`` holds every word of the register's names and of the taxonomy, in small letters without accents.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rapidfuzz.distance import OSA
from sqlalchemy import Select, exists, func, literal_column, select, text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import WORD, Phrases, phrases
from abcd.core.text import plain
from abcd.db.tables import Asset, SearchWord

SHORTEST = 4
"""Shorter words are taken as they are: nearly every three letters are near some word."""

LONGEST_SYNONYM = 4

LEAST_LIKE = "0.2"
"""Likeness (0 to 1) by trigrams of a word worth counting the slips of; two letters exchanged in six leave 0.27."""

# Signs become spaces and apostrophes vanish, as in abcd.core.text.plain.
LEARN = """
insert into core.search_word (word)
select distinct word from core.asset a
cross join lateral string_to_table(
  translate(lower(unaccent(a.name)), '-/.,;:()[]&+"!?*#@_|’''', repeat(' ', 20)), ' ') as word
where length(word) between 3 and 40 and {which}
on conflict do nothing"""

OF_IMPORT = """(a.first_import_id = :import_id
  or a.id in (select asset_id from core.import_change where import_id = :import_id))"""


@dataclass(frozen=True)
class Understood:
    """The words asked for, mended and plain; the same as a text query; and what was mended (typed -> looked for)."""

    plain: str
    tsquery: str
    mended: dict[str, str] = field(default_factory=dict)


def learn_words(s: Session, import_id: UUID | None = None, asset_ids: Sequence[UUID] | None = None) -> int:
    """Remember the words of the names of an import, of some assets or of all, with those of the taxonomy.

    Returns how many were new.
    """
    which = "true"
    given: dict[str, Any] = {}
    if import_id is not None:
        which, given = OF_IMPORT, {"import_id": import_id}
    if asset_ids is not None:
        which, given = "a.id = any(:asset_ids)", {"asset_ids": list(asset_ids)}
    known = sorted({word for phrase in phrases(s) for word in phrase if len(word) > 2})
    insert = text("insert into core.search_word (word) select unnest(cast(:words as text[])) on conflict do nothing")
    new = s.execute(insert, {"words": known}).rowcount + s.execute(text(LEARN.format(which=which)), given).rowcount  # type: ignore[attr-defined]
    return int(new)


def remember_words(s: Session, words: Collection[str]) -> int:
    """Remember words that somebody has found already; returns how many were new."""
    tidy = "select distinct lower(unaccent(word)) from unnest(cast(:words as text[])) as word"
    insert = f"insert into core.search_word (word) {tidy} where length(word) between 3 and 40 on conflict do nothing"
    return int(s.execute(text(insert), {"words": list(words)}).rowcount)  # type: ignore[attr-defined]


def understand(s: Session, asked: str) -> Understood:
    """The text query for ``asked``: every word counts, or the category that it is a name of.

    A word nobody uses becomes the nearest one that somebody does; the last may be the beginning of a word.
    """
    words = WORD.findall(plain(asked))
    known = _known(s, words)
    beginning = words[-1] if words and words[-1] not in known and _begins_some(s, words[-1]) else ""
    unknown = [word for word in words if len(word) >= SHORTEST and word not in known and not word.isdigit()]
    mistyped = [word for word in unknown if word != beginning and not _occurs(s, word)]
    mended = {word: better for word in mistyped if (better := _nearest(s, word))}
    taken = [mended.get(word, word) for word in words]
    pieces = pieces_of(taken, phrases(s))
    return Understood(" ".join(taken), " & ".join(_part(piece, slugs, beginning) for piece, slugs in pieces), mended)


def _known(s: Session, words: list[str]) -> set[str]:
    return set(s.scalars(select(SearchWord.word).where(SearchWord.word.in_(words)))) if words else set()


def _begins_some(s: Session, beginning: str) -> bool:
    return len(beginning) > 2 and bool(s.scalar(select(exists().where(SearchWord.word.like(f"{beginning}%")))))


def _occurs(s: Session, word: str) -> bool:
    """Whether a description, an ending or a category has it, although no name does."""
    query = func.to_tsquery(literal_column("'pub.plain'"), word)
    return bool(s.scalar(select(exists().where(Asset.search.op("@@")(query)))))


def nearest_words(word: str) -> Select[str]:
    """The known words with so many trigrams in common."""
    return select(SearchWord.word).where(SearchWord.word.op("%")(word))


def _nearest(s: Session, word: str) -> str:
    """The known word that takes the fewest slips to type as ``word``; ``""`` when none is near."""
    s.execute(text("select set_config('pg_trgm.similarity_threshold', :least, true)"), {"least": LEAST_LIKE})
    likeness = func.similarity(SearchWord.word, word).desc()
    near = s.scalars(nearest_words(word).order_by(likeness, SearchWord.word).limit(50)).all()
    allowed = 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3
    slips = [(OSA.distance(word, other), position, other) for position, other in enumerate(near)]
    return min((slip for slip in slips if slip[0] <= allowed), default=(0, 0, ""))[2]


def pieces_of(words: list[str], named: Phrases) -> Iterator[tuple[list[str], list[str]]]:
    """The words cut into the longest phrases that name categories; a word that names none stands alone."""
    at = 0
    while at < len(words):
        longest = min(LONGEST_SYNONYM, len(words) - at)
        cuts = (tuple(words[at : at + length]) for length in range(longest, 0, -1))
        phrase = next((cut for cut in cuts if cut in named), (words[at],))
        yield list(phrase), named.get(phrase, [])
        at += len(phrase)


def _part(words: list[str], slugs: list[str], beginning: str) -> str:
    own = " & ".join(f"{word}:*" if word == beginning else word for word in words)
    return "(" + " | ".join([f"({own})", *(f"'{slug}'" for slug in slugs)]) + ")"
