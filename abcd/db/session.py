"""The one way into the store: ``with session(actor) as s``. Leaving the block commits or rolls back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from abcd.db import damage
from abcd.db.causes import explained, unknown
from abcd.db.daybreak import bring_in_the_day
from abcd.db.outage import Outage
from abcd.db.outdated import of_other_schema, outdated
from abcd.db.pool import APP_ROLE, SHARE_ROLE, Pool, engine, pool, store_url
from abcd.db.space import require_space
from abcd.db.timeouts import FOR_A_PERSON, PATIENT
from abcd.errors import OutcomeUnknown, StoreDamaged, StoreLost, StoreUnavailable

__all__ = [
    "APP_ROLE", "SHARE_ROLE", "SYSTEM", "Actor", "actor_of", "engine", "outage", "session", "store_url", "until_known",
]  # fmt: skip

Result = TypeVar("Result")
#: A save is tried again for so long while the store comes back.
TRY_SECONDS = 7.0


@dataclass(frozen=True)
class Actor:
    """Who is asking: an account (or a command on this machine), its role, its organisation and its places.

    Attributes:
        organisation_id: the organisation of the account, ``""`` for none.
        places: ids of the places that the account is scoped to; empty for every place.
    """

    name: str
    role: str = "owner"
    account_id: str = ""
    organisation_id: str = ""
    places: frozenset[str] = frozenset()


SYSTEM = Actor("system")


def limits_of(actor: Actor, patient: bool) -> dict[str, str]:
    """How long a statement may take: as long as it needs, five seconds for a person, else what the role allows."""
    return PATIENT if patient else FOR_A_PERSON if actor.account_id else {}


def _sign(opened: Session, actor: Actor, patient: bool, audience: str = "public") -> None:
    """Say who asks, in one statement, for this transaction alone: a pooled connection must not remember it."""
    opened.info["actor"] = actor
    told = {
        "abcd.actor": actor.name, "abcd.actor_id": actor.account_id, "abcd.role": actor.role,
        "abcd.organisation": actor.organisation_id, "abcd.audience": audience,
    } | limits_of(actor, patient)  # fmt: skip
    straight(opened.connection(), saying(tuple(told)), tuple(told.values()))


def straight(
    connection: Connection, statement: str, values: tuple[Any, ...] | dict[str, Any], prepare: bool | None = None
) -> Any:
    """Execute with the driver alone, because SQLAlchemy's own way there costs more than a short statement; its cursor.

    ``prepare`` keeps the statement with the connection from the first time on, rather than from the sixth.

    An error is met a second time on SQLAlchemy's way, which lets go of the lost connections: so the statement is one
    that may be said twice.
    """
    wire: Any = connection.connection.driver_connection
    try:
        return wire.execute(statement, values, prepare=prepare)
    except psycopg.Error:
        with suppress(psycopg.Error):
            wire.rollback()
        return connection.exec_driver_sql(statement, values).cursor


@lru_cache(maxsize=8)
def saying(names: tuple[str, ...]) -> str:
    """The statement that sets so many settings until the transaction ends."""
    return "select " + ", ".join(f"set_config('{name}', %s, true)" for name in names)


def once_more(act: Callable[[], Result]) -> Result:
    """What ``act`` gives back; a store that went away just now is waited for, once.

    Raises:
        StoreUnavailable: it does not answer, or every connection is taken.
    """
    try:
        return act()
    except StoreLost:
        return act()


def _begun(here: Pool, actor: Actor, patient: bool, audience: str) -> Session:
    """A session whose transaction has begun. The first statement finds out whether the connection is alive."""
    here.outage.wait()
    opened = Session(here.engine, expire_on_commit=False)
    try:
        _sign(opened, actor, patient, audience)
    except SQLAlchemyError as error:
        opened.close()
        trouble = trouble_of(here, error)
        if trouble is None:
            raise
        raise trouble from error
    return opened


def trouble_of(here: Pool, error: SQLAlchemyError, *, at_commit: bool = False) -> StoreUnavailable | None:
    """The sentence for an error; a lost store begins to be mended at once."""
    trouble = explained(error, at_commit=at_commit) or outdated(error)
    if isinstance(trouble, StoreLost | OutcomeUnknown):
        here.outage.begin(str(trouble))
    return trouble


@contextmanager
def session(
    actor: Actor, role: str = APP_ROLE, *, patient: bool = False, audience: str = "public"
) -> Iterator[Session]:
    """A session signed by ``actor``; commits on leaving, rolls back on any exception.

    ``patient`` is for imports, exports and backups: no statement of theirs is cut off for its length. ``audience`` is
    for whom the share role reads: what is for partners it sees only when that is said.

    Raises:
        StoreBusy: a lock, a time limit, or every connection is taken; nothing was saved.
        StoreLost: the connection went away before the commit; nothing was saved.
        OutcomeUnknown: it went away during the commit.
        StoreDamaged: part of the data is damaged; what is damaged is closed to writing from then on.
        StoreUnavailable: the disk is full, or the database may not be written.
    """
    here = reached(role)
    bring_in_the_day(here)
    opened, at_commit = once_more(lambda: _begun(here, actor, patient, audience)), False
    try:
        yield opened
        opened.flush()
        _refuse_broken(opened)
        at_commit = True
        opened.commit()
    except SQLAlchemyError as error:
        trouble = trouble_of(here, error, at_commit=at_commit)
        if trouble is None:
            raise
        if isinstance(trouble, StoreDamaged):
            opened.rollback()
            trouble = damage.met(error)
        raise trouble from error
    finally:
        opened.close()


def reached(role: str) -> Pool:
    """The pool; a store that does not answer at the first call is told like any other.

    One that was never migrated does not know our role, and so does not let us in.
    """
    try:
        return pool(role)
    except SQLAlchemyError as error:
        trouble = of_other_schema() or explained(error)
        if trouble is None:
            raise
        raise trouble from error


def _refuse_broken(opened: Session) -> None:
    """Never commit after an error that somebody swallowed: PostgreSQL would roll back and call it a success."""
    wire = opened.connection().connection.driver_connection
    if wire is not None and wire.info.transaction_status == TransactionStatus.INERROR:
        raise RuntimeError("A statement of this transaction failed and the error was ignored; nothing was saved.")


def until_known(actor: Actor, act: Callable[[Session], Result], *, patient: bool = False) -> Result:
    """What ``act`` gives back in one transaction, done again while the store is lost, until the outcome is known.

    ``act`` claims an idempotency key (``abcd.db.audit.once``), so that after a commit whose outcome nobody heard it
    gives the stored result back instead of acting twice.

    Raises:
        StoreLost: the store did not come back in time; nothing was saved.
        OutcomeUnknown: it did not come back after a commit that may have happened.
        StoreUnavailable: the disk is nearly full; nothing was tried.
    """
    require_space()
    until, may_be_saved = time.monotonic() + TRY_SECONDS, False
    while True:
        try:
            with session(actor, patient=patient) as s:
                return act(s)
        except (StoreLost, OutcomeUnknown) as error:
            may_be_saved = may_be_saved or isinstance(error, OutcomeUnknown)
            if time.monotonic() > until:
                raise (unknown() if may_be_saved else error) from error


def outage(role: str = APP_ROLE) -> Outage:
    """What is known of a store that does not answer.

    Raises:
        StoreUnavailable: it never answered in this process.
    """
    return reached(role).outage


def actor_of(opened: Session) -> Actor:
    """Who opened this session."""
    actor: Actor = opened.info.get("actor", SYSTEM)
    return actor
