"""Offers that wait and wishes that are not met are found without reading those that are over.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WAITING = "state = 'waiting'"
UNMET = "state = 'open' or state = 'planned'"
INDEXES = (
    ("ix_person_offer_waiting", "person_offer", ["organisation_id", "said_on"], WAITING),
    ("ix_offer_waiting", "offer", ["said_on"], WAITING),
    ("ix_person_wish_unmet", "person_wish", ["organisation_id", "said_on"], UNMET),
    ("ix_wish_unmet", "wish", ["organisation_id", "said_on"], UNMET),
)


def upgrade() -> None:
    """Partial indexes."""
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, schema="core", postgresql_where=sa.text(where))
