"""Each bounded search reads the index that was made for it, and no other."""

import re

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from abcd.gaps.reach import FURTHER, GREENS, NEAR, further, widened
from abcd.gaps.similar import FARE
from abcd.places.queries import place
from tests.builders import HERE, TODAY, a_place, an_asset

SLUGS = ["library", "cafe"]
BOX = widened((HERE[0], HERE[1], HERE[0], HERE[1]), 1000)


def indexes(s: Session, statement: TextClause, values: dict[str, object]) -> set[str]:
    s.execute(text("set local enable_seqscan = off"))
    plan = "\n".join(s.scalars(text("explain " + statement.text), values))
    return set(re.findall(r"\bix_\w+", plan))


def test_what_is_near_reads_the_shelves(s: Session) -> None:
    assert indexes(s, NEAR, {"slugs": SLUGS} | BOX) == {"ix_asset_shelf"}


def test_what_is_further_reads_the_shelves(s: Session) -> None:
    asked = {"places": [a_place(s)] * 2, "slugs": SLUGS, "eastings": [HERE[0]] * 2, "northings": [HERE[1]] * 2}
    assert indexes(s, FURTHER, asked | {"far": 30_000}) == {"ix_asset_shelf"}


def test_green_spaces_read_their_own_index(s: Session) -> None:
    assert indexes(s, GREENS, {"slugs": SLUGS, "area": 5000} | BOX) == {"ix_asset_category_geom"}


def test_similar_places_read_the_shelves_and_never_every_point(s: Session) -> None:
    values = {"places": [a_place(s)], "slugs": SLUGS, "metres": [500.0, 500.0], "since": TODAY}
    read = indexes(s, FARE, values)
    assert "ix_asset_shelf" in read
    assert "ix_asset_point" not in read


def test_the_nearest_is_exact_and_of_its_own_category(s: Session) -> None:
    for metres in (900, 700, 800):
        an_asset(s, "library", (HERE[0] + metres, HERE[1]), name=f"Library at {metres}")
    an_asset(s, "cafe", (HERE[0] + 10, HERE[1]))
    here = place(s, a_place(s, HERE))
    found = further(s, [(here, "library"), (here, "pharmacy")])
    assert {pair: (row.name, row.metres) for pair, row in found.items()} == {
        (here.id, "library"): ("Library at 700", pytest.approx(700.0))}  # fmt: skip
    assert further(s, []) == {}
