"""What every write shares: one audit event, an idempotency key, and a version that must be named."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import func, inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.db.session import Actor
from abcd.db.tables import AuditEvent, Base, Operation, RowChange
from abcd.errors import Conflict, NotFound, VersionMissing

Row = TypeVar("Row", bound=Base)


def record(
    s: Session,
    verb: str,
    thing_kind: str,
    thing_id: object,
    *,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write the one audit event of an action: its verb, and what its author meant by it.

    What really changed in the rows is written by triggers (``RowChange``), tied to it by the transaction.
    """
    s.add(AuditEvent(by=by.name, account_id=by.account_id, verb=verb, thing_kind=thing_kind, thing_id=str(thing_id),
                     before=before, after=after))  # fmt: skip


def last_event(s: Session) -> int:
    """The number of the newest event or row change: it changes with every write, so a good key for what is kept."""
    newest = func.greatest(select(func.max(AuditEvent.id)).scalar_subquery(),
                           select(func.max(RowChange.id)).scalar_subquery())  # fmt: skip
    return s.scalar(select(newest)) or 0


def once(s: Session, key: str, by: Actor, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The result of ``act``, done at most once for ``key``: a replay returns the stored result.

    The key is claimed before acting, so of two concurrent calls the second waits and replays.
    """
    claim = insert(Operation).values(key=key, by=by.name).on_conflict_do_nothing().returning(Operation.key)
    claimed = s.execute(claim).scalar_one_or_none() is not None
    operation = s.get_one(Operation, key)
    if claimed:
        operation.result = act()
    return dict(operation.result)


def for_edit(s: Session, table: type[Row], key: object, version: int | None, ours: dict[str, Any]) -> Row:
    """The row to edit, locked, if it still is at ``version``; its version is raised by one.

    Raises:
        VersionMissing: no version was named.
        NotFound: no such row.
        Conflict: the row changed since ``version``; carries both sides.
    """
    if version is None:
        raise VersionMissing("This edit does not say which version it was made from. Reload the record and try again.")
    row = s.scalar(
        select(table)
        .where(inspect(table).primary_key[0] == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("This record is no longer there. Somebody may have removed it.")
    if row.version != version:  # type: ignore[attr-defined]
        theirs = {name: getattr(row, name) for name in ours}
        raise Conflict("Somebody else changed this record while you were editing it.", theirs, ours)
    row.version = version + 1  # type: ignore[attr-defined]
    return row
