"""Two records of one thing become one, which can be undone; two that only look alike are remembered as different."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from geoalchemy2.elements import WKBElement
from sqlalchemy import Table, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access import require, require_at
from abcd.access.sealing import sealed, unsealed
from abcd.core.clock import now
from abcd.db.audit import for_edit, once, record
from abcd.db.holding import assign
from abcd.db.session import Actor
from abcd.db.tables import (
    Activity,
    Asset,
    AuditEvent,
    Base,
    DuplicatePair,
    Edge,
    Group,
    NotSame,
    Schedule,
    Venue,
    Verification,
)
from abcd.db.tables.audited import AUDITED
from abcd.errors import BadRequest, NotFound

TAKEN = (
    "name", "name_cy", "description", "category", "asset_kind", "address", "postcode", "phone", "email", "website",
    "opening_hours", "open_grid", "cost", "step_free", "open_to_new", "assured_on", "assured_by",
)  # fmt: skip
"""What the kept record may take over from the other; ``where`` takes point, shape and how it was located."""

WHERE = ("geom", "point", "located_by", "precision_m")

REFERENCES: tuple[tuple[type[Base], str], ...] = (
    (Verification, "asset_id"), (Group, "meets_at"), (Activity, "venue_id"), (Activity, "group_id"),
    (Edge, "a_id"), (Edge, "b_id"),
)  # fmt: skip
"""Columns that point to an asset and follow it into the kept record."""

FAR_ENDS = {"a_id": "b_id", "b_id": "a_id"}
"""A tie between the two records stays where it is: nothing has to do with itself."""

BEHIND: tuple[type[Base], ...] = (Schedule, Group, Venue, Activity)
"""What stands behind an asset; it moves only where the kept record has nothing of the kind."""


def merge_assets(
    s: Session, keep_id: UUID, other_id: UUID, *, versions: tuple[int | None, int | None], by: Actor,
    take: Sequence[str] = (), key: str | None = None,
) -> UUID:  # fmt: skip
    """Fold ``other_id`` into ``keep_id``, which takes over the columns named in ``take`` (of ``TAKEN``, or ``where``).

    The other record stays, marked as merged; what pointed to it points to the kept one. Returns ``keep_id``.

    Raises:
        BadRequest: the two are one record, or a column that cannot be taken.
        Conflict, NotFound, VersionMissing: as ``abcd.db.audit.for_edit``, for either record.
        NotAllowed: ``by`` may not merge assets.
    """
    require(by, "merge", "asset")
    if keep_id == other_id or not set(take) <= {*TAKEN, "where"}:
        raise BadRequest("Choose two different records, and what the first takes over from the second.")
    once(s, key or str(uuid4()), by, lambda: _merge(s, keep_id, other_id, versions, by, take))
    return keep_id


def _merge(
    s: Session, keep_id: UUID, other_id: UUID, versions: tuple[int | None, int | None], by: Actor, take: Sequence[str]
) -> dict[str, Any]:
    require_at(s, by, "merge", "asset", keep_id, other_id)
    keep = for_edit(s, Asset, keep_id, versions[0], {})
    other = for_edit(s, Asset, other_id, versions[1], {})
    if keep.merged_into or other.merged_into:
        raise BadRequest("One of the two was merged already. Look at the record it became.")
    if keep.is_sensitive != other.is_sensitive:
        raise BadRequest("One of the two is sensitive and the other is not. Make them alike first.")
    columns = [*(name for name in take if name != "where"), *(WHERE if "where" in take else ())]
    before = {name: _kept(name, getattr(keep, name)) for name in columns}
    for name in columns:
        setattr(keep, name, getattr(other, name))
    other.merged_into = keep_id
    keep.edited_at = keep.updated_at = other.updated_at = now()
    s.flush()
    moved = _move_references(s, other_id, keep_id)
    _settle(s, keep_id, other_id, "merged")
    after = {"into": str(keep_id), "name": other.name, "moved": moved, "keep_before": before}
    record(s, "merge", "asset", other_id, by=by, before={"merged_into": None}, after=after)
    taken = {"from": str(other_id), "name": other.name, "took": list(take)}
    record(s, "take_over", "asset", keep_id, by=by, after=taken)
    assign(s, asset_ids=[keep_id, other_id])
    return {"id": str(keep_id)}


def unmerge_assets(s: Session, other_id: UUID, *, by: Actor) -> UUID:
    """Undo a merge: both records are as they were, and what moved points back. Returns ``other_id``.

    Raises:
        NotFound: this record was not merged into another.
        NotAllowed: ``by`` may not merge assets.
    """
    require(by, "merge", "asset")
    other = s.get(Asset, other_id, with_for_update=True, populate_existing=True)
    if other is None or other.merged_into is None:
        raise NotFound("This record was not merged into another.")
    require_at(s, by, "merge", "asset", other.merged_into)
    told = _merge_event(s, other_id)
    keep = s.get_one(Asset, other.merged_into, with_for_update=True, populate_existing=True)
    for name, value in told["keep_before"].items():
        setattr(keep, name, _restored(value))
    _move_back(s, told["moved"], other_id)
    other.merged_into = None
    keep.version, other.version = keep.version + 1, other.version + 1
    s.flush()
    _settle(s, keep.id, other_id, "open")
    record(s, "unmerge", "asset", other_id, by=by, before={"merged_into": str(keep.id)}, after={"merged_into": None})
    assign(s, asset_ids=[keep.id, other_id])
    return other_id


def say_not_same(s: Session, asset_id: UUID, other_id: UUID, *, by: Actor, key: str | None = None) -> None:
    """Remember that two records are two things, so that nobody is asked again.

    Raises:
        BadRequest: they are one record.
        NotAllowed: ``by`` may not decide this.
    """
    require_at(s, by, "say_not_same", "asset", asset_id, other_id)
    if asset_id == other_id:
        raise BadRequest("Choose two different records.")
    first, second = sorted((asset_id, other_id))
    once(s, key or str(uuid4()), by, lambda: _say_not_same(s, first, second, by))


def _say_not_same(s: Session, first: UUID, second: UUID, by: Actor) -> dict[str, Any]:
    pair = {"asset_id": first, "other_id": second, "said_by": by.name}
    s.execute(insert(NotSame).values(pair).on_conflict_do_nothing())
    _settle(s, first, second, "not_same")
    record(s, "say_not_same", "asset", first, by=by, after={"other": str(second)})
    return {"id": str(first)}


def _settle(s: Session, one: UUID, other: UUID, state: str) -> None:
    either = or_(
        (DuplicatePair.asset_id == one) & (DuplicatePair.other_id == other),
        (DuplicatePair.asset_id == other) & (DuplicatePair.other_id == one),
    )
    s.execute(update(DuplicatePair).where(either).values(state=state))


def _move_references(s: Session, other_id: UUID, keep_id: UUID) -> list[dict[str, Any]]:
    moved = []
    for table, column in (*REFERENCES, *((table, "asset_id") for table in BEHIND)):
        points = table.__table__.c[column]
        key = next(iter(table.__table__.primary_key))
        taken = exists(select(points).where(points == keep_id)) if table in BEHIND and column == "asset_id" else None
        change = update(table).where(points == other_id).values({column: keep_id})
        if column in FAR_ENDS:
            change = change.where(table.__table__.c[FAR_ENDS[column]] != keep_id)
        rows = s.scalars((change if taken is None else change.where(~taken)).returning(key)).all()
        moved += [{"table": table.__tablename__, "column": column, "key": str(row)} for row in rows]
    return moved


def _move_back(s: Session, moved: list[dict[str, Any]], other_id: UUID) -> None:
    for one in moved:
        table: Table = Base.metadata.tables[f"core.{one['table']}"]
        key = next(iter(table.primary_key))
        s.execute(update(table).where(key == UUID(one["key"])).values({one["column"]: other_id}))


def _merge_event(s: Session, other_id: UUID) -> dict[str, Any]:
    events = select(AuditEvent.after).where(AuditEvent.thing_id == str(other_id), AuditEvent.verb == "merge")
    return dict(s.scalars(events.order_by(AuditEvent.id.desc())).first() or {})


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, WKBElement):
        return {"ewkb": value.as_ewkb().desc}
    if name in AUDITED["asset"].secret:
        # The trail tells no contact, and an undone merge gives it back.
        return {"contact": sealed(value)}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _restored(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "contact" in value:
        return unsealed(value["contact"]) or ""
    return WKBElement(value["ewkb"], extended=True) if "ewkb" in value else date.fromisoformat(value["date"])
