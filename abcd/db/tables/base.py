"""What every table shares: naming, keys, versions and the British National Grid."""

import uuid
from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import DateTime, MetaData, func, text
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

GRID = 27700
"""EPSG code of the British National Grid: everything is stored and measured in its metres."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All our tables live in the schema ``core``; ``pub`` holds only views of cleared columns."""

    metadata = MetaData(schema="core", naming_convention=NAMING)
    type_annotation_map = {dict[str, Any]: JSONB, datetime: DateTime(timezone=True)}


def key() -> Mapped[uuid.UUID]:
    """A random primary key."""
    return mapped_column(
        UUID(as_uuid=True), primary_key=True, default=uuid.uuid4, server_default=text("gen_random_uuid()")
    )


def version() -> Mapped[int]:
    """The version an edit must name; raised by one at each change."""
    return mapped_column(default=1, server_default="1")


def created() -> Mapped[datetime]:
    """When the row was made, in UTC."""
    return mapped_column(server_default=func.now())


def touched() -> Mapped[datetime]:
    """When the row last changed, in UTC: the database notes it, whoever changes it (migration 0027)."""
    return mapped_column(server_default=func.now())


def flag(value: bool = False) -> Mapped[bool]:
    """A yes/no column with a default."""
    return mapped_column(default=value, server_default=str(value).lower())


def words(value: str = "") -> Mapped[str]:
    """A text column that is never null."""
    return mapped_column(default=value, server_default=value)


def bag() -> Mapped[dict[str, Any]]:
    """A JSON object, empty by default."""
    return mapped_column(JSONB, default=dict, server_default=text("'{}'::jsonb"))


def shape(kind: str, nullable: bool = True) -> Mapped[Any]:
    """A geometry column in metres; its index is declared beside the table with its reason."""
    return mapped_column(Geometry(kind, srid=GRID, spatial_index=False), nullable=nullable)
