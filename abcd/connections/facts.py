"""What is known of something that somebody asks for, held against what was asked: yes, no, or nobody wrote it down.

A known no drops out; what nobody knows stays, and is said (product.md E.2: unknown is never a yes).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from abcd.connections.asking import Asked
from abcd.connections.wording import times
from abcd.core.language import _

FREE = re.compile(r"(?i)\bfree\b|no charge|\bam ddim\b|pay (?:what|as) you (?:feel|can|like)|donation")
PRICED = re.compile(r"£|\d")
SHOWN_TIMES = 3
#: What files call "yes" and "no".
SAID = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Facts:
    """What is known of one thing: ``None``, or a need that is not named, is not known.

    ``grid`` is 21 bits; ``needs`` says of some access needs whether they are met; ``languages`` BCP 47 codes; ``cost``
    as it is written down; ``minutes`` a walk.
    """

    grid: int | None = None
    needs: Mapping[str, bool] = field(default_factory=dict)
    languages: Collection[str] | None = None
    cost: str = ""
    minutes: float | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether nothing that is known speaks against it, why it fits, and what nobody has written down."""

    fits: bool
    reasons: tuple[str, ...]
    not_checked: tuple[str, ...]


def judge(asked: Asked, known: Facts) -> Verdict:
    """Hold what is known against what was asked."""
    answers = list(_answers(asked, known))
    return Verdict(
        all(answer is not False for answer, _yes, _unknown in answers),
        tuple(yes for answer, yes, _unknown in answers if answer),
        tuple(unknown for answer, _yes, unknown in answers if answer is None),
    )


def _answers(asked: Asked, known: Facts) -> Iterator[tuple[bool | None, str, str]]:
    """(yes, no or not known; the reason for a yes; what nobody has checked), for each thing that was asked."""
    if asked.grid:
        cells = None if known.grid is None else known.grid & asked.grid
        yield None if cells is None else bool(cells), when(cells or 0), _("When it is: nobody has written it down.")
    for need in asked.access:
        yield known.needs.get(need), met_words()[need], unmet_words()[need]
    if asked.languages:
        spoken = None if not known.languages else not set(asked.languages).isdisjoint(known.languages)
        yield spoken, _("The language is spoken there."), _("Which languages are spoken.")
    if asked.is_free:
        yield is_free(known.cost), _("It costs nothing, or what you can give."), _("What it costs.")
    if asked.minutes is not None:
        near = None if known.minutes is None else known.minutes <= asked.minutes
        yield near, "", _("How far it is.")


def when(cells: int) -> str:
    """The parts of days that are asked for and known."""
    named = times(cells)
    return _("It is there: {times}.").format(
        times=", ".join(named[:SHOWN_TIMES]) + (" …" if len(named) > SHOWN_TIMES else "")
    )


def met_words() -> dict[str, str]:
    """Each access need, met."""
    return {
        "step_free": _("It is known to be step-free."),
        "hearing_loop": _("It is known to have a hearing loop."),
        "accessible_toilet": _("It is known to have an accessible toilet."),
        "quiet": _("It is known to have somewhere quiet."),
        "parking": _("There is known to be parking."),
    }


def unmet_words() -> dict[str, str]:
    """Each access need of which nobody knows."""
    return {
        "step_free": _("Whether it is step-free."),
        "hearing_loop": _("Whether there is a hearing loop."),
        "accessible_toilet": _("Whether there is an accessible toilet."),
        "quiet": _("Whether there is somewhere quiet."),
        "parking": _("Whether there is parking."),
    }


def is_free(cost: str) -> bool | None:
    """Whether something costs nothing, or what one can give; None when that is not written down."""
    if FREE.search(cost):
        return True
    return False if PRICED.search(cost) else None


def needs_of(step_free: str | None, facilities: Mapping[str, Any] | None) -> dict[str, bool]:
    """The access needs that a venue or group is known to meet or not: "partly" step-free is not known to be enough."""
    said = {_named(name): str(value).lower() for name, value in (facilities or {}).items()}
    found = {name: SAID[value] for name, value in said.items() if value in SAID}
    if step_free in SAID:
        found["step_free"] = SAID[str(step_free)]
    return found


def _named(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")
