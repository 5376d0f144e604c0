"""Rows of a file of barriers as lines and crossings: what each is called, what it is, whether one can cross it.

Headings are those that people write (``nature``, ``hard``, ``step-free``) and the keys of OpenStreetMap, whose
railways, waterways, main roads and walls are known by their own words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from abcd.core import geo
from abcd.core.text import tidy
from abcd.db.tables import BARRIER_NATURES
from abcd.errors import BadFile, BadRequest
from abcd.intake.barrier_names import called, key_among, spot
from abcd.intake.headers import heading
from abcd.intake.lists import WholeFile
from abcd.intake.place_columns import epsg_of
from abcd.places.barrier_lines import MOST_CORNERS, looked_over

HEADINGS = {
    "reference": r"((barrier|crossing) )?(id|ref|reference|code)|osm id",
    "name": r"((barrier|line|crossing) )?(name|title|label)",
    "nature": r"nature|kind|type|(barrier )?(nature|kind|type)",
    "hard": r"(is )?hard|hardness",
    "step_free": r"(is )?step free|wheelchair|accessible",
}
OF_OSM = ("railway", "waterway", "highway", "barrier", "tunnel")

NATURES = {
    "railway": "railway rail train tram light_rail subway narrow_gauge railway_line",
    "river": "river canal stream brook waterway water drain ditch dock river_or_canal",
    "main_road": "main_road road motorway motorway_link trunk trunk_link primary primary_link secondary a_road "
    "dual_carriageway bypass",
    "wall": "wall fence hedge retaining_wall city_wall guard_rail embankment wall_or_fence",
    "felt_unsafe": "felt_unsafe unsafe felt_to_be_unsafe",
    "other": "other something_else",
}
WORDS = {
    "railway": "Railway", "river": "River", "main_road": "Main road", "wall": "Wall",
    "felt_unsafe": "Way felt unsafe", "other": "Barrier",
}  # fmt: skip
"""What a line is called that nobody named."""
NATURE_OF = {word: nature for nature, words in NATURES.items() for word in words.split()}
GONE = {"abandoned", "disused", "dismantled", "razed", "proposed", "construction", "planned", "removed"}
"""Words of OpenStreetMap for what is not there."""

YES, NO = {"yes", "true", "t", "1", "y", "ie", "designated"}, {"no", "false", "f", "0", "n", "na", "steps"}
ONE_METRE = 1.0


@dataclass(frozen=True)
class BarrierRow:
    """A barrier of a file; ``line`` in metres, ``key`` tells it among those of its source, ``row`` counts from 1.

    ``is_nameless``: the file gives neither a reference nor a name, so it is known again by where it lies.
    """

    row: int
    key: str
    name: str
    nature: str
    is_hard: bool
    line: Any
    is_nameless: bool = False


@dataclass(frozen=True)
class CrossingRow:
    """A crossing of a file; ``point`` in metres, ``barrier`` the name of what it crosses, "" when not said."""

    row: int
    key: str
    name: str
    step_free: str
    barrier: str
    point: Any
    is_nameless: bool = False


@dataclass(frozen=True)
class Usual:
    """What rows are taken for that do not say: ``nature`` of ``BARRIER_NATURES``, and whether nobody walks across."""

    nature: str = "other"
    is_hard: bool = True


def understood(file: WholeFile, usual: Usual) -> tuple[list[BarrierRow], list[CrossingRow]]:
    """The barriers and crossings of a file; what is left out is an issue.

    Raises:
        BadFile: it has no lines and no points, or does not say in which coordinates they are.
    """
    shapes = shapely.from_wkb(file.rows["__geom__"].to_numpy(zero_copy_only=False), on_invalid="ignore")
    if not (shapely.get_dimensions(shapes) >= 0).any():
        raise BadFile(f"“{file.path.name}” holds no lines. Choose a file with lines, such as GeoJSON.")
    metres = geo.shapes_to_grid(np.asarray(shapes, dtype=object), epsg_of(file))
    lines: list[BarrierRow] = []
    points: list[CrossingRow] = []
    seen: Counter[str] = Counter()
    for row, told, shape in zip(file.rows["__row__"].to_pylist(), _told(file), metres, strict=True):
        if shape is None or shape.is_empty:
            continue  # the reader has said so
        if shape.geom_type in ("Point", "MultiPoint"):
            points += [_crossing(row, told, one, seen) for one in shapely.get_parts(shape)]
        elif "Line" in shape.geom_type:
            lines += _barriers(file, row, told, shape, usual, seen)
        else:
            _left_out(file, row, "no_line", "This row is an area; a barrier is a line.",
                      "Give the line along which nobody walks across.")  # fmt: skip
    return lines, points


def _told(file: WholeFile) -> Iterator[dict[str, str]]:
    """What each row says, by our own names and by the keys of OpenStreetMap."""
    columns: dict[str, list[str]] = {}
    for column in file.columns:
        said = heading(column)
        field = next((name for name, pattern in HEADINGS.items() if re.fullmatch(pattern, said)), "")
        for name in filter(None, (field, said if said in OF_OSM else "")):
            columns.setdefault(name, [tidy(value or "") for value in file.rows[column].to_pylist()])
    for at in range(file.rows.num_rows):
        yield {name: values[at] for name, values in columns.items() if values[at]}


def _barriers(
    file: WholeFile, row: int, told: dict[str, str], shape: Any, usual: Usual, seen: Counter[str]
) -> list[BarrierRow]:
    """The lines of one row, those that meet end to end as one."""
    if _plain(told.get("railway", "")) in GONE or _plain(told.get("tunnel", "no")) not in NO:
        _left_out(file, row, "not_in_the_way", "It is gone, not built yet or in a tunnel: nothing is in the way.",
                  "Nothing, unless people cannot walk across it.")  # fmt: skip
        return []
    nature = _nature(file, row, told) or usual.nature
    named = told.get("reference") or told.get("name", "")
    found = []
    for line in map(_fewer_corners, shapely.get_parts(shapely.line_merge(shape))):
        try:
            looked_over(line)
        except BadRequest as error:
            _left_out(file, row, "not_a_barrier", str(error), "Mend the line, or leave it out.")
            continue
        name, key = told.get("name") or called(WORDS[nature], line), key_among(seen, named or spot(line), "line")
        found.append(BarrierRow(row, key, name, nature, _is_hard(told, nature, usual), line, not named))
    return found


def _fewer_corners(line: Any) -> Any:
    return line if len(line.coords) <= MOST_CORNERS else line.simplify(ONE_METRE)


def _nature(file: WholeFile, row: int, told: dict[str, str]) -> str:
    """What a barrier is, "" when the row does not say it in words we know."""
    if said := told.get("nature", ""):
        if known := NATURE_OF.get(_plain(said)):
            return known
        file.issues.add(
            "unknown_nature", "We do not know this word for what a barrier is.",
            f"Use one of: {', '.join(BARRIER_NATURES)}.", row=row, column="nature", value=said,
        )  # fmt: skip
    for key, nature in (("railway", "railway"), ("waterway", "river"), ("highway", "main_road"), ("barrier", "wall")):
        if NATURE_OF.get(_plain(told.get(key, ""))) == nature:
            return nature
    return ""


def _is_hard(told: dict[str, str], nature: str, usual: Usual) -> bool:
    """Whether nobody walks across; what is only felt to be unsafe can be crossed unless the row says otherwise."""
    said = _plain(told.get("hard", ""))
    if said in YES | {"hard"}:
        return True
    return False if said in NO | {"soft"} else usual.is_hard and nature != "felt_unsafe"


def _crossing(row: int, told: dict[str, str], point: Any, seen: Counter[str]) -> CrossingRow:
    said = _plain(told.get("step_free", "") or told.get("highway", ""))
    step_free = "yes" if said in YES else "no" if said in NO else "unknown"
    named, name = told.get("reference") or told.get("name", ""), told.get("name") or called("Crossing", point)
    key = key_among(seen, named or spot(point), "point")
    return CrossingRow(row, key, name, step_free, told.get("barrier", ""), point, not named)


def _plain(said: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", said.lower()))


def _left_out(file: WholeFile, row: int, kind: str, message: str, what_to_do: str) -> None:
    file.issues.add(kind, message, what_to_do, row=row, column="geometry")
