"""What somebody was writing: kept as it is typed, given back to its writer alone, gone once it is saved.

A draft is not an action: it leaves no audit event, because a trail of keystrokes would itself be personal data.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.core.clock import now
from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Draft
from abcd.errors import BadRequest

LIFETIME = timedelta(days=30)
#: How long a saved draft's empty row refuses what its browser sends late.
AFTERGLOW = timedelta(hours=12)
MOST_DRAFTS = 200
MOST_BYTES = 256 * 1024
NAME = re.compile(r"[\w .:-]{1,160}")
SITTING = re.compile(r"[0-9a-f]{32}(_[0-9a-f]{8})?")


@dataclass(frozen=True)
class Writing:
    """The writing of one form, about one record (``""`` for a new one), in one window."""

    form: str
    record: str
    sitting: str
    version: int | None = None

    def checked(self) -> "Writing":
        """This writing, when its names are such as our forms have.

        Raises:
            BadRequest: they are not.
        """
        names = (self.form, self.record or "-")
        if not all(NAME.fullmatch(name) for name in names) or not SITTING.fullmatch(self.sitting):
            raise BadRequest("This does not name a form of ours. Reload the page and try again.")
        return self


@dataclass(frozen=True)
class KeptDraft:
    """What was kept of a writing: what was changed, by field, and when the last of it arrived (UTC)."""

    writing: Writing
    values: dict[str, Any] = field(repr=False)
    saved_at: datetime


def keep(s: Session, writing: Writing, values: dict[str, Any], *, by: Actor) -> bool:
    """Add ``values`` to what is kept of ``writing``; False when it was saved in the meantime, or its person erased.

    Raises:
        BadRequest: ``by`` has no account, the form is none of ours, or there is more than a form can hold.
    """
    account = _account(by)
    if _was_erased(s, writing.record):
        return False
    fresh = insert(Draft).values(_key(account, writing.checked()) | {
        "values": _storable(values), "version": writing.version, "saved_at": func.now(),
    })  # fmt: skip
    merged = Draft.values.concat(fresh.excluded["values"])
    added = fresh.on_conflict_do_update(
        index_elements=list(Draft.__table__.primary_key),
        set_={"values": merged, "version": fresh.excluded.version, "saved_at": func.now()},
        where=Draft.closed.is_(False),
    ).returning(literal_column("xmax = 0").label("new"), func.octet_length(cast(Draft.values, Text)).label("size"))
    kept = s.execute(added).one_or_none()
    if kept is None:
        return False
    if kept.size > MOST_BYTES:
        raise BadRequest("This is more than a form can keep. Save it, or put the longest part into a file.")
    if kept.new:
        _make_room(s, account)
    return True


def _was_erased(s: Session, record: str) -> bool:
    """Whether this record was a person who is gone: a page left open must not bring their words back."""
    tombstone = exists().where(
        AuditEvent.thing_id == record,
        AuditEvent.thing_kind == "person",
        AuditEvent.verb.in_(("erase", "anonymise")),
    )
    return bool(record and s.scalar(select(tombstone)))


def about(s: Session, record: str, *, by: Actor) -> list[KeptDraft]:
    """What ``by`` was writing about one record (``""``: about new ones), the newest first."""
    if not by.account_id:
        return []
    own = select(Draft).where(
        Draft.account_id == _account(by), Draft.record == record, Draft.closed.is_(False),
        Draft.saved_at > now() - LIFETIME,
    )  # fmt: skip
    return [_kept(row) for row in s.scalars(own.order_by(Draft.saved_at.desc()))]


def is_saved(s: Session, writing: Writing, *, by: Actor) -> bool:
    """Whether ``writing`` is saved, and nothing of it waits."""
    return s.scalar(select(Draft.closed).where(_is(writing, by))) or False


def take_over(s: Session, writing: Writing, sitting: str, *, by: Actor) -> KeptDraft | None:
    """Go on with ``writing`` in another window, whose it is from here on; None when it was saved or thrown away."""
    mine = update(Draft).where(_is(writing, by), Draft.closed.is_(False)).values(sitting=sitting)
    row = s.scalar(mine.returning(Draft))
    return _kept(row) if row else None


def forget(s: Session, writing: Writing, *, by: Actor) -> None:
    """Throw away what is kept of ``writing``; a second time changes nothing."""
    s.execute(delete(Draft).where(_is(writing, by), Draft.closed.is_(False)))


def close(s: Session, writing: Writing, *, by: Actor) -> None:
    """``writing`` is saved: its text goes, and what its browser still sends is refused. Nothing without an account."""
    if not by.account_id:
        return
    gone = {"values": {}, "closed": True, "saved_at": func.now()}
    row = insert(Draft).values(_key(_account(by), writing.checked()) | gone)
    s.execute(row.on_conflict_do_update(index_elements=list(Draft.__table__.primary_key), set_=gone))


def forget_account(s: Session, account_id: str) -> int:
    """Every draft of an account that is closed; how many there were."""
    return _gone(s, Draft.account_id == UUID(account_id))


def forget_record(s: Session, record: str) -> int:
    """Everybody's drafts about one record, for a person who is erased; how many there were."""
    return _gone(s, Draft.record == record)


def sweep(s: Session) -> int:
    """Drafts that nobody came back to within ``LIFETIME``, and the empty rows of saved ones; how many went."""
    late = now()
    too_old = and_(Draft.closed, Draft.saved_at < late - AFTERGLOW)
    return _gone(s, or_(Draft.saved_at < late - LIFETIME, too_old))


def _make_room(s: Session, account: UUID) -> None:
    sweep(s)
    newest = select(Draft.saved_at).where(Draft.account_id == account).order_by(Draft.saved_at.desc())
    last = newest.offset(MOST_DRAFTS).limit(1).scalar_subquery()
    _gone(s, and_(Draft.account_id == account, Draft.saved_at <= last))


def _gone(s: Session, which: ColumnElement[bool]) -> int:
    return int(s.execute(delete(Draft).where(which)).rowcount)  # type: ignore[attr-defined]


def _account(by: Actor) -> UUID:
    if not by.account_id:
        raise BadRequest("Only somebody who has signed in has drafts.")
    return UUID(by.account_id)


def _key(account: UUID, writing: Writing) -> dict[str, Any]:
    named = {"form": writing.form, "record": writing.record, "sitting": writing.sitting}
    return {"account_id": account} | named


def _is(writing: Writing, by: Actor) -> ColumnElement[bool]:
    named = (Draft.form == writing.form, Draft.record == writing.record, Draft.sitting == writing.sitting)
    return and_(Draft.account_id == _account(by), *named)


def _kept(row: Draft) -> KeptDraft:
    return KeptDraft(Writing(row.form, row.record, row.sitting, row.version), row.values, row.saved_at)


def _storable(value: Any) -> Any:
    """``value`` without what PostgreSQL's JSON cannot hold: the character NUL, and halves of a character pair."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value
