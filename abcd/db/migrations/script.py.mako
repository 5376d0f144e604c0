"""${message}.

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
% if not down_revision:

from abcd.db.migrations import ground
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
% if not down_revision:
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
    ${upgrades if upgrades else "pass"}
% else:
    """Change the store."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take the change back."""
    ${downgrades if downgrades else "pass"}
% endif
