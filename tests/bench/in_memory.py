"""The questions of one place page, asked of frames in memory with geopandas: what we are compared with."""

from dataclasses import dataclass
from math import log

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import create_engine

NEAR_METRES = 30 * 66.7 / 1.3
WITHIN_METRES = 15 * 66.7 / 1.3


@dataclass
class Frames:
    """Everything in memory, with its spatial indexes built."""

    assets: gpd.GeoDataFrame
    estates: gpd.GeoDataFrame
    homes: gpd.GeoDataFrame
    everyday: list[str]


def load(url: str) -> Frames:
    """Read the whole store; not part of the time of any question."""
    engine = create_engine(url)
    assets = gpd.read_postgis(
        "select id::text, name, category, asset_kind, assured_on, confidence, point as geom from core.asset", engine
    )
    estates = gpd.read_postgis("select reference, households, geom from core.place where kind = 'estate'", engine)
    homes = gpd.read_postgis(
        "select h.count as households, ST_Centroid(p.geom) as geom from core.place p join core.households h "
        "on h.place_id = p.id and h.measure = 'all'", engine)  # fmt: skip
    everyday = list(pd.read_sql("select slug from core.term where is_everyday", engine)["slug"])
    for frame in (assets, estates, homes):
        _ = frame.sindex
    return Frames(assets, estates.set_index("reference", drop=False), homes, everyday)


def strengths(frames: Frames, reference: str) -> int:
    """The assets inside, by kind, the most trusted first."""
    inside = within(frames.assets, frames.estates.geometry[reference])
    best = inside.sort_values(["confidence", "assured_on"], ascending=False).groupby("asset_kind").head(6)
    return len(best)


def possibilities(frames: Frames, reference: str) -> float:
    """Coverage, median and nearest of each everyday category, and how ten similar estates fare."""
    estate = frames.estates.geometry[reference]
    homes = within(frames.homes, estate)
    near = frames.assets.iloc[frames.assets.sindex.query(shapely.box(*estate.buffer(NEAR_METRES).bounds))]
    by_category = dict(list(near.groupby("category", observed=True)))
    covered = 0.0
    for category in frames.everyday:
        if category in by_category and len(homes):
            apart = shapely.distance(
                np.asarray(homes.geometry)[:, None], np.asarray(by_category[category].geometry)[None, :]
            ).min(axis=1)
            covered += homes["households"][apart <= WITHIN_METRES].sum() / homes["households"].sum()
    return covered + sum(_fare(frames, alike) for alike in similar(frames, reference))


def similar(frames: Frames, reference: str) -> list[str]:
    """The ten estates nearest in households."""
    households = frames.estates["households"].clip(lower=1)
    apart = (np.log(households) - log(max(households[reference], 1))).abs()
    return list(apart.drop(reference).nsmallest(10).index)


def _fare(frames: Frames, reference: str) -> int:
    estate = frames.estates.geometry[reference]
    near = frames.assets.iloc[frames.assets.sindex.query(estate, predicate="dwithin", distance=WITHIN_METRES)]
    return int(near["category"].isin(frames.everyday).sum())


def connections(frames: Frames, reference: str) -> int:
    """Pairs of groups of one category within fifteen minutes of each other."""
    estate = frames.estates.geometry[reference]
    near = frames.assets.iloc[frames.assets.sindex.query(shapely.box(*estate.buffer(WITHIN_METRES).bounds))]
    groups = near[near["asset_kind"] == "association"]
    points = np.asarray(groups.geometry)
    apart = shapely.distance(points[:, None], points[None, :])
    same = groups["category"].to_numpy()[:, None] == groups["category"].to_numpy()[None, :]
    return int((same & (apart <= WITHIN_METRES)).sum())


def counts(frames: Frames, reference: str) -> int:
    """Freshness by category of the assets inside."""
    inside = within(frames.assets, frames.estates.geometry[reference])
    return len(inside.groupby("category", observed=True)["assured_on"].agg(["count", "min", "max"]))


def on_map(frames: Frames, reference: str) -> int:
    """GeoJSON of the assets in a view round the estate, in degrees."""
    view = shapely.box(*frames.estates.geometry[reference].buffer(600).bounds)
    seen = frames.assets.iloc[frames.assets.sindex.query(view)]
    return len(seen.drop(columns="assured_on").to_crs(4326).to_json())


def find(frames: Frames, reference: str) -> int:
    """The fifty assets with a word in their name nearest to the estate."""
    named = frames.assets[frames.assets["name"].str.contains("library", case=False, regex=False)]
    apart = shapely.distance(np.asarray(named.geometry), frames.estates.geometry[reference])
    return len(named.iloc[np.argsort(apart)[:50]])


def within(frame: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    """The rows of ``frame`` that lie in ``area``."""
    return frame.iloc[frame.sindex.query(area, predicate="covers")]
