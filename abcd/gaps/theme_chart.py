"""The themes of a place as a picture: what is here, what may be missing, what is to be asked, a bar a theme."""

from collections.abc import Sequence

from abcd.core.charts import Bar, bars
from abcd.core.language import _
from abcd.gaps.overview import ThemeLook


def theme_chart(name: str, themes: Sequence[ThemeLook]) -> str:
    """The counts of each theme of the place called ``name``, as SVG text; what is here comes first."""
    rows = [Bar(one.name, one.counts, " · ".join(map(str, one.counts))) for one in themes]
    series = (
        _("here and near enough"), _("here for some homes"), _("may be missing"), _("nobody knows: to go and ask"),
    )  # fmt: skip
    title = _("{place} by theme").format(place=name)
    return bars(rows, title, chart_said(themes), series=series, is_stacked=True)


def chart_said(themes: Sequence[ThemeLook]) -> str:
    """The picture in a sentence."""
    here, partly, missing, questions = (sum(one.counts[part] for one in themes) for part in range(4))
    return _(
        "Bars of {themes} themes. Kinds of things that are here and near enough: {here}; here for some homes: "
        "{partly}; that may be missing: {missing}; that nobody knows about: {questions}."
    ).format(themes=len(themes), here=here, partly=partly, missing=missing, questions=questions)
