"""Offers and wishes in everyday words: whose they are, of which kind, and how they stand."""

from abcd.core.language import _


def gift_kind_names() -> dict[str, str]:
    """What sort of gift it is."""
    return {
        "head": _("Knowing"), "heart": _("Caring"), "hands": _("Doing"), "space": _("Room"), "thing": _("Things"),
        "time": _("Time"), "money": _("Money"),
    }  # fmt: skip


def offer_state_names() -> dict[str, str]:
    """How an offer stands."""
    return {
        "waiting": _("Waiting for somebody"), "taken_up": _("Taken up"), "resting": _("Resting for now"),
        "ended": _("Over"),
    }  # fmt: skip


def owner_names() -> dict[str, str]:
    """Whose an offer is."""
    return {
        "resident": _("A neighbour"), "group": _("A group"), "venue": _("A venue"), "partner": _("A partner"),
        "supplier": _("A supplier"), "landlord": _("The landlord"),
    }  # fmt: skip


def wish_state_names() -> dict[str, str]:
    """How a wish stands."""
    return {"open": _("Not met yet"), "planned": _("Planned"), "met": _("It came about"), "let_go": _("Let go")}


def voice_names() -> dict[str, str]:
    """Whose a wish is."""
    return {
        "resident": _("A neighbour"), "group": _("A group"), "meeting": _("A meeting"), "survey": _("A survey"),
        "prospective_resident": _("People not yet living here"),
    }  # fmt: skip
