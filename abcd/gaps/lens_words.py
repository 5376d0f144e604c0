"""The words of the social-infrastructure lens."""

from abcd.core.language import _


def domain_words(slug: str) -> str:
    """A domain in words."""
    return {
        "places_to_meet": _("Places to meet"),
        "connectedness": _("Being connected"),
        "active_community": _("An active community"),
    }[slug]


def part_words(slug: str) -> str:
    """A part in words."""
    return {
        "rooms": _("Places to meet, for each 1,000 households"),
        "rooms_near": _("Homes within ten minutes’ walk of a place to meet"),
        "spare": _("Rooms known to stand empty at times, for each 1,000 households"),
        "rooms_late": _("Places to meet that open in the evening or at the weekend"),
        "tied": _("Groups that are known to work with another, or to meet in a room here"),
        "mixed": _("Groups whose people come from many streets"),
        "bus_near": _("Homes near a bus stop"),
        "online_near": _("Homes near help with going online"),
        "groups": _("Groups, for each 1,000 households"),
        "resident_led": _("Groups that neighbours run themselves"),
        "welcoming": _("Groups that are open to new people"),
        "gatherings": _("Events and festivals, for each 1,000 households"),
    }[slug]


def how_words(slug: str) -> str:
    """What a part counts, and of what."""
    return {
        "rooms": _("Halls, common rooms, places of worship, libraries, cafés, pubs and warm spaces inside the edge."),
        "rooms_near": _("Households whose walk to the nearest of them is ten minutes or less, of all households."),
        "spare": _("Rooms whose keepers said that they stand empty at times. Who was not asked does not count."),
        "rooms_late": _("Of the places to meet whose opening times are known, those with an evening or a weekend."),
        "tied": _("Of all groups inside the boundary, those with a tie that somebody wrote down."),
        "mixed": _("Of the groups that were asked who comes, those that said: from many streets."),
        "bus_near": _("Households within the walk that this place is judged by, of all households."),
        "online_near": _("Households within the walk that this place is judged by, of all households; by foot alone, "
                         "for nothing is known here of lines and devices."),
        "groups": _("Groups inside the boundary. A register misses informal ones."),
        "resident_led": _("Of the groups that were asked who runs them, those that residents or members run."),
        "welcoming": _("Of the groups that were asked, those that said yes."),
        "gatherings": _("Events and festivals that somebody wrote down as stories of this place."),
    }[slug]  # fmt: skip


def not_an_index() -> str:
    """What the lens is not."""
    return _(
        "These are figures of our own register, side by side. They are not the Community Needs Index, which others "
        "publish and which looks at the same three things with other figures; they are not added up, and no place is "
        "ranked by them. A low figure may only say that nobody has asked."
    )
