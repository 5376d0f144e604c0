"""Why something needs care soon, and a step that begins with what is strong here."""

from collections.abc import Sequence
from datetime import date

from abcd.core.language import _, ngettext
from abcd.gaps.themes import theme_words

NAMED = 3


def day_of(day: date) -> str:
    """A day as people write it."""
    return f"{day:%d/%m/%Y}"


def some(names: Sequence[str]) -> str:
    """A few names in one line, and that there are more."""
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def ageing(assured_on: date | None) -> str:
    """Its record is getting old."""
    if assured_on is None:
        return _("Nobody has noted when its record was last checked.")
    return _("Its record was last checked on {day}.").format(day=day_of(assured_on))


def ask_there(company: Sequence[str]) -> str:
    """Who can tell whether a record is still right."""
    if company:
        return _("Ask those who go there anyway: {names}.").format(names=some(company))
    return _("Ask a neighbour who goes there, and say thank you for what it gives.")


def few_hands(count: int) -> str:
    """It rests on one person, or on nobody who is known."""
    if count == 0:
        return _("Nobody is known to hold its keys or run it.")
    return _("It rests on one person alone.")


def more_hands(company: Sequence[str]) -> str:
    """How a group comes to a second pair of hands."""
    first = _("Ask who already lends a hand there, and whether they would like a second set of keys.")
    if not company:
        return first
    more = _("Under the same roof, and perhaps glad to share: {names}.").format(names=some(company))
    return f"{first} {more}"


def money_ends(day: date) -> str:
    """Its money ends."""
    return _("Its money lasts until {day}.").format(day=day_of(day))


def before_money(rooms: Sequence[str]) -> str:
    """What a group can do before its money ends."""
    first = _("Sit down with its members before then: what would go on without money, and what would not?")
    if not rooms:
        return first
    return first + " " + _("Rooms near by, perhaps free to them: {names}.").format(names=some(rooms))


def lease_ends(day: date, company: Sequence[str]) -> str:
    """The lease of a building ends, and who meets there."""
    told = _("Its lease ends on {day}.").format(day=day_of(day))
    if not company:
        return told
    many = ngettext("{n} group meets there.", "{n} groups meet there.", len(company)).format(n=len(company))
    return f"{told} {many}"


def before_lease(company: Sequence[str]) -> str:
    """Who speaks first about a building."""
    if company:
        told = _("Bring those who meet there together early, and ask what they would like to become of it: {names}.")
        return told.format(names=some(company))
    return _("Ask the neighbours early what they would like to become of it.")


def closes(day: date) -> str:
    """It ends."""
    return _("It ends on {day}.").format(day=day_of(day))


def before_close() -> str:
    """What to do before something ends."""
    return _("Ask who would miss it, and whether some of them would like to keep part of it going.")


def only_home(themes: Sequence[str], company: Sequence[str]) -> str:
    """Everything about these themes happens in this one house."""
    about = ", ".join(theme_words(theme) for theme in themes)
    return _("All that we know here about {themes} happens in this one house: {names}.").format(
        themes=about, names=some(company)
    )


def second_home(rooms: Sequence[str]) -> str:
    """Another house that could stand in."""
    if rooms:
        return _("Introduce them to a second house while nothing is wrong: {names}.").format(names=some(rooms))
    return _("Ask who else near by has a room: a chapel, a school, a pub, a neighbour's shed.")


def no_connector() -> str:
    """Nobody is known who knows everybody."""
    return _("Nobody is known here yet whom everybody knows.")


def find_connector(company: Sequence[str]) -> str:
    """Where to look for a connector."""
    first = _("Ask three neighbours: whom do you go to when you want something to happen?")
    if not company:
        return first
    return first + " " + _("Begin where people meet already: {names}.").format(names=some(company))


def go_and_listen(company: Sequence[str]) -> str:
    """Nobody has listened here for long."""
    first = _("Nobody has noted in half a year that they listened here. Go with one open question and no leaflet.")
    if not company:
        return first
    return first + " " + _("Begin where people meet already: {names}.").format(names=some(company))
