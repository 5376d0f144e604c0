"""Wishes: what residents hope for, and what groups, meetings, surveys and people yet to move in do."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.language import _
from abcd.db.session import Actor, actor_of
from abcd.db.tables import WISH_STATES, PersonWish, Wish
from abcd.errors import BadRequest
from abcd.people.actions import association_of
from abcd.people.gift_drafts import WishDraft, said_day
from abcd.people.gift_records import RESIDENT, WishRecord
from abcd.people.keeping import added, edited, found, require_person, require_where, saved
from abcd.people.queries import person
from abcd.people.said import changed, columns, of_ones_own, one_state

SAID = ("own_words", "wish_kind", "theme", "skill", "category", "free_grid", "hours", "said_on")
OF_A_RESIDENT = (*SAID, "urgent_reason")
OF_OTHERS = (*SAID, "voiced_by", "asset_id", "place_id", "voices")


def add_person_wish(s: Session, person_id: UUID, draft: WishDraft, *, by: Actor, key: str | None = None) -> WishRecord:
    """Write down what a resident hopes for.

    Raises:
        BadRequest: no words, no grounds to keep them, or a value that cannot be.
        NotFound, NotAllowed: as ``keeping.require_person``.
    """
    require_person(s, person_id, by)
    told = draft.checked(s)
    row = PersonWish(person_id=person_id, **of_ones_own(told, OF_A_RESIDENT, by))
    new = saved(s, key, by, lambda: added(s, row, "add_wish", ("person", person_id), by=by))
    return of_resident(found(s, PersonWish, new))


def edit_person_wish(
    s: Session, wish_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> WishRecord:
    """Change what a resident hopes for; names of ``changes`` are those of ``OF_A_RESIDENT``.

    Raises:
        BadRequest: a column that cannot be edited, or a value that cannot be.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``.
        NotAllowed: as ``keeping.require_person``.
    """
    row = _residents(s, wish_id, by)
    return _changed(s, row, changed(s, row, changes, WishDraft, OF_A_RESIDENT), "edit_wish", version, by, key)


def move_person_wish(
    s: Session, wish_id: UUID, state: str, *, version: int | None, by: Actor, key: str | None = None
) -> WishRecord:
    """Say how a resident's wish stands: open, planned, met or let go.

    Raises:
        BadRequest: there is no such state.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_person_wish``.
    """
    return _changed(s, _residents(s, wish_id, by), one_state(state, WISH_STATES), f"wish_{state}", version, by, key)


def rest_person_wish(
    s: Session, wish_id: UUID, *, version: int | None, by: Actor, key: str | None = None
) -> WishRecord:
    """The resident let go of this hope for now; ``move_person_wish`` with ``open`` takes it up again."""
    return move_person_wish(s, wish_id, "let_go", version=version, by=by, key=key)


def end_person_wish(s: Session, wish_id: UUID, *, version: int | None, by: Actor, key: str | None = None) -> WishRecord:
    """What the resident hoped for has come about."""
    return move_person_wish(s, wish_id, "met", version=version, by=by, key=key)


def tell_person(
    s: Session, wish_id: UUID, on: date | None = None, *, version: int | None, by: Actor, key: str | None = None
) -> WishRecord:
    """The resident was told what came of their wish.

    Raises:
        BadRequest: the day lies ahead.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_person_wish``.
    """
    return _changed(s, _residents(s, wish_id, by), {"told_on": said_day(on)}, "tell", version, by, key)


def _residents(s: Session, wish_id: UUID, by: Actor) -> PersonWish:
    row = found(s, PersonWish, wish_id)
    require_person(s, row.person_id, by)
    return row


def _changed(
    s: Session, row: PersonWish, values: dict[str, Any], verb: str, version: int | None, by: Actor, key: str | None
) -> WishRecord:
    about = ("person", row.person_id)
    return of_resident(
        found(s, PersonWish, saved(s, key, by, lambda: edited(s, row, values, version, verb, about, by=by)))
    )


def add_wish(s: Session, draft: WishDraft, *, by: Actor, key: str | None = None) -> WishRecord:
    """Write down what a group, a meeting, a survey or people yet to move in hope for.

    Raises:
        BadRequest: no words, no place, or a value that cannot be.
        NotAllowed: ``by`` may not add wishes, or not there.
    """
    require_where(s, by, "add", "wish", None, draft.place_id)
    told = draft.checked(s)
    if not told.voiced_by:
        raise BadRequest(_("Say who hopes for this: a group, a meeting, a survey or people yet to move in."))
    row = Wish(organisation_id=association_of(by), **columns(told, OF_OTHERS))
    new = saved(s, key, by, lambda: added(s, row, "add", "wish", by=by))
    return of_others(found(s, Wish, new))


def edit_wish(
    s: Session, wish_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> WishRecord:
    """Change a wish that is no resident's own; names of ``changes`` are those of ``OF_OTHERS``.

    Raises:
        BadRequest, Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_person_wish``.
    """
    row = found(s, Wish, wish_id)
    require_where(s, by, "edit", "wish", None, row.place_id)
    return _others_changed(s, row, changed(s, row, changes, WishDraft, OF_OTHERS), "edit", version, by, key)


def move_wish(
    s: Session, wish_id: UUID, state: str, *, version: int | None, by: Actor, key: str | None = None
) -> WishRecord:
    """Say how a wish that is no resident's own stands.

    Raises:
        BadRequest, Conflict, NotFound, NotAllowed, VersionMissing: as ``move_person_wish``.
    """
    row = found(s, Wish, wish_id)
    require_where(s, by, "settle", "wish", None, row.place_id)
    return _others_changed(s, row, one_state(state, WISH_STATES), f"wish_{state}", version, by, key)


def tell_residents(
    s: Session, wish_id: UUID, on: date | None = None, *, version: int | None, by: Actor, key: str | None = None
) -> WishRecord:
    """Residents were told what came of this wish.

    Raises:
        BadRequest: the day lies ahead.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_wish``.
    """
    row = found(s, Wish, wish_id)
    require_where(s, by, "settle", "wish", None, row.place_id)
    return _others_changed(s, row, {"told_residents_on": said_day(on)}, "tell", version, by, key)


def _others_changed(
    s: Session, row: Wish, values: dict[str, Any], verb: str, version: int | None, by: Actor, key: str | None
) -> WishRecord:
    about = ("wish", row.id)
    return of_others(found(s, Wish, saved(s, key, by, lambda: edited(s, row, values, version, verb, about, by=by))))


def wishes_of(s: Session, person_id: UUID) -> list[WishRecord]:
    """What a resident hopes for, what is open first, in the order in which they said it.

    Raises:
        NotFound: there is no such person for whoever asks.
        NotAllowed: whoever asks may not read what residents said.
    """
    require(actor_of(s), "view", "person_note")
    person(s, person_id)
    rows = s.scalars(select(PersonWish).where(PersonWish.person_id == person_id))
    ordered = sorted(rows, key=lambda row: (WISH_STATES.index(row.state), row.said_on, row.created_at))
    return [of_resident(row) for row in ordered]


def of_resident(row: PersonWish, **named: Any) -> WishRecord:
    """A resident's wish as a record."""
    same = {name: getattr(row, name) for name in (*OF_A_RESIDENT, "id", "person_id", "state", "told_on", "version")}
    return WishRecord(voiced_by=RESIDENT, asset_id=None, place_id=None, voices=1, **same, **named)


def of_others(row: Wish, **named: Any) -> WishRecord:
    """Anybody else's wish as a record."""
    same = {name: getattr(row, name) for name in (*OF_OTHERS, "id", "state", "version")}
    return WishRecord(person_id=None, urgent_reason="", told_on=row.told_residents_on, **same, **named)
