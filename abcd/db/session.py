"""The one way into the store: ``with session(actor) as s``. Leaving the block commits or rolls back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from abcd.config import settings
from abcd.db import embedded
from abcd.db.positions import follow_server
from abcd.errors import StoreUnavailable

APP_ROLE = "abcd_app_rw"
SHARE_ROLE = "abcd_share_ro"


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


def store_url(role: str = APP_ROLE) -> str:
    """The SQLAlchemy URL of the store as ``role``."""
    given = settings().database_url
    if given:
        return given.replace("postgresql://", "postgresql+psycopg://", 1).replace(
            "postgres://", "postgresql+psycopg://", 1
        )
    return embedded.url(settings().home, role)


@lru_cache(maxsize=8)
def _engine(url: str, role: str) -> Engine:
    """The engine; on the first call the embedded store is started when it is not running."""
    if not settings().database_url:
        embedded.up(settings().home)
    engine = create_engine(url, pool_size=8, max_overflow=8, pool_timeout=3, pool_pre_ping=True, future=True)

    @event.listens_for(engine, "connect")
    def _as_role(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_has_role(current_user, to_regrole(%s), 'member')", (role,))
            if cursor.fetchone()[0]:
                cursor.execute(f"set role {role}")
            cursor.execute("set jit = off")
        connection.commit()

    with engine.connect() as first:
        follow_server(first)
    return engine


def engine(role: str = APP_ROLE) -> Engine:
    """The pooled engine of this process for ``role`` (``abcd_app_rw``, or ``abcd_share_ro`` for what is public)."""
    return _engine(store_url(role), role)


@contextmanager
def session(actor: Actor, role: str = APP_ROLE) -> Iterator[Session]:
    """A session signed by ``actor``; commits on leaving, rolls back on any exception.

    Raises:
        StoreUnavailable: the database cannot be reached, or every connection is taken.
    """
    try:
        with Session(engine(role), expire_on_commit=False) as opened, opened.begin():
            opened.info["actor"] = actor
            opened.execute(text("select set_config('abcd.actor', :name, true)"), {"name": actor.name})
            yield opened
    except (OperationalError, InterfaceError, NoConnectionFree) as error:
        raise StoreUnavailable(
            "The database did not answer. Your text is kept: wait a moment and try again, "
            "or ask your administrator to run 'abcd db status'."
        ) from error


def actor_of(opened: Session) -> Actor:
    """Who opened this session."""
    actor: Actor = opened.info.get("actor", SYSTEM)
    return actor
