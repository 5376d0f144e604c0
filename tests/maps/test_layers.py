"""The registry: every layer lists its columns, and a column that is not for somebody is not in their SQL."""

from dataclasses import replace

import pytest
from sqlalchemy.dialects import postgresql

from abcd.errors import NotAllowed, NotFound
from abcd.maps.geojson import features
from abcd.maps.layer import AUDIENCES, reaches
from abcd.maps.layers import BASE, LAYERS, layer

PERSONAL = ("assured_by", "extra", "created_by", "edited_at", "search")


def sql(name: str, audience: str, *, on_map: bool = False) -> str:
    """The statement that runs for a layer and an audience."""
    one = LAYERS[name]
    query = features(one, audience, one.columns_for(audience, on_map=on_map))
    return str(query.compile(dialect=postgresql.dialect()))


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_says_what_it_is_and_what_each_column_is(name: str) -> None:
    one = LAYERS[name]
    assert one.name == name
    assert one.title
    assert one.says
    assert one.licence
    assert one.attribution
    assert one.audience in AUDIENCES
    assert one.columns
    assert all(column.says.endswith(".") and column.audience in AUDIENCES for column in one.columns)
    assert len({column.name for column in one.columns}) == len(one.columns)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("on_map", [True, False])
def test_what_the_public_may_not_see_is_absent_from_the_sql(name: str, on_map: bool) -> None:
    statement = sql(name, LAYERS[name].audience, on_map=on_map)
    for hidden in PERSONAL:
        assert f"asset.{hidden}" not in statement.replace("asset_id", "")
    for where in ("address", "postcode"):
        # Only behind the question whether it is a hall or an institution.
        assert statement.count(f"asset.{where}") == statement.count(f"THEN nullif(core.asset.{where}")


def test_an_officers_map_has_the_address_and_the_publics_has_not() -> None:
    assert "address" in [column.name for column in LAYERS["assets"].columns_for("officer", on_map=True)]
    assert "address" not in [column.name for column in LAYERS["assets"].columns_for("council", on_map=True)]


def test_a_map_joins_only_what_its_columns_need() -> None:
    assert "core.organisation" in sql("assets", "public")
    statement = sql("assets", "public", on_map=True)
    assert not [table for table in ("organisation", "activity", "place_asset") if f"core.{table}" in statement]


def test_audiences_widen_from_the_public_to_officers() -> None:
    seen = {audience: [wide for wide in AUDIENCES if reaches(wide, audience)] for audience in AUDIENCES}
    assert seen == {
        "public": ["public"],
        "partner": ["public", "partner"],
        "council": ["public", "partner", "council"],
        "officer": ["public", "partner", "council", "officer"],
    }


def test_a_layer_for_officers_is_refused_to_others() -> None:
    inner = replace(LAYERS["assets"], audience="officer")
    assert inner.seen_by("officer")
    with pytest.raises(NotAllowed, match="not for this audience"):
        inner.seen_by("partner")


def test_the_background_is_made_of_layers() -> None:
    assert {one.name for parts in BASE.values() for one in parts} <= set(LAYERS)


def test_an_unknown_layer_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match="assets, venues"):
        layer("moons")
