"""Ways that one may walk: the edges of a network, as a map of streets brought them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, shape, words


class StreetMap(Base):
    """One network, brought in at once and used until a newer one of its source takes its place; ``area`` is its box."""

    __tablename__ = "street_map"
    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.import.id"), primary_key=True)
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.source.id"))
    vintage: Mapped[str] = words()
    nodes: Mapped[int]
    edges: Mapped[int]
    metres: Mapped[float]
    area: Mapped[Any] = shape("POLYGON", nullable=False)
    made_at: Mapped[datetime] = created()
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_street_map_source_id", "source_id", postgresql_where=text("ended_at is null"),
              info={"comment": "gaps.streets.loaded: those in use; the one before of a source"}),
    )  # fmt: skip


class Street(Base):
    """An edge between two nodes of a map: ``marks`` 1 where there are steps or no wheelchair can pass."""

    __tablename__ = "street"
    map_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.street_map.id", ondelete="cascade"), primary_key=True)
    a: Mapped[int] = mapped_column(primary_key=True)
    b: Mapped[int] = mapped_column(primary_key=True)
    metres: Mapped[float]
    marks: Mapped[int]
    geom: Mapped[Any] = shape("LINESTRING", nullable=False)
    __table_args__ = (
        Index("ix_street_geom", "geom", postgresql_using="gist", info={"comment": "streets drawn on a map, barriers"}),
    )
