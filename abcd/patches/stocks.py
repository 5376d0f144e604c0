"""Where the homes of a place are: its stock list, or its small areas' households spread along the streets."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.core.text import tidy
from abcd.gaps.streets.loaded import in_use, streets
from abcd.patches.areas import SHAPES
from abcd.patches.net import Numbers, Places
from abcd.places.dwellings import dwellings_in
from abcd.places.households import small_areas
from abcd.places.records import PlaceRecord

#: The middle of every stretch of street in a place, with its length.
STRETCHES = text("""
with bit as (
  select street.a, street.b, street.metres, ST_LineInterpolatePoint(street.geom, 0.5) as middle
  from core.place whole join core.street street on street.geom && whole.geom
  where whole.id = :place_id and street.map_id = :map_id
)
select bit.a, bit.b, bit.metres, ST_X(middle) as easting, ST_Y(middle) as northing
from bit join core.place whole on whole.id = :place_id and ST_Covers(whole.geom, middle) order by bit.a, bit.b""")


@dataclass(frozen=True)
class Points:
    """Homes as points, all (n,) but ``at`` (n, 2) in metres.

    ``load`` is households times workload; ``called`` numbers the name of a home's street or, where it has none, the
    stretch between two junctions that it lies on; below 0 nothing is known. ``street`` is the name, or empty.
    """

    at: Numbers
    households: Numbers
    load: Numbers
    called: Places
    street: tuple[str, ...]
    member: tuple[str, ...]


def dwellings(s: Session, place: PlaceRecord) -> Points | None:
    """The dwellings of a place, or its postcodes with households; ``None`` where neither is known."""
    found = dwellings_in(s, place.id)
    found = found[found["households"] > 0].reset_index(drop=True)
    if found.empty:
        return None
    at = found[["easting", "northing"]].to_numpy(dtype=np.float64)
    names = tuple(tidy(name) for name in found["street"])
    households = found["households"].to_numpy(dtype=np.float64)
    load = households * found["workload"].to_numpy(dtype=np.float64)
    return Points(at, households, load, _called(s, place, at, names), names, tuple(found["reference"]))


def along_streets(s: Session, place: PlaceRecord) -> Points | None:
    """The households of the small areas of a place, spread evenly along the streets in each.

    ``None`` where no map of streets is loaded. Households of an area without a street stand at its middle.
    """
    used, areas = in_use(s, place.box), small_areas(s, place.id)
    if used is None or areas.empty:
        return None
    rows = s.execute(STRETCHES, {"place_id": place.id, "map_id": used[0]})
    bits = pd.DataFrame(rows.all(), columns=list(rows.keys()))
    wkb = {row.id: bytes(row.wkb) for row in s.execute(text(SHAPES), {"ids": list(areas["place_id"])})}
    shapes = shapely.from_wkb([wkb[each] for each in areas["place_id"]])
    bit, area = shapely.STRtree(shapes).query(shapely.points(bits["easting"], bits["northing"]), predicate="within")
    bit, first = np.unique(bit, return_index=True)
    bits, area = bits.iloc[bit], area[first]
    metres = bits["metres"].to_numpy(dtype=np.float64)
    given = areas["households"].to_numpy(dtype=np.float64)
    share = metres / np.bincount(area, metres, len(areas))[area]
    bare = np.setdiff1d(np.flatnonzero(given), area)
    at = np.concatenate([bits[["easting", "northing"]].to_numpy(), areas[["easting", "northing"]].to_numpy()[bare]])
    households = np.concatenate([share * given[area], given[bare]])
    member = (*(f"{a}-{b}" for a, b in zip(bits["a"], bits["b"], strict=True)), *map(str, areas["place_id"].iloc[bare]))
    names = ("",) * len(at)
    return Points(at, households, households, _called(s, place, at, names), names, member)


def _called(s: Session, place: PlaceRecord, at: Numbers, names: tuple[str, ...]) -> Places:
    """A number for the street of each home: by its name, else by the stretch of the street map that it lies on."""
    called = np.unique([name.casefold() for name in names], return_inverse=True)[1].astype(np.int64)
    bare = np.flatnonzero([not name for name in names])
    called[bare] = -1
    used = in_use(s, place.box) if len(bare) else None
    if used is not None:
        loaded = streets(s, *used)
        node = loaded.nearest(at[bare])[0]
        stretch = np.asarray(loaded.network.stretch[node], dtype=np.int64)
        # A home nearest to a junction has no stretch of its own: the junction is its street.
        own = np.where(stretch >= 0, stretch, len(loaded.network.metres) + node)
        called[bare] = len(names) + own
    return called
