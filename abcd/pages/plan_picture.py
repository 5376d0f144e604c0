"""A plan of patches as a small picture: an outline and a number a patch. Its equal is the table beside it."""

from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
import shapely

from abcd.patches.net import Shapes

HUES = ("#1b6e8c", "#b4572a", "#3f7d3a", "#7a4f9e", "#a68a1d", "#9c2f5c", "#4a5d23", "#52606d")
"""The same fills as on the map (web/map/layers.js)."""
WIDTH, MARGIN, LEAST_LABEL = 360.0, 8.0, 0.0006
INK, PAPER = "#22313a", "#ffffff"


def picture(shapes: Shapes) -> str:
    """The patches (k,) in EPSG:27700 as SVG text, north up, in their own frame."""
    west, south, east, north = shapely.total_bounds(shapes)
    scale = (WIDTH - 2 * MARGIN) / max(east - west, (north - south) / 1.2, 1.0)
    height = (north - south) * scale + 2 * MARGIN
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH:.0f} {height:.0f}",
                  width=f"{WIDTH:.0f}", height=f"{height:.0f}")  # fmt: skip
    svg.set("font-family", "Source Sans, Segoe UI, Helvetica, Arial, sans-serif")
    SubElement(svg, "rect", width="100%", height="100%", fill=PAPER)

    def on_paper(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([(xy[:, 0] - west) * scale + MARGIN, (north - xy[:, 1]) * scale + MARGIN])

    for k, shape in enumerate(shapely.transform(shapes, on_paper)):
        outline = SubElement(svg, "path", d=path_of(shape), fill=HUES[k % len(HUES)], stroke=INK)
        outline.set("fill-opacity", "0.3")
        outline.set("fill-rule", "evenodd")
    for k, shape in enumerate(shapely.transform(shapes, on_paper)):
        _number(svg, k, shape, len(shapes))
    return tostring(svg, encoding="unicode")


def path_of(shape: shapely.Geometry) -> str:
    """The rings of a shape as an SVG path."""
    thin = shapely.simplify(shape, 0.4)
    rings = [ring for part in shapely.get_parts(thin) for ring in (part.exterior, *part.interiors)
             if isinstance(part, shapely.Polygon)]  # fmt: skip
    return " ".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords[:-1]) + "Z" for ring in rings)


def _number(svg: Element, patch: int, shape: shapely.Geometry, patches: int) -> None:
    at = shapely.point_on_surface(shape)
    size = 13 if patches <= 40 else 9
    word = SubElement(svg, "text", x=f"{at.x:.1f}", y=f"{at.y + size / 3:.1f}", fill=INK)
    word.set("text-anchor", "middle")
    word.set("font-size", str(size))
    word.set("font-weight", "700")
    word.text = str(patch + 1)
