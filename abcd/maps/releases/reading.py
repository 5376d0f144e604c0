"""The releases of an association, their figures, and the attack on all of them once more."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from abcd.access import can, require
from abcd.core.disclosure.cube import Cells
from abcd.core.disclosure.differencing import Finding, Published, attack
from abcd.db.session import Actor
from abcd.db.tables import Release, ReleaseArea, ReleaseFigure
from abcd.errors import BadRequest, NotFound
from abcd.maps.releases.areas import areas_of
from abcd.maps.releases.records import AreaRecord, FigureRecord, ReleaseRecord, fingerprint
from abcd.people.actions import association_of
from abcd.people.counting import CATEGORIES, DIMENSIONS

UNKNOWN = "There is no such release. Name one by its month, as 2026-11."


def releases(s: Session, *, by: Actor) -> list[ReleaseRecord]:
    """The releases of ``by``'s association, the newest first; a draft, if there is one, before them.

    Raises:
        NotAllowed: ``by`` may not look at releases, or belongs to no association.
    """
    require(by, "view", "release")
    rows = s.scalars(_of(association_of(by)).order_by(Release.status, Release.month.desc()))
    return [_record(s, row, by) for row in rows]


def release(s: Session, name: str, *, by: Actor) -> ReleaseRecord:
    """The release of a month (``2026-11``), the newest published one (``""``), or the draft (``draft``).

    Raises:
        NotFound: there is none.
        NotAllowed: as ``releases``.
    """
    require(by, "view", "release")
    mine = _of(association_of(by))
    if name == "draft":
        wanted = mine.where(Release.status == "draft")
    else:
        wanted = mine.where(Release.status == "published", *([Release.month == month_called(name)] if name else []))
    row = s.scalar(wanted.order_by(Release.month.desc()).limit(1))
    if row is None:
        raise NotFound(UNKNOWN)
    return _record(s, row, by)


def release_of(s: Session, release_id: UUID, *, by: Actor) -> ReleaseRecord:
    """The release of this id.

    Raises:
        NotFound: ``by``'s association has none.
        NotAllowed: as ``releases``.
    """
    return _record(s, row_of(s, release_id, by=by), by)


def row_of(s: Session, release_id: UUID, *, by: Actor) -> Release:
    """The row of a release, for actions.

    Raises:
        NotFound, NotAllowed: as ``release_of``.
    """
    require(by, "view", "release")
    row = s.scalar(_of(association_of(by)).where(Release.id == release_id))
    if row is None:
        raise NotFound(UNKNOWN)
    return row


def figures(s: Session, release_id: UUID, *, by: Actor) -> list[FigureRecord]:
    """Every figure of a release as it leaves, the outer areas first.

    Raises:
        NotFound, NotAllowed: as ``release_of``.
    """
    found = row_of(s, release_id, by=by)
    here = {one.id: one for one in areas(s, found.id)}
    cells = select(ReleaseFigure.area_id, ReleaseFigure.category, ReleaseFigure.shown)
    rows = s.execute(cells.where(ReleaseFigure.release_id == found.id)).all()
    order = {category: at for at, category in enumerate(CATEGORIES)}
    told = [FigureRecord(here[area], category, shown) for area, category, shown in rows]
    return sorted(told, key=lambda one: (one.area.depth, one.area.name, str(one.area.id), order.get(one.category, 99)))


def areas(s: Session, release_id: UUID) -> list[AreaRecord]:
    """The areas of a release."""
    columns = [getattr(ReleaseArea, name) for name in ("area_id", "parent_id", "depth", "name")]
    return [AreaRecord(*row) for row in s.execute(select(*columns).where(ReleaseArea.release_id == release_id))]


def attack_again(s: Session, *, by: Actor) -> Finding:
    """The attack on every release that was ever published, together.

    Raises:
        NotAllowed: ``by`` may not make releases.
    """
    require(by, "make", "release")
    organisation = association_of(by)
    told = [Published(cells) for cells in published_cells(s, organisation)]
    return attack(areas_of(s, organisation).attacked, DIMENSIONS, told)


def published_cells(s: Session, organisation: UUID) -> list[Cells]:
    """The figures of every published release of an association, the oldest first."""
    cells: dict[date, dict[Any, int | None]] = {}
    rows = select(Release.month, ReleaseFigure.area_id, ReleaseFigure.category, ReleaseFigure.shown)
    joined = rows.join(ReleaseFigure, ReleaseFigure.release_id == Release.id)
    mine = (Release.organisation_id == organisation) & (Release.status == "published")
    for month, area, category, shown in s.execute(joined.where(mine).order_by(Release.month)):
        cells.setdefault(month, {})[area, category] = shown
    return list(cells.values())


def month_called(name: str) -> date:
    """The first day of a month named as ``2026-11``.

    Raises:
        BadRequest: it is no month.
    """
    try:
        return date.fromisoformat(f"{name}-01")
    except ValueError as error:
        raise BadRequest(UNKNOWN) from error


def _of(organisation: UUID) -> Select[Release]:
    return select(Release).where(Release.organisation_id == organisation)


def _record(s: Session, row: Release, by: Actor) -> ReleaseRecord:
    """A row as a record; cells that could be told are for those who make releases alone."""
    found = row.attack if can(by, "make", "release") else {**row.attack, "dropped": _unnamed(row.attack)}
    made = ReleaseRecord(row.id, row.month, row.status, row.plan, tuple(row.categories), row.sha256, row.made_by,
                         row.published_by, found)  # fmt: skip
    return replace(made, is_whole=_fingerprint(s, row) == row.sha256)


def _unnamed(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"plan": one["plan"], "cells": []} for one in told.get("dropped", [])]


def _fingerprint(s: Session, row: Release) -> str:
    cells = select(ReleaseFigure.area_id, ReleaseFigure.category, ReleaseFigure.shown)
    rows = s.execute(cells.where(ReleaseFigure.release_id == row.id)).all()
    return fingerprint(row.organisation_id, row.month, ((one.id, one.parent_id) for one in areas(s, row.id)), rows)
