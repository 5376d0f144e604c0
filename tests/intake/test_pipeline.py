"""Rows through every step, each fault told, none lost."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from abcd.core import geo
from abcd.intake.columns import understand
from abcd.intake.frame import ASSET_FRAME
from abcd.intake.issues import Issues
from abcd.intake.mapping import Mapping
from abcd.intake.pipeline import clean
from abcd.intake.read.facts import FileLook

SALE = (-2.32, 53.42)


def a_batch(
    rows: list[dict[str, str | None]], shapes: list[bytes | None] | None = None, first: int = 1
) -> pa.RecordBatch:
    """Rows as the reader gives them."""
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in rows[0]}
    numbers = pa.array(range(first, first + len(rows)), pa.int64())
    return pa.RecordBatch.from_pydict(
        {**columns, "__row__": numbers, "__geom__": pa.array(shapes or [None] * len(rows), pa.binary())}
    )


def understood(rows: list[dict[str, str | None]], file_name: str = "", **facts: object) -> Mapping:
    """What is understood of these rows as a file."""
    return understand(FileLook(format="csv", columns=tuple(rows[0]), sample=tuple(rows), **facts), file_name)  # type: ignore[arg-type]


def cleaned(*rows: dict[str, str | None], file_name: str = "") -> tuple[pd.DataFrame, Issues]:
    """The frame of these rows, and what was told about them."""
    issues = Issues()
    (frame,) = clean([a_batch(list(rows))], understood(list(rows), file_name), issues)
    return ASSET_FRAME.check(frame), issues


def test_a_row_becomes_an_asset() -> None:
    frame, issues = cleaned(
        {
            "Name": " Sale  Library",
            "Address": "Tatton Road, Sale",
            "Postcode": "m331yh",
            "Tel": "01619123008",
            "Hours": "Mon 9am-5pm",
            "Email": "SALE@Trafford.gov.uk",
            "Website": "www.trafford.gov.uk",
            "lon": "-2.32",
            "lat": "53.42",
            "id": "L1",
        },
    )
    row = frame.iloc[0]
    assert [
        row[name] for name in ("name", "postcode", "phone", "email", "website", "category", "asset_kind", "reference")
    ] == [
        "Sale Library",
        "M33 1YH",
        "0161 912 3008",
        "sale@trafford.gov.uk",
        "http://www.trafford.gov.uk",
        "library",
        "institution",
        "L1",
    ]
    assert (row.easting, row.northing) == pytest.approx([float(one[0]) for one in geo.to_grid([SALE[0]], [SALE[1]])])
    assert (row.located_by, row.open_grid, row.category_by) == ("coordinates", 0b011, "name")
    assert not issues.counts


@pytest.mark.parametrize(
    ("x", "y", "kind", "is_located"),
    [
        ("53.42", "-2.32", "swapped_axes", True),
        ("379000", "391000", "grid_for_degrees", True),
        ("0", "0", "zero_coordinates", False),
        ("12.5", "41.9", "outside_country", False),
        ("999", "999", "outside_country", False),
        ("somewhere", "53.42", "unreadable_coordinates", False),
        ("-2.32, -2.33", "53.42, 53.43", "several_points", False),
        ("-2,32000", "53,42000", "", True),
        ("2°19′W", "53°25′N", "", True),
        ("", "", "", False),
    ],
)
def test_each_fault_of_a_coordinate_is_told(x: str, y: str, kind: str, is_located: bool) -> None:
    good = [{"name": f"Hall {n}", "lon": "-2.32", "lat": f"53.4{n}"} for n in range(4)]
    frame, issues = cleaned(*good, {"name": "Odd Hall", "lon": x, "lat": y})
    assert list(issues.counts) == ([kind] if kind else [])
    assert bool(frame.easting.notna().iloc[4]) is is_located
    assert issues.drain()["row"].tolist() == ([5] if kind else [])


def test_a_whole_file_the_wrong_way_round_is_no_fault_of_its_rows() -> None:
    frame, issues = cleaned(*({"name": f"Hall {n}", "lon": "53.42", "lat": f"-2.3{n}"} for n in range(3)))
    assert frame.easting.notna().all()
    assert not issues.counts


def test_many_rows_on_one_point_are_told_once_over_all_batches() -> None:
    rows = [{"name": f"Bus stop {n}", "lon": "-2.32", "lat": "53.42"} for n in range(8)]
    issues = Issues()
    frames = list(clean([a_batch(rows), a_batch(rows, first=9)], understood(rows), issues))
    assert [len(frame) for frame in frames] == [8, 8]
    told = issues.drain()
    assert told[["kind", "row"]].values.tolist() == [["repeated_point", 1]]
    assert "16 of the 16" in told.message[0]
    assert issues.counts["repeated_point"] == 16


def test_areas_are_mended_and_have_a_point_inside() -> None:
    bow = shapely.Polygon([(-2.32, 53.42), (-2.31, 53.43), (-2.31, 53.42), (-2.32, 53.43)])
    rows = [{"name": "Bow Tie Park"}]
    mapping = understood(rows, geometry_type="Polygon", crs="EPSG:4326", bounds=(-2.32, 53.42, -2.31, 53.43))
    issues = Issues()
    (frame,) = clean([a_batch(rows, [shapely.to_wkb(bow)])], mapping, issues)
    shape = shapely.from_wkb(frame.geom[0])
    assert shape.is_valid
    assert shape.covers(shapely.Point(frame.easting[0], frame.northing[0]))
    assert (frame.located_by[0], dict(issues.counts)) == ("geometry", {"repaired_geometry": 1})


def test_a_point_file_in_the_british_grid() -> None:
    rows = [{"name": "Hall"}]
    mapping = understood(rows, geometry_type="Point", crs="EPSG:27700", bounds=(379000.0, 391000.0, 379000.0, 391000.0))
    (frame,) = clean([a_batch(rows, [shapely.to_wkb(shapely.Point(379000, 391000))])], mapping, Issues())
    assert (frame.easting[0], frame.northing[0], frame.geom[0]) == (379000, 391000, None)


def test_a_row_without_a_geometry_falls_back_on_its_columns() -> None:
    rows = [{"name": "Hall", "lon": "-2.32", "lat": "53.42"}, {"name": "Barn", "lon": "-2.31", "lat": "53.41"}]
    mapping = understood(rows, geometry_type="Point", crs="EPSG:4326", bounds=(-2.4, 53.3, -2.2, 53.5))
    (frame,) = clean([a_batch(rows, [None, shapely.to_wkb(shapely.Point(-2.31, 53.41))])], mapping, Issues())
    assert frame.located_by.tolist() == ["coordinates", "geometry"]


def test_a_postcode_is_found_in_the_address_and_a_wrong_one_is_told() -> None:
    frame, issues = cleaned(
        {"name": "A Hall", "address": "1 Moss Lane, M33 7ZF", "postcode": ""},
        {"name": "B Hall", "address": "2 Moss Lane", "postcode": "M41"},
        {"name": "C Hall", "address": "3 Moss Lane", "postcode": "M41 oaa"},
        {"name": "D Hall", "address": "4 Moss Lane", "postcode": "see website"},
        {"name": "E Hall", "address": "5 Moss Lane, Sale", "postcode": "M33 1AA"},
    )
    assert frame.postcode.tolist() == ["M33 7ZF", "", "M41 0AA", "", "M33 1AA"]
    assert frame.postcode_by.tolist() == ["address", "", "column", "", "column"]
    assert dict(issues.counts) == {"partial_postcode": 1, "bad_postcode": 1}


def test_rows_without_a_name_are_called_by_their_category() -> None:
    frame, issues = cleaned(
        {"DISTNAME": "Unknown", "type": "Post Office"}, {"DISTNAME": "Sale PO", "type": "Post Office"}
    )
    assert frame.name.tolist() == ["Post office", "Sale PO"]
    assert frame.is_named.tolist() == [False, True]
    assert issues.counts == {"no_name": 1}


def test_one_place_may_be_called_none_but_not_many() -> None:
    assert cleaned({"name": "None"}, {"name": "Hall"})[0].name.tolist()[0] == "None"
    assert cleaned({"name": "NA"}, {"name": "NA"}, {"name": "Hall"})[0].is_named.tolist() == [False, False, True]


def test_what_nothing_tells_goes_to_the_review_list() -> None:
    frame, issues = cleaned({"name": "Zzyzx", "lon": "-2.3", "lat": "53.4"})
    assert (frame.category[0], frame.category_by[0], frame.confidence[0]) == ("other", "nothing", 0.0)
    assert issues.counts == {"unsure_category": 1}


@pytest.mark.parametrize(
    ("name", "value", "category", "by"),
    [
        ("Moss Lane Library", "", "community-centre", "file"),
        ("Moss Lane Youth Centre", "", "youth-group", "name"),
        ("Library Road Hall", "Pharmacy", "pharmacy", "column"),
        ("Former Moss Lane School", "", "community-centre", "file"),
    ],
)
def test_a_broad_file_gives_way_to_column_and_name(name: str, value: str, category: str, by: str) -> None:
    rows = [{"name": name, "type": value}] + [{"name": "x", "type": "Pharmacy"}] * 3
    frame, _ = cleaned(*rows, file_name="community_centres.csv")
    expected = ("library", "name") if name == "Moss Lane Library" else (category, by)
    assert (frame.category[0], frame.category_by[0]) == expected


def test_a_defibrillator_at_a_school_stays_one() -> None:
    frame, _ = cleaned({"name": "Acre Hall Primary School"}, file_name="defibrillators.csv")
    assert frame.category[0] == "defibrillator"


def test_a_refuge_is_marked_and_told() -> None:
    frame, issues = cleaned({"name": "Moss Lane Women's Refuge"}, {"name": "Wildlife Refuge Nature Reserve"})
    assert frame.is_sensitive.tolist() == [True, False]
    assert issues.counts["sensitive_place"] == 1


def test_nothing_of_a_row_is_lost() -> None:
    row = {"name": "A Park", "cafe": "1", "toilets": "0", "Lore": 'He said "stay" \\ and\nleft', "Empty": "NA"}
    frame, _ = cleaned(row, row | {"cafe": "0"})
    assert json.loads(frame.facilities[0]) == {"cafe": True, "toilets": False}
    assert json.loads(frame.extra[0]) == {"Lore": 'He said "stay" \\ and left'}


def test_keys_of_repeats_and_of_weekdays() -> None:
    frame, _ = cleaned(
        {"name": "A Hall", "Day": "Monday", "Times": "9am-5pm"},
        {"name": "A Hall", "Day": "Tuesdays", "Times": "10am-5pm"},
        {"name": "B Hall", "Day": "Monday", "Times": "9am-5pm"},
        {"name": "B Hall", "Day": "Monday", "Times": "9am-5pm"},
    )
    assert frame.row_key.nunique() == 3
    assert frame.fold_key[0] == frame.fold_key[1] != frame.fold_key[2]
    assert frame.weekday.tolist() == ["mo", "tu", "mo", "mo"]
    assert frame.open_grid.tolist()[:2] == [0b011, 0b011_000]


def test_the_same_words_at_two_points_are_two_rows() -> None:
    rows = [{"access_type": "Pedestrian"}] * 2
    mapping = understood(rows, geometry_type="Point", crs="EPSG:4326", bounds=(-2.4, 53.3, -2.2, 53.5))
    points = [shapely.to_wkb(shapely.Point(-2.3, 53.4)), shapely.to_wkb(shapely.Point(-2.31, 53.4))]
    (frame,) = clean([a_batch(rows, points)], mapping, Issues())
    assert frame.row_key.nunique() == 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {name: st.text(max_size=40) for name in ("name", "lon", "lat", "postcode", "phone", "extra")}
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_text_at_all_gives_a_row_for_each_row(rows: list[dict[str, str]]) -> None:
    frame, issues = cleaned(*rows)
    assert frame["row"].tolist() == list(range(1, len(rows) + 1))
    assert (frame.name != "").all()
    assert np.isfinite(frame.easting.dropna()).all()
    assert all(isinstance(json.loads(told), dict) for told in frame.extra)
    assert issues.drain()["row"].dropna().between(1, len(rows)).all()
