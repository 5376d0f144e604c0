"""Who may tell us of somebody, in words: the wide list of product.md C.2."""

from abcd.core.language import _


def source_names() -> dict[str, str]:
    """Each of ``INTRODUCED_BY`` for people, in the order of the list."""
    return {
        "self": _("The person themselves"), "family_or_friend": _("Family or a friend"), "neighbour": _("A neighbour"),
        "community_group": _("A community group"), "faith_leader": _("Somebody of a faith community"),
        "councillor": _("A councillor"), "gp_or_link_worker": _("A GP, practice or link worker"),
        "other_health": _("Somebody else in health"), "adult_social_care": _("Adult social care"),
        "childrens_services": _("Children’s services"), "school": _("A school"), "police": _("The police"),
        "fire": _("The fire service"), "jobcentre": _("The jobcentre"), "housing_staff": _("Housing staff"),
        "voluntary_organisation": _("A voluntary organisation"), "other": _("Somebody else"),
    }  # fmt: skip


def state_names() -> dict[str, str]:
    """What became of an introduction in."""
    return {
        "suggested": _("Waits for their yes"), "said_yes": _("They said yes"), "said_no": _("They would rather not"),
        "expired": _("Over after 28 days"),
    }  # fmt: skip
