"""The network of a place as a picture of our own: a shape and a number a node, words where there is room for them.

It is shown as an image, so nothing in it can act; its equal is the list under it, line by line with the same numbers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from textwrap import wrap
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

from abcd.connections.network.layout import places_of
from abcd.connections.network.records import ORGANISATION, Network, Node
from abcd.core.text import tidy
from abcd.maps.marks import LOOKS, MIDDLES, OUTLINES

HEXAGON = "M6.5 2.5h11L23 12l-5.5 9.5h-11L1 12Z"
LOOK_OF_A_BODY = ("hexagon", "#3c4650")
RING, LINE, INK, PAPER = "#8a4b08", "#5d6a72", "#22313a", "#ffffff"
SIDE = 24.0
"""The field that a shape is drawn on."""


@dataclass(frozen=True)
class Sheet:
    """How large a picture is: its width, the box of each node, how far its shape is enlarged, letters a line."""

    width: float
    label: tuple[float, float]
    scale: float
    letters: int = 0


NAME_ROOM = 14.0
"""So far above the middle of its box a mark stands when its name is written under it."""

WIDE = Sheet(1040, (158, 78), 1.35, 21)
NARROW = Sheet(340, (62, 58), 1.5)
"""A telephone has no room for names: numbers alone, and the list under the picture."""


def drawn(net: Network, weak: Collection[UUID], sheet: Sheet) -> str:
    """The picture as SVG text; ``weak`` are the nodes that hold others together and get a ring."""
    places, height = places_of(net, sheet.width, sheet.label)
    lift = NAME_ROOM if sheet.letters else 0.0
    at = {node.id: (float(x), float(y) - lift) for node, (x, y) in zip(net.nodes, places, strict=True)}
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {sheet.width:.0f} {height:.0f}",
                  width=f"{sheet.width:.0f}", height=f"{height:.0f}")  # fmt: skip
    svg.set("font-family", "Source Sans, Segoe UI, Helvetica, Arial, sans-serif")
    SubElement(svg, "rect", width="100%", height="100%", fill=PAPER)
    for link in net.links:
        _line(svg, at[link.a], at[link.b], is_body="part_of" in link.relations)
    for number, node in enumerate(net.nodes, 1):
        _node(svg, node, number, at[node.id], sheet, node.id in weak)
    return tostring(svg, encoding="unicode")


def _line(svg: Element, one: tuple[float, float], other: tuple[float, float], is_body: bool) -> None:
    ends = {"x1": one[0], "y1": one[1], "x2": other[0], "y2": other[1]}
    line = SubElement(svg, "line", {name: f"{value:.1f}" for name, value in ends.items()}, stroke=LINE)
    line.set("stroke-width", "2")
    if is_body:
        line.set("stroke-dasharray", "5 5")


def _node(svg: Element, node: Node, number: int, at: tuple[float, float], sheet: Sheet, is_weak: bool) -> None:
    """A shape with its number; outside the place it is empty, and what holds others together has a ring."""
    shape, colour = look_of(node)
    group = SubElement(svg, "g", transform=f"translate({at[0]:.1f} {at[1]:.1f})")
    half = SIDE * sheet.scale / 2
    if is_weak:
        ring = SubElement(group, "circle", r=f"{half + 5:.1f}", fill=PAPER, stroke=RING)
        ring.set("stroke-width", "3")
    mark = SubElement(group, "g", transform=f"translate({-half:.1f} {-half:.1f}) scale({sheet.scale})")
    outline = HEXAGON if shape == "hexagon" else OUTLINES[shape]
    path = SubElement(mark, "path", d=outline, fill=colour if node.is_here else PAPER, stroke=colour)
    path.set("stroke-width", "1" if node.is_here else "2")
    middle = MIDDLES.get(shape, 12.2) if shape != "hexagon" else 12.2
    ink = PAPER if node.is_here else colour
    _words(mark, str(number), 12, middle, ink, {"font-size": "10" if number > 99 else "11.5", "font-weight": "700"})
    for row, words in enumerate(named(node, sheet)):
        _words(group, words, 0, half + 13 + 15 * row, INK, {"font-size": "13"})


def _words(over: Element, words: str, x: float, y: float, ink: str, look: dict[str, str]) -> None:
    text = SubElement(over, "text", {"text-anchor": "middle", "dominant-baseline": "central", **look})
    text.set("x", f"{x:g}")
    text.set("y", f"{y:g}")
    text.set("fill", ink)
    if ink == INK:  # names lie over lines, numbers over their shape
        text.set("stroke", PAPER)
        text.set("stroke-width", "3")
        text.set("paint-order", "stroke")
    text.text = words


def named(node: Node, sheet: Sheet) -> list[str]:
    """The name on at most two lines, or none where there is no room."""
    if not sheet.letters:
        return []
    return wrap(tidy(node.name), sheet.letters, max_lines=2, placeholder="…", break_long_words=True)


def look_of(node: Node) -> tuple[str, str]:
    """The shape and the colour of a node: those of its kind on the map."""
    return LOOK_OF_A_BODY if node.kind == ORGANISATION else LOOKS[node.kind][1:]
