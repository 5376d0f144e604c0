"""What somebody may need of a thing beyond its being near; only a known yes counts (product.md D.2, E.2)."""

import re
from collections.abc import Callable, Collection
from typing import Any

from abcd.core.language import _
from abcd.core.tongues import tongue_name
from abcd.errors import BadRequest

EVENINGS = sum(1 << (3 * day + 2) for day in range(7))
WEEKEND = sum(1 << (3 * day + part) for day in (5, 6) for part in range(3))
"""Bits of the 7 x 3 grid of opening times: bit ``3 * weekday + part``, Monday 0, evening part 2."""

NEEDS: dict[str, Callable[[Any], bool]] = {
    "step_free": lambda row: bool(row.step_free == "yes"),
    "free": lambda row: bool(row.cost.lower().startswith("free")),
    "evening": lambda row: bool((row.open_grid or 0) & EVENINGS),
    "weekend": lambda row: bool((row.open_grid or 0) & WEEKEND),
    "open_to_new": lambda row: bool(row.open_to_new == "yes"),
}

SPEAKS = "language:"
"""Before a BCP 47 code: ``language:cy`` asks for what is known to be held in Welsh."""

CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def check_needs(needs: Collection[str]) -> tuple[str, ...]:
    """``needs`` in a fixed order, languages last.

    Raises:
        BadRequest: one of them is not known.
    """
    unknown = [need for need in needs if need not in NEEDS and not _is_language(need)]
    if unknown:
        known = (*NEEDS, f"{SPEAKS}cy")
        raise BadRequest(f"There is no filter “{unknown[0]}”. Choose from: {', '.join(known)}.")
    return (*(need for need in NEEDS if need in needs), *sorted({need for need in needs if need not in NEEDS}))


def _is_language(need: str) -> bool:
    return need.startswith(SPEAKS) and bool(CODE.fullmatch(need.removeprefix(SPEAKS)))


def meets(row: Any, needs: Collection[str]) -> bool:
    """Whether it is known that ``row`` meets every one of ``needs``."""
    return all(NEEDS[need](row) if need in NEEDS else _speaks(row, need.removeprefix(SPEAKS)) for need in needs)


def _speaks(row: Any, code: str) -> bool:
    """Whether a language is among those said of ``row``; ``pa`` is also spoken where ``pa-Guru`` is."""
    said = (one.lower() for one in row.languages or ())
    return any(one == code.lower() or one.startswith(code.lower() + "-") for one in said)


def need_words(need: str) -> str:
    """A need as people say it."""
    if need.startswith(SPEAKS):
        return _("in {language}").format(language=tongue_name(need.removeprefix(SPEAKS)))
    return {
        "step_free": _("step-free"),
        "free": _("free of charge"),
        "evening": _("open in the evening"),
        "weekend": _("open at the weekend"),
        "open_to_new": _("open to new people"),
    }[need]
