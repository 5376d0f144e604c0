"""Whether a telephone number and e-mail may be shown outside, in SQL: the same rule as in the view ``pub.asset``.

It stands so low that an export needs nothing else of the rooms above.
"""

from sqlalchemy import ColumnElement, Date, and_, cast, exists, func, or_

from abcd.db.tables import Asset, ContactConsent

OFFICE_KINDS = ("physical", "institution")
"""Kinds of asset whose contact is an office's: the flag ``contact_public`` alone shows it."""


def holds() -> ColumnElement[bool]:
    """Whether a row of ``ContactConsent`` holds today, as the clocks of the people we serve have it."""
    day = cast(func.timezone("Europe/London", func.now()), Date)
    in_time = and_(ContactConsent.given_on <= day, ContactConsent.expires_on > day)
    return and_(ContactConsent.withdrawn_on.is_(None), in_time)


def may_show_contact() -> ColumnElement[bool]:
    """Whether the contact of an asset may be shown to people outside (trust.md P11)."""
    agreed = exists().where(ContactConsent.asset_id == Asset.id, holds()).correlate(Asset)
    return and_(Asset.contact_public, or_(Asset.asset_kind.in_(OFFICE_KINDS), agreed))
