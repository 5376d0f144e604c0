"""What was found of a place as a profile: words ready to show, cut to what one page holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from abcd.core import geo
from abcd.core.language import _, chosen, ngettext
from abcd.gaps.overview import ThemeLook, by_theme, is_to_ask, most_helpful, walked, would_help
from abcd.gaps.records import Possibility
from abcd.gaps.theme_chart import chart_said, theme_chart
from abcd.gaps.wording import day_words
from abcd.maps.marks import mark_of, picture
from abcd.maps.profile.found import Asset, Found
from abcd.maps.profile.ground import map_picture
from abcd.maps.profile.records import Named, Picture, Possible, Profile, Strong
from abcd.places.wording import kind_of_place


@dataclass(frozen=True)
class Room:
    """How many names of a kind, possibilities, questions and sources there is room for."""

    names: int
    possible: int
    questions: int
    sources: int


ROOMS = (
    Room(8, 7, 40, 12),
    Room(6, 6, 30, 8),
    Room(4, 5, 20, 6),
    Room(3, 4, 12, 4),
    Room(2, 3, 8, 3),
    Room(1, 2, 4, 2),
)
"""From the fullest page to the barest; the first that fits on one sheet is taken."""


def profile_of(found: Found, room: Room) -> Profile:
    """The profile of a place with as much as ``room`` has."""
    themes = by_theme(found.survey)
    missing = [one for one in found.survey.possibilities if not is_to_ask(one)]
    questions = [one.name for one in found.survey.possibilities if is_to_ask(one)]
    helps = most_helpful(missing)
    strengths, placed = strengths_of(found, room)
    return Profile(
        title=found.place.name,
        facts=facts_of(found),
        as_of=day_words(found.on),
        strengths=strengths,
        map=drawn_map(found, placed),
        themes=drawn_themes(found, themes),
        possible=tuple(stated(one) for one in missing[: room.possible]),
        possible_more=max(0, len(missing) - room.possible),
        questions=tuple(questions[: room.questions]),
        questions_more=max(0, len(questions) - room.questions),
        helps=would_help(helps) if helps else "",
        sources=found.credits[: room.sources],
        sources_more=max(0, len(found.credits) - room.sources),
        walk=found.survey.measures[0].walk if found.survey.measures else "",
    )


def facts_of(found: Found) -> tuple[str, ...]:
    """What kind of place it is, how many households it has and who says so, and how large it is."""
    here, homes = found.place, found.homes
    count = ngettext("{n:,} household", "{n:,} households", homes.count or 0).format(n=homes.count or 0)
    source = " ".join(part for part in (homes.source, str(homes.year or "")) if part)
    told = f"{count} ({source})" if source else count
    return (
        kind_of_place(here.kind),
        told if homes.count is not None else _("nobody has given its number of households"),
        _("{n} km²").format(n=f"{here.area_km2:.2f}"),
        here.reference,
    )


def strengths_of(found: Found, room: Room) -> tuple[tuple[Strong, ...], list[Asset]]:
    """Each kind with its first names, those on the map numbered through; and the assets of those numbers."""
    placed: list[Asset] = []
    strong = []
    for kind, assets in found.by_kind():
        named = tuple(_named(one, placed) for one in assets[: room.names])
        strong.append(Strong(mark_of(kind), Markup(picture(kind)), len(assets), named))
    return tuple(strong), placed


def _named(one: Asset, placed: list[Asset]) -> Named:
    """An asset by the name of the language in use; it gets the next number when it can be drawn."""
    if one["lon"] is not None:
        placed.append(one)
    name = one["name_cy"] if chosen() == "cy" and one["name_cy"] else one["name"]
    return Named(len(placed) if one["lon"] is not None else 0, str(name), str(one["category_name"]))


def drawn_map(found: Found, placed: Sequence[Asset]) -> Picture:
    """The map with the numbered assets."""
    title = _("Map of {place}").format(place=found.place.name)
    said = ngettext(
        "Its edge, streets, green spaces and water, and {n} numbered mark; the list says the same.",
        "Its edge, streets, green spaces and water, and {n} numbered marks; the list says the same.",
        len(placed),
    ).format(n=len(placed))
    east, north = geo.to_grid(np.array([one["lon"] for one in placed]), np.array([one["lat"] for one in placed]))
    at: Any = zip((str(one["asset_kind"]) for one in placed), east.tolist(), north.tolist(), strict=True)
    return Picture(map_picture(found.ground, title, said, list(at)), f"{title}. {said}")


def drawn_themes(found: Found, themes: Sequence[ThemeLook]) -> Picture:
    """The bars of the themes."""
    return Picture(theme_chart(found.place.name, themes), chart_said(themes))


def stated(one: Possibility) -> Possible:
    """A possibility in its parts, without the name of the nearest: that may not be for everybody's eyes."""
    share = one.measure.usable_coverage
    near = _("{share:.0%} of homes are near one").format(share=share) if share is not None else ""
    return Possible(
        name=one.name,
        shown=one.shown,
        how_big="; ".join(part for part in (near, walked(one.measure)) if part),
        judged_by=one.judged_by,
        how_sure=" ".join((one.how_sure, one.as_of)),
    )
