"""What people outside say about the register: their suggestions, the links that ask a group, and its consent."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, flag, key, version, words
from abcd.db.tables.register import one_of

CONTRIBUTION_KINDS = ("correction", "addition", "closing")
CONTRIBUTION_STATES = ("waiting", "approved", "partly", "refused")
CAME_BY = ("shared map", "open map", "group", "walk")
"""By which door a suggestion came: a partner's shared map, a map open to all, a group's own link, or a walk of ours."""

CONSENT_WAYS = ("in person", "telephone", "e-mail", "form", "link")
"""How a group said yes or no; ``link``: itself, on its own page."""


class Contribution(Base):
    """A correction or an addition that somebody outside suggested; nothing of it is live until it is approved.

    ``proposed`` holds values by column, ``seen`` what stood there when they wrote, ``before`` what an approval
    replaced, so that it can be taken back. ``reach`` is how to tell them what became of it, sealed with this machine's
    key file, and gone once they were told or after 28 days. ``kept_apart`` is what fell into the trap for machines.
    There is no foreign key to the share: what was said stays when the share goes.
    """

    __tablename__ = "contribution"
    id: Mapped[uuid.UUID] = key()
    kind: Mapped[str]
    came_by: Mapped[str]
    share_id: Mapped[uuid.UUID | None]
    asset_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    place_ids: Mapped[list[uuid.UUID]] = mapped_column(
        ARRAY(UUID(as_uuid=True)), default=list, server_default=text("'{}'")
    )
    proposed: Mapped[dict[str, Any]] = bag()
    seen: Mapped[dict[str, Any]] = bag()
    own_words: Mapped[str] = words()
    role_words: Mapped[str] = words()
    reach: Mapped[str] = words()
    kept_apart: Mapped[bool] = flag()
    received_at: Mapped[datetime] = created()
    state: Mapped[str] = words("waiting")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = words()
    reason: Mapped[str] = words()
    before: Mapped[dict[str, Any]] = bag()
    told_at: Mapped[datetime | None]
    version: Mapped[int] = version()
    __table_args__ = (
        one_of("kind", CONTRIBUTION_KINDS),
        one_of("state", CONTRIBUTION_STATES),
        one_of("came_by", CAME_BY),
        CheckConstraint("(state = 'waiting') = (settled_at is null)", name="settled"),
        Index("ix_contribution_waiting", "received_at", postgresql_where=text("state = 'waiting'"),
              info={"comment": "assets.contributions: what waits, the oldest first, and how many"}),
        Index("ix_contribution_settled_at", "settled_at",
              info={"comment": "assets.contributions: lately settled, whom to tell, and what is to be forgotten"}),
        Index("ix_contribution_asset_id", "asset_id",
              info={"comment": "what is suggested about one asset; intake.undo, when one is deleted"}),
    )  # fmt: skip


class CheckLink(Base):
    """A link with which a group's own contact answers for its record without signing in; known by its SHA-256 alone."""

    __tablename__ = "check_link"
    token_hash: Mapped[str] = mapped_column(primary_key=True)
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    made_by: Mapped[str]
    made_at: Mapped[datetime] = created()
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = words()
    __table_args__ = (
        Index("ix_check_link_asset_id", "asset_id", info={"comment": "links of an asset: which one holds, and since"}),
        Index("ix_check_link_expires_at", "expires_at", info={"comment": "links that are over are swept away"}),
    )


class ContactConsent(Base):
    """A group agreed that its telephone number and e-mail are shown (trust.md P11).

    Rows are added, never changed but for the day on which they were withdrawn. ``told`` is the version of the words
    that they agreed to (``abcd.assets.consent``).
    """

    __tablename__ = "contact_consent"
    id: Mapped[uuid.UUID] = key()
    asset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    given_on: Mapped[date]
    how: Mapped[str]
    told: Mapped[str]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime] = created()
    expires_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    withdrawn_how: Mapped[str] = words()
    __table_args__ = (
        one_of("how", CONSENT_WAYS),
        CheckConstraint("expires_on > given_on", name="has_an_end"),
        CheckConstraint("told <> '' and recorded_by <> ''", name="says_what_and_who"),
        Index("ix_contact_consent_asset_id", "asset_id", postgresql_where=text("withdrawn_on is null"),
              info={"comment": "maps, pub.asset: whether a contact may be shown"}),
    )  # fmt: skip
