"""Give a person all that is held about them: one folder with JSON for machines and a page to read."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from abcd.config import settings
from abcd.core.clock import today
from abcd.core.html import page
from abcd.core.language import _
from abcd.db.session import Actor
from abcd.people.files import given_folder
from abcd.people.whereabouts import PEOPLE, Everything, everything_about

PAGE, DATA = "everything.html", "everything.json"


def give(s: Session, person_id: UUID, folder: Path | None = None, *, by: Actor) -> Path:
    """Write everything about a person into ``folder`` (default: one of the home folder that an erasure removes).

    Raises:
        NotFound, NotAllowed: as ``everything_about``.
    """
    found = everything_about(s, person_id, by=by)
    target = folder or given_folder(person_id)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(target / DATA, as_json(found))
    _write(target / PAGE, readable(found))
    return target


def as_json(found: Everything) -> str:
    """Everything as one JSON document."""
    return json.dumps(found.to_json(), indent=2, ensure_ascii=False, default=str)


def readable(found: Everything, note: str = "") -> str:
    """Everything as one HTML page without scripts; what anybody typed stays text. ``note`` says what is not in it."""
    return page(
        PAGE,
        publisher=settings().publisher,
        day=f"{today():%d %B %Y}",
        told=[(_(home.says), [_lines(row) for row in found.tables[home.table]]) for home in reversed(PEOPLE)],
        history=[_lines(asdict(change)) for change in found.history],
        mentions=[(mention.table.partition(".")[2], _lines(mention.row)) for mention in found.mentions],
        files=[path.name for path in found.files],
        note=note,
    )


def _lines(row: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of a row in words; what is empty is left out."""
    kept = {name: value for name, value in row.items() if value not in (None, "", [], {})}
    return [
        (
            name.replace("_", " "),
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str),
        )
        for name, value in kept.items()
    ]


def _write(path: Path, words: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = path.with_suffix(".part")
    with open(part, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as opened:
        opened.write(words)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(path)
