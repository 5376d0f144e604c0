"""What was worked out of each category in each place, so that maps and files need not work it out again."""

import uuid
from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, flag, words


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
