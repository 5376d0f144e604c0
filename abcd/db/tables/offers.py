"""What there is to give and what people hope for: residents' own, and those of groups, venues, partners and meetings.

A resident's offer and wish lie in tables of their own beside the person, each row with its grounds. Everybody else's
are ``Offer`` and ``Wish``: no name of a resident belongs in them. ``free_grid`` is a week of seven days by morning,
afternoon and evening as 21 bits, the same as ``asset.open_grid``; none means that nobody asked.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, created, flag, key, version, words
from abcd.db.tables.people import Grounds, grounded, listed, of_person
from abcd.db.tables.register import VISIBILITIES, one_of

GIFT_KINDS = ("head", "heart", "hands", "space", "thing", "time", "money")
#: ``waiting`` for somebody to take it up, ``taken_up``, ``resting`` for a while, ``ended``.
OFFER_STATES = ("waiting", "taken_up", "resting", "ended")
OFFER_OWNERS = ("group", "venue", "partner", "supplier", "landlord")
WISH_KINDS = ("do", "learn", "meet", "change", "fix", "have_nearby")
WISH_STATES = ("open", "planned", "met", "let_go")
UNMET = "state = 'open' or state = 'planned'"
WISH_VOICES = ("group", "meeting", "survey", "prospective_resident")
#: The three questions (product.md 001-2), the left one first.
PLAN_COLUMNS = ("residents_alone", "with_help", "agencies")
PLAN_OWNERS = ("resident", "group", "staff", "agency")
#: What stands in the way (product.md 003-21).
BLOCKERS = ("insurance", "keys", "licence", "money", "fear_of_losing_benefits", "landlord_policy", "space", "people",
            "other")  # fmt: skip
PERSONAL_IN_OFFERS = ("gift_kind", "skill", "own_words", "will_teach", "free_grid", "max_walk_minutes", "conditions",
                      "source")  # fmt: skip
PERSONAL_IN_WISHES = ("wish_kind", "skill", "category", "theme", "own_words", "free_grid", "source", "urgent_reason")

#: Themes of wishes and needs (product.md C.2); ``gaps.themes`` has their words.
THEMES = (
    "company-and-belonging", "things-to-do", "children-and-families", "young-people", "getting-older-well",
    "health-and-moving", "mind-and-mood", "food", "money-and-benefits", "work", "learning-and-skills", "digital",
    "home-and-repairs", "green-and-growing", "clean-and-cared-for", "safety", "getting-about", "culture-and-faith",
    "influence-and-decisions", "new-neighbours-and-language",
)  # fmt: skip
#: The groups of gifts in ``data/gifts.csv``, in its order.
GIFT_GROUPS = (
    "caring-and-health", "cooking-and-food", "fixing-and-building", "gardening-and-animals", "arts-music-and-craft",
    "sport-and-movement", "teaching-and-tutoring", "languages-and-interpreting", "digital-skills",
    "money-and-paperwork", "organising-and-hosting", "driving-and-lifts", "listening-and-befriending",
    "campaigning-and-speaking", "local-knowledge-and-history", "enterprise",
)  # fmt: skip
#: Days a week by parts of a day.
GRID_CELLS = 21


def _grid(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} between 0 and {(1 << GRID_CELLS) - 1}", name=column)


def _said(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} <> ''", name=f"{column}_said")


class Skill(Base):
    """A gift that people have or would like to learn (``data/gifts.csv``), or its group when ``parent`` is none.

    ``themes`` and ``categories`` are what it speaks to: themes of wishes, categories of assets. ``regulated_hint``
    says in which case a role with this gift may be regulated activity (product.md E.2).
    """

    __tablename__ = "skill"
    slug: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("core.skill.slug"))
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    name: Mapped[str]
    name_cy: Mapped[str] = words()
    gift_kind: Mapped[str] = words()
    themes: Mapped[list[str]] = listed()
    categories: Mapped[list[str]] = listed()
    synonyms: Mapped[list[str]] = listed()
    regulated_hint: Mapped[str] = words()


class PersonOffer(Base, Grounds):
    """A gift that a resident is willing to give, in their own words first."""

    __tablename__ = "person_offer"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    gift_kind: Mapped[str]
    skill: Mapped[str | None] = mapped_column(ForeignKey("core.skill.slug"))
    own_words: Mapped[str]
    will_teach: Mapped[bool] = flag()
    free_grid: Mapped[int | None]
    max_walk_minutes: Mapped[int | None]
    conditions: Mapped[str] = words()
    starts_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    state: Mapped[str] = words("waiting")
    taken_up_on: Mapped[date | None]
    said_on: Mapped[date]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        of_person(),
        UniqueConstraint("id", "person_id"),
        *grounded(),
        one_of("gift_kind", GIFT_KINDS),
        one_of("state", OFFER_STATES),
        _grid("free_grid"),
        _said("own_words"),
        Index("ix_person_offer_person_id", "person_id", info={"comment": "what one person offers"}),
        Index("ix_person_offer_skill", "organisation_id", "skill",
              info={"comment": "connections: offers of a gift"}),
        Index("ix_person_offer_waiting", "organisation_id", "said_on", postgresql_where=text("state = 'waiting'"),
              info={"comment": "people.waiting: residents' offers that nobody has taken up, oldest first"}),
    )  # fmt: skip


class PersonWish(Base, Grounds):
    """What a resident hopes for, in their own words first. ``urgent_reason`` is why statutory routes come first."""

    __tablename__ = "person_wish"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    wish_kind: Mapped[str]
    own_words: Mapped[str]
    theme: Mapped[str] = words()
    skill: Mapped[str | None] = mapped_column(ForeignKey("core.skill.slug"))
    category: Mapped[str | None] = mapped_column(ForeignKey("core.term.slug"))
    free_grid: Mapped[int | None]
    hours: Mapped[int | None]
    urgent_reason: Mapped[str] = words()
    state: Mapped[str] = words("open")
    said_on: Mapped[date]
    told_on: Mapped[date | None]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        of_person(),
        UniqueConstraint("id", "person_id"),
        *grounded(),
        one_of("wish_kind", WISH_KINDS),
        one_of("state", WISH_STATES),
        _grid("free_grid"),
        _said("own_words"),
        Index("ix_person_wish_person_id", "person_id", info={"comment": "what one person hopes for"}),
        Index("ix_person_wish_skill", "organisation_id", "skill",
              info={"comment": "connections: wishes for a gift"}),
        Index("ix_person_wish_unmet", "organisation_id", "said_on", postgresql_where=text(UNMET),
              info={"comment": "people.waiting: residents' wishes that are not met, oldest first"}),
    )  # fmt: skip


class Offer(Base):
    """What a group, a venue, a partner, a supplier or the landlord offers: rooms, hours, kit, money, know-how."""

    __tablename__ = "offer"
    id: Mapped[uuid.UUID] = key()
    owner_kind: Mapped[str]
    asset_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.organisation.id"))
    place_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.place.id"))
    gift_kind: Mapped[str]
    skill: Mapped[str | None] = mapped_column(ForeignKey("core.skill.slug"))
    theme: Mapped[str] = words()
    own_words: Mapped[str]
    how_much: Mapped[str] = words()
    free_grid: Mapped[int | None]
    max_walk_minutes: Mapped[int | None]
    conditions: Mapped[str] = words()
    starts_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    visibility: Mapped[str] = words("partner")
    state: Mapped[str] = words("waiting")
    taken_up_on: Mapped[date | None]
    said_on: Mapped[date]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        one_of("owner_kind", OFFER_OWNERS),
        one_of("gift_kind", GIFT_KINDS),
        one_of("state", OFFER_STATES),
        one_of("visibility", VISIBILITIES),
        CheckConstraint("asset_id is not null or owner_id is not null", name="has_an_owner"),
        _grid("free_grid"),
        _said("own_words"),
        Index("ix_offer_asset_id", "asset_id", info={"comment": "what one group or venue offers"}),
        Index("ix_offer_skill", "skill", info={"comment": "connections: offers of a gift"}),
        Index("ix_offer_place_id", "place_id", info={"comment": "offers of a place"}),
        Index(
            "ix_offer_waiting",
            "said_on",
            postgresql_where=text("state = 'waiting'"),
            info={"comment": "people.waiting: offers that nobody has taken up, oldest first"},
        ),
    )


class Wish(Base):
    """What a group, a meeting, a survey or people yet to move in hope for; ``voices`` is how many said so."""

    __tablename__ = "wish"
    id: Mapped[uuid.UUID] = key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.organisation.id"))
    voiced_by: Mapped[str]
    asset_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id"))
    wish_kind: Mapped[str]
    own_words: Mapped[str]
    theme: Mapped[str] = words()
    skill: Mapped[str | None] = mapped_column(ForeignKey("core.skill.slug"))
    category: Mapped[str | None] = mapped_column(ForeignKey("core.term.slug"))
    free_grid: Mapped[int | None]
    hours: Mapped[int | None]
    voices: Mapped[int] = mapped_column(default=1, server_default="1")
    state: Mapped[str] = words("open")
    said_on: Mapped[date]
    told_residents_on: Mapped[date | None]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        one_of("voiced_by", WISH_VOICES),
        one_of("wish_kind", WISH_KINDS),
        one_of("state", WISH_STATES),
        CheckConstraint("voices > 0", name="voices"),
        CheckConstraint("(voiced_by = 'group') = (asset_id is not null)", name="group_is_named"),
        _grid("free_grid"),
        _said("own_words"),
        Index("ix_wish_place_id", "place_id", info={"comment": "wishes of a place, voiced demand"}),
        Index("ix_wish_asset_id", "asset_id", info={"comment": "what one group hopes for"}),
        Index("ix_wish_organisation_id", "organisation_id", info={"comment": "row security: of the association"}),
        Index(
            "ix_wish_unmet",
            "organisation_id",
            "said_on",
            postgresql_where=text(UNMET),
            info={"comment": "people.waiting: wishes that are not met, oldest first"},
        ),
    )


class PlanAction(Base):
    """One line of the three-question plan of a wish: who does it, what, who holds it, and what stands in the way."""

    __tablename__ = "plan_action"
    id: Mapped[uuid.UUID] = key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.organisation.id"))
    wish_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.wish.id", ondelete="cascade"))
    person_wish_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.person_wish.id", ondelete="cascade"))
    who_does: Mapped[str]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    what: Mapped[str]
    owner_kind: Mapped[str] = words("resident")
    owner_asset_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id", ondelete="set null"))
    owner_words: Mapped[str] = words()
    supporter: Mapped[str] = words()
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    blocker: Mapped[str] = words()
    blocker_words: Mapped[str] = words()
    blocked_on: Mapped[date | None]
    version: Mapped[int] = version()
    __table_args__ = (
        CheckConstraint("(wish_id is null) <> (person_wish_id is null)", name="of_one_wish"),
        one_of("who_does", PLAN_COLUMNS),
        one_of("owner_kind", PLAN_OWNERS),
        one_of("blocker", ("", *BLOCKERS)),
        _said("what"),
        Index("ix_plan_action_owner_asset_id", "owner_asset_id", info={"comment": "a group taken away: its plans"}),
        Index("ix_plan_action_wish_id", "wish_id", info={"comment": "the plan of a wish"}),
        Index("ix_plan_action_person_wish_id", "person_wish_id", info={"comment": "the plan of a resident's wish"}),
    )


class PersonCheck(Base, Grounds):
    """That a role needs a check and until when somebody is cleared for it: never a certificate, nor what it says."""

    __tablename__ = "person_check"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    role: Mapped[str]
    is_required: Mapped[bool] = flag(True)
    cleared_until: Mapped[date | None]
    created_at: Mapped[datetime] = created()
    version: Mapped[int] = version()
    __table_args__ = (
        of_person(),
        *grounded(),
        _said("role"),
        Index("ix_person_check_person_id", "person_id", info={"comment": "what one person is cleared for"}),
    )


class PersonAvoids(Base):
    """Somebody or something that a person asked not to be brought together with; no reason is kept."""

    __tablename__ = "person_avoids"
    id: Mapped[uuid.UUID] = key()
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    other_id: Mapped[uuid.UUID | None]
    asset_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    created_at: Mapped[datetime] = created()
    __table_args__ = (
        of_person(),
        of_person("other_id"),
        CheckConstraint("(other_id is null) <> (asset_id is null)", name="avoids_one"),
        Index("ix_person_avoids_person_id", "person_id", info={"comment": "whom one person asked not to meet"}),
        Index("ix_person_avoids_asset_id", "asset_id", info={"comment": "an asset taken away: who avoids it"}),
        Index("ix_person_avoids_other_id", "other_id", info={"comment": "who asked not to meet a person"}),
    )
