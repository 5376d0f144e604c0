"""The night's matching: what was found for each wish of a resident, behind the same wall as the people it is about.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WALL = """create policy whose_it_is on core.person_suggestion
  using (organisation_id = (select nullif(current_setting('abcd.organisation', true), '')::uuid)
    and exists (select from core.person p where p.id = a_person_id)
    and (b_person_id is null or exists (select from core.person p where p.id = b_person_id)))"""


def upgrade() -> None:
    """The table, then its wall."""
    table()
    for statement in (
        "alter table core.person_suggestion enable row level security",
        "alter table core.person_suggestion force row level security",
        WALL,
    ):
        op.get_bind().exec_driver_sql(statement)


def table() -> None:
    """As the code has it."""
    op.create_table(
        "person_suggestion",
        sa.Column("person_wish_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("a_person_id", sa.Uuid(), nullable=False),
        sa.Column("b_person_id", sa.Uuid(), nullable=True),
        sa.Column("b_asset_id", sa.UUID(), nullable=True),
        sa.Column("person_offer_id", sa.UUID(), nullable=True),
        sa.Column("offer_id", sa.UUID(), nullable=True),
        sa.Column("place_id", sa.UUID(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column(
            "parts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("is_planned", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("worked_out_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind in ('group', 'shared_interest', 'lived_experience', 'teach_learn', 'volunteer', 'space')",
            name=op.f("ck_person_suggestion_kind"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(b_person_id, b_asset_id, offer_id) > 0", name=op.f("ck_person_suggestion_has_another_side")
        ),
        sa.CheckConstraint("score between 0 and 1", name=op.f("ck_person_suggestion_score")),
        sa.CheckConstraint("tier between 1 and 5", name=op.f("ck_person_suggestion_tier")),
        sa.ForeignKeyConstraint(
            ["a_person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_suggestion_a_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["b_asset_id"], ["core.asset.id"], name=op.f("fk_person_suggestion_b_asset_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["b_person_id", "organisation_id"],
            ["core.person.id", "core.person.organisation_id"],
            name=op.f("fk_person_suggestion_b_person_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["core.offer.id"], name=op.f("fk_person_suggestion_offer_id"), ondelete="cascade"
        ),
        sa.ForeignKeyConstraint(
            ["person_offer_id"],
            ["core.person_offer.id"],
            name=op.f("fk_person_suggestion_person_offer_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["person_wish_id", "a_person_id"],
            ["core.person_wish.id", "core.person_wish.person_id"],
            name=op.f("fk_person_suggestion_person_wish_id"),
            ondelete="cascade",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["core.place.id"], name=op.f("fk_person_suggestion_place_id"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("person_wish_id", "position", name=op.f("pk_person_suggestion")),
        schema="core",
    )
    op.create_index(
        "ix_person_suggestion_a_person_id", "person_suggestion", ["a_person_id"], unique=False, schema="core"
    )
    op.create_index("ix_person_suggestion_b_asset_id", "person_suggestion", ["b_asset_id"], unique=False, schema="core")
    op.create_index(
        "ix_person_suggestion_b_person_id", "person_suggestion", ["b_person_id"], unique=False, schema="core"
    )
    op.create_index("ix_person_suggestion_offer_id", "person_suggestion", ["offer_id"], unique=False, schema="core")
    op.create_index(
        "ix_person_suggestion_person_offer_id", "person_suggestion", ["person_offer_id"], unique=False, schema="core"
    )
    op.create_index(
        "ix_person_suggestion_place_id",
        "person_suggestion",
        ["organisation_id", "place_id", "is_planned"],
        unique=False,
        schema="core",
    )
