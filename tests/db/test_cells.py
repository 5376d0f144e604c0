"""The counts by grid square agree with the assets, whatever is done to them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from shapely import Point
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from abcd.db.cells import count_afresh, count_later
from abcd.db.tables import Asset, asset_cell
from abcd.db.tables.cells import ON_MAP
from tests.builders import a_term, an_asset, shape

TRUTH = text(f"""
select size, floor(round(st_x(point)) / size)::int, floor(round(st_y(point)) / size)::int, category, asset_kind,
       visibility, count(*),
       sum(round(st_x(point)))::bigint, sum(round(st_y(point)))::bigint
from core.asset cross join (values (2000), (16000)) z(size) where {ON_MAP.format("asset")} group by 1, 2, 3, 4, 5, 6
order by 1, 2, 3, 4, 5, 6
""")
KEYS = [asset_cell.c[name] for name in ("size", "x", "y", "category", "asset_kind", "visibility")]
SUMS = [func.sum(asset_cell.c[name]) for name in ("n", "sum_e", "sum_n")]
COUNTED = select(*KEYS, *SUMS).group_by(*KEYS).having(SUMS[0] != 0).order_by(*KEYS)

spots = some.tuples(some.floats(-20_000, 40_000), some.floats(-20_000, 40_000))
changes = some.fixed_dictionaries(
    {},
    optional={
        "point": some.none() | spots.map(lambda at: shape(Point(at))),
        "status": some.sampled_from(["active", "defunct", "planned"]),
        "visibility": some.sampled_from(["public", "officer"]),
        "asset_kind": some.sampled_from(["physical", "individual"]),
        "name": some.just("Renamed"),
    },
)


def agree(s: Session) -> bool:
    """Whether the squares hold what the assets say."""
    return [tuple(row) for row in s.execute(COUNTED)] == [tuple(row) for row in s.execute(TRUTH)]


@given(some.lists(spots, min_size=1, max_size=6), some.lists(some.tuples(some.integers(0, 5), changes), max_size=8))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_edits_one_by_one_keep_the_counts_right(s: Session, at: list, edits: list) -> None:
    with s.begin_nested() as each:
        a_term(s, "library")
        made = [an_asset(s, at=spot) for spot in at]
        for which, change in edits:
            s.execute(update(Asset).where(Asset.id == made[which % len(made)]).values({"name": "Seen"} | change))
        s.execute(delete(Asset).where(Asset.id == made[0]))
        assert agree(s)
        each.rollback()


def test_a_bulk_load_counts_once_and_edits_after_it_count_again(s: Session) -> None:
    a_term(s, "library")
    an_asset(s)
    count_later(s)
    second = an_asset(s)
    assert not agree(s)
    count_afresh(s)
    assert agree(s)
    s.execute(delete(Asset).where(Asset.id == second))
    assert agree(s)


def test_an_edit_of_the_name_alone_adds_no_row(s: Session) -> None:
    a_term(s, "library")
    made = an_asset(s)
    rows = select(func.count()).select_from(asset_cell)
    before = s.scalar(rows)
    s.execute(update(Asset).where(Asset.id == made).values(name="Renamed"))
    assert s.scalar(rows) == before


@pytest.mark.parametrize("at", [(-0.4, 0.0), (1999.6, 2000.0), (15_999.9, 16_000.0)])
def test_the_edge_of_a_square_is_counted_alike_by_both_ways(s: Session, at: tuple[float, float]) -> None:
    a_term(s, "library")
    an_asset(s, at=at)
    one_by_one = s.execute(COUNTED).all()
    count_afresh(s)
    assert s.execute(COUNTED).all() == one_by_one
