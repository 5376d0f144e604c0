"""What the night's matching found, worked out anew each night; private, and gone with either of the two."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from abcd.db.tables.base import Base, bag, flag
from abcd.db.tables.introductions import CONNECTION_KINDS
from abcd.db.tables.people import of_person
from abcd.db.tables.register import one_of


class PersonSuggestion(Base):
    """One of the suggestions for a resident's wish: figures and ids alone, no words of anybody.

    ``is_planned`` marks the neighbour whom the plan of the whole association keeps for this wish, so that nobody is
    thought of for more than they can do.
    """

    __tablename__ = "person_suggestion"
    person_wish_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    a_person_id: Mapped[uuid.UUID]
    b_person_id: Mapped[uuid.UUID | None]
    b_asset_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.asset.id", ondelete="cascade"))
    person_offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.person_offer.id", ondelete="cascade"))
    offer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core.offer.id", ondelete="cascade"))
    place_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.place.id", ondelete="cascade"))
    tier: Mapped[int]
    score: Mapped[float]
    parts: Mapped[dict[str, Any]] = bag()
    is_planned: Mapped[bool] = flag()
    worked_out_on: Mapped[date]
    __table_args__ = (
        of_person("a_person_id"),
        of_person("b_person_id"),
        ForeignKeyConstraint(
            ["person_wish_id", "a_person_id"], ["core.person_wish.id", "core.person_wish.person_id"], ondelete="cascade"
        ),
        one_of("kind", CONNECTION_KINDS),
        CheckConstraint("num_nonnulls(b_person_id, b_asset_id, offer_id) > 0", name="has_another_side"),
        CheckConstraint("tier between 1 and 5", name="tier"),
        CheckConstraint("score between 0 and 1", name="score"),
        Index("ix_person_suggestion_a_person_id", "a_person_id", info={"comment": "what was found for one person"}),
        Index("ix_person_suggestion_b_person_id", "b_person_id", info={"comment": "for whom one person was found"}),
        Index("ix_person_suggestion_b_asset_id", "b_asset_id", info={"comment": "an asset that goes"}),
        Index("ix_person_suggestion_person_offer_id", "person_offer_id", info={"comment": "an offer that goes"}),
        Index("ix_person_suggestion_offer_id", "offer_id", info={"comment": "an offer that goes"}),
        Index("ix_person_suggestion_place_id", "organisation_id", "place_id", "is_planned",
              info={"comment": "the night's ideas for a patch"}),
    )  # fmt: skip
