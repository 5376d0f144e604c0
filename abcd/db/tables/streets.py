"""Ways that one may walk, as a map of streets brought them, and what lies across them, as people drew it."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, flag, key, shape, touched, version, words

BARRIER_NATURES = ("railway", "river", "main_road", "wall", "felt_unsafe", "other")
STEP_FREE = ("yes", "no", "unknown")


class StreetMap(Base):
    """One network, used until a newer one of its source takes its place; ``area`` is the box that it speaks of."""

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


class Barrier(Base):
    """A line that cannot be walked across but at its crossings (``is_hard``), or that people rather avoid."""

    __tablename__ = "barrier"
    id: Mapped[uuid.UUID] = key()
    name: Mapped[str]
    nature: Mapped[str]
    is_hard: Mapped[bool] = flag(True)
    geom: Mapped[Any] = shape("LINESTRING", nullable=False)
    source: Mapped[str] = words()
    made_by: Mapped[str]
    created_at: Mapped[datetime] = created()
    updated_at: Mapped[datetime] = touched()
    ended_on: Mapped[date | None]
    version: Mapped[int] = version()
    __table_args__ = (
        CheckConstraint("nature in ({})".format(", ".join(f"'{one}'" for one in BARRIER_NATURES)), name="nature"),
        Index("ix_barrier_geom", "geom", postgresql_using="gist", postgresql_where=text("ended_on is null"),
              info={"comment": "places.barriers: those round a place, drawn on a map"}),
    )  # fmt: skip


class Crossing(Base):
    """Where a barrier can be crossed on foot."""

    __tablename__ = "crossing"
    id: Mapped[uuid.UUID] = key()
    barrier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.barrier.id", ondelete="cascade"))
    name: Mapped[str]
    step_free: Mapped[str] = words("unknown")
    point: Mapped[Any] = shape("POINT", nullable=False)
    made_by: Mapped[str]
    created_at: Mapped[datetime] = created()
    updated_at: Mapped[datetime] = touched()
    ended_on: Mapped[date | None]
    version: Mapped[int] = version()
    __table_args__ = (
        CheckConstraint("step_free in ({})".format(", ".join(f"'{one}'" for one in STEP_FREE)), name="step_free"),
        Index("ix_crossing_barrier_id", "barrier_id", info={"comment": "places.barriers: where it can be crossed"}),
    )
