"""The registry: nothing leaves as a map or a file except through one of these layers."""

from dataclasses import replace

from sqlalchemy import func, select

from abcd.db.tables import Asset, Place, Term
from abcd.errors import NotFound
from abcd.maps.asset_layer import ASSETS
from abcd.maps.barrier_layers import BARRIERS, CROSSINGS
from abcd.maps.coverage_layers import COVERAGE, GAPS
from abcd.maps.kind_layers import ACTIVITIES, GROUPS, VENUES
from abcd.maps.layer import AUDIENCES, Column, Layer, reaches
from abcd.maps.people_layer import PEOPLE
from abcd.maps.place_layer import PLACES

__all__ = ["AUDIENCES", "BASE", "LAYERS", "Column", "Layer", "layer", "reaches"]

GREEN = select(Term.slug).where(Term.parent == "green-and-play")

BOUNDARIES = replace(
    PLACES,
    name="boundaries",
    title="Boundaries",
    says="Councils and wards, to find one's way by.",
    shown=Place.kind.in_(("lad", "ward")),
)
GREENS = replace(
    ASSETS,
    name="greens",
    title="Green spaces and play areas with a shape",
    says="Parks, pitches and gardens whose outline is known.",
    columns=tuple(column for column in ASSETS.columns if column.name in ("name", "category")),
    # Spelt as in ix_asset_category_geom.
    shown=ASSETS.shown & (func.ST_Dimension(Asset.geom) == 2) & Asset.category.in_(GREEN),
    min_zoom=10,
)
GREEN_PLACES = replace(
    PLACES, name="greenspace-places", title="Greenspace", shown=Place.kind == "greenspace", min_zoom=10
)
PATCHES = replace(
    PLACES,
    name="patches",
    title="Patches",
    says="The areas of neighbourhood coaches, of about 175 households each.",
    shown=Place.kind == "patch",
    audience="partner",
    min_zoom=11,
)
WATER = replace(PLACES, name="water", title="Water", shown=Place.kind == "water", min_zoom=8)
STREETS = replace(PLACES, name="streets", title="Streets", shown=Place.kind == "street", min_zoom=14)

#: Layers that are a map's quiet background, and no collection or file of their own.
BACKGROUND = ("boundaries", "greens", "greenspace-places", "water", "streets")

LAYERS: dict[str, Layer] = {
    one.name: one
    for one in (
        ASSETS,
        VENUES,
        GROUPS,
        ACTIVITIES,
        PLACES,
        PATCHES,
        COVERAGE,
        GAPS,
        PEOPLE,
        BARRIERS,
        CROSSINGS,
        BOUNDARIES,
        GREENS,
        GREEN_PLACES,
        WATER,
        STREETS,
    )
}

#: What the quiet background of every map is drawn from, by the name under which a map asks for it.
BASE: dict[str, tuple[Layer, ...]] = {
    "boundaries": (BOUNDARIES,),
    "greenspace": (GREEN_PLACES, GREENS),
    "water": (WATER,),
    "streets": (STREETS,),
}


def layer(name: str) -> Layer:
    """The layer called ``name``.

    Raises:
        NotFound: there is no such layer.
    """
    if name not in LAYERS:
        raise NotFound(f"There is no layer “{name}”. The layers are: {', '.join(LAYERS)}.")
    return LAYERS[name]
