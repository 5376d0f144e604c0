"""Groups, venues and services that answer a line: those whose words do, and those where the gift is at home.

The register is asked twice at most: once by the words that are left of the line, once by the categories of the gifts
that it speaks of. A known no drops out in the database; what nobody has written down stays.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, func, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from abcd.assets.records import AssetLine
from abcd.assets.search import Search
from abcd.assets.wording import walk
from abcd.connections.asking import Asked
from abcd.connections.facts import Facts, judge, needs_of
from abcd.connections.findings import Finding
from abcd.connections.lexicon import Lexicon
from abcd.connections.outset import Outset
from abcd.connections.stems import is_telling
from abcd.connections.words_match import Reading
from abcd.core.language import _
from abcd.db.tables import Asset
from abcd.gaps.finding import found_on_foot

SURE = 0.6
"""A gift that the line names as surely as this leads to where it is at home."""

MOST = 60
"""Assets taken from each question to the register."""

BY_WORDS, AT_HOME = 1.0, 0.5
"""How like the line an asset is that has its words, and one that is only of a kind where the gift is at home."""


def assets(
    s: Session, asked: Asked, said: Reading, known: Lexicon, start: Outset | None, public_only: bool
) -> list[Finding]:
    """What the register holds that answers the line, those that have its words before those of a fitting kind."""
    search, walks = _search(asked, start, public_only), start.to_things if start else None
    words = [word for word in known.words(asked.about) if is_telling(word)]
    by_words = found_on_foot(s, replace(search, words=" ".join(words)), walks).lines if words else []
    kinds = at_home(said, known)
    of_kind = found_on_foot(s, replace(search, categories=tuple(kinds)), walks).lines if kinds else []
    lines = {line.id: line for line in (*by_words, *of_kind)}
    likely = dict.fromkeys(lines, AT_HOME) | {line.id: BY_WORDS for line in by_words}
    facts = _facts(s, list(lines))
    found = (_finding(line, facts[line.id], asked, known, kinds, likely[line.id]) for line in lines.values())
    return [one for one in found if one is not None]


def at_home(said: Reading, known: Lexicon) -> dict[str, str]:
    """The categories where the gifts that a line names are at home, each with one of these gifts."""
    named = sorted((slug for slug, sure in said.gifts.items() if sure >= SURE), key=lambda slug: -said.gifts[slug])
    return {category: slug for slug in reversed(named) for category in known.gifts[slug].categories}


def _search(asked: Asked, start: Outset | None, public_only: bool) -> Search:
    within = float(asked.minutes) if asked.minutes is not None and start else None
    return Search(
        near=start.near if start else None,
        within_minutes=within,
        limit=MOST,
        public=public_only,
        also=tuple(_no_known_no(asked)),
    )


def _no_known_no(asked: Asked) -> list[ColumnElement[bool]]:
    """Leave out in the database what is known not to be as asked; ``judge`` has the last word."""
    fits: list[ColumnElement[bool]] = []
    if asked.grid:
        fits.append(or_(Asset.open_grid.is_(None), Asset.open_grid.op("&")(asked.grid) != 0))
    if "step_free" in asked.access:
        fits.append(Asset.step_free != "no")
    if asked.languages:
        fits.append(or_(Asset.languages == [], Asset.languages.overlap(list(asked.languages))))
    return fits


def _facts(s: Session, ids: Sequence[UUID]) -> dict[UUID, Any]:
    columns = Asset.open_grid, Asset.step_free, Asset.facilities, Asset.languages, Asset.cost, Asset.open_to_new
    about = as_type(func.left(Asset.description, 200), String).label("description")
    rows = s.execute(select(Asset.id, *columns, about).where(Asset.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def _finding(
    line: AssetLine, row: Any, asked: Asked, known: Lexicon, kinds: dict[str, str], likeness: float
) -> Finding | None:
    facts = Facts(row.open_grid, needs_of(row.step_free, row.facilities), row.languages or None, row.cost, line.minutes)
    verdict = judge(asked, facts)
    if not verdict.fits or row.open_to_new == "no":
        return None
    unasked = [] if row.open_to_new == "yes" else [_("Whether there is room for somebody new.")]
    return Finding(
        line.name, line.category_name, ", ".join(filter(None, (line.address, line.postcode))), walk(line.minutes),
        (_why(line, known, kinds, likeness), *filter(None, verdict.reasons)), (*unasked, *verdict.not_checked),
        likeness, line.minutes, asset_id=line.id,
    )  # fmt: skip


def _why(line: AssetLine, known: Lexicon, kinds: dict[str, str], likeness: float) -> str:
    if likeness == BY_WORDS:
        return _("Its record has the words you ask for.")
    gift = known.gifts[kinds[line.category]].words()
    return _("{gift} is often at home in such a place: ask there.").format(gift=gift)
