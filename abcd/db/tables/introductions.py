"""Who suggested somebody, what was talked about, and two sides brought together with a yes from each.

The database holds the line: no step beyond an idea without both sides' consent to introductions, no state that the
one before does not lead to (``core.keep_connection_steps``), and nothing of a refusal in a row that both sides share.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, created, flag, key, version, words
from abcd.db.tables.people import Grounds, grounded, listed, of_person
from abcd.db.tables.register import one_of

#: Who tells a coordinator of somebody (product.md C.2): the wide list.
INTRODUCED_BY = (
    "self", "family_or_friend", "neighbour", "community_group", "faith_leader", "councillor", "gp_or_link_worker",
    "other_health", "adult_social_care", "childrens_services", "school", "police", "fire", "jobcentre",
    "housing_staff", "voluntary_organisation", "other",
)  # fmt: skip
INTRODUCTION_STATES = ("suggested", "said_yes", "said_no", "expired")
ACCOMPANIMENTS = ("short", "long")
CONVERSATION_KINDS = ("listening", "coaching", "practical")
CONVERSATION_MODES = ("did_with", "did_for", "stood_back")

CONNECTION_KINDS = ("group", "shared_interest", "lived_experience", "teach_learn", "volunteer", "space")
#: From an idea to what became of it (product.md E.3), and the ways out.
STEPS = ("idea", "asked_a", "yes_a", "asked_b", "yes_b", "introduced", "met", "going_at_4w", "going_at_12w", "settled")
EXITS = ("not_now", "not_for_me", "no_reply", "stopped", "stopped_unsafe")
CONNECTION_STATES = (*STEPS, *EXITS)
#: The six outcomes of product.md 001-16, with loneliness, safety and influence.
OUTCOME_DOMAINS = ("health", "confidence", "skills", "employment", "belonging", "purpose", "loneliness", "safety",
                   "influence")  # fmt: skip
SIDES = ("a", "b")
#: Why somebody says not now, or not for me: a choice of words and no text, for a step outlives what it was said in.
REASONS = ("no_time", "too_far", "other_times", "not_what_i_hoped", "know_each_other", "access", "cost", "not_ready",
           "rather_not_say", "other")  # fmt: skip

PERSONAL_IN_CONVERSATIONS = ("kind", "mode", "summary", "themes", "minutes", "proactive", "next_on", "source")
PERSONAL_IN_FOLLOW_UPS = ("own_words", "domains", "confidence", "would_again", "gave", "is_going", "source")


class IntroductionIn(Base):
    """Somebody was suggested to a coordinator. Until that person says yes: a reference, a source and a day.

    ``share_id`` is the shared map whose form it came by, without a foreign key: what was said outlives the share.
    ``kept_apart`` is what a machine seems to have sent.
    """

    __tablename__ = "introduction_in"
    id: Mapped[uuid.UUID] = key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.organisation.id"))
    reference: Mapped[str] = mapped_column(unique=True)
    source_kind: Mapped[str]
    share_id: Mapped[uuid.UUID | None]
    place_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.place.id"))
    received_on: Mapped[date]
    expires_on: Mapped[date]
    state: Mapped[str] = words("suggested")
    settled_on: Mapped[date | None]
    person_id: Mapped[uuid.UUID | None]
    coordinator: Mapped[str] = words()
    accompaniment: Mapped[str] = words()
    first_met_on: Mapped[date | None]
    version: Mapped[int] = version()
    kept_apart: Mapped[bool] = flag()
    __table_args__ = (
        of_person(),
        one_of("source_kind", INTRODUCED_BY),
        one_of("state", INTRODUCTION_STATES),
        one_of("accompaniment", ("", *ACCOMPANIMENTS)),
        CheckConstraint("state = 'said_yes' or person_id is null", name="nobody_before_yes"),
        CheckConstraint("(state = 'suggested') = (settled_on is null)", name="settled"),
        Index("ix_introduction_in_organisation_id", "organisation_id", "state", "expires_on",
              info={"comment": "introductions that wait, and those that are over"}),
        Index("ix_introduction_in_person_id", "person_id", info={"comment": "how one person came to us"}),
    )  # fmt: skip


class Conversation(Base, Grounds):
    """A talk with a resident: how long, of which kind, and in a few words what for; ``next_on`` is what both agreed."""

    __tablename__ = "conversation"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    held_on: Mapped[date]
    minutes: Mapped[int]
    kind: Mapped[str]
    mode: Mapped[str]
    proactive: Mapped[bool] = flag()
    summary: Mapped[str] = words()
    themes: Mapped[list[str]] = listed()
    next_on: Mapped[date | None]
    held_by: Mapped[str]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        of_person(),
        *grounded(),
        one_of("kind", CONVERSATION_KINDS),
        one_of("mode", CONVERSATION_MODES),
        CheckConstraint("minutes between 1 and 1440", name="minutes"),
        Index("ix_conversation_person_id", "person_id", "held_on", info={"comment": "talks with one person"}),
        Index("ix_conversation_next_on", "organisation_id", "next_on", info={"comment": "my patch: who comes next"}),
    )


class Connection(Base):
    """Two sides that could be brought together: ``a`` the resident whose wish began it, ``b`` a resident or an asset.

    ``parts`` are the letters of the score with their values: figures alone, no words of anybody. ``looked_into_on`` is
    when a manager looked into one that was stopped because it was not safe.
    """

    __tablename__ = "connection"
    id: Mapped[uuid.UUID] = key()
    organisation_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    a_person_id: Mapped[uuid.UUID]
    b_person_id: Mapped[uuid.UUID | None]
    b_asset_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    person_wish_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.person_wish.id", ondelete="set null"))
    person_offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.person_offer.id", ondelete="set null"))
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.offer.id", ondelete="set null"))
    wish_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.wish.id", ondelete="set null"))
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id"))
    tier: Mapped[int]
    score: Mapped[float | None]
    parts: Mapped[dict[str, Any]] = bag()
    crosses_patches: Mapped[bool] = flag()
    is_urgent: Mapped[bool] = flag()
    state: Mapped[str] = words("idea")
    state_at: Mapped[datetime] = created()
    introduced_on: Mapped[date | None]
    passed_on: Mapped[date | None]
    coordinator: Mapped[str]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    looked_into_on: Mapped[date | None]
    __table_args__ = (
        of_person("a_person_id"),
        of_person("b_person_id"),
        UniqueConstraint("id", "organisation_id"),
        one_of("kind", CONNECTION_KINDS),
        one_of("state", CONNECTION_STATES),
        CheckConstraint("(b_person_id is null) <> (b_asset_id is null)", name="two_sides"),
        CheckConstraint("a_person_id <> b_person_id", name="two_people"),
        CheckConstraint("tier between 1 and 5", name="tier"),
        Index("ix_connection_a_person_id", "a_person_id", info={"comment": "introductions of one person"}),
        Index("ix_connection_b_asset_id", "b_asset_id", info={"comment": "a group taken away: introductions to it"}),
        Index("ix_connection_b_person_id", "b_person_id", info={"comment": "introductions to one person"}),
        Index("ix_connection_state", "organisation_id", "state", "state_at", info={"comment": "asks that wait"}),
        Index("ix_connection_place_id", "place_id", info={"comment": "the funnel of a place"}),
    )


class ConnectionStep(Base):
    """Each state that a connection reached, in order: only ever added. ``side`` is who said so, "" for nobody."""

    __tablename__ = "connection_step"
    id: Mapped[uuid.UUID] = key()
    connection_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    state: Mapped[str]
    side: Mapped[str] = words()
    reason: Mapped[str] = words()
    recorded_by: Mapped[str]
    at: Mapped[datetime] = created()
    __table_args__ = (
        ForeignKeyConstraint(
            ["connection_id", "organisation_id"],
            ["core.connection.id", "core.connection.organisation_id"],
            ondelete="cascade",
        ),
        one_of("state", CONNECTION_STATES),
        one_of("side", ("", *SIDES)),
        one_of("reason", ("", *REASONS)),
        Index("ix_connection_step_connection_id", "connection_id", "at", info={"comment": "how an introduction went"}),
    )


class FollowUp(Base, Grounds):
    """How it is going after so many weeks (0 at the start), in the words of one of the two."""

    __tablename__ = "follow_up"
    id: Mapped[uuid.UUID] = key()
    connection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.connection.id", ondelete="cascade"))
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    weeks: Mapped[int]
    said_on: Mapped[date]
    is_going: Mapped[bool | None]
    own_words: Mapped[str] = words()
    domains: Mapped[list[str]] = listed()
    confidence: Mapped[int | None]
    would_again: Mapped[bool | None]
    gave: Mapped[str] = words()
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        of_person(),
        *grounded(),
        UniqueConstraint("connection_id", "person_id", "weeks"),
        CheckConstraint("weeks in (0, 4, 12)", name="weeks"),
        CheckConstraint("confidence between 0 and 10", name="confidence"),
        Index("ix_follow_up_person_id", "person_id", info={"comment": "how it went for one person"}),
    )
