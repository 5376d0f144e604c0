"""Every asset file of the real data set, imported with no hand-made mapping, against its ground-truth table."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from abcd.intake import sources
from abcd.intake.columns import understand
from abcd.intake.issues import Issues
from abcd.intake.pipeline import clean
from abcd.intake.read import FileLook, ReadIssue, look, open_file

TRUTH = Path(__file__).parent / "truth.csv"
ROWS = pd.read_csv(TRUTH)


@lru_cache(maxsize=4)
def opened(file: Path) -> tuple[FileLook, list[pa.RecordBatch], list[ReadIssue]]:
    """A file as the reader gives it."""
    with open_file(file) as reading:
        return look(file), list(reading), list(reading.issues)


def cleaned(file: Path, described: bool = False) -> tuple[pd.DataFrame, Issues]:
    """A file's rows and faults; ``described`` uses what we know of the publisher."""
    (seen, batches, faults), issues = opened(file), Issues()
    issues.absorb(faults)
    source = sources.find(seen.columns, file.name) if described else None
    mapping = understand(seen, file.name, source)
    assert mapping.kind == "assets"
    return pd.concat(list(clean(batches, mapping, issues)), ignore_index=True), issues


@pytest.mark.parametrize("truth", list(ROWS.itertuples()), ids=lambda truth: Path(truth.file).name)
def test_rows_places_and_category_agree_with_the_ground_truth(real_data: Path, truth: Any) -> None:
    frame, _ = cleaned(real_data / truth.file)
    by_swapping = (frame.located_by == "swapped coordinates").sum()
    # Davyhulme Youth Centre's coordinates are swapped: the ground truth calls them unusable, we put them right.
    assert by_swapping == (1 if "land_and_building" in truth.file else 0)
    assert (len(frame), frame.easting.notna().sum() - by_swapping) == (truth.rows, truth.located)
    assert frame.category.mode()[0] == truth.category
    known, _ = cleaned(real_data / truth.file, described=True)
    assert known.easting.equals(frame.easting)
    assert known.category.mode()[0] == truth.category


@pytest.mark.parametrize(
    ("file", "kind", "rows"),
    [
        ("trafford_bus_stops.csv", "repeated_point", 1025),
        ("trafford_land_and_building_assets.csv", "swapped_axes", 1),
        ("trafford_leisure_centres_and_parking_polygons.geojson", "repaired_geometry", 3),
        ("trafford_listed_buildings.csv", "several_points", 4),
        ("trafford_places_of_worship_RAW.geojson", "no_name", 40),
        ("trafford_post_offices.geojson", "no_name", 27),
        ("gm_places_of_worship_RAW.geojson", "no_name", 458),
        ("trafford_dentists.csv", "lost_zero", 49),
        ("sports_facilities.csv", "bad_phone", 10),
        ("mental_health_services_RAW.csv", "bad_postcode", 1),
        ("mental_health_services_RAW.csv", "sensitive_place", 2),
        ("trafford_greenspace_access_points.geojson", "no_name_column", 1),
    ],
)
def test_known_faults_are_told(real_data: Path, file: str, kind: str, rows: int) -> None:
    assert cleaned(real_data / "assets" / file)[1].counts[kind] == rows


@pytest.mark.parametrize(("file", "repeats"), [("trafford_dentists.csv", 1), ("trafford_listed_buildings.csv", 3)])
def test_exact_repeats_have_one_key(real_data: Path, file: str, repeats: int) -> None:
    assert cleaned(real_data / "assets" / file)[0].row_key.duplicated().sum() == repeats


def test_the_labelled_text_of_an_exported_map_becomes_columns(real_data: Path) -> None:
    frame, _ = cleaned(real_data / "assets" / "mental_health_services_RAW.geojson")
    first = frame.iloc[0]
    assert (first["name"], first.phone, first.website) == (
        "Mood Swings Network",
        "0161 832 3736",
        "http://www.moodswings.org.uk",
    )
    assert first.description.startswith("Charity providing intense support")
    assert first.postcode == "M4 4DE"


def test_seven_columns_of_times_are_one_grid(real_data: Path) -> None:
    frame, _ = cleaned(real_data / "assets" / "trafford_pharmacies.csv")
    assert frame.open_grid.notna().all()
    assert frame.opening_hours[0].splitlines()[0] == "Mon 09:00-18:00"


def test_most_opening_times_of_the_food_banks_are_read(real_data: Path) -> None:
    frame, _ = cleaned(real_data / "assets" / "gm_food_banks.csv")
    said = frame[frame.opening_hours != ""]
    assert said.open_grid.notna().mean() > 0.85


def not_assets(folder: Path) -> Iterator[tuple[str, str]]:
    """Files that hold no assets, and what they hold."""
    for name in ("boundaries", "estates"):
        yield from ((str(file), "places") for file in (folder / name).glob("*.geojson"))
    yield from ((str(file), "postcodes") for file in (folder / "postcodes").glob("*.csv"))
    yield from ((str(file), "statistics") for file in (folder / "deprivation").glob("*.csv"))
    for file in (folder / "census").glob("*.csv"):
        about_homes = re.search("household|car_van", file.name)
        yield str(file), "lookup" if "lookup" in file.name else "households" if about_homes else "statistics"


def test_census_tables_boundaries_and_postcodes_are_recognised(real_data: Path) -> None:
    said = {file: understand(look(Path(file)), Path(file).name).kind for file, _ in not_assets(real_data)}
    assert said == dict(not_assets(real_data))
