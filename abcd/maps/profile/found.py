"""What a profile is made of, read once: the place, its assets as the reader may see them, and its survey."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from abcd.core.clock import today
from abcd.db.session import Actor
from abcd.gaps.bulk import hidden_near
from abcd.gaps.possibilities import Survey, survey
from abcd.maps.drawing import acknowledgements, assets_of
from abcd.maps.layers import LAYERS
from abcd.maps.profile.ground import Ground, ground_of
from abcd.maps.reader import Reader
from abcd.maps.selection import Selection
from abcd.places.households import households_in
from abcd.places.queries import place as place_called
from abcd.places.records import HouseholdCount, PlaceRecord

Asset = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A place, its ``assets`` by kind and name, the ground of its map, its survey and whom all of it comes from."""

    place: PlaceRecord
    homes: HouseholdCount
    assets: tuple[Asset, ...]
    ground: Ground
    survey: Survey
    credits: tuple[str, ...]
    on: date

    def by_kind(self) -> list[tuple[str, list[Asset]]]:
        """The assets of each kind that is there."""
        return [(kind, list(found)) for kind, found in groupby(self.assets, lambda one: str(one["asset_kind"]))]


def found_of(s: Session, reference: str, *, by: Actor) -> Found:
    """Everything of a profile as the public may see it.

    Raises:
        NotFound: no such place.
    """
    here = place_called(s, reference)
    with Reader("public", ("assets",), name=by.name).reading(patient=True) as reading:
        assets = tuple(assets_of(reading, here))
        ground = ground_of(reading, here)
        credits = acknowledgements(reading, Selection(LAYERS["assets"], "public", here))
    return Found(here, households_in(s, here.id), assets, ground, told_openly(s, here), tuple(credits), today())


def told_openly(s: Session, here: PlaceRecord) -> Survey:
    """The survey of a place without what rests on something hidden, and without anybody's voice.

    To say how near something hidden is would tell that it is there (as ``maps.coverage_layers`` has it).
    """
    hidden = {category for _place, category in hidden_near(s, [here.id])}
    whole = survey(s, here.id)
    return Survey(
        tuple(one for one in whole.measures if one.standard.category not in hidden),
        [one for one in whole.possibilities if one.category not in hidden],
    )
