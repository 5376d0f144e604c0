"""The reasons of a suggestion in plain words, and what nobody has checked."""

from collections.abc import Mapping
from datetime import date

from abcd.connections.near import Thing
from abcd.core.language import _
from abcd.gaps.records import Possibility
from abcd.gaps.wording import day_words, walk_words


def kind_name(kind: str) -> str:
    """What sort of connection it is."""
    return {
        "room": _("A group and a room"),
        "theme": _("Two groups with one theme"),
        "space": _("A spare space and a wish it could hold"),
    }[kind]


def pair_words(kind: str, one: Thing, other: Thing, values: Mapping[str, float], minutes: float) -> dict[str, str]:
    """Why two things go together, by the letter of each part."""
    weaker = min((one, other), key=lambda thing: thing.row.assured_on or date.min)
    return {
        "T": theme(one, other) if kind == "theme" else room(one, other),
        "D": _("About {walk} from each other.").format(walk=walk_words(minutes)),
        "A": same_times(one, other) if kind == "theme" else spare_times(one, other),
        "B": bridge(values.get("B", 0.0)),
        "Q": quality(weaker.row.assured_on),
    }


def space_words(venue: Thing, missing: Possibility, values: Mapping[str, float], minutes: float) -> dict[str, str]:
    """Why a spare space could hold what may be missing, by the letter of each part."""
    return {
        "T": hosts(venue, missing, values["T"]),
        "D": _("Half of the homes here are within about {walk}.").format(walk=walk_words(minutes)),
        "Q": quality(venue.row.assured_on),
    }


def theme(one: Thing, other: Thing) -> str:
    """Why two groups are alike."""
    if one.row.category == other.row.category:
        return _("Both are: {category}.").format(category=one.category_name)
    return _("Both care about the same thing: {one} and {other}.").format(
        one=one.category_name, other=other.category_name
    )


def room(group: Thing, venue: Thing) -> str:
    """Who needs a room and who has one."""
    return f"{_needs(group)} {_has(venue)}"


def _needs(group: Thing) -> str:
    if not group.row.is_group:
        return _("Groups like {name} usually need a room.").format(name=group.row.name)
    if group.row.room_need:
        return _("{name} needs a room: {need}.").format(name=group.row.name, need=group.row.room_need.rstrip("."))
    return _("{name} needs a room.").format(name=group.row.name)


def _has(venue: Thing) -> str:
    if not venue.row.is_venue:
        return _("Places like {name} usually have one.").format(name=venue.row.name)
    if venue.row.capacity:
        return _("{name} has room for {n} people.").format(name=venue.row.name, n=venue.row.capacity)
    return _("{name} has one.").format(name=venue.row.name)


def hosts(venue: Thing, missing: Possibility, match: float) -> str:
    """Why a space could hold what may be missing."""
    space = _("{name} stands empty at times; “{wish}” needs a room and is not known near enough.").format(
        name=venue.row.name, wish=missing.name
    )
    return space if match < 0.7 else _("{space} Both are about the same thing.").format(space=space)


def bridge(new: float) -> str:
    """Whether the two sides know the same groups already."""
    if new == 1.0:
        return _("The groups they know are different ones: this would be a new link.")
    return _("They know some of the same groups already.")


def quality(assured_on: date | None) -> str:
    """How fresh the weaker of the records is."""
    if assured_on is None:
        return _("Nobody has noted when the record was last checked.")
    return _("The record was last checked {day}.").format(day=day_words(assured_on))


def same_times(one: Thing, other: Thing) -> str:
    """When two groups both meet."""
    cells = (one.row.open_grid or 0) & (other.row.open_grid or 0)
    return _when(cells, _("They never meet at the same time."), _("Both meet: {times}."))


def spare_times(group: Thing, venue: Thing) -> str:
    """When a room is free while a group meets."""
    cells = (group.row.open_grid or 0) & (venue.row.spare_grid or 0)
    never, when = _("The room is not free when the group meets now."), _("The room is free when it meets: {times}.")
    return _when(cells, never, when)


def _when(cells: int, never: str, when: str) -> str:
    named = times(cells)
    return when.format(times=", ".join(named[:3]) + (" …" if len(named) > 3 else "")) if named else never


def times(cells: int) -> list[str]:
    """The cells of the 7 x 3 grid by name: bit ``3 * weekday + part``."""
    days = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    parts = (_("morning"), _("afternoon"), _("evening"))
    return [f"{days[bit // 3]} {parts[bit % 3]}" for bit in range(21) if cells >> bit & 1]


def unchecked(kind: str, one: Thing, other: Thing) -> tuple[str, ...]:
    """What nobody has checked about two things."""
    theirs = other.row.open_grid if kind == "theme" else other.row.spare_grid
    checks = [(one.row.open_grid and theirs, _("Which times suit both."))]
    if kind == "room":
        checks += [
            (one.row.is_group, _("Whether the group needs a room at all.")),
            (other.row.is_venue, _("Whether there is a room, and how large it is.")),
            (other.row.step_free in ("yes", "no"), _("Whether the room is step-free.")),
            (other.row.cost, _("What the room costs.")),
        ]
    asked = _("Whether either side wants this: nobody has asked them.")
    known = _("Whether they know each other already.")
    return (asked, known, *(words for is_known, words in checks if not is_known))


def unchecked_space(venue: Thing, missing: Possibility) -> tuple[str, ...]:
    """What nobody has checked about a spare space and what may be missing."""
    checks = (
        (missing.voices, _("Whether neighbours want it: nobody has asked for it yet.")),
        (missing.knowledge.searches, _("Whether it is really missing: nobody has looked yet.")),
        (venue.row.spare_grid, _("When the space is free.")),
        (venue.row.step_free in ("yes", "no"), _("Whether the space is step-free.")),
        (venue.row.cost, _("What the space costs.")),
    )
    return (_("Who would run it."), *(words for is_known, words in checks if not is_known))
