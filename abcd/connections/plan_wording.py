"""The three-question plan in everyday words (product.md 001-2, 003-21)."""

from abcd.core.language import _


def column_names() -> dict[str, str]:
    """The three questions, the left one first."""
    return {
        "residents_alone": _("What can we do ourselves?"), "with_help": _("What can we do with a little help?"),
        "agencies": _("What must agencies do?"),
    }  # fmt: skip


def holder_names() -> dict[str, str]:
    """Who holds a line of a plan, residents first."""
    return {
        "resident": _("A resident holds it"), "group": _("A group holds it"), "staff": _("One of our team holds it"),
        "agency": _("An agency holds it"),
    }  # fmt: skip


def blocker_names() -> dict[str, str]:
    """What can stand in the way."""
    return {
        "": _("Nothing stands in the way"), "insurance": _("Insurance"), "keys": _("Keys"), "licence": _("A licence"),
        "money": _("Money"), "fear_of_losing_benefits": _("Fear of losing benefits"),
        "landlord_policy": _("A rule of the landlord"), "space": _("No room for it"), "people": _("Too few people"),
        "other": _("Something else"),
    }  # fmt: skip
