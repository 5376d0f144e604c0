"""What is known of an asset, in everyday words: when it was checked and by whom, how it stands, walks, days."""

from datetime import date

from abcd.core.clock import months_between, today
from abcd.core.language import _, ngettext


def freshness_names() -> dict[str, str]:
    """The four states of freshness in words."""
    return {
        "fresh": _("Checked lately"),
        "due": _("Due for a check"),
        "stale": _("Was here – check"),
        "hidden": _("Not checked for a long time"),
    }


def how_fresh(freshness: str, assured_on: date | None) -> str:
    """When somebody last checked, in words."""
    said = freshness_names().get(freshness, "")
    return f"{said} ({ago(assured_on)})" if assured_on else _("Never checked")


def ago(day: date) -> str:
    """How long ago a day was."""
    months = int(months_between(day, today()))
    if months < 1:
        return _("this month")
    if months < 24:
        return ngettext("{n} month ago", "{n} months ago", months).format(n=months)
    return ngettext("{n} year ago", "{n} years ago", months // 12).format(n=months // 12)


def walk(minutes: float | None) -> str:
    """A walk in whole minutes."""
    if minutes is None:
        return ""
    if minutes == 0:
        return _("right here")
    whole = max(1, round(minutes))
    return ngettext("{n} minute's walk", "{n} minutes' walk", whole).format(n=whole)


def day_names() -> list[str]:
    """The days of the week, Monday first."""
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def part_names() -> list[str]:
    """The parts of a day as the opening grid knows them."""
    return [_("Morning"), _("Afternoon"), _("Evening")]


def status_names() -> dict[str, str]:
    """How an asset stands, in words."""
    return {
        "active": _("It is here"), "inactive": _("It rests for now"), "defunct": _("It is no more"),
        "temporarily closed": _("Closed for a while"), "planned": _("Planned"),
    }  # fmt: skip


def yes_names() -> dict[str, str]:
    """Yes, partly, no, or nobody knows."""
    return {
        "yes": _("Yes"),
        "partly": _("Partly"),
        "ask": _("Ask first"),
        "no": _("No"),
        "unknown": _("Nobody knows yet"),
    }


def method_names() -> dict[str, str]:
    """How something became known, in words."""
    return {
        "desk": _("Looked it up"), "staff visit": _("Saw it myself"), "group": _("The group itself said so"),
        "resident": _("A resident said so"), "connector": _("Somebody who knows everybody said so"),
        "partner list": _("It is on a partner's list"), "open data": _("It is in open data"),
        "import": _("It came in a file"), "hearsay": _("Heard about it"),
    }  # fmt: skip
