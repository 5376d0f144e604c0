"""Sheets to take along: one round of questions kept as it was printed, so that its answers find their questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import can, require, require_at
from abcd.assets.taxonomy import term_values
from abcd.core.clock import LOCAL
from abcd.core.language import _, chosen
from abcd.core.themes import theme_words
from abcd.db.audit import for_edit, once, record
from abcd.db.session import Actor, actor_of
from abcd.db.tables import AskingSheet, Asset
from abcd.errors import BadRequest, NotFound
from abcd.gaps.asking import Question, in_order
from abcd.gaps.asking_words import check_why
from abcd.gaps.stale import records
from abcd.places.queries import place
from abcd.places.records import PlaceRecord


@dataclass(frozen=True)
class Sheet:
    """A sheet with its questions as they stand now; ``minutes`` is the walk from the first stop to the last.

    ``answered_on`` is the day of the walk once it was typed in.
    """

    id: UUID
    place: PlaceRecord
    stops: tuple[Question, ...]
    looks: tuple[Question, ...]
    minutes: float
    made_by: str
    made_on: date
    answered_on: date | None
    version: int

    @property
    def code(self) -> str:
        """Four signs that tell one sheet of paper from another."""
        return self.id.hex[:4].upper()


def make_sheet(s: Session, place_id: UUID, questions: Sequence[Question], *, by: Actor, key: str | None = None) -> UUID:
    """Keep one round of questions as a sheet; the id of the sheet.

    Raises:
        BadRequest: there is nothing to ask.
        NotAllowed: ``by`` may not note searches, or not in this place.
    """
    require_at(s, by, "record", "search_effort", place_id)
    if not questions:
        raise BadRequest(_("There is nothing to ask here just now."))
    return UUID(once(s, key or str(uuid4()), by, lambda: {"id": str(_made(s, place_id, questions, by))})["id"])


def _made(s: Session, place_id: UUID, questions: Sequence[Question], by: Actor) -> UUID:
    stops = [{"asset": str(one.asset_id), "version": one.version} for one in questions if one.kind == "check"]
    looks = [one.category for one in questions if one.kind == "look"]
    row = AskingSheet(place_id=place_id, stops=stops, looks=looks, made_by=by.name)
    s.add(row)
    s.flush()
    after = {"place_id": str(place_id), "stops": len(stops), "looks": len(looks)}
    record(s, "make sheet", "search_effort", row.id, by=by, after=after)
    return row.id


def end_sheet(s: Session, sheet_id: UUID, *, version: int | None, by: Actor, key: str | None = None) -> None:
    """Throw a sheet away that nobody will type in; what was typed in before stays where it is.

    Raises:
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: ``by`` may not note searches, or not in this place.
    """
    once(s, key or str(uuid4()), by, lambda: _ended(s, sheet_id, version, by))


def _ended(s: Session, sheet_id: UUID, version: int | None, by: Actor) -> dict[str, Any]:
    kept = s.get(AskingSheet, sheet_id)
    if kept is not None:
        require_at(s, by, "record", "search_effort", kept.place_id)
    row = for_edit(s, AskingSheet, sheet_id, version, {})
    s.delete(row)
    s.flush()
    record(s, "throw sheet away", "search_effort", sheet_id, by=by, before={"place_id": str(row.place_id)})
    return {}


def sheet(s: Session, sheet_id: UUID) -> Sheet:
    """One sheet, its stops in walking order; what was removed since is left out.

    Raises:
        NotFound: no such sheet.
        NotAllowed: whoever asks may not note searches in its place.
    """
    require(actor_of(s), "record", "search_effort")
    row = s.get(AskingSheet, sheet_id)
    if row is None:
        raise NotFound(_("This sheet is no longer there. Print a new one."))
    require_at(s, actor_of(s), "record", "search_effort", row.place_id)
    here = place(s, row.place_id)
    stops, minutes = in_order(s, here, _stops(s, row.stops))
    return Sheet(
        row.id, here, tuple(stops), tuple(_looks(s, row.looks)), minutes, row.made_by,
        row.made_at.astimezone(LOCAL).date(), row.answered_on, row.version,
    )  # fmt: skip


def open_sheets(s: Session, place_id: UUID) -> list[tuple[UUID, str, date]]:
    """Sheets of a place that nobody has typed in yet, the newest first: id, who made it, when."""
    require(actor_of(s), "record", "search_effort")
    kept = select(AskingSheet).where(AskingSheet.place_id == place_id, AskingSheet.answered_on.is_(None))
    rows = s.scalars(kept.order_by(AskingSheet.made_at.desc()).limit(20))
    return [(row.id, row.made_by, row.made_at.astimezone(LOCAL).date()) for row in rows]


def _stops(s: Session, kept: Sequence[dict[str, Any]]) -> list[Question]:
    seen = {UUID(one["asset"]): int(one["version"]) for one in kept}
    shows_phone = can(actor_of(s), "see_contact", "asset")
    rows = {row.id: row for row in s.execute(records().where(Asset.id.in_(seen), Asset.merged_into.is_(None)))}
    return [
        Question(
            "check", row.category, row.name, row.category_name, check_why(row.assured_on, 0, 0), asset_id=row.id,
            version=version, address=row.address, phone=row.phone if shows_phone else "", easting=row.easting,
            northing=row.northing, assured_on=row.assured_on,
        )
        for asset_id, version in seen.items() if (row := rows.get(asset_id))
    ]  # fmt: skip


def _looks(s: Session, slugs: Sequence[str]) -> list[Question]:
    terms = term_values(s)
    found = ((slug, terms[slug]) for slug in slugs if slug in terms)
    named = ((slug, term["name_cy"] if chosen() == "cy" and term["name_cy"] else term["name"], term["theme"])
             for slug, term in found)  # fmt: skip
    return [Question("look", slug, name, theme_words(theme), "") for slug, name, theme in named]
