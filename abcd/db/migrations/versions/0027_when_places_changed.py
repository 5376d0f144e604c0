"""When a place, a barrier or a crossing last changed, so that whoever harvests a feed learns of it.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = ("place", "barrier", "crossing")

# Who says the time themselves, such as a test or a restore, keeps it.
TOUCHED = """
create function core.touched() returns trigger language plpgsql as $$
begin
  if new.updated_at is not distinct from old.updated_at then new.updated_at := now(); end if;
  return new;
end $$"""
TOUCHES = """
create trigger touched before update on core.{table} for each row execute function core.touched()"""


def upgrade() -> None:
    """A column of three tables: what nobody told until now counts as changed on the day of the upgrade."""
    op.execute(TOUCHED)
    for table in TABLES:
        changed = sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        op.add_column(table, changed, schema="core")
        op.execute(TOUCHES.format(table=table))
