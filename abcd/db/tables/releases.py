"""Figures about people as they left: releases, the nested areas of each, and every figure. Never an unrounded count.

The schema itself says what a figure may be (trust.md P4), that every area of a release lies in one other (P7), that a
month has one release (P10), and that what was published never changes (P8): ``core.keep_release``.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, key, words

RELEASE_STATUSES = ("draft", "published")


class Release(Base):
    """Figures about the people of one association in one month; a draft until somebody publishes it.

    ``plan`` says which cells it shows, ``attack`` what the attack on it found (areas and categories, never a number of
    people), ``counted_to`` the last change of the trail that it knows, ``sha256`` what it says, all in all.
    """

    __tablename__ = "release"
    id: Mapped[uuid.UUID] = key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.organisation.id"))
    month: Mapped[date]
    status: Mapped[str] = words("draft")
    plan: Mapped[str]
    categories: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    sha256: Mapped[str]
    attack: Mapped[dict[str, Any]] = bag()
    counted_to: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = created()
    published_by: Mapped[str] = words()
    published_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("status in ('draft', 'published')", name="status"),
        CheckConstraint("(status = 'published') = (published_at is not null)", name="published"),
        CheckConstraint("extract(day from month) = 1", name="month"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index("ix_release_published", "organisation_id", "month", unique=True,
              postgresql_where=text("status = 'published'"), info={"comment": "the newest release of an association"}),
        Index("ix_release_draft", "organisation_id", unique=True, postgresql_where=text("status = 'draft'"),
              info={"comment": "the one draft of an association"}),
    )  # fmt: skip


class ReleaseArea(Base):
    """An area of a release: a place, or, in no other, the whole association under its own id.

    Places go, releases stay: so there is no foreign key to them, and the name is a copy.
    """

    __tablename__ = "release_area"
    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.release.id", ondelete="cascade"), primary_key=True)
    area_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[uuid.UUID | None]
    depth: Mapped[int]
    name: Mapped[str]
    __table_args__ = (
        ForeignKeyConstraint(
            ["parent_id", "release_id"], ["core.release_area.area_id", "core.release_area.release_id"],
            deferrable=True, initially="deferred",
        ),
        CheckConstraint("(parent_id is null) = (depth = 0) and depth >= 0", name="depth"),
        CheckConstraint("parent_id <> area_id", name="parent"),
        Index("ix_release_area_whole", "release_id", unique=True, postgresql_where=text("depth = 0"),
              info={"comment": "one whole in a release"}),
    )  # fmt: skip


class ReleaseFigure(Base):
    """How many people of a category are in an area, as it is shown; ``shown`` is null for fewer than 10."""

    __tablename__ = "release_figure"
    id: Mapped[uuid.UUID] = key()
    release_id: Mapped[uuid.UUID]
    area_id: Mapped[uuid.UUID]
    category: Mapped[str]
    shown: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(
            ["release_id", "area_id"], ["core.release_area.release_id", "core.release_area.area_id"], ondelete="cascade"
        ),
        UniqueConstraint("release_id", "area_id", "category"),
        CheckConstraint("shown is null or shown >= 10 and shown % 5 = 0", name="shown"),
    )


_KEEP = """
create function core.keep_{table}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if {is_published} then
    raise exception 'A published release never changes. Make the next one.';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$"""
_PUBLISHED = (
    "exists (select from core.release r where r.status = 'published' "
    "and r.id in (case when tg_op <> 'INSERT' then old.release_id end, "
    "case when tg_op <> 'DELETE' then new.release_id end))"
)
_EVENTS = {"release": "update or delete", "release_area": "insert or update or delete"}
_EVENTS["release_figure"] = _EVENTS["release_area"]

KEPT = (
    *(
        _KEEP.format(table=table, is_published="old.status = 'published'" if table == "release" else _PUBLISHED)
        for table in _EVENTS
    ),
    *(
        f"create trigger keep_{table} before {events} on core.{table} for each row execute function core.keep_{table}()"
        for table, events in _EVENTS.items()
    ),
)
"""Statements of the migration, run after the tables."""
