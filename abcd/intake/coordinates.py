"""Coordinates as people write them in cells: numbers, degrees and minutes, pairs, grid references."""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pygeodesy import OSGRError, ParseError, parseDMS, parseOSGR

from abcd.intake import strings

Floats = npt.NDArray[np.float64]

WEST, EAST, SOUTH, NORTH = -9.0, 3.0, 49.0, 62.0
"""Degrees within which a place can be in or by the United Kingdom."""

DEGREES_TEXT = (
    r"(?i)^\s*[NSEW]?\s*-?\d{1,3}(\.\d+)?\s*[°º˚d:\s]\s*"
    r"(\d{1,2}(\.\d+)?\s*['′’m:\s]?\s*)?(\d{1,2}(\.\d+)?\s*[\"″”s]?)?\s*[NSEW]?\s*$"
    r"|^\s*\d{1,3}(\.\d+)?\s*[NSEW]\s*$"
)
PAIR_TEXT = (
    r"^\s*[\(\[]?\s*(?:"
    r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?\s*[,;]\s*[-+]?(?:0|[1-9]\d*)(?:\.\d+)?"
    r"|[-+]?\d+\.\d+\s+[-+]?\d+\.\d+|\d{6}\s+\d{6})\s*[\)\]]?\s*$"
)
"""Two numbers with a comma, two decimal numbers, or six and six digits: a telephone number is none of these."""

GRID_REFERENCE = r"(?i)^\s*[HNST][A-HJ-Z]\s*(\d{2}\s*\d{2}|\d{3}\s*\d{3}|\d{4}\s*\d{4}|\d{5}\s*\d{5})\s*$"
SEVERAL = r"^\s*[-+]?\d+(\.\d+)?(\s*[,;]\s*[-+]?\d+(\.\d+)?)+\s*$"

_numbers = re.compile(r"[-+]?\d+(?:\.\d+)?")


def axis(texts: pa.Array) -> Floats:
    """One axis of a pair of columns as numbers: decimal, or degrees, minutes and seconds; NaN when unreadable."""
    values = strings.numbers(texts)
    written = np.isnan(values) & strings.matches(texts, DEGREES_TEXT)
    return strings.numbers(strings.change_where(texts, written, _decimal)) if written.any() else values


def pair(texts: pa.Array) -> tuple[Floats, Floats]:
    """The two numbers of texts such as ``(53.4, -2.3)``, in the order written; NaN when unreadable."""
    text = strings.keep_where(texts, strings.matches(texts, PAIR_TEXT))
    first = strings.each_distinct(text, lambda value: (_numbers.findall(value) or [""])[0])
    second = strings.each_distinct(text, lambda value: (_numbers.findall(value) or [""])[-1])
    return strings.numbers(first), strings.numbers(second)


def grid_reference(texts: pa.Array) -> tuple[Floats, Floats, Floats]:
    """Easting, northing and metres of doubt of Ordnance Survey references such as ``SJ 792 974``.

    A reference names the south-west corner of a square; the place is taken to be in its middle.
    """
    text = strings.keep_where(texts, strings.matches(texts, GRID_REFERENCE))
    told = strings.each_distinct(text, _square)
    return _part(told, 0), _part(told, 1), _part(told, 2)


def _part(told: pa.Array, place: int) -> Floats:
    """The number at ``place`` among those of each text, NaN where there is none."""
    return strings.numbers(strings.each_distinct(told, lambda value: value.split()[place] if value else ""))


def doubt_in_degrees(texts: pa.Array) -> Floats:
    """Metres of doubt from the decimals written: six say a metre, two a kilometre; never under 1."""
    point = np.asarray(pc.find_substring(texts, ".").to_numpy())
    length = np.asarray(pc.utf8_length(pc.utf8_trim_whitespace(texts)).to_numpy())
    decimals = np.where(point < 0, 0, length - point - 1).clip(0, 8)
    return np.maximum(1.0, 111_320.0 * 10.0**-decimals)


def _decimal(value: str) -> str:
    """Degrees, minutes and seconds as decimal degrees, ``""`` when they make no sense."""
    bare = re.sub(r"[º˚d:]", "°", value.strip()).replace("’", "′").replace("'", "′").replace('"', "″").replace("”", "″")
    try:
        return f"{parseDMS(bare):.9f}"
    except (ParseError, ValueError):
        return ""


def _square(reference: str) -> str:
    """``easting northing doubt`` of the middle of a reference's square."""
    if not reference:
        return ""
    digits = sum(ch.isdigit() for ch in reference) // 2
    side = 10 ** (5 - digits)
    try:
        corner = parseOSGR(re.sub(r"\s+", "", reference).upper())
    except (OSGRError, ParseError):
        return ""
    middle = side / 2 if side > 1 else 0
    return f"{corner.easting + middle} {corner.northing + middle} {max(1, side)}"
