"""Residents with whom something may be done today: views of the database, so that no query can forget to ask.

``introducible``: whose yes to introductions holds; ``findable``: whose yes to being found does. Adults, active, never
anybody marked as a safety risk, and only whom this session may see.
"""

from sqlalchemy import Boolean, Date, Integer, String, TableClause, column, table
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, UUID


def _agreed(name: str) -> TableClause:
    return table(
        name,
        column("id", UUID(as_uuid=True)),
        column("organisation_id", UUID(as_uuid=True)),
        column("place_id", UUID(as_uuid=True)),
        column("preferred_name", String()),
        column("language", String()),
        column("speaks", ARRAY(TEXT)),
        column("access_needs", ARRAY(TEXT)),
        column("max_walk_minutes", Integer()),
        column("wants_alike", Boolean()),
        column("confirmed_on", Date()),
        schema="core",
    )


introducible = _agreed("introducible")
findable = _agreed("findable")
