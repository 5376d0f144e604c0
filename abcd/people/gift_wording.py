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


def gift_group_names() -> dict[str, str]:
    """The groups of gifts, as ``data/gifts.csv`` names them: for who has no session to ask."""
    return {
        "caring-and-health": _("Caring and health"),
        "cooking-and-food": _("Cooking and food"),
        "fixing-and-building": _("Fixing and building"),
        "gardening-and-animals": _("Gardening and animals"),
        "arts-music-and-craft": _("Arts, music and craft"),
        "sport-and-movement": _("Sport and movement"),
        "teaching-and-tutoring": _("Teaching and tutoring"),
        "languages-and-interpreting": _("Languages and interpreting"),
        "digital-skills": _("Digital"),
        "money-and-paperwork": _("Money and paperwork"),
        "organising-and-hosting": _("Organising and hosting"),
        "driving-and-lifts": _("Driving and lifts"),
        "listening-and-befriending": _("Listening and befriending"),
        "campaigning-and-speaking": _("Campaigning and speaking"),
        "local-knowledge-and-history": _("Local knowledge and history"),
        "enterprise": _("Enterprise"),
    }
