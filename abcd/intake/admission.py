"""Letting a file in: how it is understood, whose it is, and the row that stands for its import."""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.core.text import slug
from abcd.db.session import Actor
from abcd.db.tables import ColumnMapping, Import, Source, Term
from abcd.errors import BadRequest
from abcd.intake import sources
from abcd.intake.columns import understand
from abcd.intake.mapping import Mapping
from abcd.intake.read import FileLook, ReadChoice

OTHER_DOORS = {
    "places": "It holds boundaries. Bring it in with: abcd import places FILE --kind ward (or estate, oa, lsoa, ...).",
    "households": "It holds households by small area. Bring it in with: abcd import households FILE --kind oa.",
    "dwellings": "It is a list of homes. Bring it in with: abcd import dwellings FILE.",
    "people": "It is a list of residents. Bring it in with: abcd import people FILE.",
    "postcodes": "It holds postcodes. Bring it in with: abcd import postcodes FILE.",
    "statistics": "It holds statistics by area, not things that are somewhere. Household counts come in with: "
                  "abcd import households FILE --kind oa.",
    "lookup": "It only says which area lies in which. Boundaries come in with: abcd import places FILE --kind oa.",
    "barriers": "It holds barriers. Bring them in with: abcd import barriers FILE.",
    "streets": "It holds streets and paths. Bring them in with: abcd import streets FILE.",
    "network": "It holds lines or junctions. Streets come in with: abcd import streets FILE; lines that nobody walks "
               "across with: abcd import barriers FILE.",
}  # fmt: skip
"""What a file that is no list of assets is, and which command takes it."""


RELEASE = re.compile(r"[\s_-]*(\(\d+\)|(v|as[ _-]?of[ _-]?)?\d[\d._-]*)$", re.IGNORECASE)
"""The end of a file's name that tells releases apart: a date, a number, a browser's ``(1)``."""


@dataclass(frozen=True)
class Asked:
    """A file, and what a person chose about it.

    Attributes:
        path: where its bytes lie.
        name: what it was called before it was uploaded.
        choice: about reading it.
        mapping: a person's own mapping, else what is remembered or recognised.
        source: slug or name of its source, else one called after the file.
        category: slug that every row is about unless the row says otherwise.
        as_of: the day the data describe.
    """

    path: Path
    name: str
    choice: ReadChoice | None = None
    mapping: Mapping | None = None
    source: str | None = None
    category: str | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Admitted:
    """A file that may be staged: what it is, how it was understood, and its import."""

    asked: Asked
    facts: FileLook
    mapping: Mapping
    made: Import


def admit(s: Session, asked: Asked, facts: FileLook, *, by: Actor) -> Admitted:
    """Understand a file and begin its import.

    Raises:
        BadRequest: it is not a list of assets, or the category is not in the taxonomy.
    """
    if s.scalar(select(Term.slug).limit(1)) is None:
        load_taxonomy(s)
    described = sources.find(facts.columns, asked.name)
    mapping = _mapping(s, asked, understand(facts, asked.name, described))
    as_of = asked.as_of or (described.as_of if described else None)
    made = Import(id=uuid4(), source_id=_source(s, asked, described), kind="assets", file_name=asked.name,
                  file_sha256=facts.sha256, file_bytes=facts.bytes, status="staged", as_of=as_of,
                  mapping=mapping.to_dict(), by=by.name)  # fmt: skip
    s.add(made)
    s.flush()
    return Admitted(asked, facts, mapping, made)


def remember(s: Session, made: Import) -> None:
    """Keep a confirmed mapping for the publisher's next file with this header."""
    values = {"header_key": made.mapping["header_key"], "source_id": made.source_id, "mapping": made.mapping}
    kept = insert(ColumnMapping).values(**values)
    s.execute(kept.on_conflict_do_update(index_elements=["header_key"], set_={"mapping": kept.excluded.mapping}))


def _mapping(s: Session, asked: Asked, fresh: Mapping) -> Mapping:
    """The mapping to use: the given one, the one remembered for this header, or the fresh one."""
    kept = s.scalar(select(ColumnMapping).where(ColumnMapping.header_key == fresh.header_key))
    mapping = asked.mapping or (Mapping.from_dict(kept.mapping) if kept else fresh)
    if mapping.kind != "assets":
        raise BadRequest(f"“{asked.name}” is not a list of assets. {OTHER_DOORS[mapping.kind]}")
    if asked.category is None:
        return mapping
    if s.get(Term, asked.category) is None:
        raise BadRequest(f"There is no category “{asked.category}”. data/taxonomy.csv lists them all.")
    return replace(mapping, category=asked.category, category_confidence=1.0, category_why="chosen by a person")


def _source(s: Session, asked: Asked, described: sources.Description | None) -> UUID:
    """The source that a file belongs to, made when it is new.

    A description tells who publishes it, and may do so for several files; the file's name, without what tells its
    releases apart, tells one from another. One file in two formats is two sources: they seldom say the same.
    """
    file = Path(asked.name)
    release = RELEASE.sub("", file.stem)
    facts = {"name": asked.source or release.replace("_", " ")}
    if described and not asked.source:
        facts = {"name": described.title, "publisher": described.publisher, "licence": described.licence,
                 "attribution": described.attribution}  # fmt: skip
    known = slug(asked.source or f"{release}{file.suffix}") or "file"
    s.execute(insert(Source).values(slug=known, **facts).on_conflict_do_nothing())
    return s.scalars(select(Source.id).where(Source.slug == known)).one()
