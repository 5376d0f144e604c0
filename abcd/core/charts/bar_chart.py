"""Bars from left to right, each under its own words, so that long names have room on a narrow screen."""

from collections.abc import Sequence

from abcd.core.charts.colours import HATCHES, INK, QUIET, RULE, SERIES
from abcd.core.charts.frame import (
    LINE,
    MARGIN,
    Scale,
    label_lines,
    legend_height,
    most_of,
    put_legend,
    put_limit,
    put_scale,
    put_title,
    title_lines,
)
from abcd.core.charts.paper import WIDTH, Paper
from abcd.core.charts.parts import Bar, Limit

THICK, GAP, UNDER = 14.0, 9.0, 3.0
"""A bar, what is left free after a row, and between its words and its bars."""


def bars(
    rows: Sequence[Bar], title: str, about: str, *, series: Sequence[str] = (), most: float | None = None,
    is_share: bool = False, is_stacked: bool = False, limit: Limit | None = None, width: float = WIDTH,
) -> str:  # fmt: skip
    """Bars as SVG text, one group a row, in the order given.

    ``series`` names the values of a row; stacked they stand behind each other, else under each other. ``most`` is the
    end of the scale (else the largest value), ``limit`` a value to be judged by. A value that is not known has no bar.
    """
    heading = title_lines(title, width)
    labels = [label_lines(row.label, width, row.words) for row in rows]
    heights = [
        LINE * len(label) + UNDER + _thickness(row, is_stacked) + GAP for row, label in zip(rows, labels, strict=True)
    ]
    top = MARGIN + LINE * len(heading) + 6 + legend_height(series) + (LINE if limit else 0)
    paper = Paper(width, top + sum(heights) + 28)
    put_legend(paper, series, put_title(paper, heading))
    scale = Scale(MARGIN, width - MARGIN, most_of(_ends(rows, is_stacked), most), is_share)
    put_scale(paper, scale, top, top + sum(heights))
    for row, label, height in zip(rows, labels, heights, strict=True):
        _row(paper, scale, row, label, top, is_stacked)
        top += height
    put_limit(paper, scale, limit, top - sum(heights), top)
    return paper.svg(title, about)


def _thickness(row: Bar, is_stacked: bool) -> float:
    return THICK * (1 if is_stacked else max(1, len(row.values)))


def _ends(rows: Sequence[Bar], is_stacked: bool) -> list[float | None]:
    if is_stacked:
        return [sum(value or 0.0 for value in row.values) for row in rows]
    return [value for row in rows for value in row.values]


def _row(paper: Paper, scale: Scale, row: Bar, label: list[str], top: float, is_stacked: bool) -> None:
    for number, line in enumerate(label):
        paper.words(MARGIN, top + LINE * (number + 0.5), line, has_halo=True)
    paper.words(paper.width - MARGIN, top + LINE / 2, row.words, colour=QUIET, align="right", has_halo=True)
    y, x = top + LINE * len(label) + UNDER, scale.left
    paper.stroke([(x, y), (x, y + _thickness(row, is_stacked))], INK, 1.2)
    for number, value in enumerate(row.values):
        if value:
            long = scale.at(value) - scale.left
            paper.box(x, y, long, THICK - 1.5, SERIES[number % 4], hatch=HATCHES[number % 4])
            x += long if is_stacked else 0.0
        elif value is None:
            paper.stroke([(scale.left, y + THICK / 2), (scale.right, y + THICK / 2)], RULE, 1.2, (2, 4))
        y += 0.0 if is_stacked else THICK
