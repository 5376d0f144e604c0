"""One asset, the strengths of a place, and what has happened to a record."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from abcd.assets.freshness import confidence
from abcd.assets.history import history
from abcd.assets.lines import asset_rows, line_of, standing
from abcd.assets.records import AssetRecord, KindStrength, PlaceOfAsset
from abcd.assets.taxonomy import kind_name
from abcd.db.naming import called
from abcd.db.tables import ASSET_KINDS, Asset, Place, PlaceAsset, Source, Term
from abcd.errors import NotFound

__all__ = ["asset", "assets_of", "history", "places_of", "strengths"]

SAID = (
    "name_cy", "description", "located_by", "precision_m", "uprn", "phone", "email", "website", "contact_public",
    "opening_hours", "cost", "step_free", "open_to_new", "facilities", "extra", "visibility", "source_kind",
    "source_ref", "assured_by", "merged_into", "start_date", "end_date", "created_at", "updated_at", "version",
)  # fmt: skip


def asset(s: Session, asset_id: UUID) -> AssetRecord:
    """Everything known of one asset; also of one that was merged into another or retired.

    Raises:
        NotFound: there is no such asset.
    """
    found = asset_rows(
        *(getattr(Asset, name) for name in SAID), Asset.languages, Asset.serves,
        Source.name.label("source_name"), Source.licence.label("source_licence"),
    )  # fmt: skip
    row = s.execute(found.outerjoin(Source, Source.id == Asset.source_id).where(Asset.id == asset_id)).first()
    if row is None:
        raise NotFound("This asset is not in the register.")
    values = row._mapping
    return AssetRecord(
        line=line_of(row),
        languages=tuple(values["languages"]),
        serves=tuple(values["serves"]),
        source_name=values["source_name"] or "",
        source_licence=values["source_licence"] or "",
        places=tuple(places_of(s, asset_id)),
        **{name: values[name] for name in SAID},
    )


def places_of(s: Session, asset_id: UUID) -> list[PlaceOfAsset]:
    """The places an asset is in or serves, the smallest first."""
    rows = (
        select(Place.id, Place.kind, Place.reference, called(Place), PlaceAsset.relation)
        .join(PlaceAsset, PlaceAsset.place_id == Place.id)
        .where(PlaceAsset.asset_id == asset_id)
        .order_by(func.ST_Area(Place.geom), Place.vintage.desc())
    )
    return [PlaceOfAsset(*row) for row in s.execute(rows)]


def assets_of(place_id: UUID) -> Select[Any]:
    """The standing assets that a place holds or is served by, as a select of lines."""
    return asset_rows().where(standing(), Asset.id.in_(_held_by(place_id)))


def _held_by(place_id: UUID) -> Select[Any]:
    return select(PlaceAsset.asset_id).where(PlaceAsset.place_id == place_id)


def strengths(s: Session, place_id: UUID, per_kind: int = 6) -> list[KindStrength]:
    """What is strong in a place: the six kinds in order, each with its count and its best known assets.

    The newest checked and most trusted come first, community before services, and one of each category before a
    second: six bus stops say little. Gifts of people come with the people, so that kind may be empty here.
    """
    surest = (confidence().desc(), Asset.assured_on.desc().nulls_last(), Asset.name, Asset.id)
    within = func.row_number().over(partition_by=(Asset.asset_kind, Asset.category), order_by=surest)
    total = func.count().over(partition_by=Asset.asset_kind)
    found = assets_of(place_id).add_columns(within.label("turn"), total.label("of_kind"), Term.tier).subquery()
    order = (found.c.turn, found.c.tier, found.c.confidence.desc(), found.c.name)
    place_in_kind = func.row_number().over(partition_by=found.c.asset_kind, order_by=order)
    ranked = select(found, place_in_kind.label("place_in_kind")).subquery()
    best = select(ranked).where(ranked.c.place_in_kind <= per_kind).order_by(ranked.c.place_in_kind)
    rows = s.execute(best).all()
    return [
        KindStrength(
            kind=kind,
            kind_name=kind_name(kind),
            count=next((row.of_kind for row in rows if row.asset_kind == kind), 0),
            assets=tuple(line_of(row) for row in rows if row.asset_kind == kind),
        )
        for kind in ASSET_KINDS
    ]
