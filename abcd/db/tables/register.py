"""The register of assets: taxonomy, organisations, the thin asset row and what stands behind it."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import DDL, BigInteger, CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint, event, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, flag, key, shape, version, words

ASSET_KINDS = ("individual", "association", "institution", "physical", "economic", "story")
STATUSES = ("active", "inactive", "defunct", "temporarily closed", "planned")
VISIBILITIES = ("public", "partner", "officer")
SOURCE_KINDS = ("resident", "group", "staff visit", "connector", "partner list", "open data", "desk", "import")

SEARCH_TEXT = "to_tsvector('core.plain', name || ' ' || name_cy || ' ' || category || ' ' || left(description, 2000))"
"""What full-text search reads; ``core.plain`` is English stemming without accents."""

# Two in one GiST (category, point) builds ten times slower, and the planner takes it for plain searches as well.
SHELF = """
create or replace function core.shelf(category text, shape public.geometry) returns public.geometry
language sql immutable parallel safe as $$
  select public.st_translate(shape, (pg_catalog.hashtext(category) & 63) * 1e6::float8,
                             ((pg_catalog.hashtext(category) >> 6) & 63) * 2e6::float8) $$"""
"""``core.shelf(category, shape)`` moves a shape to its category's own shelf, 1,000 km from the next: one index in two
dimensions then finds the nearest of a category in exact metres. Two categories may share a shelf, so name it too."""

event.listen(Base.metadata, "before_create", DDL(SHELF))  # type: ignore[no-untyped-call]


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A named check that ``column`` holds one of ``values``."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=column)


class Term(Base):
    """A category (or its group): where it stands, its tags elsewhere, and the walk that counts as near."""

    __tablename__ = "term"
    slug: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("core.term.slug"))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    name_cy: Mapped[str] = words()
    asset_kind: Mapped[str] = words()
    theme: Mapped[str] = words()
    osm_tags: Mapped[str] = words()
    oruk_term: Mapped[str] = words()
    uri: Mapped[str] = words()
    threshold_minutes: Mapped[float | None]
    threshold_m: Mapped[float | None]
    threshold_source: Mapped[str] = words()
    minimum_area_m2: Mapped[float | None]
    tier: Mapped[int] = mapped_column(default=3, server_default="3")
    is_everyday: Mapped[bool] = flag()
    has_room: Mapped[bool] = flag()
    needs_room: Mapped[bool] = flag()
    fresh_months: Mapped[int] = mapped_column(default=12, server_default="12")
    icon: Mapped[str] = words()
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list, server_default=text("'{}'"))


class Organisation(Base):
    """An organisation, with the fields of Open Referral UK."""

    __tablename__ = "organisation"
    id: Mapped[uuid.UUID] = key()
    name: Mapped[str]
    name_cy: Mapped[str] = words()
    description: Mapped[str] = words()
    email: Mapped[str] = words()
    phone: Mapped[str] = words()
    website: Mapped[str] = words()
    logo: Mapped[str] = words()
    uri: Mapped[str] = words()
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.organisation.id"))
    identifiers: Mapped[dict[str, Any]] = bag()
    legal_form: Mapped[str] = words()
    org_kind: Mapped[str] = words()
    income_band: Mapped[str] = words()
    contact_public: Mapped[bool] = flag()
    version: Mapped[int] = version()
    __table_args__ = (UniqueConstraint("name"),)


class Asset(Base):
    """Something good that is here: a thin row that every kind shares.

    ``geom`` is the shape as published, ``point`` one point inside it (both EPSG:27700). A sensitive asset
    has neither, nor an address: those lie in ``SensitiveLocation``, which no output reads.
    ``serves`` holds references or names of places it says it serves, wherever it stands.
    ``open_grid`` holds 7 x 3 bits, bit ``3 * weekday + part`` (Monday 0; morning 0, afternoon 1, evening 2).
    """

    __tablename__ = "asset"
    id: Mapped[uuid.UUID] = key()
    asset_kind: Mapped[str]
    category: Mapped[str] = mapped_column(ForeignKey("core.term.slug"))
    name: Mapped[str]
    name_cy: Mapped[str] = words()
    description: Mapped[str] = words()
    geom: Mapped[Any] = shape("GEOMETRY")
    point: Mapped[Any] = shape("POINT")
    located_by: Mapped[str] = words()
    precision_m: Mapped[float | None]
    address: Mapped[str] = words()
    postcode: Mapped[str] = words()
    uprn: Mapped[int | None] = mapped_column(BigInteger)
    phone: Mapped[str] = words()
    email: Mapped[str] = words()
    website: Mapped[str] = words()
    contact_public: Mapped[bool] = flag()
    opening_hours: Mapped[str] = words()
    open_grid: Mapped[int | None]
    cost: Mapped[str] = words()
    step_free: Mapped[str] = words("unknown")
    open_to_new: Mapped[str] = words("unknown")
    languages: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list, server_default=text("'{}'"))
    serves: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list, server_default=text("'{}'"))
    facilities: Mapped[dict[str, Any]] = bag()
    extra: Mapped[dict[str, Any]] = bag()
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.organisation.id"))
    status: Mapped[str] = words("active")
    visibility: Mapped[str] = words("public")
    is_sensitive: Mapped[bool] = flag()
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.source.id"))
    source_ref: Mapped[str | None]
    first_import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))
    last_import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))
    source_kind: Mapped[str] = words("import")
    assured_on: Mapped[date | None]
    assured_by: Mapped[str] = words()
    confidence: Mapped[float] = mapped_column(default=0.5, server_default="0.5")
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id"))
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created()
    updated_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    search: Mapped[Any] = mapped_column(TSVECTOR, Computed(SEARCH_TEXT, persisted=True))
    __table_args__ = (
        one_of("asset_kind", ASSET_KINDS),
        one_of("status", STATUSES),
        one_of("visibility", VISIBILITIES),
        CheckConstraint("not is_sensitive or (geom is null and point is null and address = '' and postcode = '')",
                        name="sensitive_has_no_place"),
        UniqueConstraint("source_id", "source_ref"),
        Index("ix_asset_point", "point", postgresql_using="gist",
              info={"comment": "places.assign, viewport and clusters, assets in reach"}),
        Index("ix_asset_search", "search", postgresql_using="gin", info={"comment": "assets.search: words"}),
        Index("ix_asset_shelf", text("core.shelf(category, point)"), postgresql_using="gist",
              info={"comment": "gaps, connections: assets of a category near a place, and the nearest one"}),
        Index("ix_asset_category_geom", "category", "geom", postgresql_using="gist",
              postgresql_where=text("ST_Dimension(geom) = 2"),
              info={"comment": "gaps.greens: green space measured from its boundary"}),
        Index("ix_asset_first_import_id", "first_import_id", info={"comment": "intake.undo"}),
        Index("ix_asset_organisation_id", "organisation_id", postgresql_where=text("organisation_id is not null"),
              info={"comment": "network: what belongs to one organisation"}),
        Index("ix_asset_merged_into", "merged_into", postgresql_where=text("merged_into is not null"),
              info={"comment": "what was merged into an asset; intake.undo, when one is deleted"}),
        Index("ix_asset_serves", "id", postgresql_where=text("serves <> '{}'"),
              info={"comment": "places.assign: the few assets that name the places they serve"}),
    )  # fmt: skip


class SensitiveLocation(Base):
    """Where a sensitive asset is (refuge, recovery, asylum support); read by named officers only."""

    __tablename__ = "sensitive_location"
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"), primary_key=True)
    geom: Mapped[Any] = shape("GEOMETRY")
    address: Mapped[str] = words()
    postcode: Mapped[str] = words()


#: What a group says of who comes: mostly from one street (of one age), or mixed; empty until somebody asked.
MIXES = ("", "mostly_one", "mixed")


class Group(Base):
    """What an asset row says more when it is a group of people."""

    __tablename__ = "community_group"
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"), primary_key=True)
    run_by: Mapped[str] = words()
    serves: Mapped[str] = words()
    constituted: Mapped[str] = words("unknown")
    size_band: Mapped[str] = words()
    reach_households: Mapped[int | None]
    trusted_by: Mapped[str] = words()
    key_holder_count: Mapped[int | None]
    needs_room: Mapped[bool] = flag()
    room_need: Mapped[str] = words()
    meets_at: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id"))
    streets_mix: Mapped[str] = words()
    ages_mix: Mapped[str] = words()
    funded_until: Mapped[date | None]
    __table_args__ = (
        one_of("streets_mix", MIXES),
        one_of("ages_mix", MIXES),
        Index("ix_community_group_meets_at", "meets_at", info={"comment": "groups that meet at a venue; intake.undo"}),
    )


class Venue(Base):
    """What an asset row says more when it has rooms."""

    __tablename__ = "venue"
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"), primary_key=True)
    owner: Mapped[str] = words()
    tenure: Mapped[str] = words()
    capacity: Mapped[int | None]
    rooms: Mapped[dict[str, Any]] = bag()
    kit: Mapped[dict[str, Any]] = bag()
    hire_terms: Mapped[str] = words()
    insurance: Mapped[str] = words()
    transport: Mapped[str] = words()
    condition: Mapped[str] = words()
    ha_owned: Mapped[bool] = flag()
    is_underused: Mapped[bool] = flag()
    spare_grid: Mapped[int | None]
    lease_ends_on: Mapped[date | None]


class Activity(Base):
    """What an asset row says more when it is something that happens (an Open Referral service)."""

    __tablename__ = "activity"
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"), primary_key=True)
    venue_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id"))
    group_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id"))
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    service_class: Mapped[str] = words()
    ways_to_contribute: Mapped[str] = words()
    referral_needed: Mapped[str] = words("unknown")
    __table_args__ = (
        Index("ix_activity_venue_id", "venue_id", info={"comment": "activities at a venue; intake.undo"}),
        Index("ix_activity_group_id", "group_id", info={"comment": "activities of a group; intake.undo"}),
    )


class Schedule(Base):
    """When an asset is open, as Open Referral UK says it: ``freq`` is WEEKLY or MONTHLY."""

    __tablename__ = "schedule"
    id: Mapped[uuid.UUID] = key()
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    freq: Mapped[str] = words("WEEKLY")
    interval: Mapped[int] = mapped_column(default=1, server_default="1")
    byday: Mapped[str] = words()
    bymonthday: Mapped[str] = words()
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    notes: Mapped[str] = words()
    __table_args__ = (Index("ix_schedule_asset_id", "asset_id", info={"comment": "opening times of an asset"}),)


class Verification(Base):
    """Somebody checked a record: how, when, and what they found."""

    __tablename__ = "verification"
    id: Mapped[uuid.UUID] = key()
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    method: Mapped[str]
    by_kind: Mapped[str]
    checked_on: Mapped[date]
    result: Mapped[str]
    note: Mapped[str] = words()
    __table_args__ = (
        Index("ix_verification_asset_id", "asset_id", info={"comment": "checks of an asset: history, freshness"}),
    )


class NotSame(Base):
    """Two assets that a person said are different, lower id first."""

    __tablename__ = "not_same"
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"), primary_key=True)
    said_by: Mapped[str] = words()
    said_on: Mapped[datetime] = created()
    __table_args__ = (
        Index("ix_not_same_other_id", "other_id", info={"comment": "intake.undo: pairs of a deleted asset"}),
    )


class SearchWord(Base):
    """A word that occurs in the register; the nearest one mends a mistyped search."""

    __tablename__ = "search_word"
    word: Mapped[str] = mapped_column(primary_key=True)
    __table_args__ = (
        Index("ix_search_word_trigram", text("word gin_trgm_ops"), postgresql_using="gin",
              info={"comment": "assets.search: nearest known word"}),
    )  # fmt: skip


class SearchEffort(Base):
    """Somebody looked for a category in a place: the record that makes absence honest (product.md D.3).

    ``known_n`` of the ``found_n`` that were found stood in the register already, which held ``listed_n`` there that
    day; both are null where nobody compared.
    """

    __tablename__ = "search_effort"
    id: Mapped[uuid.UUID] = key()
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    category: Mapped[str] = mapped_column(ForeignKey("core.term.slug"))
    method: Mapped[str]
    looked_on: Mapped[date]
    by_role: Mapped[str] = words()
    found_n: Mapped[int] = mapped_column(default=0, server_default="0")
    known_n: Mapped[int | None]
    listed_n: Mapped[int | None]
    note: Mapped[str] = words()
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id"))
    __table_args__ = (
        CheckConstraint("known_n <= found_n and known_n <= listed_n", name="known"),
        Index("ix_search_effort_place_id", "place_id", "category", info={"comment": "gaps: states of a place"}),
    )
