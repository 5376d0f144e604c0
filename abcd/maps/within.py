"""What lies in some places, as conditions of a query."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from abcd.db.tables import Asset, Place, PlaceAsset, PlaceParent
from abcd.maps.layer import Layer


def held_by(*places: UUID | str) -> ColumnElement[bool]:
    """Assets that stand in one of these places."""
    held = select(PlaceAsset.asset_id).where(PlaceAsset.place_id.in_(places), PlaceAsset.relation == "within")
    return Asset.id.in_(held)


def inside(*places: UUID | str) -> ColumnElement[bool]:
    """These places, and the places inside them."""
    smaller = select(PlaceParent.place_id).where(PlaceParent.parent_id.in_(places))
    return or_(Place.id.in_(places), Place.id.in_(smaller))


def of_places(layer: Layer, *places: UUID | str) -> ColumnElement[bool]:
    """The rows of a layer of areas or lines that belong to these places; what belongs to none must meet one."""
    if not layer.of_no_place:
        return inside(*places)
    shapes = select(Place.id).where(Place.id.in_(places), func.ST_Intersects(Place.geom, layer.geom))
    return shapes.correlate_except(Place).exists()
