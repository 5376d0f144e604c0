"""What the address of a list of the directory asks for; what makes no sense is a sentence."""

from datetime import time
from math import isfinite

from starlette.requests import Request

from abcd.core.text import tidy
from abcd.errors import BadRequest
from abcd.maps.oruk import Asked
from abcd.maps.oruk.pages import PER_PAGE

LONGEST = 200
"""Letters of a text that somebody looks for."""

FARTHEST_PAGE = 1_000_000
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def asked_in(request: Request) -> Asked:
    """The filters of the query.

    Raises:
        BadRequest: one of them makes no sense.
    """
    given = request.query_params
    return Asked(
        search=tidy(given.get("search", ""))[:LONGEST],
        taxonomy_term_id=given.get("taxonomy_term_id", "").lower(),
        taxonomy_id=given.get("taxonomy_id", "").lower(),
        minimum_age=number_in(request, "minimum_age"),
        maximum_age=number_in(request, "maximum_age"),
        start_time=time_in(request, "start_time"),
        end_time=time_in(request, "end_time"),
        day=day_in(request),
        postcode=tidy(given.get("postcode", ""))[:LONGEST],
        proximity=number_in(request, "proximity"),
    )


def page_in(request: Request) -> tuple[int, int]:
    """Which page, and how many entries it has.

    Raises:
        BadRequest: one of them is no whole number above 0.
    """
    return whole_in(request, "page", 1), whole_in(request, "per_page", PER_PAGE)


def whole_in(request: Request, name: str, default: int) -> int:
    """A whole number above 0.

    Raises:
        BadRequest: it is none.
    """
    told = request.query_params.get(name) or str(default)
    if not (told.isascii() and told.isdigit() and 0 < int(told[:9]) <= FARTHEST_PAGE):
        raise BadRequest(f"{name} is a whole number from 1 to {FARTHEST_PAGE:,}.")
    return int(told[:9])


def number_in(request: Request, name: str) -> float | None:
    """A number from 0, ``None`` when it is not given.

    Raises:
        BadRequest: it is none.
    """
    told = request.query_params.get(name)
    if not told:
        return None
    try:
        number = float(told)
    except ValueError:
        number = -1.0
    if not isfinite(number) or number < 0:
        raise BadRequest(f"{name} is a number from 0.")
    return number


def time_in(request: Request, name: str) -> time | None:
    """A time of the day, ``None`` when it is not given.

    Raises:
        BadRequest: it is none.
    """
    told = request.query_params.get(name)
    if not told:
        return None
    try:
        return time.fromisoformat(told).replace(tzinfo=None)
    except ValueError as error:
        raise BadRequest(f"{name} is a time such as 09:30.") from error


def day_in(request: Request) -> str:
    """A day of the week as ``MO``, ``""`` when it is not given.

    Raises:
        BadRequest: it is none.
    """
    told = request.query_params.get("day", "").strip().upper()
    if told and not any(day.startswith(told) and len(told) > 1 for day in DAYS):
        raise BadRequest(f"day is one of: {', '.join(day[:2] for day in DAYS)}.")
    return told[:2]
