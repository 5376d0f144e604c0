"""A place theme by theme: what is here, what may be missing, what nobody has looked for, and what would help most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from abcd.core.language import _
from abcd.gaps.possibilities import Survey
from abcd.gaps.records import Measure, Possibility
from abcd.gaps.themes import theme_words


@dataclass(frozen=True)
class ThemeLook:
    """One theme of a place: ``here`` is near enough homes, ``partly`` is here for some of them or not for everybody.

    ``missing`` may be missing, ``questions`` are to be asked. Strengths stand first. ``helps`` is the possibility that
    would reach most, None where there is none.
    """

    theme: str
    name: str
    here: tuple[Measure, ...]
    partly: tuple[Possibility, ...]
    missing: tuple[Possibility, ...]
    questions: tuple[Possibility, ...]
    helps: Possibility | None

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many kinds of things are here, are here for some, may be missing, and are to be asked about."""
        return len(self.here), len(self.partly), len(self.missing), len(self.questions)


def by_theme(survey: Survey) -> list[ThemeLook]:
    """A survey told by theme, in the order of the taxonomy's first category of each."""
    order = {theme: place for place, theme in enumerate(dict.fromkeys(one.standard.theme for one in survey.measures))}
    told = {one.category: one for one in survey.possibilities}
    sorted_ = sorted(survey.measures, key=lambda one: order[one.standard.theme])
    return [_look(theme, list(found), told) for theme, found in groupby(sorted_, lambda one: one.standard.theme)]


def _look(theme: str, measures: Sequence[Measure], told: dict[str, Possibility]) -> ThemeLook:
    asked = [told[slug] for one in measures if (slug := one.standard.category) in told]
    known = [one for one in asked if not is_to_ask(one)]
    return ThemeLook(
        theme=theme,
        name=theme_words(theme),
        here=tuple(one for one in measures if one.standard.category not in told),
        partly=tuple(one for one in known if one.measure.in_reach),
        missing=tuple(one for one in known if not one.measure.in_reach),
        questions=tuple(one for one in asked if is_to_ask(one)),
        helps=most_helpful(known),
    )


def is_to_ask(one: Possibility) -> bool:
    """Whether nobody knows enough to call it a possibility; what neighbours asked for is one whatever is known."""
    return one.is_question and not one.voices


def most_helpful(found: Iterable[Possibility]) -> Possibility | None:
    """What neighbours asked for, else what most households have none of near; None where nothing may be missing."""
    return min(
        found, key=lambda one: (-one.voices, -left_out(one.measure), one.measure.standard.position), default=None
    )


def left_out(measure: Measure) -> int:
    """How many households have none near that is usable; all of them where homes are near none."""
    return round(measure.households * (1 - (measure.usable_coverage or 0.0)))


def walked(measure: Measure) -> str:
    """How far half of the homes walk to the nearest one, in a few words."""
    if not measure.in_reach and measure.nearest is None:
        return _("none is known near")
    if measure.coverage is None:
        return _("homes are not known")
    if measure.median_minutes is None:
        return _("more than half walk over 30 minutes")
    return _("half of homes within {minutes:.0f} minutes").format(minutes=max(1, measure.median_minutes))


def would_help(one: Possibility) -> str:
    """What would help most, and how many it would reach."""
    if not one.measure.households:
        return _("{what}: how many homes it would reach is not known.").format(what=one.name)
    return _("{what}: {n:,} of {all:,} households have none near that they can surely use.").format(
        what=one.name, n=left_out(one.measure), all=one.measure.households
    )
