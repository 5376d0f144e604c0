"""What was worked out of each category in each place, so that maps and files need not work it out again."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, UUID
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, flag, shape, version, words


class PlaceMeasure(Base):
    """One category in one place on the day it was worked out; figures as in ``abcd.gaps.records.Measure``.

    ``order`` is that of product.md D.1, 0 when there is enough. ``rests_on_hidden`` marks what would tell that
    something is there which is not for the public. ``facts`` is what a ``Measure`` is made of again on any day: nothing
    in it grows old. ``inside`` assets lie within the place, the nearest is ``edge_metres`` from its edge (null when
    that is beyond half an hour), and nothing farther than ``watch_metres`` from its homes can change these facts.
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
    facts: Mapped[dict[str, Any]] = bag()
    inside: Mapped[int] = mapped_column(default=0, server_default="0")
    edge_metres: Mapped[float | None]
    watch_metres: Mapped[float] = mapped_column(default=0.0, server_default="0")
    __table_args__ = (Index("ix_place_measure_category", "category", info={"comment": "term removed; one category"}),)


class PlaceMeasured(Base):
    """When a place was worked out, and which of its categories are to be worked out again.

    Its facts hold for all that ``snapshot`` (of PostgreSQL) saw, but for the categories in ``waiting``; ``{*}`` means
    all of them. ``event_id`` is the last number of the trail that its own transaction had seen. ``box`` holds its homes
    and its outline, ``map_id`` is the map of streets that was walked on, ``walk`` the words for that by language.
    ``alike`` are the places it was last compared with.
    """

    __tablename__ = "place_measured"
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"), primary_key=True)
    worked_out_on: Mapped[date]
    event_id: Mapped[int] = mapped_column(BigInteger)
    snapshot: Mapped[str] = words()
    waiting: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list, server_default=text("'{*}'"))
    box: Mapped[Any] = shape("POLYGON")
    map_id: Mapped[uuid.UUID | None]
    walk: Mapped[dict[str, Any]] = bag()
    alike: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(UUID(as_uuid=True)), default=list, server_default=text("'{}'"))
    __table_args__ = (
        Index("ix_place_measured_box", "box", postgresql_using="gist",
              info={"comment": "gaps.waiting: places that a change lies near"}),
    )  # fmt: skip


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
