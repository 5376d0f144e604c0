"""An introduction begins as an idea: two sides, each with a yes to introductions, and nothing asked of anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import places_of_place
from abcd.core.clock import back, now
from abcd.core.language import _
from abcd.db.audit import once, record
from abcd.db.session import Actor
from abcd.db.tables import Asset, Connection, ConnectionStep, Person, PersonAvoids, PersonOffer, PersonWish, PlaceAsset
from abcd.db.tables.agreed import introducible
from abcd.db.tables.introductions import CONNECTION_KINDS, EXITS
from abcd.errors import BadRequest, NotFound

OVER = (*EXITS, "settled")
"""States after which the same two may be brought together again."""


@dataclass(frozen=True)
class Idea:
    """Two sides to bring together: ``a`` whose wish began it, ``b`` a person or an asset.

    ``parts`` are the letters of the score with their values, 0-1; ``score`` is none when nobody worked one out.
    """

    kind: str
    a_person_id: UUID
    b_person_id: UUID | None = None
    b_asset_id: UUID | None = None
    person_wish_id: UUID | None = None
    person_offer_id: UUID | None = None
    offer_id: UUID | None = None
    wish_id: UUID | None = None
    tier: int = 1
    score: float | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    is_urgent: bool = False

    @property
    def b(self) -> UUID | None:
        """The other side, whichever it is."""
        return self.b_person_id or self.b_asset_id


class Matched(Protocol):
    """What a suggestion tells of its two sides."""

    @property
    def kind(self) -> str: ...
    @property
    def tier(self) -> int: ...
    @property
    def score(self) -> float: ...
    @property
    def values(self) -> Mapping[str, float]: ...
    @property
    def a_person_id(self) -> UUID | None: ...
    @property
    def b_person_id(self) -> UUID | None: ...
    @property
    def b_asset_id(self) -> UUID | None: ...
    @property
    def person_wish_id(self) -> UUID | None: ...
    @property
    def wish_id(self) -> UUID | None: ...
    @property
    def person_offer_id(self) -> UUID | None: ...
    @property
    def offer_id(self) -> UUID | None: ...
    @property
    def is_urgent(self) -> bool: ...


def idea_of(match: Matched) -> Idea:
    """A suggestion as the idea of an introduction.

    Raises:
        BadRequest: no resident is part of it, or nobody stands on its other side.
    """
    if match.a_person_id is None or not (match.b_person_id or match.b_asset_id):
        raise BadRequest(_("An introduction needs a neighbour and somebody or something to meet. Ring them instead."))
    return Idea(
        match.kind, match.a_person_id, match.b_person_id, match.b_asset_id, match.person_wish_id,
        match.person_offer_id, match.offer_id, match.wish_id, match.tier, match.score, match.values, match.is_urgent,
    )  # fmt: skip


def begin(s: Session, idea: Idea, *, by: Actor, key: str | None = None) -> UUID:
    """Write an idea down; the connection's id. Nobody is asked anything by that.

    Raises:
        BadRequest: one of the two has no yes to introductions that holds today, is not there, asked not to be brought
            together with the other, or the two are being brought together already.
        NotAllowed: ``by`` may not suggest introductions, or not there.
    """
    require(by, "suggest", "connection")
    if idea.kind not in CONNECTION_KINDS or (idea.b_person_id is None) == (idea.b_asset_id is None):
        raise BadRequest("An introduction has one kind and two sides: somebody, and somebody else or a group or place.")
    place_id = agreed_place(s, idea.a_person_id)
    require(by, "suggest", "connection", places_of_place(s, place_id) if by.places else None)
    done = once(s, key or str(uuid4()), by, lambda: {"id": str(_begun(s, idea, place_id, by))})
    return UUID(done["id"])


def _begun(s: Session, idea: Idea, place_id: UUID, by: Actor) -> UUID:
    _hold(s, idea)
    crosses = is_elsewhere(s, idea, agreed_place(s, idea.a_person_id))
    _refuse_anothers(s, idea)
    _refuse_again(s, idea)
    refuse_avoided(s, idea)
    new, moment = uuid4(), now()
    told = {name: getattr(idea, name) for name in Idea.__dataclass_fields__ if name != "parts"}
    s.add(Connection(id=new, organisation_id=UUID(by.organisation_id), place_id=place_id, crosses_patches=crosses,
                     coordinator=by.name, parts=dict(idea.parts), created_at=moment, state_at=moment,
                     **told))  # fmt: skip
    s.flush()
    reach(s, new, UUID(by.organisation_id), "idea", by)
    record(s, "begin", "connection", new, by=by, after={"kind": idea.kind, "tier": idea.tier, "urgent": idea.is_urgent})
    return new


def _hold(s: Session, idea: Idea) -> None:
    """Until this is kept nobody of the two can take their yes back unseen: that waits, and then ends it."""
    both = Person.id.in_([one for one in (idea.a_person_id, idea.b_person_id) if one])
    s.execute(select(Person.id).where(both).order_by(Person.id).with_for_update(read=True, key_share=True))


def reach(
    s: Session, connection_id: UUID, organisation_id: UUID, state: str, by: Actor, side: str = "", reason: str = ""
) -> None:
    """Write down that a state was reached; the moment is told by the clock, since one deed may take two steps."""
    s.add(ConnectionStep(connection_id=connection_id, organisation_id=organisation_id, state=state, side=side,
                         reason=reason, recorded_by=by.name, at=func.clock_timestamp() - back()))  # fmt: skip
    s.flush()


def agreed_place(s: Session, person_id: UUID) -> UUID:
    """The patch or estate of somebody whose yes to introductions holds today.

    Raises:
        BadRequest: it does not, or there is no such person for whoever asks: the two look the same.
    """
    place = s.scalar(select(introducible.c.place_id).where(introducible.c.id == person_id))
    if place is None:
        raise BadRequest(_("One of the two has not said yes to introductions, or no longer. Ask them first."))
    return place  # type: ignore[no-any-return]


def is_elsewhere(s: Session, idea: Idea, place_id: UUID) -> bool:
    """Whether the other side belongs to another patch or estate; an asset does when it lies in none of this place.

    Raises:
        BadRequest, NotFound: there is no such other side.
    """
    if idea.b_person_id:
        return agreed_place(s, idea.b_person_id) != place_id
    kept = (Asset.id == idea.b_asset_id, Asset.status == "active", Asset.merged_into.is_(None), ~Asset.is_sensitive)
    if s.scalar(select(Asset.id).where(*kept)) is None:
        raise NotFound("There is no such group or place any more. Choose another.")
    here = select(PlaceAsset.asset_id).where(PlaceAsset.asset_id == idea.b_asset_id, PlaceAsset.place_id == place_id)
    return s.scalar(here.limit(1)) is None


def _refuse_anothers(s: Session, idea: Idea) -> None:
    """The wish and the offer that began it are theirs."""
    sides = (idea.a_person_id, idea.b_person_id)
    for table, key in ((PersonWish, idea.person_wish_id), (PersonOffer, idea.person_offer_id)):
        if key and s.scalar(select(table.person_id).where(table.id == key)) not in sides:
            raise BadRequest("The wish or the offer belongs to somebody else.")


def _refuse_again(s: Session, idea: Idea) -> None:
    """One introduction of the same two at a time; the lock makes two coordinators wait for each other."""
    pair = " ".join(sorted((str(idea.a_person_id), str(idea.b))))
    s.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(pair, 0))))
    if s.scalar(between(idea).where(Connection.state.not_in(OVER)).limit(1)):
        raise BadRequest(_("These two are being brought together already. Look on “Introductions”."))


def between(idea: Idea) -> Select[UUID]:
    """The introductions of the same two sides, whichever began."""
    same = (Connection.a_person_id == idea.a_person_id) & (
        Connection.b_person_id == idea.b_person_id if idea.b_person_id else Connection.b_asset_id == idea.b_asset_id
    )
    turned = (Connection.a_person_id == idea.b_person_id) & (Connection.b_person_id == idea.a_person_id)
    return select(Connection.id).where(or_(same, turned) if idea.b_person_id else same)


def refuse_avoided(s: Session, idea: Idea | Connection) -> None:
    """Somebody asked for it not to be; the sentence does not say who.

    Raises:
        BadRequest: one of the two did.
    """
    theirs, other = PersonAvoids.person_id, PersonAvoids.other_id
    asked = [(theirs == idea.a_person_id) & (PersonAvoids.asset_id == idea.b_asset_id)] if idea.b_asset_id else [
        (theirs == idea.a_person_id) & (other == idea.b_person_id),
        (theirs == idea.b_person_id) & (other == idea.a_person_id),
    ]  # fmt: skip
    if s.scalar(select(PersonAvoids.id).where(or_(*asked)).limit(1)):
        raise BadRequest(_("These two are not to be brought together. Choose another suggestion."))
