"""Charts as SVG text, shown as images: bars, dots, lines, a grid and small multiples, each with its title and words.

Nothing in them can act, their words stay words, equal figures give equal bytes, and what colour says is said by shape
and words too. Whoever shows one shows an equal table beside it.
"""

from abcd.core.charts.bar_chart import bars
from abcd.core.charts.dot_plot import dots
from abcd.core.charts.heat_grid import grid
from abcd.core.charts.line_chart import lines
from abcd.core.charts.parts import Bar, Cell, Dot, Limit, Panel, Series
from abcd.core.charts.small_multiples import multiples

__all__ = ["Bar", "Cell", "Dot", "Limit", "Panel", "Series", "bars", "dots", "grid", "lines", "multiples"]
