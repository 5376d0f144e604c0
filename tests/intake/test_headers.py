import pytest

from abcd.intake.headers import header_key, heading, says, weekday_of, words_of_fields
from abcd.intake.mapping import FIELDS


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("StreetName", "street name"),
        ("Recipient Org:Name", "recipient org name"),
        ("Address1", "address 1"),
        ("UPRN", "uprn"),
        ("opening_hours_monday", "opening hours monday"),
        ("Cyfeiriad e-bost", "cyfeiriad e bost"),
        ("GeoX", "geo x"),
        ("  NAME ", "name"),
        ("Tŷ", "ty"),
    ],
)
def test_a_heading_becomes_words(written: str, words: str) -> None:
    assert heading(written) == words


@pytest.mark.parametrize(
    ("field", "surer", "less_sure"),
    [
        ("name", "Name", "Title"),
        ("name", "Recipient Org:Name", "Funding Org:Name"),
        ("name", "site_name", "ward_name"),
        ("postcode", "PostCode", "charity_contact_postcode"),
        ("reference", "ListEntry", "OBJECTID"),
        ("reference", "AssetCode", "ward_code"),
        ("category", "facility_type", "access_type"),
        ("phone", "Telephone", "fax number"),
        ("website", "Website", "Funding Org URL"),
    ],
)
def test_one_heading_is_surer_than_another(field: str, surer: str, less_sure: str) -> None:
    assert says(field, surer) > says(field, less_sure)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("opening_hours_monday", "mo"),
        ("Thurs", "th"),
        ("Open Sun", "su"),
        ("Oriau Llun", ""),
        ("Sadwrn", "sa"),
        ("sunset", ""),
        ("Friday prayers", ""),
        ("", ""),
    ],
)
def test_columns_of_weekdays(written: str, day: str) -> None:
    assert weekday_of(written) == day


def test_a_header_has_one_key_however_it_is_written() -> None:
    assert header_key(["Name", "PostCode"]) == header_key(["name", "post_code"])
    assert header_key(["Name", "PostCode"]) != header_key(["PostCode", "Name"])
    assert header_key(["Name"], has_geometry=True) != header_key(["Name"])


def test_the_words_file_speaks_of_known_fields() -> None:
    assert set(words_of_fields()) <= {*FIELDS, "address_part"}
