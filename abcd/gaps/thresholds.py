"""What counts as near enough in one place: set it with its source, or go back to what counts everywhere (D.4)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.assets.taxonomy import term_values
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import once, record
from abcd.db.session import Actor
from abcd.db.tables import Place, PlaceThreshold
from abcd.errors import BadRequest, Conflict, NotFound, VersionMissing

WALKS = (1.0, 30.0)
METRES = (50.0, 5_000.0)
LEAST_AREA, MOST_AREA = 100.0, 10_000_000.0
VALUES = ("minutes", "metres", "minimum_area_m2", "source")


@dataclass(frozen=True)
class ThresholdDraft:
    """A walk of ``minutes``; or for a green space ``metres`` from the edge of one of ``minimum_area_m2``.

    ``source`` says who wants it so: a council's plan, a residents' meeting.
    """

    source: str
    minutes: float | None = None
    metres: float | None = None
    minimum_area_m2: float | None = None


def set_threshold(
    s: Session, place_id: UUID, category: str, draft: ThresholdDraft, *, by: Actor, version: int | None = None,
    key: str | None = None,
) -> None:  # fmt: skip
    """Judge a category by ``draft`` in this place; ``version`` is that of the threshold it replaces, None for a first.

    Raises:
        BadRequest: no source, a value that cannot be, or a category that is not judged by it.
        NotFound: no such place or category.
        VersionMissing, Conflict: the place has a threshold of its own already, and it is not the one that was seen.
        NotAllowed: ``by`` may not set thresholds, or not in this place.
    """
    require_at(s, by, "edit", "threshold", place_id)
    once(s, key or str(uuid4()), by, lambda: _set(s, place_id, category, draft, by, version))


def _set(
    s: Session, place_id: UUID, category: str, draft: ThresholdDraft, by: Actor, version: int | None
) -> dict[str, Any]:
    told = _checked(s, place_id, category, draft)
    row = _own(s, place_id, category)
    before = None if row is None else {name: getattr(row, name) for name in VALUES}
    if row is None:
        if version is not None:
            raise NotFound(_("This place has no threshold of its own any more. Look again and set it anew."))
        row = PlaceThreshold(place_id=place_id, category=category, version=1)
        s.add(row)
    else:
        _same_version(row, version, told)
        row.version += 1
    for name, value in (told | {"set_by": by.name}).items():
        setattr(row, name, value)
    s.flush()
    record(s, "set threshold", "place", place_id, by=by, before=before, after=told | {"category": category})
    return {"version": row.version}


def forget_threshold(
    s: Session, place_id: UUID, category: str, *, by: Actor, version: int | None, key: str | None = None
) -> None:
    """Go back to what counts everywhere.

    Raises:
        NotFound: the place has no threshold of its own for this category.
        VersionMissing, Conflict: it is not the one that was seen.
        NotAllowed: ``by`` may not set thresholds, or not in this place.
    """
    require_at(s, by, "edit", "threshold", place_id)
    once(s, key or str(uuid4()), by, lambda: _forget(s, place_id, category, by, version))


def _forget(s: Session, place_id: UUID, category: str, by: Actor, version: int | None) -> dict[str, Any]:
    row = _own(s, place_id, category)
    if row is None:
        raise NotFound(_("This place has no threshold of its own any more. What counts everywhere is in use."))
    _same_version(row, version, {})
    before = {name: getattr(row, name) for name in VALUES}
    s.delete(row)
    s.flush()
    record(s, "forget threshold", "place", place_id, by=by, before=before, after={"category": category})
    return {}


def _own(s: Session, place_id: UUID, category: str) -> PlaceThreshold | None:
    found = select(PlaceThreshold).where(PlaceThreshold.place_id == place_id, PlaceThreshold.category == category)
    return s.scalar(found.with_for_update().execution_options(populate_existing=True))


def _same_version(row: PlaceThreshold, version: int | None, ours: dict[str, Any]) -> None:
    if version is None:
        raise VersionMissing("This edit does not say which version it was made from. Reload the record and try again.")
    if row.version != version:
        theirs = {name: getattr(row, name) for name in ours}
        raise Conflict("Somebody else changed this record while you were editing it.", theirs, ours)


def _checked(s: Session, place_id: UUID, category: str, draft: ThresholdDraft) -> dict[str, Any]:
    """The values to keep; a green space by its edge and size, everything else by a walk."""
    term = term_values(s).get(category)
    if s.get(Place, place_id) is None or term is None or term["parent"] is None:
        raise NotFound("This place or category is not in the store. Reload the page and choose again.")
    if not tidy(draft.source):
        raise BadRequest(_("Say who wants it so: a council’s plan, a residents’ meeting, your own judgement."))
    if is_by_edge(term):
        return {"minutes": None, "source": tidy(draft.source)} | _edge(draft)
    if draft.minutes is None or not WALKS[0] <= draft.minutes <= WALKS[1]:
        raise BadRequest(_("A walk is between {low:g} and {high:g} minutes.").format(low=WALKS[0], high=WALKS[1]))
    return {"minutes": draft.minutes, "metres": None, "minimum_area_m2": None, "source": tidy(draft.source)}


def _edge(draft: ThresholdDraft) -> dict[str, float]:
    metres, area = draft.metres, draft.minimum_area_m2
    if metres is None or not METRES[0] <= metres <= METRES[1]:
        raise BadRequest(_("It is between {low:g} and {high:g} metres.").format(low=METRES[0], high=METRES[1]))
    if area is None or not LEAST_AREA <= area <= MOST_AREA:
        raise BadRequest(_("A green space has between {low:g} and {high:g} hectares.").format(
            low=LEAST_AREA / 10_000, high=MOST_AREA / 10_000))  # fmt: skip
    return {"metres": metres, "minimum_area_m2": area}


def is_by_edge(term: dict[str, Any]) -> bool:
    """Whether a category is judged by a straight line from the edge of a green space of some size."""
    return term["minimum_area_m2"] is not None
