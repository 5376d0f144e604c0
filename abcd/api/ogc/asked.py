"""What an address of items asks for, as a question to the layer; anything that makes no sense is a sentence."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session
from starlette.requests import Request

from abcd.errors import BadRequest
from abcd.maps import cql2
from abcd.maps.filtering import Filter
from abcd.maps.items import MOST, Question, shape_meets
from abcd.maps.layer import Column, Layer
from abcd.maps.queryables import Queryable, moment_of, queryables
from abcd.maps.reader import Reader
from abcd.maps.systems import CRS84, box_in, outlines, system

FIRST = 10
#: What an address of items takes besides the properties of the layer.
PARAMETERS = (
    "limit", "bbox", "bbox-crs", "datetime", "crs", "filter", "filter-lang", "filter-crs", "after", "resultType",
)  # fmt: skip


def question_in(s: Session, request: Request, reader: Reader, layer: Layer) -> Question:
    """The question of a request.

    Raises:
        BadRequest: a parameter is unknown, or its value makes no sense.
    """
    known, given = queryables(s, layer, reader.audience), request.query_params
    unknown = set(given) - {"f", "lang", *PARAMETERS, *known}
    if unknown:
        raise BadRequest(
            f"There is no property or parameter “{sorted(unknown)[0]}” here. Parameters are {', '.join(PARAMETERS)}; "
            f"properties are {', '.join(known)}."
        )
    named = [known[name] for name in given if name in known]
    conditions: list[Any] = [one.equals(given[one.column.name]) for one in named]
    conditions += [in_time(layer, given["datetime"])] if "datetime" in given else []
    if "filter" in given:
        wanted, columns = filtered(request, layer, known)
        conditions, named = [*conditions, wanted], [*named, *columns]
    return Question(
        reader,
        layer,
        tuple(conditions),
        tuple({one.column.name: one.column for one in named}.values()),
        system(given.get("crs", CRS84.uri)),
        limit_in(request),
        given.get("after", ""),
        in_bbox(request) if "bbox" in given else None,
    )


def limit_in(request: Request) -> int:
    """How many features a page may have; more than the most is the most.

    Raises:
        BadRequest: not a whole number above 0.
    """
    given = request.query_params.get("limit", str(FIRST))
    if not (given.isascii() and given.isdigit() and int(given[:9]) > 0):
        raise BadRequest(f"limit is a whole number from 1 to {MOST}.")
    return min(int(given[:9]), MOST)


def in_bbox(request: Request) -> tuple[str, ...]:
    """The outlines of the box, of which a feature must touch one."""
    of = system(request.query_params.get("bbox-crs", CRS84.uri))
    return tuple(outlines(box_in(request.query_params["bbox"], of), of))


def filtered(
    request: Request, layer: Layer, known: dict[str, Queryable]
) -> tuple[ColumnElement[bool], list[Queryable]]:
    """The condition of a CQL2 filter, and the properties that it names."""
    given = request.query_params
    language = given.get("filter-lang", "cql2-text")
    if language not in ("cql2-text", "cql2-json"):
        raise BadRequest("filter-lang is cql2-text or cql2-json.")
    of = system(given.get("filter-crs", CRS84.uri))
    whole = Filter(known, layer.geom, lambda area: shape_meets(layer, area), of)
    return whole.condition(cql2.tree_of(given["filter"], language)), list(whole.used.values())


def in_time(layer: Layer, words: str) -> ColumnElement[bool]:
    """The features that last changed at a moment, on a day, or between two; ``..`` leaves one end open.

    Raises:
        BadRequest: it is none of these.
    """
    ends = words.split("/")
    begin: datetime | None
    end: datetime | None
    try:
        if len(ends) == 1:
            begin, end = span_of(words)
        elif len(ends) == 2 and any(is_closed(each) for each in ends):
            begin = span_of(ends[0])[0] if is_closed(ends[0]) else None
            end = span_of(ends[1])[1] if is_closed(ends[1]) else None
        else:
            raise ValueError(words)
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            "datetime is a time or a day such as 2026-06-01T12:00:00Z or 2026-06-01, or two with a / between them, "
            "of which one may be .. for an open end."
        ) from error
    if begin and end and begin > end:
        raise BadRequest("The interval of datetime ends before it begins.")
    changed: Any = layer.changed
    inside = [*([changed >= begin] if begin else []), *([changed < end] if end else [])]
    return or_(changed.is_(None), *[inside[0] & inside[-1]])


def is_closed(end: str) -> bool:
    """Whether an end of an interval is given."""
    return end not in ("", "..")


def span_of(words: str) -> tuple[datetime, datetime]:
    """From when to when (that itself not included) a moment lasts: its second, or its day.

    Raises:
        ValueError: it is no moment.
    """
    begin = moment_of(words)
    return begin, begin + (timedelta(days=1) if len(words) == len("2026-06-01") else timedelta(seconds=1))


def columns_of(question: Question) -> tuple[Column, ...]:
    """The properties that an answer shows."""
    return question.layer.columns_for(question.reader.audience)
