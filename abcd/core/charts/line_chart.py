"""Lines over a scale: a share that grows with the minutes, a figure that grows with the sites."""

from collections.abc import Sequence

from abcd.core.charts.colours import DASHES, INK, QUIET, RULE, SERIES, SHAPES
from abcd.core.charts.frame import LINE, MARGIN, Scale, most_of, put_title, title_lines
from abcd.core.charts.paper import WIDTH, Paper
from abcd.core.charts.parts import Limit, Series

HIGH, SIDE = 190.0, 48.0


def lines(
    series: Sequence[Series], title: str, about: str, *, scales: tuple[str, str], most: float | None = None,
    is_share: bool = False, limit: Limit | None = None, wall: Limit | None = None, width: float = WIDTH,
) -> str:  # fmt: skip
    """Lines as SVG text; each has its own dashes and marks, and its name in the key.

    ``scales`` say what is counted across and up. ``limit`` is a height to be judged by, ``wall`` a value on the
    scale across.
    """
    heading = title_lines(title, width)
    named = series if len(series) > 1 else ()
    top = MARGIN + LINE * len(heading) + 6 + LINE * (len(named) + 1) + (LINE if wall else 0)
    paper = Paper(width, top + HIGH + 46)
    below = put_title(paper, heading)
    for number, one in enumerate(named):
        _key(paper, number, one.name, below + LINE * (number + 0.5))
    points = [point for one in series for point in one.points]
    sideways = Scale(SIDE, width - MARGIN - 8, most_of([x for x, _y in points], None))
    upward = Scale(top + HIGH, top, most_of([y for _x, y in points], most), is_share)
    _axes(paper, sideways, upward, scales)
    _judges(paper, sideways, upward, limit, wall)
    for number, one in enumerate(series):
        _line(paper, number, [(sideways.at(x), upward.at(y)) for x, y in one.points])
    return paper.svg(title, about)


def _key(paper: Paper, number: int, name: str, y: float) -> None:
    paper.stroke([(MARGIN, y), (MARGIN + 34, y)], SERIES[number % 4], 2.4, DASHES[number % 4])
    paper.mark(MARGIN + 17, y, SHAPES[number % 4], SERIES[number % 4], size=6)
    paper.words(MARGIN + 42, y, name)


def _axes(paper: Paper, sideways: Scale, upward: Scale, scales: tuple[str, str]) -> None:
    across, up = scales
    bottom, top = upward.left, upward.right
    paper.words(MARGIN, top - LINE / 2 - 4, up, size=12, colour=QUIET)
    paper.words(paper.width - MARGIN, bottom + 32, across, size=12, colour=QUIET, align="right")
    for value in upward.ticks():
        y = upward.at(value)
        paper.stroke([(sideways.left, y), (sideways.right, y)], RULE, 0.8)
        paper.words(sideways.left - 6, y, upward.said(value), size=12, colour=QUIET, align="right")
    for value in sideways.ticks():
        x = sideways.at(value)
        paper.stroke([(x, bottom), (x, bottom + 4)], INK, 1.0)
        paper.words(x, bottom + 14, sideways.said(value), size=12, colour=QUIET, align="center")
    paper.stroke([(sideways.left, bottom), (sideways.right, bottom)], INK, 1.2)


def _judges(paper: Paper, sideways: Scale, upward: Scale, limit: Limit | None, wall: Limit | None) -> None:
    if limit is not None:
        y = upward.at(limit.value)
        paper.stroke([(sideways.left, y), (sideways.right, y)], INK, 1.6, (4, 3))
        paper.words(sideways.left + 4, y - 8, limit.words, size=12, has_halo=True)
    if wall is not None:
        x = sideways.at(wall.value)
        paper.stroke([(x, upward.left), (x, upward.right)], INK, 1.6, (4, 3))
        on_left = x > paper.width / 2
        align = "right" if on_left else "left"
        paper.words(x + (-5 if on_left else 5), upward.left - 10, wall.words, size=12, align=align, has_halo=True)


def _line(paper: Paper, number: int, points: list[tuple[float, float]]) -> None:
    colour, dashes = SERIES[number % 4], DASHES[number % 4]
    if len(points) > 1:
        paper.stroke(points, colour, 2.4, dashes)
    every = max(1, len(points) // 8)
    for x, y in [*points[::every], *points[-1:]]:
        paper.mark(x, y, SHAPES[number % 4], colour, size=6)
