"""What a shared map says about an asset, and what its filters are called."""

import re
from typing import Any

from babel.dates import format_date

from abcd.api.shared_map.asking import DAYS, PARTS, Query
from abcd.assets.taxonomy import kind_name
from abcd.assets.wording import day_names, how_fresh, method_names, part_names, status_names, walk, yes_names
from abcd.core.language import _, chosen, ngettext
from abcd.core.tongues import tongue_name
from abcd.gaps.themes import theme_words
from abcd.maps.choices import Choices
from abcd.maps.listing import Row
from abcd.maps.marks import LOOKS

#: What becomes a link: a whole address of the web, and nothing else that somebody typed.
WEB_ADDRESS = re.compile(r"(?i)https?://[\w.-]+(:\d+)?(/[\w./?&=%#~+,;:@!-]*)?")

Facts = list[tuple[str, str]]
"""What it is called, and what is said."""


def day_of(day: Any) -> str:
    """A date as people write it."""
    return "" if day is None else format_date(day, "d MMMM yyyy", locale=chosen())


def cost_names() -> dict[str, str]:
    """What the filter of cost offers."""
    return {"free": _("Free"), "gift": _("Free, or give what you can")}


def costs(row: Row) -> str:
    """What it costs, in words: some files say it in one word of theirs."""
    said = {"free": _("Free"), "fixed": _("It costs something")}
    return said.get(str(row.get("cost") or "").lower(), row.get("cost") or "")


def steps(row: Row) -> str:
    """Whether it is step-free, only when somebody knows."""
    said = {"yes": _("Step-free"), "partly": _("Partly step-free"), "no": _("Not step-free")}
    return said.get(row.get("step_free") or "", "")


def line(row: Row) -> dict[str, Any]:
    """What a line of the list says of an asset."""
    address = ", ".join(filter(None, (row.get("venue_address"), row.get("venue_postcode"))))
    facts = [row["category_name"], walk(row["minutes"]), steps(row), costs(row)]
    return row | {
        "facts": [fact for fact in facts if fact],
        "address": address,
        "open": row.get("schedule_text") or "",
        "fresh_words": how_fresh(row["fresh"], row["assured_date"]),
        "is_old": row["fresh"] in ("stale", "hidden"),
        "stands": "" if row["status"] == "active" else status_names().get(row["status"], ""),
        "kind_name": kind_name(row["asset_kind"]),
        "web_link": row.get("website") if WEB_ADDRESS.fullmatch(row.get("website") or "") else "",
    }


def facilities(row: Row) -> Facts:
    """Ways in and what helps, each with yes, partly, no, or that nobody knows."""
    said = {True: "yes", False: "no", None: "unknown"}
    found = [(_("Step-free"), yes_names().get(row.get("step_free") or "unknown", ""))]
    for name, value in sorted((row.get("access_facilities") or {}).items()):
        answer = said.get(value, value) if isinstance(value, bool) or value is None else str(value)
        found.append((str(name).replace("_", " ").capitalize(), yes_names().get(str(answer).lower(), str(answer))))
    return found


def facts(row: Row) -> Facts:
    """All that is known of an asset and stands in one line each."""
    languages = ", ".join(tongue_name(code) for code in row.get("languages") or [])
    ages = span(row.get("minimum_age"), row.get("maximum_age"))
    address = ", ".join(filter(None, (row.get("venue_address"), row.get("venue_postcode"))))
    found = [
        (_("Open"), row.get("schedule_text")), (_("Cost"), costs(row)), (_("Where"), address or row.get("place_name")),
        (_("Walk"), walk(row["minutes"])), (_("Ages"), ages), (_("For whom"), row.get("serves")),
        (_("Open to new people"), known(row.get("open_to_new"))),
        (_("Referral needed"), known(row.get("referral_needed"))),
        (_("Languages"), languages), (_("Run by"), row.get("organisation") or row.get("run_by")),
        (_("Holds"), people(row.get("capacity"))), (_("Hire"), row.get("hire_terms")),
        (_("Getting there"), row.get("transport")), (_("Ways to help"), row.get("ways_to_contribute")),
    ]  # fmt: skip
    return [(name, str(value)) for name, value in found if value]


def contact(row: Row) -> Facts:
    """How to reach it: what its group agreed to show."""
    found = [(_("Telephone"), row.get("phone")), (_("E-mail"), row.get("email")), (_("Web"), row.get("website"))]
    return [(name, str(value)) for name, value in found if value]


def known(answer: Any) -> str:
    """Yes, no and so on in words, nothing where nobody knows."""
    return "" if answer in (None, "", "unknown") else yes_names().get(answer, str(answer))


def people(n: int | None) -> str:
    """A number of people."""
    return "" if n is None else ngettext("{n} person", "{n} people", n).format(n=n)


def span(least: int | None, most: int | None) -> str:
    """Ages from and to."""
    if least is not None and most is not None:
        return _("{least} to {most}").format(least=least, most=most)
    if least is not None:
        return _("from {age}").format(age=least)
    return "" if most is None else _("up to {age}").format(age=most)


def who_says(row: Row) -> Facts:
    """Who told us, whose file it was, and when somebody checked."""
    found = [
        (_("Last checked"), how_fresh(row["fresh"], row["assured_date"])),
        (_("Checked on"), day_of(row["assured_date"])),
        (_("How we know"), method_names().get(row.get("source_kind") or "", "")),
        (_("Source"), row.get("source")),
        (_("Licence"), row.get("licence")),
    ]
    return [(name, str(value)) for name, value in found if value]


def counted(total: int, query: Query, offered: Choices) -> str:
    """How many there are, in words."""
    if offered.is_over:
        return _("The place of this map has ended or was drawn anew, so nothing of it is seen here. Please ask for a "
                 "new link.")  # fmt: skip
    if total == 0:
        asked = query.pairs or query.spot
        return _("Nothing here fits all of that.") if asked else _("Nothing is written down here yet.")
    said = ngettext("{n} result", "{n} results", total) if query.pairs else ngettext("{n} thing", "{n} things", total)
    sorted_by = _(", nearest first") if query.spot else ""
    return said.format(n=f"{total:,}") + sorted_by


def chips(query: Query, offered: Choices) -> list[tuple[str, Query]]:
    """What is asked for, each with the query without it."""
    days, parts, places = day_names(), part_names(), {str(key): name for key, name in offered.places}
    told: dict[str, Any] = {
        "q": lambda value: _("“{words}”").format(words=value),
        "kind": lambda value: kind_name(value) if value in LOOKS else "",
        "theme": theme_words,
        "category": lambda value: value.replace("-", " "),
        "place": lambda value: places.get(value, ""),
        "day": lambda value: days[DAYS.index(value)] if value in DAYS else "",
        "part": lambda value: parts[PARTS.index(value)] if value in PARTS else "",
        "cost": lambda value: cost_names().get(value, ""),
        "step_free": lambda value: _("Step-free") if value == "yes" else "",
        "speaks": tongue_name,
        "at": lambda _value: from_where(query) if query.spot else "",
    }
    found = [(told[name](value), query.but(*dropped(name, value))) for name, value in query.pairs if name in told]
    return [(words, left) for words, left in found if words]


def dropped(name: str, value: str) -> tuple[Any, ...]:
    """What goes when one filter is taken away."""
    return ("at", "near", "minutes") if name == "at" else ((name, value),)


def from_where(query: Query) -> str:
    """The walk that is asked for, in words."""
    near = query.one("near") or _("the spot you chose")
    if query.minutes is None:
        return _("From {place}").format(place=near)
    return ngettext(
        "{n} minute's walk from {place}", "{n} minutes' walk from {place}", query.minutes
    ).format(n=query.minutes, place=near)  # fmt: skip
