"""One place looked at closely: its week, its coverage by minutes, its strengths and what is shared, from one search."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from abcd.gaps.clock import Clock, clocks_of
from abcd.gaps.curve import Curve, curve_of
from abcd.gaps.filters import filtered_of
from abcd.gaps.ground import Ground, ground_of
from abcd.gaps.measures import whole_measures
from abcd.gaps.needs import NEEDS
from abcd.gaps.records import Measure, Standard
from abcd.gaps.strength import Strength, strength_of

CURVES: dict[str, tuple[str, ...]] = {
    "any": (), "step_free": ("step_free",), "free": ("free",), "open_to_new": ("open_to_new",),
}  # fmt: skip
"""What a thing must surely be, by the name of the line that is drawn of it."""


@dataclass(frozen=True)
class Reached:
    """A category's coverage by minutes, one curve a name of ``CURVES``, and by which ``standard`` it is judged.

    ``near`` is the share of homes within the standard of ``any``, and of one that surely meets each need of
    ``gaps.needs`` or language that something near is held in; empty where households are not known.
    """

    standard: Standard
    curves: dict[str, Curve]
    near: dict[str, float]


@dataclass(frozen=True)
class CloserLook:
    """Everything that the page shows of one place at one pace."""

    clocks: tuple[Clock, ...]
    reached: tuple[Reached, ...]
    strength: Strength
    measures: tuple[Measure, ...]
    walk: str


def closer_look(s: Session, place_id: UUID, profile: str = "standard", on: date | None = None) -> CloserLook:
    """A place looked at closely.

    Raises:
        NotFound: no such place.
        BadRequest: an unknown profile.
    """
    ground = ground_of(s, place_id, profile, on)
    return CloserLook(
        clocks=tuple(clocks_of(s, ground)),
        reached=tuple(_reached(ground, standard) for standard in ground.judged),
        strength=strength_of(s, ground),
        measures=tuple(whole_measures(s, ground)),
        walk=ground.walk.words(),
    )


def _reached(ground: Ground, standard: Standard) -> Reached:
    every = {name: curve_of(ground, standard, needs) for name, needs in CURVES.items()}
    every_one = ground.share(np.asarray(ground.near(standard).any(axis=1)))
    near = {} if every_one is None else {"any": every_one} | dict.fromkeys(NEEDS, 0.0)
    near |= {one.need: one.coverage for one in filtered_of(ground, standard)}
    return Reached(standard, every, near)
