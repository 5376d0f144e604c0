"""What every chart has: its title on top, a legend under it, and a scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from abcd.core.charts.colours import HATCHES, INK, QUIET, RULE, SERIES
from abcd.core.charts.paper import SIZE, Paper, lines_of
from abcd.core.charts.parts import Limit

MARGIN = 10.0
LINE = 18.0
"""From one line of words to the next."""


@dataclass(frozen=True)
class Scale:
    """Values from 0 to ``most`` on pixels from ``left`` to ``right``."""

    left: float
    right: float
    most: float
    is_share: bool = False

    def at(self, value: float) -> float:
        """The pixel of a value; beyond the scale its end."""
        return self.left + (self.right - self.left) * min(max(value / self.most, 0.0), 1.0)

    def said(self, value: float) -> str:
        """A value in words: a share as a percentage."""
        return f"{value:.0%}" if self.is_share else f"{value:,.4g}"

    def ticks(self) -> list[float]:
        """Round values from 0 to ``most``, at most six."""
        step = round_step(self.most)
        return [step * n for n in range(int(self.most / step + 1e-9) + 1)]


def round_step(most: float) -> float:
    """A round step (1, 2, 2.5 or 5 times a power of ten) that gives at most five steps up to ``most``."""
    power = 10.0 ** floor(log10(most / 5))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power * 5 >= most * (1 - 1e-9))


def most_of(values: Sequence[float | None], most: float | None) -> float:
    """The end of a scale: as told, or the largest value."""
    known = [value for value in values if value is not None]
    return most or max([*known, 0.0]) or 1.0


def title_lines(title: str, width: float) -> list[str]:
    """The title on lines; bold letters are wider."""
    return lines_of(title, 0.88 * (width - 2 * MARGIN), most=3)


def put_title(paper: Paper, lines: Sequence[str]) -> float:
    """The title on top; gives the pixel under it."""
    for number, line in enumerate(lines):
        paper.words(MARGIN, MARGIN + LINE * (number + 0.5), line, is_bold=True)
    return MARGIN + LINE * len(lines) + 6


def put_legend(paper: Paper, names: Sequence[str], top: float) -> float:
    """What each series looks like, one a line, when there is more than one; gives the pixel under it."""
    if len(names) < 2:
        return top
    for number, name in enumerate(names):
        y = top + LINE * (number + 0.5)
        paper.box(MARGIN, y - 6, 22, 12, SERIES[number % 4], hatch=HATCHES[number % 4])
        paper.words(MARGIN + 30, y, name)
    return top + LINE * len(names) + 6


def legend_height(names: Sequence[str]) -> float:
    """The room of a legend."""
    return LINE * len(names) + 6 if len(names) > 1 else 0.0


def put_scale(paper: Paper, scale: Scale, top: float, bottom: float) -> None:
    """Rules from top to bottom at round values, and their words under them."""
    for value in scale.ticks():
        x = scale.at(value)
        paper.stroke([(x, top), (x, bottom)], RULE, 0.8)
        align = "left" if x < MARGIN + 12 else "right" if x > paper.width - MARGIN - 16 else "center"
        paper.words(x, bottom + 11, scale.said(value), size=12, colour=QUIET, align=align)


def put_limit(paper: Paper, scale: Scale, limit: Limit | None, top: float, bottom: float) -> None:
    """What is judged by, as a broken line with its words on top."""
    if limit is None:
        return
    x = scale.at(limit.value)
    paper.stroke([(x, top), (x, bottom)], INK, 1.6, (4, 3))
    on_left = x > paper.width / 2
    paper.words(x + (-5 if on_left else 5), top - 8, limit.words, size=12, align="right" if on_left else "left")


def label_lines(label: str, width: float, words: str = "") -> list[str]:
    """A row's label on at most two lines, leaving room for what is said at its end."""
    return lines_of(label, width - 2 * MARGIN - len(words) * SIZE * 0.6 - 12, most=2)
