"""Residents' own page: a session that says whose it is sees that one person, and nobody beside.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ASKING = "(select nullif(current_setting('abcd.organisation', true), '')::uuid)"
SELF = "(select nullif(current_setting('abcd.self', true), '')::uuid)"
#: Asked as a yes or no, for which the planner guesses half of all people; for "is null" it guesses next to nobody.
ALL_OF_THEM = "(select coalesce(current_setting('abcd.self', true), '') = '')"
#: Whoever is marked as a safety risk sees their own page like everybody, so that nothing there tells it.
PERSON = f"""organisation_id = {ASKING}
  and ({ALL_OF_THEM} or id = {SELF})
  and (not safety_risk or (select core.sees_safety_risk()) or id = {SELF})
  and (status <> 'withdrawn' or (select coalesce(current_setting('abcd.sees_withdrawn', true), '') = 'yes'))"""


def upgrade() -> None:
    """The wall round people, with a door for one."""
    for statement in (
        "drop policy of_the_association on core.person",
        f"create policy of_the_association on core.person using ({PERSON})",
    ):
        op.get_bind().exec_driver_sql(statement)
