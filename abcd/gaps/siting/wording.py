"""Siting in words: what was found, how it was worked out, and what it does not know."""

from abcd.core.language import _, ngettext
from abcd.gaps.siting.records import Siting, Step, Trial
from abcd.gaps.wording import near_words


def pool_words(kind: str) -> str:
    """From where sites are chosen."""
    return {
        "own": _("Our own rooms"),
        "partner": _("Our rooms and those of others"),
        "new": _("Any room, or a new place"),
    }[kind]


def site_words(kind: str) -> str:
    """What a site is."""
    return {"own": _("our own room"), "partner": _("a room of others"), "new": _("not a room yet")}[kind]


def summary(found: Siting) -> str:
    """How it is today, in a sentence or two."""
    if not found.households:
        return _("Nobody has given a number of households for this place, so it cannot be said who would be near.")
    far = found.households - found.near
    if not far:
        return _(
            "Every home is near one ({near}). What may be missing then is a time, a price, a language or a welcome."
        ).format(near=near_words(found.standard))
    return ngettext(
        "{near:,} of {all:,} households are {limit}. {n:,} is not.",
        "{near:,} of {all:,} households are {limit}. {n:,} are not.",
        far,
    ).format(near=found.near, all=found.households, limit=near_words(found.standard), n=far)


def step_words(step: Step) -> str:
    """What so many sites would do."""
    sites, homes = len(step.sites), step.gained
    with_them = ngettext("With {n} site", "With {n} sites", sites).format(n=sites)
    more = ngettext("{n:,} more household is near one", "{n:,} more households are near one", homes).format(n=homes)
    return _("{sites} {more}: {share:.0%} of all.").format(sites=with_them, more=more, share=step.share)


def sure_words(step: Step) -> str:
    """Whether it is the best there is."""
    if step.is_proven:
        return _("This is proven: no other choice of as many sites does better.")
    return _(
        "This is the best that was found in the time there was. It is not proven: another choice of as many sites "
        "might reach up to {n:,} more households instead of {found:,}."
    ).format(n=step.at_most, found=step.gained)


def how(found: Siting, step: Step, tried: int) -> list[str]:
    """Formula, inputs and weak points, a line each."""
    lines = [
        _("Sites are chosen so that as many households as can be have a walk to one that counts as near: {near} "
          "({source}). What is there already stays.").format(near=near_words(found.standard),
                                                             source=found.standard.source),
        _("Maximal covering: maximise the households reached by so many sites (Church and ReVelle 1974), out of "
          "{n} candidates.").format(n=tried),
        sure_words(step),
        ngettext("Homes: {n} point with all its households.", "Homes: {n} points with their households.",
                 found.homes).format(n=found.homes),
        found.walk,
    ]  # fmt: skip
    if found.voices:
        lines.append(_("Neighbours who asked for it count too where one is near: spread evenly, for nobody’s home is "
                       "stored."))  # fmt: skip
    return [*lines, _("Whether a room is free, fits, is wanted or can be got into is not in these figures: those who "
                      "live here choose.")]  # fmt: skip


def trial_words(found: Trial) -> str:
    """Before and after in words."""
    gained, lost = (sum(one.households for one in group) for group in (found.gained, found.lost))
    if not gained and not lost:
        return _("Nothing changes: the same homes are near one.")
    more = ngettext("{n:,} household more would be near one", "{n:,} households more would be near one", gained)
    fewer = ngettext("{n:,} no longer would", "{n:,} no longer would", lost)
    said = [more.format(n=gained)] if gained else []
    said += [fewer.format(n=lost)] if lost else []
    return _("{said}.").format(said=", ".join(said))
