"""What people are told before they say yes: a version a change, loaded from ``data/consent_wordings.csv``.

The words of a version never change, because a recorded yes points to them.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import today
from abcd.core.language import _, chosen
from abcd.core.text import tidy
from abcd.db.audit import once, record
from abcd.db.session import Actor, actor_of
from abcd.db.tables import CONSENT_PURPOSES, ConsentWording
from abcd.errors import BadRequest

FILE = Path(__file__).parents[2] / "data" / "consent_wordings.csv"


@dataclass(frozen=True)
class Wording:
    """The words of one purpose, from a day on."""

    purpose: str
    version: int
    told: str
    told_cy: str
    from_on: date

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return self.told_cy if chosen() == "cy" and self.told_cy else self.told


def load_wordings(s: Session, file: Path = FILE) -> int:
    """Bring the versions of ``file`` into the store; one that is there stays as it is. Returns how many it holds."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [_row(line) for line in csv.DictReader(opened)]
    s.execute(insert(ConsentWording).on_conflict_do_nothing(), rows)
    return len(rows)


def _row(line: dict[str, str]) -> dict[str, Any]:
    return dict(line) | {"version": int(line["version"]), "from_on": date.fromisoformat(line["from_on"])}


def wordings(s: Session, day: date | None = None) -> dict[str, Wording]:
    """The words that hold on ``day`` (default today), by purpose; before the first version began, that one."""
    found: dict[str, Wording] = {}
    for one in all_wordings(s):
        if one.purpose not in found or one.from_on <= (day or today()):
            found[one.purpose] = one
    return found


def all_wordings(s: Session) -> list[Wording]:
    """Every version of every purpose, the first ones first; a store that has none learns those of the file."""
    columns = [getattr(ConsentWording, name) for name in Wording.__dataclass_fields__]
    wanted = select(*columns).order_by(ConsentWording.purpose, ConsentWording.version)
    rows = s.execute(wanted).all()
    if not rows:
        load_wordings(s)
        rows = s.execute(wanted).all()
    return [Wording(**row._mapping) for row in rows]


def add_wording(s: Session, purpose: str, told: str, told_cy: str, *, by: Actor, key: str | None = None) -> int:
    """New words for a purpose from today on; the number of their version. Who said yes before said it to the old ones.

    Raises:
        BadRequest: no such purpose, or no words in one of the two languages.
        NotAllowed: ``by`` may not change what people are told.
    """
    require(by, "edit", "consent_wording")
    words, words_cy = tidy(told), tidy(told_cy)
    if purpose not in CONSENT_PURPOSES:
        raise BadRequest(f"People agree to one of these: {', '.join(CONSENT_PURPOSES)}.")
    if not (words and words_cy):
        raise BadRequest(_("Say it in English and in Welsh: people choose in which they are asked."))
    done = once(s, key or str(uuid4()), by, lambda: {"version": _add(s, purpose, words, words_cy, by)})
    return int(done["version"])


def _add(s: Session, purpose: str, told: str, told_cy: str, by: Actor) -> int:
    version = max(one.version for one in all_wordings(s) if one.purpose == purpose) + 1
    s.add(ConsentWording(purpose=purpose, version=version, told=told, told_cy=told_cy, from_on=today()))
    s.flush()
    record(s, "add_wording", "consent_wording", f"{purpose} {version}", by=by)
    return version


def wordings_for_team(s: Session) -> list[Wording]:
    """Every version, for whoever may read what people are told.

    Raises:
        NotAllowed: whoever asks may not.
    """
    require(actor_of(s), "view", "consent_wording")
    return all_wordings(s)
