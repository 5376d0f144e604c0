"""Dots on a line: how a thing is and how it would be, before and after."""

from collections.abc import Sequence

from abcd.core.charts.colours import INK, QUIET, RULE, SERIES
from abcd.core.charts.frame import (
    LINE,
    MARGIN,
    Scale,
    label_lines,
    most_of,
    put_limit,
    put_scale,
    put_title,
    title_lines,
)
from abcd.core.charts.paper import WIDTH, Paper
from abcd.core.charts.parts import Dot, Limit

ROOM, GAP, INSET = 18.0, 8.0, 8.0


def dots(
    rows: Sequence[Dot], title: str, about: str, *, names: tuple[str, str] | None = None, most: float | None = None,
    is_share: bool = False, limit: Limit | None = None, width: float = WIDTH,
) -> str:  # fmt: skip
    """A dot plot as SVG text, one row a line, in the order given.

    Before is an open circle, after a full diamond, and an arrow's line joins them. ``names`` says what the two are;
    without an ``after`` the circle stands alone.
    """
    heading = title_lines(title, width)
    labels = [label_lines(row.label, width, row.words) for row in rows]
    heights = [LINE * len(label) + ROOM + GAP for label in labels]
    top = MARGIN + LINE * len(heading) + 6 + (LINE + 6 if names else 0) + (LINE if limit else 0)
    paper = Paper(width, top + sum(heights) + 28)
    below = put_title(paper, heading)
    if names:
        _key(paper, names, below + LINE / 2)
    ends = [value for row in rows for value in (row.before, row.after)]
    scale = Scale(MARGIN + INSET, width - MARGIN - INSET, most_of(ends, most), is_share)
    put_scale(paper, scale, top, top + sum(heights))
    put_limit(paper, scale, limit, top, top + sum(heights))
    for row, label, height in zip(rows, labels, heights, strict=True):
        _row(paper, scale, row, label, top)
        top += height
    return paper.svg(title, about)


def _key(paper: Paper, names: tuple[str, str], y: float) -> None:
    """What the two marks mean."""
    half = paper.width / 2
    paper.mark(MARGIN + 8, y, "o", SERIES[0], is_filled=False)
    paper.words(MARGIN + 22, y, names[0])
    paper.mark(half + 8, y, "D", SERIES[1], size=9)
    paper.words(half + 22, y, names[1])


def _row(paper: Paper, scale: Scale, row: Dot, label: list[str], top: float) -> None:
    for number, line in enumerate(label):
        paper.words(MARGIN, top + LINE * (number + 0.5), line, has_halo=True)
    paper.words(paper.width - MARGIN, top + LINE / 2, row.words, colour=QUIET, align="right", has_halo=True)
    y = top + LINE * len(label) + ROOM / 2
    paper.stroke([(scale.left, y), (scale.right, y)], RULE, 1.2)
    if row.before is not None and row.after is not None:
        paper.stroke([(scale.at(row.before), y), (scale.at(row.after), y)], INK, 3.0)
    if row.after is not None:
        paper.mark(scale.at(row.after), y, "D", SERIES[1], size=9)
    if row.before is not None:
        # Drawn last and open, so that both are seen where nothing changed.
        paper.mark(scale.at(row.before), y, "o", SERIES[0], size=13, is_filled=row.after is None)
