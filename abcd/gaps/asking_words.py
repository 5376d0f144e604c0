"""Why something is asked, in words."""

from datetime import date

from abcd.core.language import _, ngettext
from abcd.gaps.records import Possibility
from abcd.gaps.wording import day_words


def check_why(assured_on: date | None, homes: float, hosted: int) -> str:
    """Why a record is checked: how old it is, and who would miss it."""
    if assured_on is None:
        said = [_("Nobody has noted when its record was last checked.")]
    else:
        said = [_("Last checked {day}.").format(day=day_words(assured_on))]
    whole = round(homes)
    if whole:
        told = ngettext("{n} household has no other one near.", "{n} households have no other one near.", whole)
        said.append(told.format(n=f"{whole:,}"))
    if hosted:
        told = ngettext("{n} group or activity is there.", "{n} groups and activities are there.", hosted)
        said.append(told.format(n=hosted))
    return " ".join(said)


def look_why(one: Possibility) -> str:
    """Why something is looked for: that nobody did, or not enough."""
    if not one.knowledge.searches:
        return _("Nobody has looked yet.")
    return _("Not enough looking yet: {sure}").format(sure=one.how_sure)
