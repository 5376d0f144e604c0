"""The coverage clock: in which of the 21 parts of a week is nothing on near homes, and for whom (product.md D.2, 6).

A part without anything *known* to be open is a gap only as far as opening times are known: ``timed`` of ``things``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.hours import read_hours
from abcd.core.hours_week import parts_named, week_of
from abcd.gaps.ground import Ground, ground_of
from abcd.gaps.needs import meets
from abcd.gaps.records import Standard

PARTS = 21
FOR_WHOM = ("free", "step_free", "open_to_new")
"""What is said of the things that are on: how many of them are known to be so."""

HOURS = text("select id, opening_hours, open_grid from core.asset where id = any(:ids)")


@dataclass(frozen=True)
class ClockCell:
    """One part of one day: ``day`` 0 is Monday, ``part`` 0 morning, 1 afternoon, 2 evening.

    ``things`` are on then within the threshold of some home, for ``hours`` in an ordinary week all together; ``share``
    of households has one near, None when households are not known. ``for_whom`` counts those that are known to be
    ``free``, ``step_free``, ``open_to_new``; ``themes`` names the themes that have something on.
    """

    day: int
    part: int
    things: int
    hours: float
    share: float | None
    for_whom: dict[str, int]
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Clock:
    """A week of a place: of everything, or of one ``theme`` or ``category`` (then named; else empty).

    ``things`` are near, of which opening times are known of ``timed``; 21 ``cells``, Monday morning first.
    """

    theme: str
    category: str
    things: int
    timed: int
    cells: tuple[ClockCell, ...]
    walk: str

    @property
    def gaps(self) -> tuple[ClockCell, ...]:
        """The parts of the week in which nothing is known to be on."""
        return tuple(cell for cell in self.cells if not cell.things)

    @property
    def is_question(self) -> bool:
        """Whether of most things nobody knows when they are open, so that a gap is a question first."""
        return 2 * self.timed < self.things or not self.things


@dataclass(frozen=True)
class _Week:
    """The things near some home: which home has each near (homes, things), when it is on and for how long."""

    near: NDArray[np.bool_]
    is_on: NDArray[np.bool_]
    hours: NDArray[np.float64]
    is_timed: NDArray[np.bool_]
    rows: Sequence[Any]
    themes: NDArray[np.str_]
    categories: NDArray[np.str_]


def clock(
    s: Session, place_id: UUID, theme: str = "", category: str = "", profile: str = "standard", on: date | None = None
) -> Clock:
    """The week of everything near a place's homes, or of one theme or category of it.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile.
    """
    ground = ground_of(s, place_id, profile, on, (category,) if category else ())
    return _clock(ground, _week(s, ground), theme, category)


def clocks(s: Session, place_id: UUID, profile: str = "standard", on: date | None = None) -> list[Clock]:
    """The week of everything, then of each theme that has a category here, from one search.

    Raises:
        NotFound, BadRequest: as ``clock``.
    """
    return clocks_of(s, ground_of(s, place_id, profile, on))


def clocks_of(s: Session, ground: Ground) -> list[Clock]:
    """As ``clocks`` from what was found round a place."""
    week = _week(s, ground)
    themes = dict.fromkeys(standard.theme for standard in ground.judged)
    return [_clock(ground, week, theme, "") for theme in ("", *themes)]


def _week(s: Session, ground: Ground) -> _Week:
    parts = [_near_of(ground, standard) for standard in ground.judged]
    rows = [row for found, _near in parts for row in found]
    told = {row.id: row for row in s.execute(HOURS, {"ids": [row.id for row in rows]})}
    times = [_times(told.get(row.id)) for row in rows]
    near = [near for _found, near in parts]
    counts = [len(found) for found, _near in parts]
    return _Week(
        near=np.hstack(near) if near else np.zeros((len(ground.homes.points), 0), dtype=bool),
        is_on=np.array([on for on, _hours in times], dtype=bool).reshape(-1, PARTS),
        hours=np.array([hours for _on, hours in times], dtype=float).reshape(-1, PARTS),
        is_timed=np.array([any(on) for on, _hours in times], dtype=bool),
        rows=rows,
        themes=np.repeat([standard.theme for standard in ground.judged], counts),
        categories=np.repeat([standard.category for standard in ground.judged], counts),
    )


def _near_of(ground: Ground, standard: Standard) -> tuple[list[Any], NDArray[np.bool_]]:
    """The things of a category near some home or serving the place, and for which homes."""
    supply, near = ground.found[standard.category], ground.near(standard)
    near = near | supply.serving  # what serves a place comes to all of it
    some: NDArray[np.bool_] = np.asarray(near.any(axis=0))
    return [row for row, is_near in zip(supply.rows, some, strict=True) if is_near], near[:, some]


def _times(row: Any) -> tuple[list[bool], list[float]]:
    """In which parts an asset is on, and for how many hours; in none where its times are not known."""
    rules = read_hours(row.opening_hours).rules if row else ()
    hours = week_of(rules)
    bits = parts_named(rules) | ((row.open_grid or 0) if row else 0)
    return [bool(bits >> part & 1) for part in range(PARTS)], hours


def _clock(ground: Ground, week: _Week, theme: str, category: str) -> Clock:
    wanted = (week.themes == theme) | (not theme)
    wanted &= (week.categories == category) | (not category)
    cells = tuple(_cell(ground, week, wanted & week.is_on[:, part], part) for part in range(PARTS))
    return Clock(theme, category, int(wanted.sum()), int((wanted & week.is_timed).sum()), cells, ground.walk.words())


def _cell(ground: Ground, week: _Week, is_on: NDArray[np.bool_], part: int) -> ClockCell:
    rows = [week.rows[int(at)] for at in np.flatnonzero(is_on)]
    return ClockCell(
        day=part // 3,
        part=part % 3,
        things=len(rows),
        hours=float(week.hours[is_on, part].sum()),
        share=ground.share(np.asarray(week.near[:, is_on].any(axis=1))),
        for_whom={need: sum(meets(row, (need,)) for row in rows) for need in FOR_WHOM},
        themes=tuple(dict.fromkeys(map(str, week.themes[is_on]))),
    )
