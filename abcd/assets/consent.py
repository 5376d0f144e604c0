"""Consent to show a telephone number and e-mail (trust.md P11): recorded, dated, for 24 months, withdrawn at once.

The office contact of an institution or a building needs only the flag ``contact_public``. Whatever else may be one
person's own number (a group with one organiser, a trader, a story): it also needs a recorded consent that holds today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from abcd.access import require_at
from abcd.assets.lines import asset_rows, standing
from abcd.assets.records import AssetRecord
from abcd.core.clock import months_after, now, today
from abcd.core.language import _
from abcd.db.audit import once, record
from abcd.db.consent import OFFICE_KINDS, may_show_contact
from abcd.db.session import Actor
from abcd.db.tables import CONSENT_WAYS, Asset, ContactConsent
from abcd.errors import BadRequest, NotFound

MONTHS = 24
"""How long a consent holds; after that they are asked again (product.md C.3)."""

WORDING = "2026-11"
"""The version of ``wording``; a change of the words needs a new one."""


def wording() -> str:
    """What a group is told before it agrees, in the language in use."""
    return _(
        "The telephone number and e-mail will stand on maps that anybody can open and in files that others may copy. "
        "You can take this back at any time, as easily as you gave it: we stop showing them at once. "
        "After two years we ask again."
    )


@dataclass(frozen=True)
class Consent:
    """One consent as it was recorded; ``told`` is the version of the words they agreed to."""

    id: UUID
    given_on: date
    how: str
    told: str
    recorded_by: str
    expires_on: date
    withdrawn_on: date | None

    @property
    def holds(self) -> bool:
        """Whether it holds today."""
        return self.withdrawn_on is None and self.given_on <= today() < self.expires_on


def is_shown(one: AssetRecord, consents: Sequence[Consent]) -> bool:
    """Whether the contact of an asset with these consents may be shown outside; as ``may_show_contact``."""
    agreed = one.line.asset_kind in OFFICE_KINDS or any(each.holds for each in consents)
    return one.contact_public and agreed


def consents_of(s: Session, asset_id: UUID) -> list[Consent]:
    """Every consent of an asset, the latest first."""
    of_asset = select(ContactConsent).where(ContactConsent.asset_id == asset_id)
    newest = of_asset.order_by(ContactConsent.given_on.desc(), ContactConsent.recorded_at.desc())
    return [
        Consent(row.id, row.given_on, row.how, row.told, row.recorded_by, row.expires_on, row.withdrawn_on)
        for row in s.scalars(newest)
    ]


def record_consent(
    s: Session, asset_id: UUID, *, how: str, by: Actor, on: date | None = None, key: str | None = None
) -> None:
    """Write down that the contact of an asset may be shown, and show it from now on.

    Raises:
        BadRequest: a way we do not know, a day to come or one that is too long ago.
        NotFound: there is no such asset.
        NotAllowed: ``by`` may not record consent there.
    """
    require_at(s, by, "record", "contact_consent", asset_id)
    once(s, key or str(uuid4()), by, lambda: agree(s, asset_id, how=how, on=on or today(), by=by))


def agree(s: Session, asset_id: UUID, *, how: str, on: date, by: Actor) -> dict[str, Any]:
    """As ``record_consent``, for whoever has been let in already: a group by its own link."""
    expires = months_after(on, MONTHS)
    if how not in CONSENT_WAYS:
        raise BadRequest(f"Say how they agreed: {', '.join(CONSENT_WAYS)}.")
    if not on <= today() < expires:
        raise BadRequest("Give the day on which they agreed: not one to come, and not more than two years ago.")
    row = _locked(s, asset_id)
    s.add(
        ContactConsent(asset_id=asset_id, given_on=on, how=how, told=WORDING, recorded_by=by.name, expires_on=expires)
    )
    after = {"given_on": str(on), "how": how, "told": WORDING, "expires_on": str(expires)}
    return _flagged(s, row, True, "agree_to_show", after, by)


def withdraw_consent(s: Session, asset_id: UUID, *, how: str, by: Actor, key: str | None = None) -> None:
    """They no longer want their contact shown: it is hidden from this moment in everything that leaves.

    Raises:
        BadRequest: a way we do not know.
        NotFound: there is no such asset.
        NotAllowed: ``by`` may not withdraw consent there.
    """
    require_at(s, by, "withdraw", "contact_consent", asset_id)
    once(s, key or str(uuid4()), by, lambda: disagree(s, asset_id, how=how, by=by))


def disagree(s: Session, asset_id: UUID, *, how: str, by: Actor) -> dict[str, Any]:
    """As ``withdraw_consent``, for whoever has been let in already."""
    if how not in CONSENT_WAYS:
        raise BadRequest(f"Say how they told you: {', '.join(CONSENT_WAYS)}.")
    row = _locked(s, asset_id)
    open_ones = update(ContactConsent).where(ContactConsent.asset_id == asset_id, ContactConsent.withdrawn_on.is_(None))
    s.execute(open_ones.values(withdrawn_on=today(), withdrawn_how=how))
    return _flagged(s, row, False, "hide_contact", {"how": how}, by)


def show_office_contact(s: Session, asset_id: UUID, shown: bool, *, by: Actor, key: str | None = None) -> None:
    """Show or hide the office contact of an institution or a building.

    Raises:
        BadRequest: it is neither, so a consent has to be recorded.
        NotFound: there is no such asset.
        NotAllowed: ``by`` may not.
    """
    require_at(s, by, "record" if shown else "withdraw", "contact_consent", asset_id)

    def act() -> dict[str, Any]:
        row = _locked(s, asset_id)
        if row.asset_kind not in OFFICE_KINDS:
            raise BadRequest("This may be one person's own number: record when and how they agreed.")
        return _flagged(s, row, shown, "agree_to_show" if shown else "hide_contact", {"office contact": shown}, by)

    once(s, key or str(uuid4()), by, act)


def _locked(s: Session, asset_id: UUID) -> Asset:
    row = s.get(Asset, asset_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("This asset is not in the register.")
    return row


def _flagged(s: Session, row: Asset, shown: bool, verb: str, after: dict[str, Any], by: Actor) -> dict[str, Any]:
    row.contact_public, row.updated_at, row.version = shown, now(), row.version + 1
    s.flush()
    record(s, verb, "asset", row.id, by=by, after=after)
    return {"id": str(row.id)}


def to_ask() -> Select[Any]:
    """Standing assets that are marked to show a contact which no consent covers, as a select of lines: whom to ask."""
    has_contact = or_(Asset.phone != "", Asset.email != "")
    hidden = and_(Asset.contact_public, has_contact, ~may_show_contact())
    return asset_rows().where(standing(), hidden).order_by(Asset.name, Asset.id)


def to_ask_count(s: Session) -> int:
    """How many those are."""
    return s.scalar(select(func.count()).select_from(to_ask().order_by(None).subquery())) or 0
