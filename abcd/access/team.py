"""The people with accounts, as those see them who look after them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, literal, select
from sqlalchemy.orm import Session

from abcd.access.accounts import PLACES, Reach, bound_to, seen_by
from abcd.access.moments import moment
from abcd.access.policy import GIVES, require
from abcd.access.scope import within
from abcd.access.sessions import is_live
from abcd.core.clock import LOCAL
from abcd.db.naming import called
from abcd.db.session import Actor
from abcd.db.tables import Account, AppSession, Organisation, Place
from abcd.errors import NotFound

MOST = 500
SCOPES = ("patch", "estate", "neighbourhood", "ward", "locality")
"""Kinds of place that an account may be scoped to."""

MOST_PLACES = 2_000


@dataclass(frozen=True)
class Member:
    """One account: who, in which reach, how they sign in, and on which day they were last here."""

    id: str
    name: str
    email: str
    reach: Reach
    organisation: str
    place_names: tuple[str, ...]
    ways: tuple[str, ...]
    last_seen: date | None
    sessions: int
    is_open: bool
    version: int


@dataclass(frozen=True)
class Choices:
    """What somebody may give: roles, organisations by id, places (name, kind) by id."""

    roles: tuple[str, ...]
    organisations: dict[str, str]
    places: dict[str, tuple[str, str]]


def choices_for(s: Session, by: Actor) -> Choices:
    """The roles, organisations and places that ``by`` may give to others."""
    people_of = select(Account.organisation_id).where(Account.organisation_id.is_not(None))
    named = (
        select(Organisation.id, called(Organisation))
        .where(Organisation.id.in_(people_of))
        .order_by(called(Organisation))
    )
    organisations = {str(row.id): row.name for row in s.execute(named) if bound_to(by) in ("", str(row.id))}
    kinds = select(Place.id, called(Place), Place.kind).where(Place.kind.in_(SCOPES), Place.end_date.is_(None))
    found = s.execute(kinds.order_by(Place.kind, called(Place)).limit(MOST_PLACES))
    places = {str(row.id): (row.name, row.kind) for row in found if not by.places or within(s, by, [row.id])}
    return Choices(GIVES.get(by.role, ()), organisations, places)


def members(s: Session, *, by: Actor) -> list[Member]:
    """Everybody whom ``by`` may see, those with an open account first, then by name; at most ``MOST``.

    Raises:
        NotAllowed: ``by`` may not look at accounts.
    """
    require(by, "view", "account")
    found = s.execute(_rows(moment(s)).where(seen_by(by)).limit(MOST)).all()
    names = place_names(s, {place for row in found for place in row.places})
    return [_member(row, names) for row in found]


def member(s: Session, email_or_name: str, *, by: Actor) -> Member:
    """The one account with this e-mail, or failing that this name, capitals aside.

    Raises:
        NotFound: there is none, or more than one.
        NotAllowed: as ``members``.
    """
    said = email_or_name.strip().lower()
    everybody = [one for one in members(s, by=by) if said in (one.email.lower(), one.name.lower(), one.id)]
    open_ones = [one for one in everybody if one.is_open] or everybody
    if len(open_ones) != 1:
        how_many = "No account" if not open_ones else "More than one account"
        raise NotFound(f"{how_many} goes by “{email_or_name}”. Run 'abcd account list' to see them all.")
    return open_ones[0]


def place_names(s: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of places by id."""
    return {row.id: row.name for row in s.execute(select(Place.id, called(Place)).where(Place.id.in_(ids)))}


def _rows(time: datetime) -> Select[Any]:
    mine = AppSession.account_id == Account.id
    last = select(func.max(AppSession.seen_at)).where(mine).scalar_subquery()
    live = select(func.count()).select_from(AppSession).where(mine, is_live(time)).correlate(Account).scalar_subquery()
    return (
        select(
            Account, func.coalesce(Organisation.name, literal("")).label("organisation"), PLACES.label("places"),
            last.label("last"), live.label("live"),
        )
        .outerjoin(Organisation, Organisation.id == Account.organisation_id)
        .order_by(Account.disabled_at.is_not(None), func.lower(Account.name), Account.id)
    )  # fmt: skip


def _member(row: Row[Any], names: dict[uuid.UUID, str]) -> Member:
    account, organisation, places, last, live = tuple(row)
    ways = {"passphrase": account.passphrase_hash, "code": account.totp_secret, "provider": account.subject}
    return Member(
        str(account.id), account.name, account.email, Reach(account.role, account.organisation_id, frozenset(places)),
        organisation, tuple(sorted(names.get(one, "–") for one in places)),
        tuple(name for name, has in ways.items() if has), last and last.astimezone(LOCAL).date(), live,
        account.disabled_at is None, account.version,
    )  # fmt: skip
