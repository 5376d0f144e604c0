"""The store.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from abcd.db.migrations import ground

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the store."""
    connection = op.get_bind()
    for statement in ground.BEFORE:
        connection.exec_driver_sql(statement)
    tables()
    for statement in ground.after():
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Drop the store with everything in it."""
    op.execute("drop schema stage, pub, core cascade")


def tables() -> None:
    """Make every table and index."""
    op.create_table(
        "account",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        schema="core",
    )
    op.create_table(
        "asset_cell",
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("asset_kind", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sum_e", sa.BigInteger(), nullable=False),
        sa.Column("sum_n", sa.BigInteger(), nullable=False),
        schema="core",
    )
    op.create_index("ix_asset_cell_box", "asset_cell", ["size", "x", "y"], unique=False, schema="core")
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("thing_kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.String(), server_default="", nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        schema="core",
    )
    op.create_index("ix_audit_event_thing_id", "audit_event", ["thing_id", "id"], unique=False, schema="core")
    op.create_table(
        "operation",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column(
            "result", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_operation")),
        schema="core",
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_cy", sa.String(), server_default="", nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("website", sa.String(), server_default="", nullable=False),
        sa.Column("logo", sa.String(), server_default="", nullable=False),
        sa.Column("uri", sa.String(), server_default="", nullable=False),
        sa.Column("parent_id", sa.UUID(), nullable=True),
        sa.Column(
            "identifiers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("legal_form", sa.String(), server_default="", nullable=False),
        sa.Column("org_kind", sa.String(), server_default="", nullable=False),
        sa.Column("income_band", sa.String(), server_default="", nullable=False),
        sa.Column("contact_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["core.organisation.id"], name=op.f("fk_organisation_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
        schema="core",
    )
    op.create_table(
        "place_asset",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.CheckConstraint("relation in ('within', 'serves')", name=op.f("ck_place_asset_relation")),
        sa.PrimaryKeyConstraint("place_id", "asset_id", "relation", name=op.f("pk_place_asset")),
        schema="core",
    )
    op.create_index("ix_place_asset_asset_id", "place_asset", ["asset_id"], unique=False, schema="core")
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
        schema="core",
    )
    op.create_index(
        "ix_search_word_trigram",
        "search_word",
        [sa.literal_column("word gin_trgm_ops")],
        unique=False,
        schema="core",
        postgresql_using="gin",
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        schema="core",
    )
    op.create_table(
        "source",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), server_default="", nullable=False),
        sa.Column("licence", sa.String(), server_default="", nullable=False),
        sa.Column("attribution", sa.String(), server_default="", nullable=False),
        sa.Column(
            "description",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("slug", name=op.f("uq_source_slug")),
        schema="core",
    )
    op.create_table(
        "term",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_cy", sa.String(), server_default="", nullable=False),
        sa.Column("asset_kind", sa.String(), server_default="", nullable=False),
        sa.Column("theme", sa.String(), server_default="", nullable=False),
        sa.Column("osm_tags", sa.String(), server_default="", nullable=False),
        sa.Column("oruk_term", sa.String(), server_default="", nullable=False),
        sa.Column("uri", sa.String(), server_default="", nullable=False),
        sa.Column("threshold_minutes", sa.Double(), nullable=True),
        sa.Column("threshold_m", sa.Double(), nullable=True),
        sa.Column("threshold_source", sa.String(), server_default="", nullable=False),
        sa.Column("minimum_area_m2", sa.Double(), nullable=True),
        sa.Column("tier", sa.Integer(), server_default="3", nullable=False),
        sa.Column("is_everyday", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("has_room", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("needs_room", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("fresh_months", sa.Integer(), server_default="12", nullable=False),
        sa.Column("icon", sa.String(), server_default="", nullable=False),
        sa.Column("synonyms", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["core.term.slug"], name=op.f("fk_term_parent")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_term")),
        schema="core",
    )
    op.create_table(
        "app_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["core.account.id"], name=op.f("fk_app_session_account_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_app_session")),
        schema="core",
    )
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("header_key", sa.String(), nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column(
            "mapping", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_column_mapping_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_mapping")),
        sa.UniqueConstraint("header_key", name=op.f("uq_column_mapping_header_key")),
        schema="core",
    )
    op.create_table(
        "import",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), server_default="", nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), server_default="staged", nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column(
            "mapping", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "report", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("by", sa.String(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_import_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        schema="core",
    )
    op.create_index("ix_import_source_id", "import", ["source_id"], unique=False, schema="core")
    op.create_table(
        "sign_in_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["core.account.id"], name=op.f("fk_sign_in_link_account_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_link")),
        schema="core",
    )
    op.create_geospatial_table(
        "asset",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("asset_kind", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_cy", sa.String(), server_default="", nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column(
            "geom",
            Geometry(srid=27700, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"),
            nullable=True,
        ),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=27700,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("located_by", sa.String(), server_default="", nullable=False),
        sa.Column("precision_m", sa.Double(), nullable=True),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("postcode", sa.String(), server_default="", nullable=False),
        sa.Column("uprn", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.Column("website", sa.String(), server_default="", nullable=False),
        sa.Column("contact_public", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("opening_hours", sa.String(), server_default="", nullable=False),
        sa.Column("open_grid", sa.Integer(), nullable=True),
        sa.Column("cost", sa.String(), server_default="", nullable=False),
        sa.Column("step_free", sa.String(), server_default="unknown", nullable=False),
        sa.Column("open_to_new", sa.String(), server_default="unknown", nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("serves", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "facilities", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "extra", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("organisation_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.String(), server_default="active", nullable=False),
        sa.Column("visibility", sa.String(), server_default="public", nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column("source_ref", sa.String(), nullable=True),
        sa.Column("first_import_id", sa.UUID(), nullable=True),
        sa.Column("last_import_id", sa.UUID(), nullable=True),
        sa.Column("source_kind", sa.String(), server_default="import", nullable=False),
        sa.Column("assured_on", sa.Date(), nullable=True),
        sa.Column("assured_by", sa.String(), server_default="", nullable=False),
        sa.Column("confidence", sa.Double(), server_default="0.5", nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.UUID(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('core.plain', name || ' ' || name_cy || ' ' || category || ' ' || left(description, 2000))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "asset_kind in ('individual', 'association', 'institution', 'physical', 'economic', 'story')",
            name=op.f("ck_asset_asset_kind"),
        ),
        sa.CheckConstraint(
            "not is_sensitive or (geom is null and point is null and address = '' and postcode = '')",
            name=op.f("ck_asset_sensitive_has_no_place"),
        ),
        sa.CheckConstraint(
            "status in ('active', 'inactive', 'defunct', 'temporarily closed', 'planned')", name=op.f("ck_asset_status")
        ),
        sa.CheckConstraint("visibility in ('public', 'partner', 'officer')", name=op.f("ck_asset_visibility")),
        sa.ForeignKeyConstraint(["category"], ["core.term.slug"], name=op.f("fk_asset_category")),
        sa.ForeignKeyConstraint(["first_import_id"], ["core.import.id"], name=op.f("fk_asset_first_import_id")),
        sa.ForeignKeyConstraint(["last_import_id"], ["core.import.id"], name=op.f("fk_asset_last_import_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["core.asset.id"], name=op.f("fk_asset_merged_into")),
        sa.ForeignKeyConstraint(["organisation_id"], ["core.organisation.id"], name=op.f("fk_asset_organisation_id")),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_asset_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("source_id", "source_ref", name=op.f("uq_asset_source_id_source_ref")),
        schema="core",
    )
    op.create_index(
        "ix_asset_category_geom",
        "asset",
        ["category", "geom"],
        unique=False,
        schema="core",
        postgresql_using="gist",
        postgresql_where=sa.text("ST_Dimension(geom) = 2"),
    )
    op.create_index("ix_asset_first_import_id", "asset", ["first_import_id"], unique=False, schema="core")
    op.create_index(
        "ix_asset_merged_into",
        "asset",
        ["merged_into"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("merged_into is not null"),
    )
    op.create_geospatial_index(
        "ix_asset_point", "asset", ["point"], unique=False, schema="core", postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_asset_search", "asset", ["search"], unique=False, schema="core", postgresql_using="gin")
    op.create_index(
        "ix_asset_serves", "asset", ["id"], unique=False, schema="core", postgresql_where=sa.text("serves <> '{}'")
    )
    op.create_index(
        "ix_asset_shelf",
        "asset",
        [sa.literal_column("core.shelf(category, point)")],
        unique=False,
        schema="core",
        postgresql_using="gist",
    )
    op.create_table(
        "import_before",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("thing_kind", sa.String(), nullable=False),
        sa.Column("thing_key", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["core.import.id"], name=op.f("fk_import_before_import_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("import_id", "thing_kind", "thing_key", name=op.f("pk_import_before")),
        schema="core",
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(), server_default="", nullable=False),
        sa.Column("value", sa.String(), server_default="", nullable=False),
        sa.Column("message", sa.String(), server_default="", nullable=False),
        sa.Column("what_to_do", sa.String(), server_default="", nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["core.import.id"], name=op.f("fk_issue_import_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        schema="core",
    )
    op.create_index("ix_issue_import_id", "issue", ["import_id", "kind"], unique=False, schema="core")
    op.create_geospatial_table(
        "place",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("vintage", sa.String(), server_default="", nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_cy", sa.String(), server_default="", nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.TEXT()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("gss_code", sa.String(), server_default="", nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=27700,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=27700,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("denominators_source", sa.String(), server_default="", nullable=False),
        sa.Column("denominators_year", sa.Integer(), nullable=True),
        sa.Column("drawn", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind in ('estate', 'patch', 'street', 'neighbourhood', 'ward', 'oa', 'lsoa', 'msoa', 'lad', 'locality', 'catchment', 'neighbourhood_plan_area', 'resident_drawn', 'development', 'greenspace', 'water', 'town_centre')",
            name=op.f("ck_place_kind"),
        ),
        sa.ForeignKeyConstraint(["import_id"], ["core.import.id"], name=op.f("fk_place_import_id")),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_place_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("kind", "reference", "vintage", name=op.f("uq_place_kind_reference_vintage")),
        schema="core",
    )
    op.create_geospatial_index(
        "ix_place_geom", "place", ["geom"], unique=False, schema="core", postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("ix_place_kind_households", "place", ["kind", "households"], unique=False, schema="core")
    op.create_index(
        "ix_place_name",
        "place",
        [sa.literal_column("lower(name) gin_trgm_ops")],
        unique=False,
        schema="core",
        postgresql_using="gin",
    )
    op.create_geospatial_index(
        "ix_place_point", "place", ["point"], unique=False, schema="core", postgresql_using="gist", postgresql_ops={}
    )
    op.create_geospatial_table(
        "postcode",
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=27700,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("vintage", sa.String(), server_default="", nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["core.import.id"], name=op.f("fk_postcode_import_id")),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_postcode_source_id")),
        sa.PrimaryKeyConstraint("postcode", name=op.f("pk_postcode")),
        schema="core",
    )
    op.create_geospatial_index(
        "ix_postcode_point",
        "postcode",
        ["point"],
        unique=False,
        schema="core",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "property",
        sa.Column("uprn", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=27700,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["core.import.id"], name=op.f("fk_property_import_id")),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_property_source_id")),
        sa.PrimaryKeyConstraint("uprn", name=op.f("pk_property")),
        schema="core",
    )
    op.create_table(
        "activity",
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("venue_id", sa.UUID(), nullable=True),
        sa.Column("group_id", sa.UUID(), nullable=True),
        sa.Column("minimum_age", sa.Integer(), nullable=True),
        sa.Column("maximum_age", sa.Integer(), nullable=True),
        sa.Column("service_class", sa.String(), server_default="", nullable=False),
        sa.Column("ways_to_contribute", sa.String(), server_default="", nullable=False),
        sa.Column("referral_needed", sa.String(), server_default="unknown", nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["core.asset.id"], name=op.f("fk_activity_asset_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(["group_id"], ["core.asset.id"], name=op.f("fk_activity_group_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["core.asset.id"], name=op.f("fk_activity_venue_id")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_activity")),
        schema="core",
    )
    op.create_index("ix_activity_group_id", "activity", ["group_id"], unique=False, schema="core")
    op.create_index("ix_activity_venue_id", "activity", ["venue_id"], unique=False, schema="core")
    op.create_table(
        "community_group",
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("run_by", sa.String(), server_default="", nullable=False),
        sa.Column("serves", sa.String(), server_default="", nullable=False),
        sa.Column("constituted", sa.String(), server_default="unknown", nullable=False),
        sa.Column("size_band", sa.String(), server_default="", nullable=False),
        sa.Column("reach_households", sa.Integer(), nullable=True),
        sa.Column("trusted_by", sa.String(), server_default="", nullable=False),
        sa.Column("key_holder_count", sa.Integer(), nullable=True),
        sa.Column("needs_room", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("room_need", sa.String(), server_default="", nullable=False),
        sa.Column("meets_at", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_community_group_asset_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(["meets_at"], ["core.asset.id"], name=op.f("fk_community_group_meets_at")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_community_group")),
        schema="core",
    )
    op.create_index("ix_community_group_meets_at", "community_group", ["meets_at"], unique=False, schema="core")
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("other_id", sa.UUID(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_duplicate_pair_asset_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["core.import.id"], name=op.f("fk_duplicate_pair_import_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["core.asset.id"], name=op.f("fk_duplicate_pair_other_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("asset_id", "other_id", name=op.f("uq_duplicate_pair_asset_id_other_id")),
        schema="core",
    )
    op.create_index("ix_duplicate_pair_import_id", "duplicate_pair", ["import_id"], unique=False, schema="core")
    op.create_index("ix_duplicate_pair_other_id", "duplicate_pair", ["other_id"], unique=False, schema="core")
    op.create_table(
        "households",
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.UUID(), nullable=True),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["core.import.id"], name=op.f("fk_households_import_id")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_households_place_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["core.source.id"], name=op.f("fk_households_source_id")),
        sa.PrimaryKeyConstraint("place_id", "year", "measure", name=op.f("pk_households")),
        schema="core",
    )
    op.create_table(
        "import_change",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_import_change_asset_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["core.import.id"], name=op.f("fk_import_change_import_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("import_id", "asset_id", name=op.f("pk_import_change")),
        schema="core",
    )
    op.create_index("ix_import_change_asset_id", "import_change", ["asset_id"], unique=False, schema="core")
    op.create_table(
        "not_same",
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("other_id", sa.UUID(), nullable=False),
        sa.Column("said_by", sa.String(), server_default="", nullable=False),
        sa.Column("said_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["core.asset.id"], name=op.f("fk_not_same_asset_id"), ondelete="cascade"),
        sa.ForeignKeyConstraint(["other_id"], ["core.asset.id"], name=op.f("fk_not_same_other_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("asset_id", "other_id", name=op.f("pk_not_same")),
        schema="core",
    )
    op.create_index("ix_not_same_other_id", "not_same", ["other_id"], unique=False, schema="core")
    op.create_table(
        "place_landlord",
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["core.organisation.id"], name=op.f("fk_place_landlord_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_place_landlord_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("place_id", "organisation_id", name=op.f("pk_place_landlord")),
        schema="core",
    )
    op.create_table(
        "place_parent",
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("parent_id", sa.UUID(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["core.place.id"], name=op.f("fk_place_parent_parent_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_place_parent_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("place_id", "parent_id", name=op.f("pk_place_parent")),
        schema="core",
    )
    op.create_index("ix_place_parent_parent_id", "place_parent", ["parent_id"], unique=False, schema="core")
    op.create_table(
        "schedule",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("freq", sa.String(), server_default="WEEKLY", nullable=False),
        sa.Column("interval", sa.Integer(), server_default="1", nullable=False),
        sa.Column("byday", sa.String(), server_default="", nullable=False),
        sa.Column("bymonthday", sa.String(), server_default="", nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("notes", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["core.asset.id"], name=op.f("fk_schedule_asset_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        schema="core",
    )
    op.create_index("ix_schedule_asset_id", "schedule", ["asset_id"], unique=False, schema="core")
    op.create_table(
        "search_effort",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("by_role", sa.String(), server_default="", nullable=False),
        sa.Column("found_n", sa.Integer(), server_default="0", nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(["category"], ["core.term.slug"], name=op.f("fk_search_effort_category")),
        sa.ForeignKeyConstraint(["import_id"], ["core.import.id"], name=op.f("fk_search_effort_import_id")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_search_effort_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_effort")),
        schema="core",
    )
    op.create_index("ix_search_effort_place_id", "search_effort", ["place_id", "category"], unique=False, schema="core")
    op.create_geospatial_table(
        "sensitive_location",
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column(
            "geom",
            Geometry(srid=27700, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"),
            nullable=True,
        ),
        sa.Column("address", sa.String(), server_default="", nullable=False),
        sa.Column("postcode", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_sensitive_location_asset_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_sensitive_location")),
        schema="core",
    )
    op.create_table(
        "venue",
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("owner", sa.String(), server_default="", nullable=False),
        sa.Column("tenure", sa.String(), server_default="", nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column(
            "rooms", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column(
            "kit", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("hire_terms", sa.String(), server_default="", nullable=False),
        sa.Column("insurance", sa.String(), server_default="", nullable=False),
        sa.Column("transport", sa.String(), server_default="", nullable=False),
        sa.Column("condition", sa.String(), server_default="", nullable=False),
        sa.Column("ha_owned", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_underused", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("spare_grid", sa.Integer(), nullable=True),
        sa.Column("lease_ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["core.asset.id"], name=op.f("fk_venue_asset_id"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_venue")),
        schema="core",
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("asset_id", sa.UUID(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("by_kind", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["core.asset.id"], name=op.f("fk_verification_asset_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        schema="core",
    )
    op.create_index("ix_verification_asset_id", "verification", ["asset_id"], unique=False, schema="core")
