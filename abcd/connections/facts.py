"""What is known of something that somebody asks for, held against what was asked: yes, no, or nobody wrote it down.

A known no drops out; what nobody knows stays, and is said (product.md E.2: unknown is never a yes).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from abcd.connections.asking import Asked
from abcd.connections.wording import times
from abcd.core.language import _
from abcd.people.wording import need_names

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


Answer = tuple[bool | None, str, str]
"""Yes, no or not known; the reason for a yes; what nobody has checked."""


def judge(asked: Asked, known: Facts) -> Verdict:
    """Hold what is known of something against what was asked."""
    return _verdict(_answers(asked, known))


def judge_somebody(asked: Asked, known: Facts) -> Verdict:
    """The same for a resident, who meets wherever both choose and whose gift costs nothing."""
    return _verdict(_answers_of_somebody(asked, known))


def _verdict(found: Iterable[Answer]) -> Verdict:
    answers = list(found)
    return Verdict(
        all(answer is not False for answer, _yes, _unknown in answers),
        tuple(yes for answer, yes, _unknown in answers if answer),
        tuple(unknown for answer, _yes, unknown in answers if answer is None),
    )


def _answers(asked: Asked, known: Facts) -> Iterator[Answer]:
    if asked.grid:
        there = _("It is there: {times}.").format(times=_shared(asked, known))
        yield _meets(asked, known), there, _("When it is: nobody has written it down.")
    for need in asked.access:
        yield known.needs.get(need), met_words()[need], unmet_words()[need]
    if asked.languages:
        yield _speaks(asked, known), _("The language is spoken there."), _("Which languages are spoken.")
    if asked.is_free:
        yield is_free(known.cost), _("It costs nothing, or what you can give."), _("What it costs.")
    if asked.minutes is not None:
        yield _is_near(asked, known), "", _("How far it is.")


def _answers_of_somebody(asked: Asked, known: Facts) -> Iterator[Answer]:
    if asked.grid:
        there = _("They have time: {times}.").format(times=_shared(asked, known))
        yield _meets(asked, known), there, _("When they have time: nobody has asked.")
    if asked.access:
        needs = ", ".join(need_names()[need] for need in asked.access)
        yield None, "", _("Where to meet, so that there is what is needed: {needs}.").format(needs=needs)
    if asked.languages:
        yield _speaks(asked, known), _("They speak the language."), _("Which languages they speak.")
    if asked.minutes is not None:
        yield _is_near(asked, known), "", _("How far it is.")


def _meets(asked: Asked, known: Facts) -> bool | None:
    return None if known.grid is None else bool(known.grid & asked.grid)


def _shared(asked: Asked, known: Facts) -> str:
    """The parts of days that are asked for and known."""
    named = times((known.grid or 0) & asked.grid)
    return ", ".join(named[:SHOWN_TIMES]) + (" …" if len(named) > SHOWN_TIMES else "")


def _speaks(asked: Asked, known: Facts) -> bool | None:
    return not set(asked.languages).isdisjoint(known.languages) if known.languages else None


def _is_near(asked: Asked, known: Facts) -> bool | None:
    return None if known.minutes is None else known.minutes <= asked.minutes if asked.minutes is not None else True


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
