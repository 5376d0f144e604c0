"""Plans of patches: which block of homes each coach would have."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT, UUID
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, key, shape, version, words


class PatchGround(Base):
    """What plans of one place are drawn on: blocks of homes with their links, as they were on that day.

    ``tail`` and ``head`` are the numbers of linked blocks, ``bond`` what parting them costs; ``walled`` are neighbours
    that a hard barrier parts, ``ways`` the crossings between blocks. ``over`` are the crossings that links may use.
    """

    __tablename__ = "patch_ground"
    id: Mapped[uuid.UUID] = key()
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    finest: Mapped[str]
    reach: Mapped[float] = mapped_column(default=0.0, server_default="0")
    base: Mapped[Any] = shape("POINT")
    base_name: Mapped[str] = words()
    tail: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    head: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    bond: Mapped[list[float]] = mapped_column(ARRAY(Double))
    walled: Mapped[list[int]] = mapped_column(ARRAY(Integer, dimensions=2), server_default="{}")
    ways: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    over: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID(as_uuid=True)), default=list, server_default="{}")
    made_by: Mapped[str]
    made_at: Mapped[datetime] = created()
    __table_args__ = (
        CheckConstraint("finest in ('dwellings', 'streets', 'areas')", name="finest"),
        Index("ix_patch_ground_place_id", "place_id", info={"comment": "place removed: what was drawn on it"}),
    )


class PatchBlock(Base):
    """A block of homes, numbered from 0 in its ground, with the land about it and what it holds.

    ``members`` are references of dwellings, or the id of a small area; ``load`` is households times workload. ``name``
    is that of its street or area, ``""`` for none: what more it is called is worded for the reader.
    """

    __tablename__ = "patch_block"
    ground_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.patch_ground.id", ondelete="cascade"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = words()
    street: Mapped[int] = mapped_column(default=-1, server_default="-1")
    households: Mapped[float]
    load: Mapped[float]
    point: Mapped[Any] = shape("POINT", nullable=False)
    cell: Mapped[Any] = shape("MULTIPOLYGON", nullable=False)
    members: Mapped[list[str]] = mapped_column(ARRAY(TEXT))


class PatchPlan(Base):
    """One way to share out the homes of a place; it stays as it was drawn, adopted or not.

    ``part`` is the patch of each block of its ground, by their numbers; ``derived_from`` the plan that somebody
    corrected by hand. Adopted from a day ahead it waits for that day; ``begun_at`` is when its patches became places.
    ``coaches`` are the accounts that are to hold patches from that day, by the numbers of these from 0.
    """

    __tablename__ = "patch_plan"
    id: Mapped[uuid.UUID] = key()
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    ground_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.patch_ground.id", ondelete="cascade"))
    part: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    leaning: Mapped[str]
    target: Mapped[float]
    tolerance: Mapped[float]
    seed: Mapped[int]
    reason: Mapped[str] = words()
    made_by: Mapped[str]
    made_at: Mapped[datetime] = created()
    adopted_from: Mapped[date | None]
    begun_at: Mapped[datetime | None]
    coaches: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    derived_from: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.patch_plan.id", ondelete="set null"))
    version: Mapped[int] = version()
    __table_args__ = (
        CheckConstraint("target > 0 and tolerance > 0 and tolerance < 1", name="room"),
        CheckConstraint("begun_at is null or adopted_from is not null", name="begun"),
        Index(
            "ix_patch_plan_one_a_day", "place_id", "adopted_from", unique=True,
            postgresql_where=text("adopted_from is not null and begun_at is null"),
            info={"comment": "patches.adopting: no other plan of a place waits for that day"},
        ),
        Index(
            "ix_patch_plan_waiting", "adopted_from",
            postgresql_where=text("adopted_from is not null and begun_at is null"),
            info={"comment": "patches.due: plans whose day has come"},
        ),
        Index("ix_patch_plan_place_id", "place_id", "made_at", info={"comment": "patches.plans: those of a place"}),
        Index("ix_patch_plan_ground_id", "ground_id", info={"comment": "ground removed: its plans"}),
    )  # fmt: skip


class PatchLock(Base):
    """Homes of a place that stay together in every plan: a court, or people who know each other."""

    __tablename__ = "patch_lock"
    id: Mapped[uuid.UUID] = key()
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    name: Mapped[str]
    members: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    made_by: Mapped[str]
    created_at: Mapped[datetime] = created()
    ended_on: Mapped[date | None]
    version: Mapped[int] = version()
    __table_args__ = (
        Index("ix_patch_lock_place_id", "place_id", postgresql_where=text("ended_on is null"),
              info={"comment": "patches.locks: those of a place"}),
    )  # fmt: skip


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
