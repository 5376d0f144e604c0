"""The invented Britain holds what it says, is the same each time, and answers the questions that it is made for."""

from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from abcd.connections.suggestions import suggestions
from abcd.gaps.possibilities import possibilities
from abcd.places.queries import place
from tests.bench.synthetic import SHARES, TODAY, fill

COUNTS = """
select (select count(*) from core.asset), (select count(*) from core.place where kind = 'estate'),
  (select count(*) from core.place where kind = 'oa'), (select count(*) from core.households),
  (select count(distinct category) from core.asset)"""

PRINT = "select md5(string_agg(id::text || ST_AsText(point) || name || assured_on, ',' order by id)) from core.asset"


def filled(url: str) -> dict[str, Any]:
    """Fill an empty store with 3,000 assets and take it back: what was in it."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        fill(connection, 3_000, estates=60, towns=20, postcodes=100)
        found = {"counts": tuple(connection.execute(text(COUNTS)).one()), "print": connection.scalar(text(PRINT))}
        with Session(connection) as s:
            estates = [place(s, f"E{n}").id for n in (1, 7, 30)]
            found["possibilities"] = sum(len(possibilities(s, estate, on=TODAY)) for estate in estates)
            found["suggestions"] = sum(len(suggestions(s, estate, on=TODAY)) for estate in estates)
        connection.rollback()
    return found


@pytest.fixture
def twice(store: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return filled(store), filled(store)


def test_rows_are_as_many_as_asked_for_and_the_same_each_time(twice: tuple[dict[str, Any], dict[str, Any]]) -> None:
    first, second = twice
    assert first["counts"] == (3_000, 60, 180, 360, len(SHARES))
    assert first == second


def test_the_invented_places_have_possibilities_and_suggestions(store: str) -> None:
    found = filled(store)
    assert found["possibilities"] > 0
    assert found["suggestions"] > 0
