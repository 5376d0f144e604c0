"""Where data came from: sources, imports, their faults, mappings and pairs to look at."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, key, words


class Source(Base):
    """Who publishes a file, under which licence."""

    __tablename__ = "source"
    id: Mapped[uuid.UUID] = key()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    publisher: Mapped[str] = words()
    licence: Mapped[str] = words()
    attribution: Mapped[str] = words()
    description: Mapped[dict[str, Any]] = bag()


class Import(Base):
    """One file brought in: what was understood, what was done, and whether it still stands."""

    __tablename__ = "import"
    id: Mapped[uuid.UUID] = key()
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.source.id"))
    kind: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str] = words()
    file_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    status: Mapped[str] = words("staged")
    as_of: Mapped[date | None]
    mapping: Mapped[dict[str, Any]] = bag()
    report: Mapped[dict[str, Any]] = bag()
    by: Mapped[str] = words()
    created_at: Mapped[datetime] = created()
    loaded_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_import_source_id", "source_id", info={"comment": "imports of a source, the newest last"}),
    )


class ImportChange(Base):
    """What an import did to an asset that was there already, so that it can be undone exactly."""

    __tablename__ = "import_change"
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.import.id", ondelete="cascade"), primary_key=True)
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"), primary_key=True)
    op: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version_after: Mapped[int]
    __table_args__ = (
        Index("ix_import_change_asset_id", "asset_id", info={"comment": "intake.undo: changes of a deleted asset"}),
    )


class ImportBefore(Base):
    """A place, postcode or household figure as it was before an import replaced it, so that it can be undone exactly.

    ``before`` holds the columns by name; geometries are hexadecimal EWKB.
    """

    __tablename__ = "import_before"
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.import.id", ondelete="cascade"), primary_key=True)
    thing_kind: Mapped[str] = mapped_column(primary_key=True)
    thing_key: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Issue(Base):
    """A fault in a file: row, column, value, and what to do about it."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.import.id", ondelete="cascade"))
    kind: Mapped[str]
    row_number: Mapped[int | None]
    column: Mapped[str] = words()
    value: Mapped[str] = words()
    message: Mapped[str] = words()
    what_to_do: Mapped[str] = words()
    settled_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_issue_import_id", "import_id", "kind", info={"comment": "issues of an import, by kind"}),
    )


class ColumnMapping(Base):
    """How a header was understood and confirmed, used again for the same publisher's next file."""

    __tablename__ = "column_mapping"
    id: Mapped[uuid.UUID] = key()
    header_key: Mapped[str] = mapped_column(unique=True)
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.source.id"))
    mapping: Mapped[dict[str, Any]] = bag()
    saved_at: Mapped[datetime] = created()


class DuplicatePair(Base):
    """Two assets that may be one, for a person to decide side by side."""

    __tablename__ = "duplicate_pair"
    id: Mapped[uuid.UUID] = key()
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.import.id", ondelete="cascade"))
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    score: Mapped[float]
    reasons: Mapped[str] = words()
    state: Mapped[str] = words("open")
    __table_args__ = (
        Index("ix_duplicate_pair_import_id", "import_id", info={"comment": "pairs that an import proposes"}),
        Index("ix_duplicate_pair_other_id", "other_id", info={"comment": "pairs of an asset, from its other side"}),
        UniqueConstraint("asset_id", "other_id"),
    )
