"""The gifts that people have or would like to learn, loaded from ``data/gifts.csv``: 16 groups, and gifts below them.

A gift may lie below another gift ("piano" below "making music"): who looks for the one may be glad of its neighbour.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.core.language import _, chosen
from abcd.db.tables import Skill

FILE = Path(__file__).parents[2] / "data" / "gifts.csv"
KEPT_SECONDS = 300
LISTS = ("themes", "categories", "synonyms")

_kept: "dict[str, tuple[float, dict[str, SkillRecord]]]" = {}


@dataclass(frozen=True)
class SkillRecord:
    """One gift, or one of the groups (``parent`` is none).

    Attributes:
        gift_kind: head, heart, hands, space, thing, time or money.
        themes: themes of wishes it speaks to, the nearest first.
        categories: categories of assets where it is at home.
        synonyms: how people say it, in English and Welsh.
        regulated_hint: in which case a role with it may be regulated activity (see ``hint_words``), or "".
    """

    slug: str
    parent: str | None
    name: str
    name_cy: str
    gift_kind: str
    themes: tuple[str, ...]
    categories: tuple[str, ...]
    synonyms: tuple[str, ...]
    regulated_hint: str

    def words(self) -> str:
        """Its name in the language of the screen."""
        return (chosen() == "cy" and self.name_cy) or self.name


def load_skills(s: Session, file: Path = FILE) -> int:
    """Bring the gifts of ``file`` into the store: new ones added, known ones updated; returns how many it holds."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [_skill(line, position) for position, line in enumerate(csv.DictReader(opened))]
    statement = insert(Skill)
    updated = {name: statement.excluded[name] for name in rows[0] if name != "slug"}
    # Parents first: the file lists a group before its gifts.
    s.execute(statement.on_conflict_do_update(index_elements=[Skill.slug], set_=updated), rows)
    _kept.clear()
    return len(rows)


def _skill(line: dict[str, str], position: int) -> dict[str, Any]:
    lists = {name: [word for word in line[name].split("|") if word] for name in LISTS}
    return dict(line) | lists | {"position": position, "parent": line["parent"] or None}


def skills(s: Session) -> dict[str, SkillRecord]:
    """Every gift by slug, in the order of the file, groups before what lies below them. Kept for five minutes."""
    store = str(s.get_bind().engine.url)
    read_at, found = _kept.get(store, (0.0, {}))
    if not found or monotonic() - read_at > KEPT_SECONDS:
        found = {row.slug: _record(row) for row in s.scalars(select(Skill).order_by(Skill.position))}
        _kept[store] = (monotonic(), found)
    return found


def _record(row: Skill) -> SkillRecord:
    return SkillRecord(
        row.slug, row.parent, row.name, row.name_cy, row.gift_kind, tuple(row.themes), tuple(row.categories),
        tuple(row.synonyms), row.regulated_hint,
    )  # fmt: skip


def above(known: dict[str, SkillRecord], slug: str | None) -> Iterator[SkillRecord]:
    """A gift, what it lies below, and so on up to its group; nothing for a slug that nobody knows."""
    here = known.get(slug or "")
    while here is not None:
        yield here
        here = known.get(here.parent or "")


def group_of(known: dict[str, SkillRecord], slug: str | None) -> SkillRecord | None:
    """The group of a gift, one of the 16."""
    return next((skill for skill in above(known, slug) if skill.parent is None), None)


def hint_words(hint: str) -> str:
    """When a role with such a gift may be regulated activity, in a sentence; "" where there is no hint.

    The cases are those of product.md E.2: the law turns on what a role does and how often, so it is a question to ask.
    """
    words = {
        "": "",
        "personal_care": _(
            "Washing, dressing or feeding somebody who cannot manage alone may be regulated activity: "
            "ask whether this role is eligible for a check before you ask for one."
        ),
        "money_for_somebody": _(
            "Handling money for somebody who cannot manage it may be regulated activity: "
            "ask whether this role is eligible for a check before you ask for one."
        ),
        "shopping_for_somebody": _(
            "Shopping with the money of somebody who cannot manage alone may be regulated activity: "
            "ask whether this role is eligible for a check before you ask for one."
        ),
        "lifts_to_care": _(
            "Taking people to care appointments for an organisation may be regulated activity: "
            "ask whether this role is eligible for a check before you ask for one."
        ),
        "children_alone": _(
            "Regular work with children without anybody else there may be regulated activity: "
            "ask whether this role is eligible for a check before you ask for one."
        ),
    }
    return words[hint]
