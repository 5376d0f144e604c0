"""Headers of real publishers, and what each column holds."""

import pytest

from abcd.intake.columns import understand
from abcd.intake.mapping import Coordinates, Mapping
from abcd.intake.read.facts import FileLook
from abcd.intake.sources import Description


def a_look(*rows: dict[str, str], **facts: object) -> FileLook:
    """A file with these first rows."""
    return FileLook(format="csv", columns=tuple(rows[0]), sample=rows, **facts)  # type: ignore[arg-type]


COUNCIL = [
    {
        "Organisation name": f"Group {n}",
        "Phone": f"0161 912 318{n}",
        "E-mail": f"g{n}@example.org",
        "Web Site": f"www.g{n}.org.uk",
        "Full Address": f"{n} Moss Lane, Sale",
        "Post Code": f"M33 {n}AA",
        "Opening Times": "Mon-Fri 9am-5pm",
        "Type": "Library",
        "UPRN": f"10001279762{n}",
        "Notes": "A long story about the place and the people in it",
        "Ref No": f"A/{n}",
    }
    for n in range(1, 6)
]
TRANSPARENCY = [
    {
        "OrganisationLabel": "A Council",
        "EffectiveDate": "2023-09-29",
        "UPRN": f"1000127976{n}",
        "AssetCode": f"B/{n}",
        "PropertyName": f"{word} Centre",
        "StreetNumber": str(n),
        "StreetName": "Moss Lane",
        "PostTown": "Sale",
        "PostCode": "M33",
        "GeoX": f"-2.3{n}",
        "GeoY": f"53.4{n}",
        "OtherDetail": "School",
    }
    for n, word in enumerate(("Broomwood", "Claremont", "Moss View", "Coppice", "Ascot"), 10)
]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("name", "Organisation name"),
        ("phone", "Phone"),
        ("email", "E-mail"),
        ("website", "Web Site"),
        ("category", "Type"),
        ("address", "Full Address"),
        ("postcode", "Post Code"),
        ("opening_hours", "Opening Times"),
        ("uprn", "UPRN"),
        ("description", "Notes"),
        ("reference", "Ref No"),
    ],
)
def test_the_columns_of_a_councils_list(field: str, column: str) -> None:
    assert understand(a_look(*COUNCIL)).column(field) == column


@pytest.mark.parametrize(
    ("field", "columns"),
    [
        ("name", ["PropertyName"]),
        ("address", ["StreetNumber", "StreetName", "PostTown"]),
        ("place_name", ["PostTown"]),
        ("organisation", ["OrganisationLabel"]),
        ("reference", ["AssetCode"]),
        ("assured_on", ["EffectiveDate"]),
        ("postcode", ["PostCode"]),
        ("category", ["OtherDetail"]),
    ],
)
def test_the_columns_of_the_transparency_code(field: str, columns: list[str]) -> None:
    assert understand(a_look(*TRANSPARENCY)).columns(field) == columns


def test_coordinates_are_told_by_their_numbers_not_their_headings() -> None:
    place = understand(a_look(*TRANSPARENCY)).coordinates
    assert (place.kind, place.x, place.y, place.epsg) == ("pair", "GeoX", "GeoY", 4326)


@pytest.mark.parametrize(
    ("headings", "first", "second", "epsg", "x"),
    [
        (("lon", "lat"), "-2.35", "53.4", 4326, "lon"),
        (("long", "lat"), "-2.35", "53.4", 4326, "long"),
        (("Longitude", "Latitude"), "53.4", "-2.35", 4326, "Latitude"),
        (("Easting", "Northing"), "380230.26", "385291.2", 27700, "Easting"),
        (("X", "Y"), "-261000", "7055000", 3857, "X"),
        (("x_coordinate", "y_coordinate"), "380230", "385291", 27700, "x_coordinate"),
    ],
)
def test_pairs_of_columns(headings: tuple[str, str], first: str, second: str, epsg: int, x: str) -> None:
    place = understand(
        a_look(*({"name": f"A{n}", headings[0]: first, headings[1]: second} for n in range(3)))
    ).coordinates
    assert (place.epsg, place.x) == (epsg, x)


@pytest.mark.parametrize(
    ("value", "epsg", "is_turned"),
    [
        ("(53.4, -2.35)", 4326, True),
        ("-2.35, 53.4", 4326, False),
        ("SJ 7923 9741", 27700, False),
        ("380230 385291", 27700, False),
    ],
)
def test_a_column_of_texts_may_hold_the_place(value: str, epsg: int, is_turned: bool) -> None:
    place = understand(a_look(*({"name": f"A{n}", "where it is": value} for n in range(3)))).coordinates
    assert (place.kind, place.x, place.epsg, place.is_turned) == ("text", "where it is", epsg, is_turned)


def test_geometry_goes_first_and_columns_are_spare() -> None:
    rows = [{"name": f"A{n}", "lon": "-2.3", "lat": "53.4"} for n in range(3)]
    mapping = understand(a_look(*rows, geometry_type="Point", crs="EPSG:4326", bounds=(-2.4, 53.3, -2.2, 53.5)))
    assert (mapping.coordinates.kind, [way.kind for way in mapping.spare]) == ("geometry", ["pair"])


def test_a_declared_system_that_the_numbers_deny_is_not_believed() -> None:
    look = a_look(
        {"name": "A"}, geometry_type="Point", crs="EPSG:4326", bounds=(375000.0, 389000.0, 380000.0, 392000.0)
    )
    assert understand(look).coordinates.epsg == 27700


def test_a_column_per_weekday() -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    row = {"name": "A", **{f"opening_hours_{day}": "09:00-17:00" for day in days}}
    assert understand(a_look(row)).weekdays["sa"] == "opening_hours_saturday"


def test_a_row_per_weekday() -> None:
    rows = [{"name": "A", "Day": day, "Times": "9am-5pm"} for day in ("Monday", "Tuesday", "Wednesdays")]
    assert understand(a_look(*rows)).column("weekday") == "Day"


def test_values_alone_tell_a_postcode_and_an_address_of_the_web() -> None:
    rows = [
        {"name": f"A{n}", "c3": f"M33 {n}AA", "c4": f"https://a{n}.org.uk/", "c5": f"a{n}@b.org"} for n in range(1, 6)
    ]
    mapping = understand(a_look(*rows))
    assert [mapping.column(field) for field in ("postcode", "website", "email")] == ["c3", "c4", "c5"]


def test_a_date_is_no_telephone_number() -> None:
    rows = [{"name": f"A{n}", "date_of_registration": f"1965-04-2{n}"} for n in range(5)]
    assert understand(a_look(*rows)).column("phone") == ""


def test_yes_and_no_columns_are_facilities_and_the_rest_is_kept() -> None:
    rows = [
        {
            "name": f"A{n}",
            "WiFi": "x" if n else "NA",
            "Target audience": "Everyone",
            "marker-color": "#fff",
            "la_code": "E08000009",
        }
        for n in range(5)
    ]
    mapping = understand(a_look(*rows))
    assert (mapping.flags, mapping.kept) == (("WiFi",), ("Target audience",))
    assert set(mapping.ignored) == {"marker-color", "la_code"}


@pytest.mark.parametrize(
    ("file_name", "category"),
    [
        ("trafford_libraries.csv", "library"),
        ("gm food banks 2018.csv", "food-bank"),
        ("trafford_general_practices.csv", "gp"),
        ("Places-of-worship_RAW.geojson", "place-of-worship"),
        ("export(3).csv", ""),
        ("trafford_greenspace_access_points.gpkg", "greenspace-entrance"),
    ],
)
def test_the_files_name_says_what_it_is_about(file_name: str, category: str) -> None:
    assert understand(a_look({"name": "A"}), file_name).category == category


def test_a_heading_that_is_a_categorys_word_over_names() -> None:
    rows = [{"community_hub": town, "lon": "-2.3", "lat": "53.4"} for town in ("Sale", "Urmston", "Hale")]
    assert understand(a_look(*rows)).column("name") == "community_hub"


def test_names_in_capitals_are_noticed() -> None:
    assert understand(a_look({"name": "THE HALE CLUB"}, {"name": "ST ANN'S HALL"})).is_shouting
    assert not understand(a_look({"name": "The Hale Club"}, {"name": "St Ann's Hall"})).is_shouting


def test_what_a_person_should_know_is_noted() -> None:
    notes = understand(a_look({"colour": "red"})).notes
    assert len(notes) == 3
    assert notes[1] == "No column says where the rows are."


def test_a_description_goes_before_guesses() -> None:
    known = Description(
        "known", "Known", category="park", columns={"name": ["colour"], "reference": ["no such column"]}
    )
    mapping = understand(a_look({"name": "A", "colour": "red"}), "libraries.csv", known)
    assert (mapping.column("name"), mapping.category, mapping.column("reference")) == ("colour", "park", "")


@pytest.mark.parametrize(
    ("kind", "rows", "facts"),
    [
        (
            "households",
            [
                {
                    "area_code": f"E0003098{n}",
                    "household_tenure": "Owned",
                    "measure": "Count",
                    "unit": "Households",
                    "value": "4",
                }
                for n in range(4)
            ],
            {},
        ),
        (
            "statistics",
            [
                {"area_code": f"E0003098{n}", "indicator": "Residents", "measure": "Count", "value": "4"}
                for n in range(4)
            ],
            {},
        ),
        (
            "statistics",
            [{"area_code": f"E0003098{n}", "all_ages": "300", "0": "4", "1": "5", "2": "3"} for n in range(4)],
            {},
        ),
        ("dwellings", [{"UPRN": f"1000{n}", "Street": "Mill Street", "Homes": "4"} for n in range(4)], {}),
        ("dwellings", [{"Postcode": f"M33 {n}AA", "Households": "14"} for n in range(4)], {}),
        ("assets", [{"Name": f"Hall {n}", "UPRN": f"1000{n}", "Units": "4"} for n in range(4)], {}),
        ("postcodes", [{"pcds": f"M33 {n}AA", "lat": "53.4", "long": "-2.3"} for n in range(4)], {}),
        (
            "lookup",
            [{"oa21cd": f"E0003098{n}", "lsoa21cd": "E01000001", "lsoa21nm": "Trafford 1A"} for n in range(4)],
            {},
        ),
        (
            "places",
            [{"area_code": f"E0003098{n}", "area_name": f"Area {n}"} for n in range(4)],
            {"geometry_type": "MultiPolygon"},
        ),
        (
            "places",
            [{"estate_id": f"T{n}", "estate_name": f"Old Trafford {n}"} for n in range(4)],
            {"geometry_type": "Polygon"},
        ),
        ("network", [{"RouteName": "A", "ID": "1"}], {"geometry_type": "LineString/MultiLineString"}),
        ("assets", [{"name": f"Hall {n}", "postcode": f"M33 {n}AA"} for n in range(4)], {}),
        (
            "assets",
            [{"DISTNAME": f"St {n}", "area_code": "E08000009", "area_name": "Trafford"} for n in "ABCD"],
            {"geometry_type": "Polygon"},
        ),
    ],
)
def test_files_that_are_no_assets_are_recognised(kind: str, rows: list[dict[str, str]], facts: dict[str, str]) -> None:
    assert understand(a_look(*rows, **facts)).kind == kind


def test_a_mapping_survives_being_saved() -> None:
    mapping = understand(a_look(*TRANSPARENCY), "land_and_building_assets.csv")
    assert Mapping.from_dict(mapping.to_dict()) == mapping
    assert Mapping.from_dict({"fields": {}, "from a later version": 1}) == Mapping()


def test_a_person_may_choose_another_column() -> None:
    mapping = understand(a_look(*COUNCIL)).with_column("name", "Notes")
    assert (mapping.columns("name"), mapping.column("description")) == (["Notes"], "")
    assert "Organisation name" in mapping.kept
    assert mapping.with_column("name").columns("name") == []


def test_a_file_without_rows_is_no_fault() -> None:
    mapping = understand(FileLook(format="csv", columns=("name", "lon", "lat")))
    assert mapping.column("name") == "name"
    assert mapping.coordinates == Coordinates("pair", "lon", "lat", 4326, False, 0.3, "headings")


def test_a_welsh_table_is_understood() -> None:
    rows = [
        {
            "Enw": name,
            "Cyfeiriad": "Ffordd Gwynedd",
            "Cod post": "LL57 1DT",
            "Ffôn": f"01286 67946{n}",
            "Oriau agor": "Dydd Llun 9am-5pm",
        }
        for n, name in enumerate(("Llyfrgell Bangor", "Capel Salem", "Neuadd Ogwen"))
    ]
    mapping = understand(a_look(*rows))
    columns = [mapping.column(field) for field in ("name", "address", "postcode", "phone", "opening_hours")]
    assert columns == ["Enw", "Cyfeiriad", "Cod post", "Ffôn", "Oriau agor"]
    assert mapping.coordinates.kind == "none"
