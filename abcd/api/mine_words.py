"""What a resident's own page says: who they are to us, and what became of what they pressed."""

from datetime import date

from abcd.core.language import _
from abcd.people.own_records import OwnPage
from abcd.people.wording import language_name, route_names


def facts(one: OwnPage) -> list[tuple[str, str]]:
    """Who they are to us, and why we keep it; what is empty is left out."""
    person = one.person
    told = [
        (_("We call you"), person.preferred_name),
        (_("You belong to"), person.place_name),
        (_("You like to be reached"), route_names()[person.contact_route]),
        (_("Telephone"), person.phone),
        (_("E-mail"), person.email),
        (_("You speak with us in"), language_name(person.language)),
        (_("What helps you to follow"), person.comms_needs),
        (_("We keep this for"), person.purpose),
        (_("Who told us"), person.source),
        (_("You last said that it is right"), said_day(person.confirmed_on)),
        (_("Talks we had"), str(one.talks or "")),
    ]
    return [(name, words) for name, words in told if words]


def said_day(day: date) -> str:
    """A day in figures."""
    return day.strftime("%d/%m/%Y")


def thanks() -> dict[str, str]:
    """What became of what they pressed."""
    return {
        "right": _("Thank you. We have written down that it is right."),
        "yes": _("Thank you. We have written down that you said yes."),
        "no": _("Done. From this moment nothing is done with it."),
        "end_offer": _("Done. You offer it no longer."),
        "let_wish_go": _("Done. You let it go."),
        "say_offer": _("Thank you. It stands in your new words."),
        "say_wish": _("Thank you. It stands in your new words."),
    }
