"""Charts as SVG text, shown as images: bars, dots, lines, a grid and small multiples, each with its title and words.

Nothing in them can act, their words stay words, equal figures give equal bytes, and what colour says is said by shape
and words too. Whoever shows one shows an equal table beside it.
"""

from abcd.core.charts.bar_chart import bars
from abcd.core.charts.dot_plot import dots
from abcd.core.charts.heat_grid import grid
from abcd.core.charts.line_chart import lines
from abcd.core.charts.paper import Paper
from abcd.core.charts.parts import Bar, Cell, Dot, Limit, Panel, Series
from abcd.core.charts.small_multiples import multiples

__all__ = ["Bar", "Cell", "Dot", "Limit", "Panel", "Series", "bars", "dots", "grid", "lines", "multiples", "warm_up"]


def warm_up() -> None:
    """Load what draws, so that nobody waits for it at the first chart: 0.4 s of a processor and 26 MB, once."""
    paper = Paper(8, 8)
    paper.words(1, 4, "a")
    paper.svg("", "")
