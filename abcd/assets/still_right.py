"""What a group says of its own record with its link: still right, closed, show our contact, show it no longer.

Pressing twice is pressing once. What it confirms holds at once; what it wants changed is looked at first: until then
the last approved version stays live. To hide its contact it waits for nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.actions import checked
from abcd.assets.check_links import link_of, note_answer
from abcd.assets.consent import agree, disagree
from abcd.assets.contributions import Suggestion, contribute
from abcd.assets.queries import asset
from abcd.assets.records import AssetRecord
from abcd.core.clock import now, today
from abcd.db.audit import record
from abcd.db.consent import may_show_contact
from abcd.db.session import Actor
from abcd.db.tables import Asset, CheckLink, Contribution
from abcd.errors import BadRequest

GROUP = Actor("the group itself", "group")
"""Who signs what comes by a group's link: a role that the policy names nowhere, so the link alone lets it in."""


@dataclass(frozen=True)
class OwnRecord:
    """What we say of a group, for its own contact: the record, whether its contact is shown, what it answered last."""

    asset: AssetRecord
    shows_contact: bool
    answer: str
    answered_on: date | None


def own_record(s: Session, token: str) -> OwnRecord | None:
    """What the link opens; ``None`` when it is unknown, over, taken back, or its asset is no more."""
    link = link_of(s, token)
    return _told(s, link) if link else None


def _told(s: Session, link: CheckLink) -> OwnRecord:
    shows = s.scalar(select(may_show_contact()).where(Asset.id == link.asset_id)) or False
    return OwnRecord(asset(s, link.asset_id), shows, link.answer, link.answered_at and link.answered_at.date())


def answer(s: Session, token: str, said: str) -> OwnRecord | None:
    """Do what the group says; ``None`` as ``own_record``. A second press finds it done.

    Raises:
        BadRequest: this is none of ``ANSWERS``.
    """
    if said not in ANSWERS:
        raise BadRequest("Press one of the buttons.")
    link = link_of(s, token, lock=True)
    if link is None:
        return None
    row = s.get_one(Asset, link.asset_id, with_for_update=True, populate_existing=True)
    ANSWERS[said](s, row)
    note_answer(link, said)
    s.flush()
    return _told(s, link)


def suggest(s: Session, token: str, suggestion: Suggestion, *, key: str) -> bool:
    """Keep what the group wants changed; False when its link opens nothing.

    Raises:
        BadRequest: as ``contribute``.
    """
    link = link_of(s, token, lock=True)
    if link is None:
        return False
    contribute(s, suggestion, key=key, by=GROUP)
    note_answer(link, "changed")
    return True


def _right(s: Session, row: Asset) -> None:
    _take_closing_back(s, row)
    if row.assured_on == today() and row.assured_by == "group":
        return
    row.version += 1
    checked(s, row, "group", "", GROUP)


def _closed(s: Session, row: Asset) -> None:
    if _closing(s, row) is None:
        seen = {"status": row.status}
        closing = Suggestion("closing", "group", {"status": "defunct"}, seen, asset_id=row.id)
        contribute(s, closing, key=str(uuid4()), by=GROUP)


def _closing(s: Session, row: Asset) -> Contribution | None:
    waits = Contribution.state == "waiting", Contribution.came_by == "group", Contribution.kind == "closing"
    return s.scalar(select(Contribution).where(Contribution.asset_id == row.id, *waits).limit(1))


def _take_closing_back(s: Session, row: Asset) -> None:
    """Whoever pressed “closed” by mistake presses “still right”."""
    closing = _closing(s, row)
    if closing is not None:
        closing.state, closing.settled_at, closing.settled_by = "refused", now(), GROUP.name
        closing.reason, closing.version = "Taken back by the group itself.", closing.version + 1
        record(s, "take_back", "contribution", closing.id, by=GROUP)


def _agrees(s: Session, row: Asset) -> None:
    if not s.scalar(select(may_show_contact()).where(Asset.id == row.id)):
        agree(s, row.id, how="link", on=today(), by=GROUP)


def _disagrees(s: Session, row: Asset) -> None:
    if row.contact_public:
        disagree(s, row.id, how="link", by=GROUP)


ANSWERS: dict[str, Callable[[Session, Asset], None]] = {
    "right": _right, "closed": _closed, "agree": _agrees, "withdraw": _disagrees,
}  # fmt: skip
"""What a group may answer, and what it does."""
