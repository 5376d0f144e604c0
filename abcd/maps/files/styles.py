"""How QGIS dresses our layers: a shape, a letter and a colour for each kind of asset, quiet outlines for areas.

The form is that of QGIS's own style files (QML); options are written in two ways, for versions before and after 3.26.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from abcd.maps.marks import Mark, marks

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
#: Our shapes by the names that QGIS has for its nearest.
SHAPES = {"circle": "circle", "square": "square", "house": "pentagon", "diamond": "diamond", "bubble": "octagon",
          "heart": "heart"}  # fmt: skip
EDGE = {"patches": "11,92,88", "gaps": "155,28,79", "coverage": "29,107,63"}
"""The colour of a layer's outlines; of all others it is the ink of our maps."""
INK = "77,90,98"
SIZE = "4.6"


def style(table: str, columns: set[str]) -> str:
    """The QML of a table: by kind of asset where it has one, else one outline."""
    root = Element("qgis", version="3.28.0", styleCategories="Symbology|Labeling")
    name = table.removesuffix("_outlines")
    is_area = name != table or "asset_kind" not in columns
    if "asset_kind" in columns:
        by_kind(root, is_area)
    else:
        renderer = SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0", forceraster="0")
        area(SubElement(renderer, "symbols"), "0", EDGE.get(name, INK))
    return DOCTYPE + tostring(root, encoding="unicode")


def by_kind(root: Element, is_area: bool) -> None:
    """One symbol a kind, in the order of the place page."""
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr="asset_kind", symbollevels="0",
                          forceraster="0")  # fmt: skip
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for number, mark in enumerate(one for one in marks() if one.kind != "individual"):
        SubElement(categories, "category", symbol=str(number), value=mark.kind, label=mark.title, render="true")
        if is_area:
            area(symbols, str(number), rgb(mark.colour))
        else:
            point(symbols, str(number), mark)


def point(symbols: Element, name: str, mark: Mark) -> None:
    """A filled shape with its letter on it."""
    symbol = SubElement(symbols, "symbol", type="marker", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    options(layer(symbol, "SimpleMarker"), {
        "name": SHAPES[mark.shape], "color": f"{rgb(mark.colour)},255", "outline_color": "255,255,255,255",
        "outline_width": "0.3", "outline_width_unit": "MM", "size": SIZE, "size_unit": "MM",
    })  # fmt: skip
    options(layer(symbol, "FontMarker"), {
        "chr": mark.letter, "font": "Sans", "font_style": "Bold", "color": "255,255,255,255", "size": "2.6",
        "size_unit": "MM", "horizontal_anchor_point": "1", "vertical_anchor_point": "1",
    })  # fmt: skip


def area(symbols: Element, name: str, colour: str) -> None:
    """A faint fill and an outline."""
    symbol = SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    options(layer(symbol, "SimpleFill"), {
        "color": f"{colour},40", "style": "solid", "outline_color": f"{colour},255", "outline_style": "solid",
        "outline_width": "0.5", "outline_width_unit": "MM",
    })  # fmt: skip


def layer(symbol: Element, kind: str) -> Element:
    """One layer of a symbol."""
    return SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})


def options(parent: Element, given: dict[str, str]) -> None:
    """Options of a symbol's layer, in both ways of writing."""
    held = SubElement(parent, "Option", type="Map")
    for name, value in given.items():
        SubElement(held, "Option", type="QString", name=name, value=value)
    for name, value in given.items():
        SubElement(parent, "prop", k=name, v=value)


def rgb(colour: str) -> str:
    """``#14568f`` as ``20,86,143``."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
