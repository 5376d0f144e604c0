"""Named areas of every kind, their households, postcodes and property references."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, flag, key, shape, touched, version, words

PLACE_KINDS = (
    "estate", "patch", "street", "neighbourhood", "ward", "oa", "lsoa", "msoa", "lad", "locality",
    "catchment", "neighbourhood_plan_area", "resident_drawn", "development", "greenspace", "water", "town_centre",
)  # fmt: skip


class Place(Base):
    """A named area with kind, code and vintage: a new vintage is a new row and replaces nothing."""

    __tablename__ = "place"
    id: Mapped[uuid.UUID] = key()
    kind: Mapped[str]
    reference: Mapped[str]
    vintage: Mapped[str] = words()
    name: Mapped[str]
    name_cy: Mapped[str] = words()
    aliases: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list, server_default=text("'{}'"))
    gss_code: Mapped[str] = words()
    geom: Mapped[Any] = shape("MULTIPOLYGON", nullable=False)
    point: Mapped[Any] = shape("POINT", nullable=False)
    households: Mapped[int | None]
    population: Mapped[int | None]
    denominators_source: Mapped[str] = words()
    denominators_year: Mapped[int | None]
    drawn: Mapped[bool] = flag()
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.source.id"))
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))
    created_at: Mapped[datetime] = created()
    updated_at: Mapped[datetime] = touched()
    version: Mapped[int] = version()
    __table_args__ = (
        UniqueConstraint("kind", "reference", "vintage"),
        CheckConstraint("kind in ({})".format(", ".join(f"'{kind}'" for kind in PLACE_KINDS)), name="kind"),
        Index(
            "ix_place_geom", "geom", postgresql_using="gist", info={"comment": "places.assign, viewport of boundaries"}
        ),
        Index(
            "ix_place_kind_households",
            "kind",
            "households",
            info={"comment": "gaps.similar: places of a kind nearest in households"},
        ),
        Index(
            "ix_place_point",
            "point",
            postgresql_using="gist",
            info={"comment": "households of an estate: small areas within"},
        ),
        Index(
            "ix_place_name",
            text("lower(name) gin_trgm_ops"),
            postgresql_using="gin",
            info={"comment": "places.places_matching: a place by part of its name"},
        ),
    )


class PlaceParent(Base):
    """The larger places that hold a place, worked out from their shapes."""

    __tablename__ = "place_parent"
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    parent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    share: Mapped[float]
    __table_args__ = (Index("ix_place_parent_parent_id", "parent_id", info={"comment": "places inside a place"}),)


class PlaceLandlord(Base):
    """Homes of one landlord in a place."""

    __tablename__ = "place_landlord"
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.organisation.id"), primary_key=True)
    homes: Mapped[int]
    as_of: Mapped[date | None]


class Households(Base):
    """Households of a small area (a place of kind oa, lsoa, ...) in one year, by measure.

    ``measure`` is ``all`` or a tenure such as ``social_rented``.
    """

    __tablename__ = "households"
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.source.id"))
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))


class Postcode(Base):
    """A full postcode and its centroid; the key has no space and is in capitals."""

    __tablename__ = "postcode"
    postcode: Mapped[str] = mapped_column(primary_key=True)
    point: Mapped[Any] = shape("POINT", nullable=False)
    vintage: Mapped[str] = words()
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.source.id"))
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))
    __table_args__ = (
        Index("ix_postcode_point", "point", postgresql_using="gist", info={"comment": "nearest postcode to a point"}),
    )


class Property(Base):
    """A property reference (UPRN) and its point, from an open list."""

    __tablename__ = "property"
    uprn: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    point: Mapped[Any] = shape("POINT", nullable=False)
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.source.id"))
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))


DWELLING_KINDS = ("dwelling", "postcode")


class Dwelling(Base):
    """A point with households: a dwelling or block of flats of a landlord's list, or a postcode.

    ``workload`` is what one of its households weighs in a coach's patch, 1 unless the landlord says otherwise. It says
    nothing of who lives there.
    """

    __tablename__ = "dwelling"
    reference: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    street: Mapped[str] = words()
    point: Mapped[Any] = shape("POINT", nullable=False)
    households: Mapped[int]
    workload: Mapped[float] = mapped_column(default=1.0, server_default="1")
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.source.id"))
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))
    __table_args__ = (
        CheckConstraint("kind in ({})".format(", ".join(f"'{kind}'" for kind in DWELLING_KINDS)), name="kind"),
        CheckConstraint("households >= 0 and workload > 0", name="amounts"),
        Index("ix_dwelling_point", "point", postgresql_using="gist", info={"comment": "places.dwellings: in a place"}),
        Index("ix_dwelling_import_id", "import_id", info={"comment": "an import taken back"}),
    )


class PlaceAsset(Base):
    """Which assets a place holds (``within``) or is served by (``serves``); narrow, rewritten by places.assign.

    It has no foreign keys: checking and locking each row's asset and place takes twice the time of finding them.
    ``FOLLOWERS`` empties it after an asset or a place that goes.
    """

    __tablename__ = "place_asset"
    place_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    asset_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    relation: Mapped[str] = mapped_column(primary_key=True)
    __table_args__ = (
        CheckConstraint("relation in ('within', 'serves')", name="relation"),
        Index("ix_place_asset_asset_id", "asset_id", info={"comment": "places of an asset; re-assigning one asset"}),
    )


def _follower(table: str) -> tuple[str, str]:
    """A trigger that takes the assignments of deleted rows along, once for each statement."""
    return (
        f"""create function core.leave_{table}() returns trigger language plpgsql as $$
begin
  delete from core.place_asset where {table}_id in (select id from gone);
  return null;
end $$""",
        f"""create trigger leave_{table} after delete on core.{table} referencing old table as gone
    for each statement execute function core.leave_{table}()""",
    )


FOLLOWERS = (*_follower("asset"), *_follower("place"))
"""Statements of the migration, run after the tables."""
