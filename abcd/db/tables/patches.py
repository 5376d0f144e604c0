"""Plans of patches: which block of homes each coach would have."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, key, version, words


class PatchPlan(Base):
    """One way to share out the homes of a place; it stays as it was drawn, adopted or not."""

    __tablename__ = "patch_plan"
    id: Mapped[uuid.UUID] = key()
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    leaning: Mapped[str]
    target: Mapped[float]
    tolerance: Mapped[float]
    seed: Mapped[int]
    reason: Mapped[str] = words()
    made_by: Mapped[str]
    made_at: Mapped[datetime] = created()
    adopted_from: Mapped[date | None]
    version: Mapped[int] = version()
    __table_args__ = (
        CheckConstraint("target > 0 and tolerance > 0 and tolerance < 1", name="room"),
        Index("ix_patch_plan_place_id", "place_id", "made_at", info={"comment": "patches.plans: those of a place"}),
    )


class PatchBlock(Base):
    """A block of homes (here a small census area) and its patch in a plan, numbered from 1."""

    __tablename__ = "patch_block"
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.patch_plan.id", ondelete="cascade"), primary_key=True)
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    patch: Mapped[int]
    households: Mapped[float]
    __table_args__ = (Index("ix_patch_block_place_id", "place_id", info={"comment": "place removed: its blocks"}),)
