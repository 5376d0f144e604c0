"""The taxonomy: kinds and categories, loaded from ``data/taxonomy.csv``."""

import csv
import re
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.core.language import _
from abcd.core.text import plain
from abcd.db.tables import Term

if TYPE_CHECKING:
    import pandas as pd

FILE = Path(__file__).parents[2] / "data" / "taxonomy.csv"
KEPT_SECONDS = 300

YES_NO = ("is_everyday", "has_room", "needs_room")
NUMBERS = ("threshold_minutes", "threshold_m", "minimum_area_m2")
WHOLE = ("tier", "fresh_months")

Phrases = dict[tuple[str, ...], list[str]]
WORD = re.compile(r"[^\W_]+")

_kept: "dict[str, tuple[float, pd.DataFrame]]" = {}
_phrases: dict[str, Any] = {}
_values: dict[str, Any] = {}


def load_taxonomy(s: Session, file: Path = FILE) -> int:
    """Bring the terms of ``file`` into the store: new ones added, known ones updated; returns how many it holds."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [_term(line, position) for position, line in enumerate(csv.DictReader(opened))]
    statement = insert(Term)
    updated = {name: statement.excluded[name] for name in rows[0] if name != "slug"}
    # Parents first: the file lists a group before its categories.
    s.execute(statement.on_conflict_do_update(index_elements=[Term.slug], set_=updated), rows)
    _kept.clear()
    return len(rows)


def _term(line: dict[str, str], position: int) -> dict[str, Any]:
    values: dict[str, Any] = dict(line) | {"position": position, "parent": line["parent"] or None}
    values |= {name: line[name] == "true" for name in YES_NO}
    values |= {name: float(line[name]) if line[name] else None for name in NUMBERS}
    values |= {name: int(line[name]) for name in WHOLE}
    return values | {"synonyms": [word for word in line["synonyms"].split("|") if word]}


def terms(s: Session) -> "pd.DataFrame":
    """Every term, one row each, indexed by slug, in the order of the file; columns as ``Term``. Kept for five minutes.

    Treat it as read only: everybody shares it.
    """
    store = str(s.get_bind().engine.url)
    # Imported late: the process for partners starts without frames, and holds little memory.
    import pandas as pd

    read_at, frame = _kept.get(store, (0.0, pd.DataFrame()))
    if frame.empty or monotonic() - read_at > KEPT_SECONDS:
        columns = list(Term.__table__.columns)
        rows = s.execute(select(*columns).order_by(Term.position)).all()
        frame = pd.DataFrame(rows, columns=[column.name for column in columns]).set_index("slug")
        _kept[store] = (monotonic(), frame)
    return frame


def term_values(s: Session) -> dict[str, dict[str, Any]]:
    """The same as plain values by slug and column, for whoever reads a few terms often. Treat it as read only."""
    frame = terms(s)
    if _values.get("of") is not frame:
        _values.update({"of": frame, "found": frame.astype(object).where(frame.notna(), None).to_dict("index")})
    kept: dict[str, dict[str, Any]] = _values["found"]
    return kept


def categories(s: Session) -> "pd.DataFrame":
    """The terms an asset may have: those below a group."""
    known = terms(s)
    return known[known["parent"].notna()]


def phrases(s: Session) -> Phrases:
    """Each name and synonym of a category, as its words without accents, with the categories that have it."""
    named = categories(s)
    if _phrases.get("of") is not terms(s):
        found: Phrases = {}
        for slug, name, synonyms in named[["name", "synonyms"]].itertuples():
            for words in {tuple(WORD.findall(plain(phrase))) for phrase in (name, *synonyms)}:
                found.setdefault(words, []).append(str(slug))
        _phrases.update({"of": terms(s), "found": found})
    kept: Phrases = _phrases["found"]
    return kept


def kind_name(kind: str) -> str:
    """One of the six kinds in words for people."""
    names = {
        "individual": _("People's gifts"),
        "association": _("Groups and associations"),
        "institution": _("Institutions and services"),
        "physical": _("Places and spaces"),
        "economic": _("Exchange and local business"),
        "story": _("Stories and heritage"),
    }
    return names[kind]
