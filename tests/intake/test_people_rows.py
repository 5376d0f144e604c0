"""What a row of a list of residents says, and what it leaves open."""

from datetime import date

import pytest

from abcd.errors import BadFile
from abcd.intake.people_columns import is_about_people, recognised, understand_people
from abcd.intake.people_rows import agreed_to, language_of, minutes_of, read_row, way_of

OURS = ("Name", "Estate", "Phone", "Gifts", "Can teach", "Want to learn", "Hopes", "Walk minutes", "When", "Agreed on",
        "Agreed to", "How agreed", "Over 18", "Language")  # fmt: skip


def a_row(**cells: str) -> dict[str, str]:
    told = {"Name": "Maud Tennyson", "Estate": "Weavers' Green", "Agreed on": "1/10/2026", "Agreed to": "introductions"}
    return told | {name.replace("_", " "): value for name, value in cells.items()}


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (("Name", "Estate", "Agreed on"), {"name", "place", "agreed_on"}),
        (("Known as", "Patch name", "Consent date", "I can", "I want to learn"),
         {"name", "place", "agreed_on", "gifts", "learns"}),
        (("Enw", "Ystad", "Dyddiad cytuno", "Doniau", "Gobeithion"), {"name", "place", "agreed_on", "gifts", "hopes"}),
        (("Preferred name", "Estate", "Date agreed", "Who told us", "Legal basis"),
         {"name", "place", "agreed_on", "source", "basis"}),
    ],
)  # fmt: skip
def test_headings_are_understood(columns: tuple[str, ...], fields: set[str]) -> None:
    assert set(recognised(columns).fields) == fields


def test_a_list_of_groups_is_no_list_of_residents() -> None:
    assert not is_about_people(("Name", "Postcode", "Phone", "Opening times"))
    assert not is_about_people(("Name", "Skills needed", "Phone"))
    assert is_about_people(OURS)


def test_a_column_that_nobody_may_be_kept_without_is_asked_for() -> None:
    with pytest.raises(BadFile, match="no column for: place, agreed on"):
        understand_people(("Name", "Gifts", "Phone"), "people.csv")


def test_a_row_says_what_it_says() -> None:
    row = read_row(
        a_row(Gifts="Piano; listening", Can_teach="piano", Hopes="Tea with somebody\nA dog", Walk_minutes="about 10",
              When="Tuesday evening", Over_18="Yes", Language="Welsh", How_agreed="In person"),
        recognised(OURS), 7,
    )  # fmt: skip
    assert (row.row, row.name, row.agreed_on, row.walk, row.language) == (
        7,
        "Maud Tennyson",
        date(2026, 10, 1),
        10,
        "cy",
    )
    assert row.gifts == (("Piano", True), ("listening", False))
    assert row.hopes == ("Tea with somebody", "A dog")
    assert (row.is_adult, row.how, bool(row.grid)) == (True, "in_person", True)
    assert [one.purpose for one in row.agreed] == ["introductions"]
    assert "Maud" not in repr(row)


@pytest.mark.parametrize("told", ["everything", "yes", "sharing", "introductions; whatever you like"])
def test_a_yes_is_never_guessed(told: str) -> None:
    assert agreed_to(tuple(told.split("; ")))[1]


def test_sharing_says_with_whom() -> None:
    (agreed,), trouble = agreed_to(("sharing: Millfield GPs, Age Millfield",))
    assert (agreed.purpose, agreed.controllers, trouble) == ("sharing", ("Millfield GPs", "Age Millfield"), {})


@pytest.mark.parametrize(
    ("told", "code"),
    [("Cymraeg", "cy"), ("somali", "so"), ("Pwyleg", "pl"), ("BSL", "bfi"), ("ur", "ur"), ("", "en"),
     ("Klingonish", "en")],
)  # fmt: skip
def test_languages_by_name_or_code(told: str, code: str) -> None:
    assert language_of(told) == code


def test_what_is_not_said_is_not_known() -> None:
    assert minutes_of("not far") is None
    assert minutes_of("0") is None
    assert way_of("") == "paper"
    assert read_row({"Name": "A"}, recognised(OURS), 1).agreed_on is None
