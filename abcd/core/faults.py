"""A defect of ours as a number that somebody can quote, and a log line that tells where it happened and nothing else.

Messages and values of exceptions are never kept: they hold what people typed and what the store knows of them
(trust.md R12, P20, P21). What is kept is the type, our lines, and the five characters of a database error.
"""

import json
import logging
import secrets
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from typing import Any

#: Without 0, O, 1, I, L and U: numbers are read out over the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_LINES = 40
MOST_CAUSES = 5
ROOT = Path(__file__).parents[2]
LOG = "abcd.log"
_log = logging.getLogger("abcd.faults")

Described = dict[str, Any]


def report(error: BaseException, door: str) -> str:
    """Log ``error`` as one that nobody foresaw, and give its number; ``door`` is where it came out, without values."""
    number = new_number()
    _log.error("fault", extra={"ids": {"number": number, "door": door}, "fault": described(error)})
    return number


def new_number() -> str:
    """A number to quote, for example ``7F3K-2Q``."""
    drawn = "".join(secrets.choice(ALPHABET) for _each in range(6))
    return f"{drawn[:4]}-{drawn[4:]}"


def described(error: BaseException, depth: int = MOST_CAUSES) -> Described:
    """The type and lines of an error and of what caused it, without its message."""
    told: Described = {"type": f"{type(error).__module__}.{type(error).__qualname__}", "lines": lines_of(error)}
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    if isinstance(state, str):
        told["sqlstate"] = state
    if isinstance(error, BaseExceptionGroup):
        told["all"] = [described(one, 1) for one in error.exceptions[:MOST_CAUSES]]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and depth > 1:
        told["because"] = described(cause, depth - 1)
    return told


def lines_of(error: BaseException) -> list[str]:
    """``file:line function`` of each step, the last ones when there are many."""
    steps = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    return [f"{short(code.co_filename)}:{line} {code.co_name}" for code, line in steps[-MOST_LINES:]]


def short(file: str) -> str:
    """A file as its package names it."""
    path = Path(file)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def found(number: str, folder: Path) -> Described | None:
    """What the logs in ``folder`` say of the fault with this number, however it was typed; None when nothing."""
    wanted = number.strip().upper().replace(" ", "")
    for line in _lines(folder):
        if wanted in line and (told := json.loads(line)).get("number") == wanted:
            return dict(told)
    return None


def _lines(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob(f"{LOG}*")):
        with file.open(encoding="utf-8") as opened:
            yield from opened
