"""A place theme by theme: a picture with its table, and behind each theme what is here and what may be missing."""

from dataclasses import dataclass

import streamlit as st

from abcd.core.clock import today
from abcd.core.language import _
from abcd.gaps.overview import ThemeLook, by_theme, walked, would_help
from abcd.gaps.possibilities import Survey
from abcd.gaps.records import Measure, Possibility
from abcd.gaps.theme_chart import chart_said, theme_chart
from abcd.gaps.wording import judged_by, presence_worked_out
from abcd.pages.picture import picture
from abcd.pages.words import joined, percent, verbatim
from abcd.places.records import PlaceRecord

CLOSER, HELPING = "abcd/pages/closer.py", "abcd/pages/helping.py"


@dataclass(frozen=True)
class Seen:
    """What the possibilities of a page are drawn from: the survey, its themes, and their picture."""

    survey: Survey
    themes: list[ThemeLook]
    svg: str


def seen(place: PlaceRecord, survey: Survey) -> Seen:
    """A survey told by theme and drawn."""
    themes = by_theme(survey)
    return Seen(survey, themes, theme_chart(place.name, themes))


def themes_panel(place: PlaceRecord, shown: Seen) -> None:
    """The picture beside the themes, each of which opens."""
    if not shown.themes:
        return
    left, right = st.columns([5, 6], gap="medium")
    with left:
        title = _("{place} by theme").format(place=place.name)
        picture(shown.svg, chart_said(shown.themes), rows_of(shown.themes), title=title, key="themes")
        st.page_link(CLOSER, label=_("Look closer at the figures"),
                     query_params={"place": place.reference}, icon=":material/zoom_in:")  # fmt: skip
    with right:
        for one in shown.themes:
            label = f"**{verbatim(one.name)}** · {told(one)}"
            # What is folded is drawn when it is opened.
            fold = st.expander(label, key=f"theme {one.theme}", on_change="rerun")
            if fold.open:
                with fold:
                    theme(place, one)


def told(one: ThemeLook) -> str:
    """The counts of a theme in words; strengths first, and nothing about what is not there."""
    here, partly, missing, questions = one.counts
    return joined(
        [
            _("{n} here").format(n=here) if here else "",
            _("{n} for some homes").format(n=partly) if partly else "",
            _("{n} may be missing").format(n=missing) if missing else "",
            _("{n} to ask about").format(n=questions) if questions else "",
        ]
    )


def theme(place: PlaceRecord, one: ThemeLook) -> None:
    """What is here and how far people walk, what may be missing and by what, what to ask, what would help most."""
    for measure in one.here:
        st.markdown(f":material/check_circle: **{verbatim(measure.standard.name)}** · {verbatim(here_words(measure))}")
        st.caption(verbatim(judged_by(measure.standard)))
    for possible in (*one.partly, *one.missing):
        icon = "contrast" if possible.measure.in_reach else "lightbulb"
        st.markdown(f":material/{icon}: **{verbatim(possible.name)}** · {verbatim(missing_words(possible))}")
        st.caption(verbatim(possible.judged_by))
    if one.questions:
        names = ", ".join(asked.name for asked in one.questions)
        st.markdown(f":material/help: **{_('To go and ask')}** · {verbatim(names)}")
        st.caption(_("Nobody has looked enough to say. That is a question and never a gap."))
    if one.helps:
        helps(place, one.helps)
    if one.here and st.toggle(_("How {theme} was worked out").format(theme=verbatim(one.name)), key=f"how {one.theme}"):
        worked_out(place, one.here)


def helps(place: PlaceRecord, one: Possibility) -> None:
    """What would help most, and the way to where it would reach most homes, where it is judged by walking."""
    st.markdown(f":material/wb_sunny: **{_('What would help most')}** · {verbatim(would_help(one))}")
    if one.measure.standard.metres_from_boundary is None:
        label = _("Where it would reach most homes: {what}").format(what=verbatim(one.name))
        about = {"place": place.reference, "category": one.category}
        st.page_link(HELPING, label=label, query_params=about, icon=":material/pin_drop:")


def here_words(measure: Measure) -> str:
    """Something that is here: how near, how far people walk, and that it was checked."""
    share = measure.usable_coverage
    near = _("{share} of homes are near enough").format(share=percent(share)) if share is not None else ""
    return joined([near, walked(measure)])


def missing_words(one: Possibility) -> str:
    """What may be missing: its state and how far people walk."""
    return joined([one.shown, walked(one.measure)])


def worked_out(place: PlaceRecord, measures: tuple[Measure, ...]) -> None:
    """Formula, inputs, date and weak points of what is here."""
    for measure in measures:
        lines = [f"- {verbatim(line)}" for line in presence_worked_out(place, measure, today())]
        st.markdown("\n".join([f"**{verbatim(measure.standard.name)}**", "", *lines]))


def rows_of(themes: list[ThemeLook]) -> list[dict[str, object]]:
    """The table that says as much as the picture and more: one row a kind of thing."""
    return [
        _row(one, measure, state)
        for one in themes
        for measure, state in [
            *((measure, _("Here")) for measure in one.here),
            *((found.measure, found.shown) for found in (*one.partly, *one.missing, *one.questions)),
        ]
    ]


def _row(one: ThemeLook, measure: Measure, state: str) -> dict[str, object]:
    return {
        _("Theme"): one.name,
        _("What"): measure.standard.name,
        _("State"): state,
        _("Homes near enough"): percent(measure.usable_coverage),
        _("How far people walk"): walked(measure),
        _("Judged by"): judged_by(measure.standard),
    }
