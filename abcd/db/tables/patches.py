"""Plans of patches: which block of homes each coach would have."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, key, version, words


class PatchPlan(Base):
    """One way to share out the homes of a place; it stays as it was drawn, adopted or not.

    ``derived_from`` is the plan that somebody corrected by hand.
    """

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
    derived_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.patch_plan.id", ondelete="set null"))
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


class PatchCoach(Base):
    """Who is the coach of a patch, from a day on and until another; the days before stay in the history.

    ``week_hours`` are the hours a week for this patch, ``people_hours`` those of them kept for being with people.
    """

    __tablename__ = "patch_coach"
    id: Mapped[uuid.UUID] = key()
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    week_hours: Mapped[float | None]
    people_hours: Mapped[float | None]
    made_by: Mapped[str]
    version: Mapped[int] = version()
    __table_args__ = (
        CheckConstraint("until_on is null or until_on >= from_on", name="days"),
        CheckConstraint("people_hours between 0 and week_hours and week_hours > 0 and week_hours <= 60", name="week"),
        Index("ix_patch_coach_place_id", "place_id", "from_on", info={"comment": "patches.coaches: who is, who was"}),
        Index("ix_patch_coach_account_id", "account_id", info={"comment": "the patches of one coach"}),
    )
