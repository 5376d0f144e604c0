"""What was worked out of each category in each place, so that maps and files need not work it out again."""

import uuid
from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, flag, version, words


class PlaceMeasure(Base):
    """One category in one place on the day it was worked out; figures as in ``abcd.gaps.records.Measure``.

    ``order`` is that of product.md D.1, 0 when there is enough. ``rests_on_hidden`` marks what would tell that
    something is there which is not for the public.
    """

    __tablename__ = "place_measure"
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("core.term.slug"), primary_key=True)
    households: Mapped[int]
    in_reach: Mapped[int]
    fresh: Mapped[int]
    coverage: Mapped[float | None]
    median_minutes: Mapped[float | None]
    per_1000: Mapped[float | None]
    judged_by: Mapped[str] = words()
    state: Mapped[str]
    absence: Mapped[float | None]
    searches: Mapped[int]
    order: Mapped[int]
    newest_check: Mapped[date | None]
    worked_out_on: Mapped[date]
    rests_on_hidden: Mapped[bool] = flag()
    __table_args__ = (Index("ix_place_measure_category", "category", info={"comment": "term removed; one category"}),)


class PlaceMeasured(Base):
    """When a place was worked out, and up to which event of the trail that holds."""

    __tablename__ = "place_measured"
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    worked_out_on: Mapped[date]
    event_id: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_place_measured_event_id", "event_id", info={"comment": "gaps.stored: the oldest"}),)


class PlaceThreshold(Base):
    """What counts as near enough in one place, where it is other than everywhere; ``source`` says who wants it so.

    ``minutes`` is a walk. A green space is judged by ``metres`` from its edge and ``minimum_area_m2`` instead.
    """

    __tablename__ = "place_threshold"
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    category: Mapped[str] = mapped_column(ForeignKey("core.term.slug", ondelete="cascade"), primary_key=True)
    minutes: Mapped[float | None]
    metres: Mapped[float | None]
    minimum_area_m2: Mapped[float | None]
    source: Mapped[str]
    set_by: Mapped[str]
    version: Mapped[int] = version()
    __table_args__ = (
        CheckConstraint("minutes > 0 and minutes <= 30", name="minutes"),
        CheckConstraint("metres > 0 and minimum_area_m2 > 0", name="green"),
        CheckConstraint("minutes is not null or metres is not null", name="some"),
        Index("ix_place_threshold_category", "category", info={"comment": "term removed; one category"}),
    )
