"""How pages say things: names made safe, kinds of place, dates and walks in everyday words."""

import re

import pandas as pd

from abcd.assets.wording import (
    ago,
    day_names,
    freshness_names,
    how_fresh,
    method_names,
    part_names,
    status_names,
    walk,
    yes_names,
)
from abcd.core.language import _, chosen
from abcd.places.wording import kind_of_place

__all__ = [
    "ago",
    "asset_titles",
    "day_names",
    "field_names",
    "freshness_names",
    "how_fresh",
    "joined",
    "kind_of_place",
    "linked",
    "listed",
    "method_names",
    "names_of",
    "number",
    "part_names",
    "percent",
    "status_names",
    "verbatim",
    "walk",
    "yes_names",
]

#: Every mark of Markdown with a backslash before it.
ESCAPED = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]()#+-.!|~<>:$&"})


#: Where Streamlit makes links, icons, arrows and dashes even of escaped text: between these letters.
MADE_OF_TEXT = re.compile(
    r"(?i)(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@\w)"
    r"|(?<=:)(?=material/|streamlit:)|(?<=[<>~])(?==)|(?<=[<-])(?=-)|(?<=-)(?=>)"
)
#: Without one of these the pattern above finds nothing; to look for them first is three times as fast.
SPARKS = ("//", "www.", "@", ":", "=", "-")
BLANK = "\ufeff"
"""A byte order mark: browsers take it for a blank, beside which bold does not end."""

JOINER = "\u2060"
"""Takes no room, says nothing, and is no letter that a pattern would look for."""


def verbatim(text: str | None) -> str:
    """Somebody's words for a place where Streamlit reads Markdown: every mark is kept as itself (trust.md R8)."""
    bare = " ".join((text or "").replace(BLANK, "").split())
    low = bare.lower()
    if any(spark in low for spark in SPARKS):
        bare = MADE_OF_TEXT.sub(JOINER, bare)
    return bare.translate(ESCAPED)


WEB_ADDRESS = re.compile(r"(?i)https?://[\w.-]+(:\d+)?(/[\w./?&=%#~+,;:@!-]*)?")
MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def linked(text: str | None) -> str:
    """``verbatim``, and a link when all of it is a web or e-mail address: ways to reach somebody are to be used."""
    bare = " ".join((text or "").split())
    if WEB_ADDRESS.fullmatch(bare):
        return f"[{verbatim(bare)}](<{bare}>)"
    return f"[{verbatim(bare)}](<mailto:{bare}>)" if MAIL_ADDRESS.fullmatch(bare) else verbatim(bare)


def number(n: int | None) -> str:
    """A whole number with its thousands apart, or a dash."""
    return "–" if n is None else f"{n:,}"


def percent(share: float | None) -> str:
    """A share as a whole percentage, or a dash."""
    return "–" if share is None else f"{share:.0%}"


def joined(parts: list[str]) -> str:
    """Facts on one line."""
    return " · ".join(part for part in parts if part)


def listed(parts: list[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else _("{all} and {last}").format(all=", ".join(parts[:-1]), last=parts[-1])


def names_of(terms: pd.DataFrame) -> dict[str, str]:
    """Slug to name for a frame of terms, in the language in use, by name."""
    spoken = terms["name_cy"].where(terms["name_cy"] != "", terms["name"]) if chosen() == "cy" else terms["name"]
    return dict(sorted(spoken.items(), key=lambda pair: str(pair[1]).lower()))  # type: ignore[arg-type]


def asset_titles() -> dict[str, str]:
    """The columns of an asset in words."""
    return {
        "name": _("Name"), "name_cy": _("Name in Welsh"), "description": _("Description"), "category": _("What it is"),
        "address": _("Address"), "postcode": _("Postcode"), "phone": _("Telephone"), "email": _("E-mail"),
        "website": _("Website"), "opening_hours": _("Open"), "cost": _("Cost"), "step_free": _("Step-free"),
        "open_to_new": _("Open to new people"), "status": _("How it stands"), "assured_on": _("Last checked"),
    }  # fmt: skip


def field_names() -> dict[str, str]:
    """What a column of a file can hold, in words."""
    return asset_titles() | {
        "uprn": _("Property reference (UPRN)"), "reference": _("The publisher's own reference"),
        "place_name": _("Town or place"), "serves": _("Areas it serves"), "organisation": _("Organisation"),
        "weekday": _("Day of the week"),
    }  # fmt: skip
