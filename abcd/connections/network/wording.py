"""Ties in plain words: in which way two have to do with each other, close-knit or outward."""

from abcd.connections.network.records import Mixing, OwnWord
from abcd.core.language import _

FEW_TIES = 5
"""Of fewer ties nothing is said but their number: one more would turn the reading round."""

CLEAR = 0.3
"""From here on a place reads as close-knit (below zero) or outward (our own judgement)."""


def relation_words(relation: str, is_outward: bool) -> str:
    """What an asset has to do with another, read from the asset; ``is_outward`` when the relation starts at it."""
    forth = {
        "shares_venue": _("shares a place with"), "shares_members": _("shares members with"),
        "joint_activity": _("does something together with"), "refers": _("points people to"),
        "funds": _("gives money to"), "supports": _("supports"), "learned_from": _("learned from"),
        "meets_at": _("meets at"), "held_at": _("takes place at"), "done_by": _("is run by"),
        "same_venue": _("meets in the same place as"), "same_organisation": _("belongs to the same organisation as"),
    }  # fmt: skip
    back = {
        "refers": _("hears of people through"), "funds": _("gets money from"), "supports": _("is supported by"),
        "learned_from": _("taught something to"), "meets_at": _("gives a room to"),
        "held_at": _("is the place of"), "done_by": _("runs"),
    }  # fmt: skip
    return forth[relation] if is_outward else back.get(relation, forth[relation])


def tie_words(relation: str) -> str:
    """A relation as a thing that two share, whichever way it goes."""
    return {
        "shares_venue": _("one place"), "shares_members": _("shared members"),
        "joint_activity": _("something done together"), "refers": _("pointing people on"), "funds": _("money"),
        "supports": _("support"), "learned_from": _("learning"), "meets_at": _("a room"),
        "held_at": _("where it takes place"), "done_by": _("who runs it"), "part_of": _("one organisation"),
    }[relation]  # fmt: skip


def reading_words(told: Mixing) -> str:
    """What the figure says, if there are ties enough to say anything."""
    if told.e_i is None:
        return _("No tie is written down yet.")
    if told.external + told.internal < FEW_TIES:
        return _("Too few ties to tell.")
    if told.e_i <= -CLEAR:
        return _("Close-knit: most ties stay within.")
    if told.e_i >= CLEAR:
        return _("Outward: most ties lead across.")
    return _("Both: ties within and ties across.")


def own_words(told: OwnWord) -> str:
    """What groups say of who comes, and how many were never asked."""
    if not told.mixed + told.mostly_one:
        return _("No group has been asked yet.")
    said = _("{mixed} of {asked} groups that were asked say that they are mixed.").format(
        mixed=told.mixed, asked=told.mixed + told.mostly_one
    )
    return f"{said} {_('{n} were not asked.').format(n=told.unasked)}" if told.unasked else said
