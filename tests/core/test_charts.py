"""Charts: words and figures are in them, equal figures give equal bytes, and nobody needs to see their colours."""

from itertools import combinations
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest

from abcd.core.charts import Bar, Cell, Dot, Limit, Panel, Series, bars, dots, grid, lines, multiples
from abcd.core.charts.colours import (
    DASHES,
    GAP,
    HATCHES,
    INK,
    PAPER,
    QUIET,
    SERIES,
    SHAPES,
    contrast,
    readable_on,
    shade,
)
from abcd.core.charts.frame import Scale, round_step
from abcd.core.charts.paper import lines_of

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "Tea & <img src=x onerror=alert(1)> $\\frac{1}{2}$ \x07\u202e"


def words_in(svg: str) -> list[str]:
    return [text.text or "" for text in fromstring(svg).iter(f"{SVG}text")]


def boxes(svg: str, fill: str) -> list[tuple[float, float]]:
    """Left and right end of each box of one fill, in the order drawn."""
    ends = []
    for path in fromstring(svg).iter(f"{SVG}path"):
        if f"fill: {fill}" in path.get("style", ""):
            numbers = [float(part) for part in path.get("d", "").split() if part[-1].isdigit()]
            ends.append((min(numbers[::2]), max(numbers[::2])))
    return ends


def example(name: str) -> str:
    cells = [[Cell(2.0, "$2 h"), Cell(0.0, "0", is_gap=True)], [Cell(None), Cell(1.0, "1 h")]]
    return {
        "bars": lambda: bars([Bar(HOSTILE, (0.5, 0.25), "half"), Bar("Food", (None, 1.0))], "Near", "Two bars.",
                             series=("All", "Step-free"), is_share=True, limit=Limit(0.8, "enough")),
        "dots": lambda: dots([Dot(HOSTILE, 0.2, 0.7, "half"), Dot("Food", 0.4)], "Near", "Two bars.",
                             names=("Today", "Then"), is_share=True, limit=Limit(0.8, "enough")),
        "lines": lambda: lines([Series(HOSTILE, ((0, 0.0), (30, 1.0))), Series("half", ((0, 0.1), (30, 0.2)))],
                               "Near", "Two bars.", scales=("minutes", "homes"), is_share=True,
                               limit=Limit(0.8, "enough"), wall=Limit(10, "near")),
        "grid": lambda: grid(["Monday", HOSTILE], ["Morning", "half"], cells, "Near", "Two bars.", gap_words="nothing"),
        "multiples": lambda: multiples([Panel(HOSTILE, ((0, 0.0), (30, 1.0)), "$ half", 10), Panel("<img", ())],
                                       "Near", "Two bars.", scales=("minutes", "homes"), is_share=True),
    }[name]()  # fmt: skip


CHARTS = ("bars", "dots", "lines", "grid", "multiples")


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_named_and_its_words_are_words(name: str) -> None:
    svg = example(name)
    root: Element = fromstring(svg)
    assert (root[0].text, root[1].text, root.get("role")) == ("Near", "Two bars.", "img")
    said = " ".join(words_in(svg))
    assert "half" in said
    assert "<img" in said
    assert "$" in said
    assert not {"\x07", "\u202e"} & set(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert "http" not in svg.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("name", CHARTS)
def test_equal_figures_give_equal_bytes(name: str) -> None:
    assert example(name) == example(name)


def test_bars_are_as_long_as_their_values() -> None:
    svg = bars([Bar("a", (0.5,)), Bar("b", (1.0,)), Bar("c", (0.0,)), Bar("d", (None,))], "t", "a", most=1.0)
    assert [right - left for left, right in boxes(svg, SERIES[0])] == pytest.approx([210, 420])


def test_stacked_bars_stand_behind_each_other() -> None:
    svg = bars([Bar("a", (3, 0, 1))], "t", "a", is_stacked=True, most=4)
    assert boxes(svg, SERIES[0]) == [(10, 325)]
    hatched = [path for path in fromstring(svg).iter(f"{SVG}path") if "url(#" in path.get("style", "")]
    assert len(hatched) == 1


def test_a_gap_is_crossed_and_a_full_field_is_darkest() -> None:
    svg = grid(["a"], ["x", "y"], [[Cell(4.0, "4"), Cell(0.0, "0", is_gap=True)]], "t", "a")
    assert boxes(svg, shade(1.0))
    crossed = [path for path in fromstring(svg).iter(f"{SVG}path") if f"stroke: {GAP}" in path.get("style", "")]
    assert len(crossed) == 3


def test_small_multiples_share_one_scale() -> None:
    svg = multiples([Panel("a", ((0, 0.0), (30, 1.0))), Panel("b", ((0, 0.0), (15, 0.5)))], "t", "a", scales=("x", "y"))
    paths = [path.get("d", "").split() for path in fromstring(svg).iter(f"{SVG}path")
             if f"stroke: {SERIES[0]}" in path.get("style", "")]  # fmt: skip
    ends = [[float(part) for part in path if part[-1].isdigit()][-2:] for path in paths]
    assert len(ends) == 2
    assert ends[0][0] == pytest.approx(210)
    assert ends[1][0] == pytest.approx(330)
    assert ends[1][1] - ends[0][1] == pytest.approx(31)


@pytest.mark.parametrize(("most", "step"), [(1, 0.2), (30, 10), (24, 5), (6, 2), (175, 50), (0.03, 0.01)])
def test_scales_have_round_steps(most: float, step: float) -> None:
    assert round_step(most) == pytest.approx(step)
    assert len(Scale(0, 100, most).ticks()) <= 6


def test_what_is_beyond_a_scale_stands_at_its_end() -> None:
    scale = Scale(10, 110, 2.0)
    assert [scale.at(value) for value in (-1, 0, 1, 2, 9)] == [10, 10, 60, 110, 110]


def test_long_names_are_cut_with_an_ellipsis() -> None:
    told = lines_of("word " * 60, 200)
    assert len(told) == 3
    assert told[-1].endswith("…")


# Full colour blindness of three kinds in linear RGB. Source: Machado, Oliveira & Fernandes 2009.
KINDS = {
    "none": np.eye(3),
    "protan": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deutan": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritan": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE Lab of linear sRGB under D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = (to_xyz @ np.clip(rgb, 0, 1)) / np.array([0.9505, 1.0, 1.089])
    f = [part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("one", "other"), [*combinations(SERIES, 2)])
def test_series_are_told_apart_by_everybody(kind: str, one: str, other: str) -> None:
    apart = lab(KINDS[kind] @ linear(one)) - lab(KINDS[kind] @ linear(other))
    assert float(np.linalg.norm(apart)) >= 20


@pytest.mark.parametrize("colour", [*SERIES, GAP])
def test_marks_are_seen_on_paper(colour: str) -> None:
    assert contrast(colour, PAPER) >= 3


@pytest.mark.parametrize("colour", [INK, QUIET])
def test_words_are_read_on_paper(colour: str) -> None:
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.55, 0.6, 0.75, 1.0])
def test_words_are_read_on_every_shade(share: float) -> None:
    assert contrast(readable_on(shade(share)), shade(share)) >= 4.5


def test_each_series_has_a_pattern_a_shape_and_a_dash_of_its_own() -> None:
    for looks in (HATCHES, SHAPES, DASHES):
        assert len(set(looks)) == len(SERIES)
