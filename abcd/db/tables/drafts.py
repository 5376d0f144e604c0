"""What people were writing when they were interrupted."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, flag


class Draft(Base):
    """What stands in a form that nobody has saved yet, for its writer alone.

    ``sitting`` is the writing of one form in one window: two windows on one record keep two drafts. ``values`` holds
    what was changed, by field; ``version`` is the version of the record that it was made from. Once saved it is
    ``closed`` and empty, so that what the browser sends late cannot bring it back.
    """

    __tablename__ = "draft"
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.account.id", ondelete="cascade"), primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True)
    sitting: Mapped[str] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]] = bag()
    version: Mapped[int | None]
    closed: Mapped[bool] = flag()
    saved_at: Mapped[datetime] = created()
    __table_args__ = (
        Index("ix_draft_saved_at", "saved_at", info={"comment": "drafts that are too old are swept away"}),
        Index("ix_draft_record", "record", info={"comment": "drafts about a person who is erased"}),
    )
