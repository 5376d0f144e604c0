"""Until when a group has money, so that somebody can care before it ends.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column of groups; until when a venue is let stands there already."""
    op.add_column("community_group", sa.Column("funded_until", sa.Date(), nullable=True), schema="core")
