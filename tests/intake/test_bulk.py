"""Setting indexes aside and making them again, as the app's own role."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.intake.bulk import WORTH_IT_ROWS, indexes_aside

SHAPE = """
select string_agg(definition, e'\n' order by definition) from (
    select pg_get_indexdef(indexrelid) || coalesce(obj_description(indexrelid), '') as definition
    from pg_index where indrelid = 'core.asset'::regclass
    union all
    select conname || pg_get_constraintdef(oid) from pg_constraint where conrelid = 'core.asset'::regclass) d
"""


def test_a_large_load_finds_no_index_and_leaves_all(s: Session) -> None:
    before = s.scalar(text(SHAPE))
    with indexes_aside(s, WORTH_IT_ROWS):
        inside = s.scalar(text(SHAPE))
    assert s.scalar(text(SHAPE)) == before
    assert "ix_asset_point" in before
    assert "gist" not in inside
    assert "pk_asset" in inside


def test_a_small_load_keeps_its_indexes(s: Session) -> None:
    before = s.scalar(text(SHAPE))
    with indexes_aside(s, WORTH_IT_ROWS - 1):
        assert s.scalar(text(SHAPE)) == before
