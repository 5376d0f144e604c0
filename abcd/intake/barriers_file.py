"""Barriers and their crossings: ``abcd import barriers FILE``, a layer of lines and points.

What is told again, and what stays, is the rule of ``abcd.intake.barrier_writing``; the page looks at a file first
(``abcd.intake.barriers_stage``).
"""

from pathlib import Path

from sqlalchemy.orm import Session

from abcd.db.session import Actor, session
from abcd.db.tables import BARRIER_NATURES
from abcd.errors import BadRequest
from abcd.intake.barrier_rows import Usual, understood
from abcd.intake.barrier_writing import Loading, write
from abcd.intake.lists import WholeFile, begin, finish, read_whole
from abcd.intake.place_columns import epsg_of
from abcd.intake.read import ReadChoice
from abcd.intake.report import ImportReport


def import_barriers(
    path: Path | str, *, actor: Actor, nature: str = "other", is_hard: bool = True, layer: str | None = None,
    source: str | None = None,
) -> ImportReport:  # fmt: skip
    """Bring barriers and crossings in; ``nature`` and ``is_hard`` are of the rows that do not say their own.

    ``source`` is whose lines these are, else a source called after the file.

    Raises:
        BadRequest: an unknown nature.
        NotFound, BadFile: the file is not there, cannot be read, or has no lines and no points.
        NotAllowed: ``actor`` may not bring files in.
    """
    if nature not in BARRIER_NATURES:
        raise BadRequest(f"A barrier is one of: {', '.join(BARRIER_NATURES)}.")
    file = read_whole(path, ReadChoice(layer=layer))
    with session(actor, patient=True) as s:
        return load_barriers(s, file, Usual(nature, is_hard), by=actor, source=source)


def load_barriers(s: Session, file: WholeFile, usual: Usual, *, by: Actor, source: str | None = None) -> ImportReport:
    """The part of ``import_barriers`` that writes, in the caller's transaction."""
    lines, points = understood(file, usual)
    done = Loading(s, begin(s, file, "barriers", {}, by=by, source=source), file.issues, by)
    notes = write(done, lines, points)
    counts, crs = done.counted(file.rows.num_rows), f"EPSG:{epsg_of(file)}"
    return finish(s, done.made, file, counts, by=by, crs=crs, notes=notes)
