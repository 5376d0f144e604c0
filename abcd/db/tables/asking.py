"""What is taken along on a walk: the questions of a printed sheet, kept so that its answers can be typed in later."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, key, version, words


class AskingSheet(Base):
    """One round of questions for one place, as it was printed: no words of anybody, only what is to be asked.

    ``stops`` are records to be checked in walking order, each ``{"asset": id, "version": n}`` as the walker sees it;
    ``looks`` the categories to look for.
    """

    __tablename__ = "asking_sheet"
    id: Mapped[uuid.UUID] = key()
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    stops: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    looks: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    made_by: Mapped[str] = words()
    made_at: Mapped[datetime] = created()
    answered_on: Mapped[date | None]
    version: Mapped[int] = version()
    __table_args__ = (
        Index("ix_asking_sheet_place_id", "place_id", info={"comment": "gaps.sheets: those of a place to be typed in"}),
    )
