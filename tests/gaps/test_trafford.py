"""Straight-line coverage of a real borough, as worked out on its own with geopandas: every figure the same.

738 output areas, census households; the distance from the centroid of each area's polygon to the nearest point.
"""

from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.core.geo import shapes_to_grid, to_grid
from abcd.gaps.formulas import coverage
from abcd.gaps.reach import Homes, Supply, homes_of, supplies
from abcd.gaps.records import Standard
from abcd.gaps.walk import StraightLine
from abcd.places.queries import place

METRES = StraightLine(detour=1.0, metres_per_minute=1.0)
"""A walk measured in metres of straight line, so that minutes are metres."""

LAYERS = {
    "library": "trafford_libraries.csv", "gp": "trafford_general_practices.csv",
    "community-centre": "trafford_community_hubs.csv", "park": "parks.csv", "leisure": "trafford_leisure_centres.csv",
    "public-service": "trafford_polling_stations.csv", "defibrillator": "trafford_defibrillators.csv",
    "school": "trafford_schools_and_colleges.csv",
}  # fmt: skip

#: Areas and households within 400, 800 and 1,600 m; mean and greatest metres.
EXPECTED = {
    "library": (93, 12_542, 326, 42_644, 667, 87_437, 945.4, 3316.8),
    "gp": (173, 23_075, 464, 60_890, 719, 93_832, 714.6, 3023.5),
    "community-centre": (63, 8_227, 167, 22_464, 410, 53_905, 1575.8, 3967.1),
    "park": (204, 26_640, 551, 71_971, 715, 93_373, 637.9, 2203.6),
    "leisure": (50, 6_655, 209, 27_690, 487, 64_546, 1325.2, 3599.5),
    "public-service": (456, 59_932, 703, 91_882, 737, 96_128, 366.9, 1680.7),
    "defibrillator": (507, 66_413, 700, 91_497, 737, 96_155, 350.5, 1668.6),
    "school": (458, 59_633, 701, 91_550, 738, 96_243, 375.6, 1574.8),
}

ADD_PLACES = """
insert into core.place (id, kind, reference, name, geom, point)
select gen_random_uuid(), :kind, code, code, ST_Multi(geom), ST_PointOnSurface(geom)
from unnest(cast(:codes as text[]), cast(:shapes as bytea[])) as t(code, shape)
cross join lateral (select ST_SetSRID(ST_GeomFromWKB(shape), 27700) as geom) g"""

ADD_HOUSEHOLDS = """
insert into core.households (place_id, year, measure, count)
select p.id, 2021, 'all', n from unnest(cast(:codes as text[]), cast(:counts as int[])) as t(code, n)
join core.place p on p.kind = 'oa' and p.reference = code"""

ADD_ASSETS = """
insert into core.asset (id, asset_kind, category, name, geom, point)
select gen_random_uuid(), 'institution', :category, :category, point, point
from unnest(cast(:e as float8[]), cast(:n as float8[])) as t(e, n)
cross join lateral (select ST_SetSRID(ST_MakePoint(e, n), 27700) as point) p"""


@pytest.fixture
def borough(s: Session, real_data: Path) -> UUID:
    """Trafford with its output areas, their households and eight layers of assets."""
    load_taxonomy(s)
    add_places(s, "lad", real_data / "boundaries/trafford_local_authority_full_resolution.geojson")
    add_places(s, "oa", real_data / "boundaries/trafford_oa_generalised_2021.geojson")
    tenure = pd.read_csv(real_data / "census/2021_household_tenure_oa_trafford.csv")
    counts = tenure.groupby("area_code")["value"].sum()
    s.execute(text(ADD_HOUSEHOLDS), {"codes": list(counts.index), "counts": [int(n) for n in counts]})
    for category, name in LAYERS.items():
        add_assets(s, category, real_data / "assets" / name)
    found: UUID = s.scalars(text("select id from core.place where kind = 'lad'")).one()
    return found


def add_places(s: Session, kind: str, file: Path) -> None:
    found = pyogrio.read_dataframe(file)
    shapes = shapes_to_grid(found.geometry.to_numpy(), 4326)
    s.execute(
        text(ADD_PLACES), {"kind": kind, "codes": list(found["area_code"]), "shapes": list(shapely.to_wkb(shapes))}
    )


def add_assets(s: Session, category: str, file: Path) -> None:
    found = pd.read_csv(file)
    columns = {name.lower(): name for name in found.columns}
    lon, lat = (found[next(columns[name] for name in names if name in columns)].to_numpy(float)
                for names in (("lon", "longitude"), ("lat", "latitude")))  # fmt: skip
    e, n = to_grid(lon, lat)
    s.execute(text(ADD_ASSETS), {"category": category, "e": list(map(float, e)), "n": list(map(float, n))})


def reached(s: Session, borough: UUID, homes: Homes) -> dict[str, Supply]:
    judged = [Standard(category, category, "", 400, "") for category in LAYERS]
    return supplies(s, borough, homes, judged, METRES, minutes=4000)


def figures(supply: Supply, homes: Homes) -> tuple[float, ...]:
    nearest = supply.cost.min(axis=1)
    total = homes.households.sum()
    counted: list[float] = []
    for limit in (400, 800, 1600):
        share = coverage(nearest, homes.households, limit)
        assert share is not None
        counted += [int((nearest <= limit).sum()), round(share * total)]
    return (*counted, round(float(nearest.mean()), 1), round(float(nearest.max()), 1))


def test_coverage_of_eight_layers_from_the_centroids_of_output_areas(s: Session, borough: UUID) -> None:
    homes = homes_of(s, place(s, borough))
    assert (len(homes.points), homes.households.sum()) == (738, 96_243)
    found = reached(s, borough, homes)
    for category, supply in found.items():
        *counts, mean, greatest = figures(supply, homes)
        *expected, expected_mean, expected_greatest = EXPECTED[category]
        assert (category, counts) == (category, expected)
        # The published means were converted without OSTN15, whose shift bends by centimetres across a borough.
        assert (mean, greatest) == pytest.approx((expected_mean, expected_greatest), abs=0.11)


def test_a_point_on_the_surface_of_an_area_gives_nearly_the_same(s: Session, borough: UUID) -> None:
    rows = s.execute(text("""
        select ST_X(p.point), ST_Y(p.point), h.count from core.place p join core.households h on h.place_id = p.id
        where p.kind = 'oa' order by p.id""")).all()  # fmt: skip
    table = np.array(rows, dtype=float)
    homes = Homes(table[:, :2], table[:, 2], homes_of(s, place(s, borough)).box)
    for category, supply in reached(s, borough, homes).items():
        within_800 = figures(supply, homes)[3]
        assert within_800 == pytest.approx(EXPECTED[category][3], rel=0.05)
        assert within_800 != 0
