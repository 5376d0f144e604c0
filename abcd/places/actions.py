"""Add, edit and end a place, drawn on the map or given by a boundary."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require, require_at
from abcd.access.scope import places_of_place
from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import slug
from abcd.db.audit import for_edit, once, record
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import PLACE_KINDS, Person, Place
from abcd.errors import BadRequest
from abcd.places.parents import relate
from abcd.places.queries import place
from abcd.places.records import PlaceRecord
from abcd.places.shapes import drawn_boundary, points_inside, stored

EDITABLE = ("name", "name_cy", "aliases", "gss_code", "households", "population",
            "denominators_source", "denominators_year", "start_date")  # fmt: skip


@dataclass(frozen=True)
class PlaceDraft:
    """What a person gives of a new place. ``boundary`` is a GeoJSON polygon in degrees."""

    name: str
    boundary: str | dict[str, Any]
    kind: str = "resident_drawn"
    reference: str = ""
    vintage: str = ""
    households: int | None = None
    denominators_source: str = ""
    denominators_year: int | None = None


def add_place(s: Session, draft: PlaceDraft, *, by: Actor, key: str | None = None) -> PlaceRecord:
    """A new place; its assets and parents follow at once.

    Raises:
        BadRequest: no name, an unknown kind, or a boundary without an area.
    """
    require(by, "add", "place")
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_add(s, draft, by))})
    return place(s, UUID(done["id"]))


def _add(s: Session, draft: PlaceDraft, by: Actor) -> UUID:
    if not draft.name.strip():
        raise BadRequest("A place needs a name. What do the people who live there call it?")
    if draft.kind not in PLACE_KINDS:
        raise BadRequest(f"“{draft.kind}” is not a kind of place. Choose one of: {', '.join(PLACE_KINDS)}.")
    shape = drawn_boundary(draft.boundary)
    new = uuid4()
    row = Place(
        id=new, kind=draft.kind, name=draft.name.strip(), vintage=draft.vintage, drawn=True,
        reference=draft.reference.strip() or f"{slug(draft.name)}-{new.hex[:6]}",
        households=draft.households, denominators_source=draft.denominators_source,
        denominators_year=draft.denominators_year, start_date=today(), **_shape_columns(shape),
    )  # fmt: skip
    s.add(row)
    s.flush()
    record(s, "add", "place", new, by=by, after={"name": row.name, "kind": row.kind, "boundary": shape.wkt})
    _follow(s, new)
    require_at(s, by, "add", "place", new)
    return new


def edit_place(
    s: Session,
    place_id: UUID,
    changes: dict[str, Any],
    *,
    version: int | None,
    by: Actor,
    boundary: str | dict[str, Any] | None = None,
    key: str | None = None,
) -> PlaceRecord:
    """Change named columns and, when given, the boundary (GeoJSON polygon in degrees).

    Raises:
        BadRequest: a column that may not be edited, an empty name, a boundary without an area.
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    require_at(s, by, "edit", "place", place_id)
    once(s, key or str(uuid4()), by, lambda: _edit(s, place_id, changes, version, by, boundary))
    return place(s, place_id)


def _edit(
    s: Session, place_id: UUID, changes: dict[str, Any], version: int | None, by: Actor, boundary: Any
) -> dict[str, Any]:
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise BadRequest(f"These cannot be changed here: {', '.join(sorted(unknown))}.")
    if not str(changes.get("name", "x")).strip():
        raise BadRequest("A place needs a name.")
    shape = drawn_boundary(boundary) if boundary else None
    row = for_edit(s, Place, place_id, version, changes)
    before = _plain({name: getattr(row, name) for name in changes})
    for name, value in (changes | (_shape_columns(shape) if shape else {})).items():
        setattr(row, name, value)
    s.flush()
    after = _plain(changes) | ({"boundary": shape.wkt} if shape else {})
    record(s, "edit", "place", place_id, by=by, before=before, after=after)
    if shape:
        _follow(s, place_id)
        # Where the new edge lies, the place itself not counted: nobody draws their own place larger.
        larger = places_of_place(s, place_id) - {str(place_id)}
        require(by, "edit", "place", larger if by.places else None)
    return {"id": str(place_id)}


def end_place(s: Session, place_id: UUID, reason: str, *, version: int | None, by: Actor) -> None:
    """A place that is no more: it keeps its history and leaves lists, maps and assignment.

    Raises:
        BadRequest: no reason was given, or people belong to it, whom no page of a place would know any more.
        Conflict, VersionMissing, NotFound: as ``abcd.db.audit.for_edit``.
    """
    require_at(s, by, "end", "place", place_id)
    if not reason.strip():
        raise BadRequest("Say why this place ends, so that its history can be read later.")
    theirs = select(Person.id).where(Person.place_id == place_id, Person.status != "anonymised")
    if s.scalar(theirs.limit(1)):
        raise BadRequest(_("People belong to this place. Say for each of them where they belong now, then end it."))
    row = for_edit(s, Place, place_id, version, {"end_date": today()})
    row.end_date = today()
    s.flush()
    ended = {"end_date": str(today()), "reason": reason}
    record(s, "end", "place", place_id, by=by, before={"end_date": None}, after=ended)
    _follow(s, place_id)


def _shape_columns(shape: Any) -> dict[str, Any]:
    return {"geom": stored(shape), "point": stored(points_inside(shape))}


def _follow(s: Session, place_id: UUID) -> None:
    assign(s, place_ids=[place_id])
    relate(s, [place_id])


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, (int, list, type(None))) else str(value) for name, value in values.items()}
