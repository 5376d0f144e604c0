"""Links with which a group's own contact answers for its record, without an account: one asset, sixty days.

The app sends no mail: whoever makes a link copies it into a letter or mail of their own. The store keeps its SHA-256.
Looking changes nothing, since programs that scan mail follow every link. A link answers as often as the group likes, so
that it can take consent back as it gave it; it ends with its days, with a newer link for the same asset, and with the
asset. Dead and unknown ones are all ``None``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.access.moments import moment
from abcd.access.tokens import fingerprint, new_token
from abcd.assets.freshness import state
from abcd.assets.lines import asset_rows, lines, standing
from abcd.assets.queries import asset
from abcd.assets.records import AssetLine
from abcd.config import settings
from abcd.core.clock import now
from abcd.core.language import _
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Asset, CheckLink, PlaceAsset
from abcd.errors import BadRequest

LIFETIME = timedelta(days=60)
KEPT = timedelta(days=365)
"""How long a link that is over still tells that the group was asked, and when."""


@dataclass(frozen=True)
class NewLink:
    """A link that was just made; its token is told only now."""

    asset_id: UUID
    name: str
    email: str
    token: str

    @property
    def url(self) -> str:
        """The address to send."""
        return f"{settings().public_url}/still-right/{self.token}"


@dataclass(frozen=True)
class Asked:
    """That a group was asked: by whom, when, until when, and what it answered (``""`` for nothing yet)."""

    made_by: str
    made_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    answer: str
    holds: bool


def make_check_link(s: Session, asset_id: UUID, *, by: Actor) -> NewLink:
    """A link that asks the group behind an asset; an earlier one of the same asset ends.

    Raises:
        BadRequest: the asset is no more, or was merged into another.
        NotFound: there is no such asset.
        NotAllowed: ``by`` may not ask there.
    """
    require_at(s, by, "make", "check_link", asset_id)
    one, time, token = asset(s, asset_id), moment(s), new_token()
    if not s.scalar(select(Asset.id).where(Asset.id == asset_id, standing())):
        raise BadRequest("This record is no longer in use, so there is nobody to ask about it.")
    s.execute(update(CheckLink).where(CheckLink.asset_id == asset_id, _open(time)).values(ended_at=time))
    s.execute(delete(CheckLink).where(CheckLink.expires_at < time - KEPT))
    s.add(CheckLink(token_hash=fingerprint(token), asset_id=asset_id, made_by=by.name, made_at=time,
                    expires_at=time + LIFETIME))  # fmt: skip
    s.flush()
    record(s, "ask_group", "asset", asset_id, by=by, after={"until": (time + LIFETIME).date().isoformat()})
    return NewLink(asset_id, one.name, one.email, token)


def worth_asking(s: Session, place_id: UUID, limit: int = 50) -> list[AssetLine]:
    """Records of a place that go stale and have a contact, the longest unchecked first; none that was asked by a link
    that still holds."""
    has_contact = or_(Asset.phone != "", Asset.email != "")
    is_asked = exists().where(CheckLink.asset_id == Asset.id, _open(moment(s)))
    held = select(PlaceAsset.asset_id).where(PlaceAsset.place_id == place_id, PlaceAsset.relation == "within")
    rows = asset_rows().where(Asset.id.in_(held), standing(), has_contact, state() != "fresh", ~is_asked)
    return lines(s, rows.order_by(Asset.assured_on.asc().nulls_first(), Asset.name, Asset.id).limit(limit))


def letter(link: NewLink) -> tuple[str, str]:
    """A subject and a text to send with a link, in the language in use."""
    subject = _("{name}: is this still right?").format(name=link.name)
    text = _(
        "Hello,\n\nWe tell people near you about “{name}”. Please look whether what we say is still right. It takes "
        "one press, and you need no account:\n\n{url}\n\nYou can also tell us what has changed, and whether your "
        "telephone number and e-mail may be shown. The link works for sixty days.\n\nThank you,\n{publisher}"
    )
    return subject, text.format(name=link.name, url=link.url, publisher=settings().publisher)


def make_check_links(s: Session, asset_ids: list[UUID], *, by: Actor) -> list[NewLink]:
    """One link each; all of them or none.

    Raises:
        BadRequest, NotFound, NotAllowed: as ``make_check_link``.
    """
    return [make_check_link(s, asset_id, by=by) for asset_id in asset_ids]


def end_check_link(s: Session, asset_id: UUID, *, by: Actor) -> None:
    """The link of an asset opens nothing any more; one that has ended stays ended.

    Raises:
        NotAllowed: ``by`` may not.
    """
    require_at(s, by, "end", "check_link", asset_id)
    time = moment(s)
    ended = update(CheckLink).where(CheckLink.asset_id == asset_id, _open(time)).values(ended_at=time)
    if s.execute(ended.returning(CheckLink.asset_id)).first():
        record(s, "end_group_link", "asset", asset_id, by=by)


def _open(time: datetime) -> ColumnElement[bool]:
    return and_(CheckLink.ended_at.is_(None), CheckLink.expires_at > time)


def link_of(s: Session, token: str, *, lock: bool = False) -> CheckLink | None:
    """The live link behind a token, whose asset is still in use; ``None`` whatever is wrong."""
    alive = select(CheckLink).join(Asset, Asset.id == CheckLink.asset_id)
    found = alive.where(CheckLink.token_hash == fingerprint(token), _open(moment(s)), standing())
    return s.scalar(found.with_for_update(of=CheckLink) if lock else found)


def note_answer(link: CheckLink, answer: str) -> None:
    """Remember that the group answered, and what."""
    link.answered_at, link.answer = now(), answer


def asked(s: Session, asset_id: UUID) -> Asked | None:
    """When its group was last asked, and what it said."""
    row = s.scalar(select(CheckLink).where(CheckLink.asset_id == asset_id).order_by(CheckLink.made_at.desc()).limit(1))
    if row is None:
        return None
    is_live = row.ended_at is None and row.expires_at > moment(s)
    return Asked(row.made_by, row.made_at, row.expires_at, row.answered_at, row.answer, is_live)
