"""What was shared: with whom, which layers and places, until when."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, UUID
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, key, version
from abcd.db.tables.base import words as prose

#: A link that opens a map, a map without a key, a key for feeds.
SHARE_KINDS = ("link", "open", "feed")
#: What may be shared goes to these; an officer signs in.
SHARE_AUDIENCES = ("public", "partner", "council")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint("{} in ({})".format(column, ", ".join(f"'{value}'" for value in values)), name=column)


class Share(Base):
    """A share. Its secret is known only by its SHA-256; an open one has none, and shows what is public alone.

    ``slug`` is its name in addresses: 128 random bits, so that none leads to another. ``places`` has no foreign key: a
    place that goes must not widen a share. ``counted_from`` is when it was made or last extended, from which it may
    live for 365 days. ``partner`` is the organisation that it was made for, ``contact`` whom to ask about it.
    """

    __tablename__ = "share"
    id: Mapped[uuid.UUID] = key()
    slug: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    title: Mapped[str]
    words: Mapped[str] = prose()
    partner: Mapped[str] = prose()
    audience: Mapped[str]
    layers: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    places: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(UUID(as_uuid=True)), default=list, server_default=text("'{}'")
    )
    language: Mapped[str] = prose()
    embed_hosts: Mapped[list[str]] = mapped_column(ARRAY(TEXT), default=list, server_default=text("'{}'"))
    contact: Mapped[str] = prose()
    made_by: Mapped[str]
    made_at: Mapped[datetime] = created()
    counted_from: Mapped[datetime] = created()
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_day: Mapped[date | None]
    version: Mapped[int] = version()
    __table_args__ = (
        _one_of("kind", SHARE_KINDS),
        _one_of("audience", SHARE_AUDIENCES),
        CheckConstraint("(kind = 'open') = (token_hash is null)", name="secret"),
        CheckConstraint("kind <> 'open' or audience = 'public'", name="open"),
        CheckConstraint("kind = 'open' or cardinality(embed_hosts) = 0", name="embedded"),
        CheckConstraint("cardinality(layers) > 0", name="layers"),
        CheckConstraint("length(slug) >= 22", name="slug"),
        CheckConstraint("expires_at <= counted_from + interval '8760 hours'", name="expires"),
        Index("ix_share_made_at", "made_at", info={"comment": "maps.sharing.listing: the newest first"}),
    )
