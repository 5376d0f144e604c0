"""Offers: what residents are willing to give, and what groups, venues, partners and suppliers do.

A resident's is kept with its grounds and read by the casework roles; everybody else's is the whole team's.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import Actor, actor_of
from abcd.db.tables import OFFER_STATES, Offer, PersonOffer
from abcd.errors import BadRequest
from abcd.people.gift_drafts import OfferDraft
from abcd.people.gift_records import RESIDENT, OfferRecord
from abcd.people.keeping import added, edited, found, require_person, require_where, saved
from abcd.people.queries import person
from abcd.people.said import changed, columns, of_ones_own, one_state

SAID = ("own_words", "gift_kind", "skill", "free_grid", "max_walk_minutes", "conditions", "starts_on", "expires_on",
        "said_on")  # fmt: skip
OF_A_RESIDENT = (*SAID, "will_teach")
OF_OTHERS = (*SAID, "owner_kind", "asset_id", "owner_id", "place_id", "theme", "how_much", "visibility")


def add_person_offer(
    s: Session, person_id: UUID, draft: OfferDraft, *, by: Actor, key: str | None = None
) -> OfferRecord:
    """Write down what a resident is willing to give.

    Raises:
        BadRequest: no words, no grounds to keep them, or a value that cannot be.
        NotFound, NotAllowed: as ``keeping.require_person``.
    """
    require_person(s, person_id, by)
    told = draft.checked(s)
    row = PersonOffer(person_id=person_id, **of_ones_own(told, OF_A_RESIDENT, by))
    new = saved(s, key, by, lambda: added(s, row, "add_offer", ("person", person_id), by=by))
    return of_resident(found(s, PersonOffer, new))


def edit_person_offer(
    s: Session, offer_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> OfferRecord:
    """Change what a resident offers; names of ``changes`` are those of ``OF_A_RESIDENT``.

    Raises:
        BadRequest: a column that cannot be edited, or a value that cannot be.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: as ``keeping.require_person``.
    """
    row = found(s, PersonOffer, offer_id)
    require_person(s, row.person_id, by)
    values = changed(s, row, changes, OfferDraft, OF_A_RESIDENT)
    about = ("person", row.person_id)
    saved(s, key, by, lambda: edited(s, row, values, version, "edit_offer", about, by=by))
    return of_resident(found(s, PersonOffer, offer_id))


def move_person_offer(
    s: Session, offer_id: UUID, state: str, *, version: int | None, by: Actor, key: str | None = None
) -> OfferRecord:
    """Say how a resident's offer stands: waiting, taken up, resting or ended.

    Raises:
        BadRequest: there is no such state.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_person_offer``.
    """
    row = found(s, PersonOffer, offer_id)
    require_person(s, row.person_id, by)
    values, about = standing(state), ("person", row.person_id)
    saved(s, key, by, lambda: edited(s, row, values, version, f"offer_{state}", about, by=by))
    return of_resident(found(s, PersonOffer, offer_id))


def rest_person_offer(
    s: Session, offer_id: UUID, *, version: int | None, by: Actor, key: str | None = None
) -> OfferRecord:
    """Not for now: the offer rests until somebody wakes it (``move_person_offer`` with ``waiting``)."""
    return move_person_offer(s, offer_id, "resting", version=version, by=by, key=key)


def end_person_offer(
    s: Session, offer_id: UUID, *, version: int | None, by: Actor, key: str | None = None
) -> OfferRecord:
    """The resident offers this no more."""
    return move_person_offer(s, offer_id, "ended", version=version, by=by, key=key)


def add_offer(s: Session, draft: OfferDraft, *, by: Actor, key: str | None = None) -> OfferRecord:
    """Write down what a group, a venue, a partner, a supplier or the landlord offers.

    Raises:
        BadRequest: no words, no owner, or a value that cannot be.
        NotAllowed: ``by`` may not add offers, or not there.
    """
    require_where(s, by, "add", "offer", draft.asset_id, draft.place_id)
    told = draft.checked(s)
    if not told.owner_kind:
        raise BadRequest(_("Say who offers this: a group, a venue, a partner, a supplier or the landlord."))
    row = Offer(**columns(told, OF_OTHERS))
    new = saved(s, key, by, lambda: added(s, row, "add", "offer", by=by))
    return of_others(found(s, Offer, new))


def edit_offer(
    s: Session, offer_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> OfferRecord:
    """Change what somebody who is no resident offers; names of ``changes`` are those of ``OF_OTHERS``.

    Raises:
        BadRequest, Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_person_offer``.
    """
    row = found(s, Offer, offer_id)
    require_where(s, by, "edit", "offer", row.asset_id, row.place_id)
    values = changed(s, row, changes, OfferDraft, OF_OTHERS)
    saved(s, key, by, lambda: edited(s, row, values, version, "edit", ("offer", offer_id), by=by))
    return of_others(found(s, Offer, offer_id))


def move_offer(
    s: Session, offer_id: UUID, state: str, *, version: int | None, by: Actor, key: str | None = None
) -> OfferRecord:
    """Say how an offer of somebody who is no resident stands.

    Raises:
        BadRequest, Conflict, NotFound, NotAllowed, VersionMissing: as ``move_person_offer``.
    """
    row = found(s, Offer, offer_id)
    require_where(s, by, "end" if state == "ended" else "edit", "offer", row.asset_id, row.place_id)
    values = standing(state)
    saved(s, key, by, lambda: edited(s, row, values, version, f"offer_{state}", ("offer", offer_id), by=by))
    return of_others(found(s, Offer, offer_id))


def offers_of(s: Session, person_id: UUID) -> list[OfferRecord]:
    """What a resident offers, what stands first, in the order in which they said it.

    Raises:
        NotFound: there is no such person for whoever asks.
        NotAllowed: whoever asks may not read what residents said.
    """
    require(actor_of(s), "view", "person_note")
    person(s, person_id)
    rows = s.scalars(select(PersonOffer).where(PersonOffer.person_id == person_id))
    ordered = sorted(rows, key=lambda row: (OFFER_STATES.index(row.state), row.said_on, row.created_at))
    return [of_resident(row) for row in ordered]


def standing(state: str) -> dict[str, Any]:
    """The columns of an offer that say how it stands; when it is taken up, since when."""
    taken: dict[str, date] = {"taken_up_on": today()} if state == "taken_up" else {}
    return {**one_state(state, OFFER_STATES), **taken}


def of_resident(row: PersonOffer, **named: Any) -> OfferRecord:
    """A resident's offer as a record."""
    same = {name: getattr(row, name) for name in (*OF_A_RESIDENT, "id", "person_id", "state", "taken_up_on", "version")}
    return OfferRecord(owner_kind=RESIDENT, asset_id=None, owner_id=None, place_id=None, theme="", how_much="",
                       visibility="officer", **same, **named)  # fmt: skip


def of_others(row: Offer, **named: Any) -> OfferRecord:
    """Anybody else's offer as a record."""
    same = {name: getattr(row, name) for name in (*OF_OTHERS, "id", "state", "taken_up_on", "version")}
    return OfferRecord(person_id=None, will_teach=False, **same, **named)
