"""Freshness and confidence as product.md D.3 says."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets import freshness
from abcd.assets.freshness import by_place_and_category, confidence_of, state_of
from abcd.db.tables import Asset, Term
from abcd.places.assign import assign
from tests.builders import a_place, an_asset

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "today", lambda: TODAY)


def months_ago(months: float) -> date:
    """A day so many months before ``TODAY``."""
    return date.fromordinal(TODAY.toordinal() - round(months * 365.25 / 12))


@pytest.mark.parametrize(
    ("months", "year_long", "quick", "slow"),
    [(0, "fresh", "fresh", "fresh"), (4.9, "fresh", "fresh", "fresh"), (5.5, "fresh", "due", "fresh"),
     (9.9, "fresh", "stale", "fresh"), (11, "due", "stale", "fresh"), (12.5, "stale", "hidden", "fresh"),
     (19.9, "stale", "hidden", "fresh"), (22, "stale", "hidden", "due"), (24.5, "hidden", "hidden", "stale"),
     (48.5, "hidden", "hidden", "hidden")],
)  # fmt: skip
def test_times_halve_for_what_changes_quickly_and_double_for_what_hardly_does(
    months: float, year_long: str, quick: str, slow: str
) -> None:
    checked = months_ago(months)
    assert [state_of(checked, lasts, TODAY) for lasts in (12, 6, 24)] == [year_long, quick, slow]


def test_a_record_nobody_dated_is_stale() -> None:
    assert state_of(None) == "stale"


@pytest.mark.parametrize(
    ("method", "months", "confidence"),
    [("resident", 0, 1.0), ("group", 0, 1.0), ("staff visit", 0, 0.9), ("connector", 0, 0.8), ("partner list", 0, 0.7),
     ("open data", 0, 0.5), ("hearsay", 0, 0.3), ("resident", 12, 0.5), ("open data", 12, 0.25),
     ("staff visit", 6, 0.6364)],
)  # fmt: skip
def test_confidence_is_the_weight_of_the_method_halved_each_year(method: str, months: float, confidence: float) -> None:
    assert confidence_of(method, months_ago(months), TODAY) == pytest.approx(confidence, abs=2e-3)


def test_the_store_says_the_same_as_python(s: Session) -> None:
    ages = (0, 5.5, 11, 13, 30, None)
    for category, months, method in product(("library", "food-bank", "heritage"), ages, ("resident", "import", "desk")):
        checked = None if months is None else months_ago(months)
        made = an_asset(s, category, checked=checked, source_kind=method, name=f"{category} {months} {method}")
        query = select(freshness.state(), freshness.confidence(), Term.fresh_months)
        row = s.execute(query.join_from(Asset, Term, Term.slug == Asset.category).where(Asset.id == made)).one()
        assert row[0] == state_of(checked, row[2], TODAY)
        assert row[1] == pytest.approx(confidence_of(method, checked, TODAY))


def test_the_method_of_the_last_check_outweighs_where_it_came_from(s: Session) -> None:
    made = an_asset(s, checked=TODAY, source_kind="import", assured_by="staff visit")
    stranger = an_asset(s, checked=TODAY, source_kind="resident", assured_by="somebody@example.org")
    query = select(freshness.confidence()).where(Asset.id == made)
    assert s.scalar(query) == pytest.approx(0.9)
    assert s.scalar(select(freshness.confidence()).where(Asset.id == stranger)) == pytest.approx(1.0)


def test_counts_by_place_and_category(s: Session) -> None:
    place = a_place(s)
    for months in (1, 11, 13, 30):
        an_asset(s, "library", checked=months_ago(months))
    an_asset(s, "park", checked=months_ago(1))
    an_asset(s, "library", checked=months_ago(1), status="defunct")
    assign(s)
    rows = by_place_and_category(s, [place]).to_dict("records")
    states = ("total", "fresh", "due", "stale", "hidden")
    counts = {row["category"]: [int(row[name]) for name in states] for row in rows}
    assert counts == {"library": [4, 1, 1, 1, 1], "park": [1, 1, 0, 0, 0]}
    assert [row["place_id"] for row in rows] == [place, place]
    assert by_place_and_category(s)["total"].sum() == 5
