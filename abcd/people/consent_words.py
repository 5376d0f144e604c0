"""What people agree to, and how they said so, in everyday words."""

from abcd.core.language import _
from abcd.people.consent_records import ConsentRecord


def purpose_names() -> dict[str, str]:
    """What a person may agree to."""
    return {
        "introductions": _("Introductions to neighbours and groups"),
        "being_found": _("Being found by our coordinators"),
        "sharing": _("Telling an organisation"),
        "story": _("Telling a story"),
        "photo": _("Showing a photograph"),
    }


def way_names() -> dict[str, str]:
    """How it was said."""
    return {
        "in_person": _("In person"), "phone": _("By telephone"), "paper": _("On paper"), "online": _("Online"),
        "text": _("By text message"),
    }  # fmt: skip


def purpose_name(purpose: str, controllers: tuple[str, ...] = ()) -> str:
    """A purpose, with the organisations that it names."""
    named = purpose_names()[purpose]
    return f"{named}: {', '.join(controllers)}" if controllers else named


def standing_words(one: ConsentRecord) -> str:
    """How a yes stands, in a sentence."""
    given, ends = f"{one.given_on:%d/%m/%Y}", f"{one.expires_on:%d/%m/%Y}"
    if one.withdrawn_on is not None:
        told = _("Yes on {given}, taken back on {day}.")
        return told.format(given=given, day=f"{one.withdrawn_on:%d/%m/%Y}")
    if one.holds:
        return _("Yes since {given}. We ask again by {day}.").format(given=given, day=ends)
    return _("Yes on {given}. It ended on {day}: nothing is done with it any more.").format(given=given, day=ends)
