"""Small multiples: one small picture a thing, all on the same scales, so that the eye compares them."""

from collections.abc import Sequence

from abcd.core.charts.colours import INK, QUIET, RULE, SERIES
from abcd.core.charts.frame import LINE, MARGIN, Scale, most_of, put_title, title_lines
from abcd.core.charts.paper import WIDTH, Paper, lines_of
from abcd.core.charts.parts import Panel

ACROSS, HIGH, BETWEEN = 2, 62.0, 20.0


def multiples(
    panels: Sequence[Panel], title: str, about: str, *, scales: tuple[str, str], most: float | None = None,
    is_share: bool = False, width: float = WIDTH,
) -> str:  # fmt: skip
    """A line a panel as SVG text, two in a row, in the order given; all share both scales.

    ``scales`` say what is counted across and up. A panel's ``wall`` is a broken upright line, its words at its end.
    """
    heading = title_lines(title, width)
    rows = -(-len(panels) // ACROSS)
    tall = LINE + HIGH + BETWEEN
    top = MARGIN + LINE * len(heading) + 6 + LINE
    paper = Paper(width, top + tall * rows + 8)
    below = put_title(paper, heading)
    paper.words(MARGIN, below + LINE / 2, f"{scales[1]} · {scales[0]}", size=12, colour=QUIET)
    points = [point for one in panels for point in one.points]
    across, up = most_of([x for x, _y in points], None), most_of([y for _x, y in points], most)
    wide = (width - 2 * MARGIN - BETWEEN * (ACROSS - 1)) / ACROSS
    for number, one in enumerate(panels):
        left = MARGIN + (wide + BETWEEN) * (number % ACROSS)
        head = top + tall * (number // ACROSS)
        upward = Scale(head + LINE + HIGH, head + LINE, up, is_share)
        _panel(paper, one, Scale(left, left + wide, across), upward)
    return paper.svg(title, about)


def _panel(paper: Paper, one: Panel, sideways: Scale, upward: Scale) -> None:
    """The words on top, a frame of three rules, the line and what is under it, and both ends of the scales."""
    wide = sideways.right - sideways.left
    room = wide - 8 * len(one.words) - 6
    paper.words(sideways.left, upward.right - LINE / 2 - 2, lines_of(one.label, room, 13, most=1)[0], size=13)
    paper.words(sideways.right, upward.right - LINE / 2 - 2, one.words, size=13, colour=QUIET, align="right")
    for share in (0.0, 0.5, 1.0):
        y = upward.at(share * upward.most)
        paper.stroke([(sideways.left, y), (sideways.right, y)], RULE if share else INK, 0.8)
    if one.wall is not None:
        x = sideways.at(one.wall)
        paper.stroke([(x, upward.left), (x, upward.right)], INK, 1.4, (4, 3))
    if len(one.points) > 1:
        paper.stroke([(sideways.at(x), upward.at(y)) for x, y in one.points], SERIES[0], 2.4)
    foot = upward.left + 9
    paper.words(sideways.left, foot, sideways.said(0), size=11, colour=QUIET)
    paper.words(sideways.right, foot, sideways.said(sideways.most), size=11, colour=QUIET, align="right")
