"""What a map on screen asks for: a box in degrees, a zoom, and the filters it shares with its list."""

from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, func, select

from abcd.core import geo
from abcd.db.tables import GRID, Asset, Term
from abcd.errors import BadRequest
from abcd.maps.within import held_by

#: Degrees round Britain and Ireland; further out, national-grid metres are nonsense.
BRITAIN = (-9.0, 49.0, 3.0, 62.0)
ZOOMS = range(3, 23)
#: Metres of a screen pixel at zoom 0 in the middle of Britain (a 256-pixel Web Mercator tile, latitude 54).
PIXEL = 156_543.0 * 0.588

Bbox = tuple[float, float, float, float]
"""West, south, east, north; degrees outside, metres inside."""


def metres_per_pixel(zoom: int) -> float:
    """Ground metres that one pixel stands for at ``zoom``."""
    return float(PIXEL / 2**zoom)


@dataclass(frozen=True)
class View:
    """A viewport: ``box`` is the envelope of its corners in metres (EPSG:27700)."""

    box: Bbox
    zoom: int

    @classmethod
    def of_degrees(cls, bbox: Bbox, zoom: int) -> "View":
        """The view of a box in degrees, clipped to Britain.

        Raises:
            BadRequest: the box is no box, or the zoom no zoom.
        """
        west, south, east, north = bbox
        if not all(map(isfinite, bbox)) or west > east or south > north or zoom not in ZOOMS:
            raise BadRequest("A map view needs bbox=west,south,east,north in degrees and a zoom from 3 to 22.")
        west, east = np.clip([west, east], BRITAIN[0], BRITAIN[2])
        south, north = np.clip([south, north], BRITAIN[1], BRITAIN[3])
        # Meridians lean on the grid: the middle of an edge may lie further out than its ends.
        lon, lat = np.meshgrid(np.linspace(west, east, 3), np.linspace(south, north, 3))
        easting, northing = geo.to_grid(lon.ravel(), lat.ravel())
        corners = easting.min(), northing.min(), easting.max(), northing.max()
        west, south, east, north = map(float, corners)
        return cls((west, south, east, north), zoom)

    @property
    def shape(self) -> ColumnElement[Any]:
        """The box for SQL."""
        return func.ST_MakeEnvelope(*self.box, GRID)

    def wider(self, by: float) -> ColumnElement[Any]:
        """The box for SQL with ``by`` of its width and height added on each side."""
        west, south, east, north = self.box
        more, higher = (east - west) * by, (north - south) * by
        return func.ST_MakeEnvelope(west - more, south - higher, east + more, north + higher, GRID)


@dataclass(frozen=True)
class Filters:
    """Which features of a view; an empty one keeps all.

    ``place`` is the id of the place that holds the assets, or that is the place itself; ``ids`` are the features of a
    list, wherever they are. ``within`` are the ids of the places outside which a reader sees nothing.
    """

    category: str = ""
    kinds: tuple[str, ...] = ()
    theme: str = ""
    place: str = ""
    ids: tuple[UUID, ...] = ()
    within: tuple[UUID, ...] = ()

    @property
    def only_squares(self) -> bool:
        """Whether counts by square can answer: they know kind, category and audience alone."""
        return not (self.place or self.within or self.ids)

    def of_columns(self, category: Any, kind: Any) -> list[ColumnElement[bool]]:
        """Conditions on a table's columns of category and kind."""
        found: list[ColumnElement[bool]] = []
        if self.category:
            found.append(category == self.category)
        if self.kinds:
            found.append(kind.in_(self.kinds))
        if self.theme:
            found.append(category.in_(select(Term.slug).where(Term.theme == self.theme)))
        return found

    def of_assets(self) -> list[ColumnElement[bool]]:
        """Conditions on the asset table."""
        found = self.of_columns(Asset.category, Asset.asset_kind)
        if self.place:
            found.append(held_by(self.place))
        if self.within:
            found.append(held_by(*self.within))
        if self.ids:
            found.append(Asset.id.in_(self.ids))
        return found
