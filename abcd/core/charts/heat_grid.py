"""A grid of fields, the darker the more, each with its words; a gap is outlined and crossed out."""

from collections.abc import Sequence

from abcd.core.charts.colours import GAP, INK, PAPER, QUIET, RULE, readable_on, shade
from abcd.core.charts.frame import LINE, MARGIN, most_of, put_title, title_lines
from abcd.core.charts.paper import WIDTH, Paper, lines_of
from abcd.core.charts.parts import Cell

HIGH = 30.0


def grid(
    rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]], title: str, about: str, *,
    gap_words: str = "", most: float | None = None, width: float = WIDTH,
) -> str:  # fmt: skip
    """A heat grid as SVG text, ``cells`` of shape (rows, columns).

    The darkest is ``most``, else the largest value; ``gap_words`` says what a crossed field means. A field that is
    not known (``None``) has a dotted edge and no fill.
    """
    heading = title_lines(title, width)
    side = min(130.0, 14 + 8.4 * max((len(name) for name in rows), default=0))
    wide = (width - 2 * MARGIN - side) / max(len(columns), 1)
    named = [lines_of(name, wide, 12, most=2) for name in columns]
    tall = 15 * max((len(one) for one in named), default=0) + 4
    top = MARGIN + LINE * len(heading) + 6 + tall
    paper = Paper(width, top + HIGH * len(rows) + (LINE + 14 if gap_words else 10))
    below = put_title(paper, heading)
    for column, words in enumerate(named):
        for number, line in enumerate(words):
            x = MARGIN + side + wide * (column + 0.5)
            paper.words(x, below + 15 * (number + 0.5), line, size=12, colour=QUIET, align="center")
    end = most_of([cell.value for row in cells for cell in row], most)
    for number, (name, across) in enumerate(zip(rows, cells, strict=True)):
        y = top + HIGH * number
        paper.words(MARGIN, y + HIGH / 2, lines_of(name, side, most=1)[0], size=13)
        for column, cell in enumerate(across):
            _field(paper, MARGIN + side + wide * column, y, wide, cell, end)
    _key(paper, gap_words, top + HIGH * len(rows) + 8)
    return paper.svg(title, about)


def _field(paper: Paper, x: float, y: float, wide: float, cell: Cell, most: float) -> None:
    inner = (x + 1.5, y + 1.5, wide - 3, HIGH - 3)
    if cell.is_gap:
        _crossed(paper, *inner)
    elif cell.value is None:
        paper.box(*inner, PAPER, edge=RULE, edge_width=1.0)
    else:
        paper.box(*inner, shade(min(cell.value / most, 1.0)), edge=RULE, edge_width=0.6)
    fill = PAPER if cell.is_gap or cell.value is None else shade(min(cell.value / most, 1.0))
    if cell.words:
        ink = INK if cell.is_gap else readable_on(fill)
        paper.words(x + wide / 2, y + HIGH / 2, cell.words, size=13, colour=ink, align="center", has_halo=cell.is_gap)


def _crossed(paper: Paper, x: float, y: float, wide: float, high: float) -> None:
    paper.box(x, y, wide, high, PAPER, edge=GAP)
    paper.stroke([(x, y), (x + wide, y + high)], GAP, 1.2)
    paper.stroke([(x, y + high), (x + wide, y)], GAP, 1.2)


def _key(paper: Paper, gap_words: str, top: float) -> None:
    if gap_words:
        _crossed(paper, MARGIN, top, 24, LINE - 4)
        paper.words(MARGIN + 32, top + LINE / 2 - 2, gap_words, size=12)
