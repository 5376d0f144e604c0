"""The public network: what groups, venues and organisations have to do with each other. No person is in it."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, key, version, words
from abcd.db.tables.register import SOURCE_KINDS, one_of

RELATIONS = ("shares_venue", "shares_members", "joint_activity", "refers", "funds", "supports", "learned_from")


class Edge(Base):
    """Two assets that have to do with each other, what shows it, and when it was last seen."""

    __tablename__ = "edge"
    id: Mapped[uuid.UUID] = key()
    a_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    b_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    relation: Mapped[str]
    evidence: Mapped[str] = words()
    since: Mapped[date | None]
    last_seen: Mapped[date]
    weight: Mapped[float] = mapped_column(default=1.0, server_default="1")
    source_kind: Mapped[str]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        one_of("relation", RELATIONS),
        one_of("source_kind", SOURCE_KINDS),
        CheckConstraint("a_id <> b_id", name="two_ends"),
        CheckConstraint("weight > 0", name="weight"),
        Index("ix_edge_a_id", "a_id", "relation", info={"comment": "whom an asset has to do with"}),
        Index("ix_edge_b_id", "b_id", "relation", info={"comment": "whom an asset has to do with, the other way"}),
    )
