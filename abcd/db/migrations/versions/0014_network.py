"""Network: how mixed a group is by its own word, and what belongs to one organisation.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MIXES = "('', 'mostly_one', 'mixed')"
SAID = ("streets_mix", "ages_mix")


def upgrade() -> None:
    """Two columns of groups, one index of assets."""
    for column in SAID:
        op.add_column(
            "community_group", sa.Column(column, sa.String(), server_default="", nullable=False), schema="core"
        )
        op.create_check_constraint(
            op.f(f"ck_community_group_{column}"), "community_group", f"{column} in {MIXES}", schema="core"
        )
    op.create_index(
        "ix_asset_organisation_id", "asset", ["organisation_id"], schema="core",
        postgresql_where=sa.text("organisation_id is not null"),
    )  # fmt: skip
