"""Releases: figures about people are counted, rounded, attacked and frozen, and never asked of the store again (R11).

A release is a draft until somebody publishes it; then it never changes, and what leaves are copies of it. Adding or
erasing somebody changes nothing that was published, only the next release (trust.md P8).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import today
from abcd.core.disclosure.cube import PLANS, Key, Plan, published
from abcd.core.disclosure.differencing import ENOUGH_CHANGES, Finding, Published, attack, is_enough
from abcd.core.disclosure.nesting import upwards
from abcd.core.language import _
from abcd.db.audit import last_event, once, record
from abcd.db.session import Actor
from abcd.db.tables import Release, ReleaseArea, ReleaseFigure
from abcd.errors import BadRequest
from abcd.maps.releases.areas import Areas, areas_of
from abcd.maps.releases.reading import published_cells, release_of
from abcd.maps.releases.records import Cell, ReleaseRecord, fingerprint
from abcd.people.actions import association_of
from abcd.people.counting import CATEGORIES, DIMENSIONS, changed_since, counts


@dataclass(frozen=True)
class Tried:
    """A plan, the cells that it would show, and what the attack on them found."""

    plan: Plan
    cells: dict[Key, int | None]
    finding: Finding


def make_release(s: Session, *, by: Actor, key: str | None = None, day: date | None = None) -> ReleaseRecord:
    """Count, round and attack; what withstands becomes the draft of this month, in place of an earlier draft.

    Of the plans the fullest is taken that withstands the attack on everything that was published so far.

    Raises:
        BadRequest: the month has its release, too little changed since the last one, or no plan withstands.
        NotAllowed: ``by`` may not make releases, or belongs to no association.
    """
    require(by, "make", "release")
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_make(s, by, day or today()))})
    return release_of(s, UUID(done["id"]), by=by)


def _make(s: Session, by: Actor, day: date) -> UUID:
    organisation = association_of(by)
    month, counted_to = day.replace(day=1), last_event(s)
    _refuse_too_soon(s, organisation, month)
    areas = areas_of(s, organisation)
    tried = _tried(s, organisation, areas)
    if not tried[-1].finding.withstood:
        raise BadRequest(_nothing_withstands())
    s.execute(delete(Release).where(Release.organisation_id == organisation, Release.status == "draft"))
    made = _written(s, areas, tried, month, Release(made_by=by.name, counted_to=counted_to))
    record(s, "make", "release", made.id, by=by, after={"month": month.isoformat(), "sha256": made.sha256})
    return made.id


def _written(s: Session, areas: Areas, tried: list[Tried], month: date, row: Release) -> Release:
    """The release with its areas and figures, which are copies: nothing in them points to people or places."""
    cells: list[Cell] = [(area, category, shown) for (area, category), shown in tried[-1].cells.items()]
    row.id, row.organisation_id, row.month = uuid4(), areas.whole, month
    row.plan, row.categories = tried[-1].plan.name, [one for one in CATEGORIES if one in {cell[1] for cell in cells}]
    row.sha256, row.attack = fingerprint(areas.whole, month, areas.parents.items(), cells), _told(areas, tried)
    s.add(row)
    s.flush()
    s.execute(insert(ReleaseArea), [
        {"release_id": row.id, "area_id": area, "parent_id": parent, "name": areas.names[area],
         "depth": len(upwards(areas.parents, area)) - 1}
        for area, parent in areas.parents.items()
    ])  # fmt: skip
    s.execute(insert(ReleaseFigure), [
        {"id": uuid4(), "release_id": row.id, "area_id": area, "category": category, "shown": shown}
        for area, category, shown in cells
    ])  # fmt: skip
    return row


def _refuse_too_soon(s: Session, organisation: UUID, month: date) -> None:
    mine = (Release.organisation_id == organisation) & (Release.status == "published")
    last = s.scalar(select(Release).where(mine).order_by(Release.month.desc()).limit(1))
    if last is None:
        return
    if last.month >= month:
        raise BadRequest(_("This month has its release already. The next one can be made next month."))
    if not is_enough(changed_since(s, organisation, last.counted_to)):
        raise BadRequest(
            _(
                "Fewer than {n} people came, went or changed since the last release, so a new one would tell about "
                "them. The last one goes on standing."
            ).format(n=ENOUGH_CHANGES)
        )


def _nothing_withstands() -> str:
    return _(
        "However little is shown, somebody who keeps the earlier releases could work out a small number of people. "
        "Nothing was released; the last release goes on standing. Try again next month."
    )


def _tried(s: Session, organisation: UUID, areas: Areas) -> list[Tried]:
    """Plans from the fullest on, up to the first that withstands."""
    counted: dict[Key, int] = {}
    for (place, category), n in counts(s, organisation).items():
        area = areas.holders.get(place, areas.whole)
        counted[area, category] = counted.get((area, category), 0) + n
    before = [Published(cells) for cells in published_cells(s, organisation)]
    found: list[Tried] = []
    for plan in PLANS:
        cells = published(counted, areas.parents, CATEGORIES, plan)
        finding = attack(areas.attacked, DIMENSIONS, [*before, Published(cells)], held=len(before))
        found.append(Tried(plan, cells, finding))
        if finding.withstood:
            break
    return found


def _told(areas: Areas, tried: list[Tried]) -> dict[str, Any]:
    """What the attack found, with the cells that could be told and never what they hold."""
    last = tried[-1].finding
    return {
        "unknowns": last.unknowns, "programs": last.programs, "guesses": last.guesses,
        "dropped": [{"plan": one.plan.name, "cells": _cells_told(areas, one.finding)} for one in tried[:-1]],
        "crossing": [[areas.names[one], areas.names[other]] for one, other in areas.crossing.items()],
        "small": sorted(areas.names[one] for one in areas.small),
    }  # fmt: skip


def _cells_told(areas: Areas, finding: Finding) -> list[list[str]]:
    told = {(areas.names[one.unknown.area], one.unknown.category) for one in finding.pinned}
    return [list(cell) for cell in sorted(told)]
