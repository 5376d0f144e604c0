"""Sharing, extending and taking back: each an action with its event in the trail."""

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.access.moments import moment
from abcd.access.policy import require
from abcd.access.scope import within
from abcd.access.tokens import fingerprint, new_share_token
from abcd.config import settings
from abcd.db.audit import for_edit, record
from abcd.db.session import Actor
from abcd.db.tables import Share as Row
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.maps.sharing.opening import new_slug
from abcd.maps.sharing.record import Share, share_in
from abcd.maps.sharing.wish import Wish, check_days, checked

OUTSIDE = "You share what lies in your places. Choose among them, or ask somebody whose account reaches further."


@dataclass(frozen=True)
class Made:
    """A new share and the address or key to give away, which nobody can look up later."""

    share: Share
    address: str
    key: str = ""


def make_share(s: Session, wish: Wish, *, by: Actor) -> Made:
    """Share what is wished; the store keeps only the SHA-256 of its secret.

    Raises:
        NotAllowed: ``by`` may not, or not in these places.
        BadRequest, NotFound: as ``wish.checked``.
    """
    require(by, "add", "share")
    good = checked(s, wish)
    if not within(s, by, good.places):
        raise NotAllowed(OUTSIDE)
    token, time = new_share_token(), moment(s)
    said: dict[str, Any] = {name: value for name, value in asdict(good).items() if name != "days"}
    row = Row(
        id=uuid.uuid4(), slug=new_slug(), token_hash=None if good.kind == "open" else fingerprint(token),
        made_by=by.name, made_at=time, counted_from=time, expires_at=time + timedelta(days=good.days), **said,
    )  # fmt: skip
    s.add(row)
    s.flush()
    record(s, "add", "share", row.id, by=by, after=plain(row))
    return made(share_in(row), token)


def made(share: Share, token: str) -> Made:
    """What to give away of a new share."""
    here = settings().public_url
    if share.kind == "feed":
        return Made(share, f"{here}/ogc", token)
    return Made(share, f"{here}/open/{share.slug}" if share.is_open else f"{here}/s/{token}")


def extend_share(s: Session, share_id: uuid.UUID, days: int, *, version: int | None, by: Actor) -> Share:
    """Let a share live for ``days`` from now on; longer or shorter than before.

    Raises:
        NotAllowed: ``by`` may not, or it reaches beyond their places.
        BadRequest: so many days do not go, or it has ended already.
        VersionMissing, NotFound, Conflict: as ``db.audit.for_edit``.
    """
    require(by, "extend", "share")
    check_days(days)
    time = moment(s)
    until = time + timedelta(days=days)
    row = for_edit(s, Row, share_id, version, {"expires_at": until})
    require_reach(s, row, by)
    if row.revoked_at is not None or row.expires_at <= time:
        raise BadRequest("This share has ended, and stays ended. Make a new one.")
    before = plain(row)
    row.counted_from, row.expires_at = time, until
    record(s, "extend", "share", row.id, by=by, before=before, after=plain(row))
    return share_in(row)


def revoke_share(s: Session, share_id: uuid.UUID, *, by: Actor) -> Share:
    """Take a share back: from the next question on, every address of it is gone.

    It needs no version: who presses this means it, whatever somebody else changed meanwhile.

    Raises:
        NotAllowed: ``by`` may not, or it reaches beyond their places.
        NotFound: there is none, or it was taken back already.
    """
    require(by, "revoke", "share")
    row = s.scalar(select(Row).where(Row.id == share_id, Row.revoked_at.is_(None)).with_for_update())
    if row is None:
        raise NotFound("This share was taken back already.")
    require_reach(s, row, by)
    row.revoked_at, row.version = moment(s), row.version + 1
    record(s, "revoke", "share", row.id, by=by, before=plain(row))
    return share_in(row)


def require_reach(s: Session, row: Row, by: Actor) -> None:
    """Let those through who may share all of its places.

    Raises:
        NotAllowed: it reaches beyond the places of ``by``.
    """
    if not within(s, by, row.places):
        raise NotAllowed(OUTSIDE)


def plain(row: Row) -> dict[str, Any]:
    """What the trail tells of a share: with whom, what, until when."""
    return {
        "kind": row.kind, "title": row.title, "partner": row.partner, "audience": row.audience, "layers": row.layers,
        "places": [str(one) for one in row.places], "expires_at": row.expires_at.isoformat(),
        "embed_hosts": row.embed_hosts,
    }  # fmt: skip
