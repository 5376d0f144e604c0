"""Text columns worked on as a whole: tidied, emptied of words for nothing, mapped by distinct value.

Every function takes and gives ``pyarrow.StringArray`` without nulls unless it says otherwise.
"""

import html
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from abcd.core.text import tidy

Mask = npt.NDArray[np.bool_]

NOTHING = (
    "na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil", "-", "--", "---", ".", "?", "tbc", "tba", "unknown",
    "not known", "not applicable", "not available", "not relevant", "not provided", "not stated", "no data",
    "[removed]", "see above", "xxx", "0000",
)  # fmt: skip
"""What people write in a cell when they have nothing to say."""

UNTIDY = r"[^\x21-\x7e ]|  |^ | $"
MARKUP = r"<[a-zA-Z/!][^<>]*>|&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});"
TAGS = r"(?is)<(script|style)\b.*?</(script|style)>|<!--.*?-->|<[a-zA-Z/!][^<>]*>"


def filled(array: pa.Array) -> pa.Array:
    """``array`` as plain text, nulls as ``""``."""
    text = array if pa.types.is_string(array.type) else pc.cast(array, pa.string())
    return pc.fill_null(text, "") if text.null_count else text


def where(mask: pa.Array) -> Mask:
    """A pyarrow mask as numpy, null as false."""
    return np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), dtype=bool)


def matches(array: pa.Array, pattern: str) -> Mask:
    """Which values match the RE2 ``pattern`` somewhere."""
    return where(pc.match_substring_regex(array, pattern))


def is_filled(array: pa.Array) -> Mask:
    """Which values hold something."""
    return where(pc.not_equal(array, ""))


def each_distinct(array: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """``change`` applied once to every distinct value."""
    coded = pc.dictionary_encode(array)
    changed = pa.array([change(value) for value in coded.dictionary.to_pylist()], pa.string())
    return changed.take(coded.indices)


def change_where(array: pa.Array, mask: Mask, change: Callable[[str], str]) -> pa.Array:
    """``change`` applied to the distinct values under ``mask``; the others stay."""
    if not mask.any():
        return array
    chosen = pa.array(mask)
    return pc.replace_with_mask(array, chosen, each_distinct(array.filter(chosen), change))


def keep_where(array: pa.Array, mask: Mask) -> pa.Array:
    """The values under ``mask``, ``""`` elsewhere."""
    return pc.if_else(pa.array(mask), array, "")


def first_filled(arrays: Sequence[pa.Array]) -> pa.Array:
    """The first value that holds something, column after column."""
    found = arrays[0]
    for other in arrays[1:]:
        found = pc.if_else(pa.array(is_filled(found)), found, other)
    return found


def joined(arrays: Sequence[pa.Array], separator: str = ", ") -> pa.Array:
    """The values that hold something, joined."""
    # Arrow's own skipping of nulls drops rows that are null throughout, so each value brings its separator.
    parts = [
        pc.if_else(pa.array(is_filled(one)), pc.binary_join_element_wise(one, "", separator), "") for one in arrays
    ]
    run = pc.binary_join_element_wise(*parts, "") if len(parts) > 1 else parts[0]
    return pc.utf8_slice_codeunits(run, 0, -len(separator))


def cleaned(array: pa.Array, lines: bool = False) -> pa.Array:
    """Tidy text without markup; ``lines`` keeps line breaks."""
    text = change_where(filled(array), matches(filled(array), MARKUP), without_markup)
    return change_where(text, matches(text, UNTIDY), lambda value: tidy(value, lines))


def without_markup(value: str) -> str:
    """The words of a piece of HTML, a line for each break."""
    broken = re.sub(r"(?i)<br\s*/?>|</(p|div|tr|li|h[1-6])\s*>", "\n", value)
    return html.unescape(re.sub(TAGS, " ", broken))


def without_nothing(array: pa.Array, words: Iterable[str] = NOTHING) -> pa.Array:
    """``array`` with the words for nothing taken out."""
    said = pc.is_in(pc.utf8_lower(array), value_set=pa.array(list(words), pa.string()))
    return pc.if_else(said, "", array) if pc.any(said).as_py() else array


def numbers(array: pa.Array) -> npt.NDArray[np.float64]:
    """Plain decimal numbers as float64, NaN for everything else; a decimal comma is read as a point."""
    bare = pc.utf8_trim_whitespace(array)
    comma = matches(bare, r"^[-+]?\d{1,3},\d{3,}$") & ~matches(bare, r"^[-+]?\d{1,3},\d{3}$")
    pointed = change_where(bare, comma, lambda value: value.replace(",", "."))
    plain = matches(pointed, r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,2})?$")
    unsigned = pc.replace_substring_regex(pointed, r"^\+", "") if matches(pointed, r"^\+").any() else pointed
    values = pc.cast(pc.if_else(pa.array(plain), unsigned, pa.scalar(None, pa.string())), pa.float64())
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)
