"""A sheet in pixels, from its top left corner, on which words, boxes, lines and marks are put; it becomes SVG text."""

import io
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
from textwrap import wrap
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

from abcd.core.charts.colours import INK, PAPER
from abcd.core.text import tidy

WIDTH = 440.0
"""Wide enough for a column of a page, narrow enough to be read on a telephone."""

SIZE = 14.0
"""Size of letters; at the width of a telephone they are 11 pixels high still."""

LETTER = 0.6
"""A letter is about so many of its heights wide in the widest of the fonts."""

FONTS = "'DejaVu Sans', Verdana, 'Segoe UI', Helvetica, Arial, sans-serif"
ENDINGS = re.compile(r"(?<=[ \"])(width|height)=\"([0-9.]+)pt\"")
METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.S)

_one_at_a_time = Lock()


class Paper:
    """``width`` x ``height`` pixels; y grows downwards. What is put on later lies on top."""

    def __init__(self, width: float, height: float) -> None:
        figure, axes = _sheet(width, height)
        self.width, self.height = width, height
        self._figure, self._axes, self._parts = figure, axes, count(1)

    def words(
        self, x: float, y: float, text: str, *, size: float = SIZE, colour: str = INK, align: str = "left",
        is_bold: bool = False, has_halo: bool = False,
    ) -> None:  # fmt: skip
        """``text`` on one line, ``y`` its middle; ``align`` left, center or right."""
        if has_halo:
            box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
        self._axes.text(
            x, y, tidy(text), fontsize=size, color=colour, ha=align, va="center_baseline",
            fontweight="bold" if is_bold else "normal", bbox=box if has_halo else None, zorder=next(self._parts),
        )  # fmt: skip

    def box(
        self, x: float, y: float, width: float, height: float, colour: str, *, hatch: str = "", edge: str = "",
        edge_width: float = 2.0,
    ) -> None:  # fmt: skip
        """A filled box; its pattern is drawn in the colour of paper, its edge in ``edge``."""
        from matplotlib.patches import Rectangle

        # The colour of an edge is the colour of the pattern too.
        line = edge_width if edge else 0.0
        self._axes.add_patch(
            Rectangle(
                (x, y),
                width,
                height,
                facecolor=colour,
                edgecolor=edge or PAPER,
                linewidth=line,
                hatch=hatch,
                zorder=next(self._parts),
            )
        )

    def stroke(
        self, points: Sequence[tuple[float, float]], colour: str = INK, width: float = 1.0,
        dashes: Sequence[float] = (),
    ) -> None:  # fmt: skip
        """A line through ``points``."""
        from matplotlib.lines import Line2D

        style: Any = (0, tuple(dashes)) if dashes else "solid"
        across, down = zip(*points, strict=True)
        self._axes.add_line(
            Line2D(across, down, color=colour, linewidth=width, linestyle=style, zorder=next(self._parts))
        )

    def mark(self, x: float, y: float, shape: Any, colour: str, *, size: float = 10.0, is_filled: bool = True) -> None:
        """A small mark: ``o`` a circle, ``D`` a diamond, ``s`` a square, ``^`` a triangle, or its corners."""
        from matplotlib.lines import Line2D

        fill = colour if is_filled else "none"
        self._axes.add_line(
            Line2D([x], [y], marker=shape, markersize=size, markerfacecolor=fill, markeredgecolor=colour,
                   markeredgewidth=2.0, linestyle="none", zorder=next(self._parts))
        )  # fmt: skip

    def shapes(self, rings: Iterable[Any], fill: str, line: str, width: float) -> None:
        """Lines (n, 2) in one path, closed where their ends meet; a ring within another is a hole in its ``fill``."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        paths = [Path(ring) for ring in rings if len(ring) > 1]
        if paths:
            whole = Path.make_compound_path(*paths)
            look: Any = {"facecolor": fill or "none", "edgecolor": line, "linewidth": width}
            self._axes.add_patch(PathPatch(whole, zorder=next(self._parts), **look))

    def svg(self, title: str, about: str) -> str:
        """The sheet as SVG text with its title and description; equal sheets give equal text."""
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        canvas: Any = FigureCanvasSVG(self._figure)
        out = io.StringIO()
        with _one_at_a_time:  # the library's fonts and settings belong to the whole process
            canvas.print_svg(out, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        return _named(out.getvalue(), title, about)


def lines_of(text: str, width: float, size: float = SIZE, most: int = 3) -> list[str]:
    """``text`` on lines that fit into ``width`` pixels; at most ``most``, the last one cut with an ellipsis."""
    letters = max(8, int(width / (size * LETTER)))
    return wrap(tidy(text), letters, max_lines=most, placeholder="…", break_long_words=True)


@cache
def _settled() -> None:
    """Words stay words, marks of mathematics are letters, and names of parts are the same each time."""
    import warnings

    import matplotlib

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "abcd", "text.parse_math": False, "hatch.linewidth": 1.0,
                "font.family": ["DejaVu Sans"], "path.simplify": True}  # fmt: skip
    matplotlib.rcParams.update(settings)
    # A letter that the measuring font lacks is drawn by the reader's own font.
    warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)


def _sheet(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    with _one_at_a_time:
        _settled()
        figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=PAPER)
        axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    return figure, axes


def _named(svg: str, title: str, about: str) -> str:
    """The drawn SVG without its prolog and metadata, in pixels, with a name for whoever hears it."""
    bare = METADATA.sub("", svg[svg.index("<svg") :], count=1).replace("'DejaVu Sans'", FONTS)
    head, rest = bare.split(">", 1)
    head = ENDINGS.sub(r'\1="\2"', head)
    said = f"<title>{escape(tidy(title))}</title><desc>{escape(tidy(about))}</desc>"
    return f'{head} role="img">{said}{rest}'
