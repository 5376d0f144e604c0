"""Counts of assets by grid square, so that a map of the whole country does not read every asset.

Rows are only ever added: what people edit leaves +1 and -1 rows (a trigger), a bulk load counts afresh
(``abcd.db.cells``). The number of assets in a square is the sum of its rows, so nobody waits for anybody.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from abcd.db.tables.base import Base

SIZES = (2_000, 16_000)
"""Sides of the squares in metres: clusters of zooms 10 to 12, and of zoom 9 and less."""

ON_MAP = (
    "{0}.point is not null and {0}.merged_into is null and {0}.status not in ('inactive', 'defunct') "
    "and {0}.asset_kind <> 'individual'"
)
"""Which assets (``{0}`` is the row's name) a map shows. People's gifts are never placed."""

asset_cell = Table(
    "asset_cell",
    Base.metadata,
    Column("size", Integer, nullable=False),
    Column("x", Integer, nullable=False),
    Column("y", Integer, nullable=False),
    Column("category", Text, nullable=False),
    Column("asset_kind", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("sum_e", BigInteger, nullable=False),
    Column("sum_n", BigInteger, nullable=False),
    Index("ix_asset_cell_box", "size", "x", "y", info={"comment": "maps.clusters: the squares of a viewport"}),
)

COUNTED = "point", "category", "visibility", "status", "merged_into", "asset_kind"

_ONE_ROW = f"""insert into core.asset_cell (size, x, y, category, asset_kind, visibility, n, sum_e, sum_n)
    select size, floor(round(st_x({{0}}.point)) / size)::int, floor(round(st_y({{0}}.point)) / size)::int,
           {{0}}.category, {{0}}.asset_kind, {{0}}.visibility, {{1}},
           {{1}} * round(st_x({{0}}.point))::bigint, {{1}} * round(st_y({{0}}.point))::bigint
    from unnest(array[{", ".join(map(str, SIZES))}]) as size where {ON_MAP}"""

_NOT_BULK = "current_setting('abcd.bulk', true) is distinct from 'on'"
_CHANGED = ", ".join(f"old.{c}" for c in COUNTED), ", ".join(f"new.{c}" for c in COUNTED)

TRIGGERS = (
    f"""create function core.count_asset() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    {_ONE_ROW.format("old", -1)};
  end if;
  if tg_op <> 'DELETE' then
    {_ONE_ROW.format("new", 1)};
  end if;
  return null;
end $$""",
    f"""create trigger count_asset after insert or delete on core.asset for each row
    when ({_NOT_BULK}) execute function core.count_asset()""",
    f"""create trigger count_asset_change after update on core.asset for each row
    when ({_NOT_BULK} and ({_CHANGED[0]}) is distinct from ({_CHANGED[1]})) execute function core.count_asset()""",
)
"""Statements of the migration, run after the tables."""
