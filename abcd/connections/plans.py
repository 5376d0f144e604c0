"""The three-question plan of a wish (product.md 001-2): what residents do alone, with help, and what agencies must do.

The left column is filled first; an action's owner is a resident or a group unless somebody says otherwise (002-7).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.core.clock import today
from abcd.core.language import _
from abcd.core.text import tidy
from abcd.db.audit import for_edit
from abcd.db.session import Actor, actor_of
from abcd.db.tables import BLOCKERS, PLAN_COLUMNS, PLAN_OWNERS, PersonWish, PlanAction, Wish
from abcd.errors import BadRequest
from abcd.people.actions import association_of
from abcd.people.keeping import added, edited, found, require_person, require_where, saved
from abcd.people.queries import person

SAID = ("who_does", "what", "owner_kind", "owner_asset_id", "owner_words", "supporter", "due_on")
#: What the trail calls a line of a plan.
PLAN = "wish_plan"


@dataclass(frozen=True, repr=False)
class ActionDraft:
    """One line of a plan: who does it (``PLAN_COLUMNS``), what, who holds it (``PLAN_OWNERS``), who supports it."""

    what: str
    who_does: str = "residents_alone"
    owner_kind: str = "resident"
    owner_asset_id: UUID | None = None
    owner_words: str = ""
    supporter: str = ""
    due_on: date | None = None

    def checked(self) -> "ActionDraft":
        """The same, tidied.

        Raises:
            BadRequest: something is missing or cannot be.
        """
        what = tidy(self.what)
        if not what:
            raise BadRequest(_("Say what is to be done."))
        if self.who_does not in PLAN_COLUMNS or self.owner_kind not in PLAN_OWNERS:
            known = ", ".join((*PLAN_COLUMNS, *PLAN_OWNERS))
            raise BadRequest(_("Choose these from the list: {words}.").format(words=known))
        return replace(self, what=what, owner_words=tidy(self.owner_words), supporter=tidy(self.supporter))


@dataclass(frozen=True, repr=False)
class ActionRecord:
    """One line of a plan, and the version that an edit must name; printed, its id alone."""

    id: UUID
    who_does: str
    what: str
    owner_kind: str
    owner_asset_id: UUID | None
    owner_words: str
    supporter: str
    due_on: date | None
    done_on: date | None
    blocker: str
    blocker_words: str
    blocked_on: date | None
    version: int

    def __repr__(self) -> str:
        return f"ActionRecord({self.id})"


def plan_of(s: Session, wish_id: UUID) -> dict[str, list[ActionRecord]]:
    """The plan of a wish by column, the left one first; the wish is a resident's or anybody else's.

    Raises:
        NotAllowed: whoever asks may not read wishes, or this one.
        NotFound: it is the wish of somebody whom whoever asks does not have.
    """
    require(actor_of(s), "view", "wish")
    of_wish = (PlanAction.wish_id == wish_id) | (PlanAction.person_wish_id == wish_id)
    rows = s.scalars(select(PlanAction).where(of_wish).order_by(PlanAction.position, PlanAction.id)).all()
    if any(row.person_wish_id for row in rows):
        require(actor_of(s), "view", "person_note")
        person(s, s.scalars(select(PersonWish.person_id).where(PersonWish.id == wish_id)).one())
    return {column: [_record(row) for row in rows if row.who_does == column] for column in PLAN_COLUMNS}


def add_action(s: Session, wish_id: UUID, draft: ActionDraft, *, by: Actor, key: str | None = None) -> ActionRecord:
    """A new line at the end of its column; an open wish is planned from then on.

    Raises:
        BadRequest: nothing is said, or a column begins before the left one.
        NotFound, NotAllowed: there is no such wish for ``by``, or ``by`` may not plan it.
    """
    wish = wish_row(s, wish_id, by)
    told = draft.checked()
    new = saved(s, key, by, lambda: _add(s, wish, told, by))
    return _record(found(s, PlanAction, new))


def _add(s: Session, wish: Wish | PersonWish, told: ActionDraft, by: Actor) -> UUID:
    own = PlanAction.person_wish_id if isinstance(wish, PersonWish) else PlanAction.wish_id
    lines = select(func.count(), func.count().filter(PlanAction.who_does == PLAN_COLUMNS[0])).where(own == wish.id)
    position, begun = s.execute(lines).one()
    if told.who_does != PLAN_COLUMNS[0] and not begun and not getattr(wish, "urgent_reason", ""):
        raise BadRequest(_("Begin with what residents can do themselves, however small; then who can help."))
    values = {name: getattr(told, name) for name in SAID} | {own.key: wish.id, "position": position}
    if wish.state == "open":
        for_edit(s, type(wish), wish.id, wish.version, {}).state = "planned"
    return added(s, PlanAction(organisation_id=association_of(by), **values), "add", PLAN, by=by)


def edit_action(
    s: Session, action_id: UUID, changes: dict[str, Any], *, version: int | None, by: Actor, key: str | None = None
) -> ActionRecord:
    """Change what a line says; names of ``changes`` are those of ``ActionDraft``.

    Raises:
        BadRequest: a column that cannot be edited, or a value that cannot be.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``add_action`` and ``abcd.db.audit.for_edit``.
    """
    row = _row(s, action_id, by)
    if not set(changes) <= set(SAID):
        raise BadRequest(f"These cannot be changed here: {', '.join(sorted(set(changes) - set(SAID)))}.")
    told = replace(ActionDraft(**{name: getattr(row, name) for name in SAID}), **changes).checked()
    values = {name: getattr(told, name) for name in SAID if getattr(told, name) != getattr(row, name)}
    return _changed(s, row, values, "edit", version, by, key)


def finish_action(
    s: Session, action_id: UUID, on: date | None = None, *, version: int | None, by: Actor, key: str | None = None
) -> ActionRecord:
    """It is done; what stood in the way stands no more.

    Raises:
        BadRequest: the day lies ahead.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_action``.
    """
    if on and on > today():
        raise BadRequest(_("The day it was done cannot lie ahead."))
    done = {"done_on": on or today(), "blocker": "", "blocker_words": "", "blocked_on": None}
    return _changed(s, _row(s, action_id, by), done, "finish", version, by, key)


def block_action(
    s: Session,
    action_id: UUID,
    blocker: str,
    words: str = "",
    *,
    version: int | None,
    by: Actor,
    key: str | None = None,
) -> ActionRecord:
    """Say what stands in the way, one of ``BLOCKERS`` and in words; "" that nothing does any more.

    Raises:
        BadRequest: there is no such blocker.
        Conflict, NotFound, NotAllowed, VersionMissing: as ``edit_action``.
    """
    if blocker not in ("", *BLOCKERS):
        raise BadRequest(_("Choose these from the list: {words}.").format(words=", ".join(BLOCKERS)))
    values = {"blocker": blocker, "blocker_words": tidy(words) if blocker else "",
              "blocked_on": today() if blocker else None}  # fmt: skip
    return _changed(s, _row(s, action_id, by), values, "block" if blocker else "unblock", version, by, key)


def wish_row(s: Session, wish_id: UUID, by: Actor) -> Wish | PersonWish:
    """The wish, when ``by`` may plan it.

    Raises:
        NotFound: there is no such wish for ``by``.
        NotAllowed: ``by`` may not plan it.
    """
    residents = s.get(PersonWish, wish_id)
    if residents is not None:
        require_person(s, residents.person_id, by)
        return residents
    row = found(s, Wish, wish_id)
    require_where(s, by, "edit", "wish", None, row.place_id)
    return row


def _row(s: Session, action_id: UUID, by: Actor) -> PlanAction:
    row = found(s, PlanAction, action_id)
    wish_row(s, row.person_wish_id or row.wish_id, by)  # type: ignore[arg-type]
    return row


def _changed(
    s: Session, row: PlanAction, values: dict[str, Any], verb: str, version: int | None, by: Actor, key: str | None
) -> ActionRecord:
    about = (PLAN, row.id)
    return _record(found(s, PlanAction, saved(s, key, by, lambda: edited(s, row, values, version, verb, about, by=by))))


def _record(row: PlanAction) -> ActionRecord:
    return ActionRecord(**{name: getattr(row, name) for name in ActionRecord.__dataclass_fields__})
