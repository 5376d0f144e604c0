from datetime import date
from pathlib import Path

from abcd.intake.headers import words_of_fields
from abcd.intake.mapping import KINDS
from abcd.intake.sources import descriptions, find
from abcd.intake.vocabulary import vocabulary


def test_every_description_says_who_and_under_which_licence() -> None:
    assert len(descriptions()) > 35
    for one in descriptions():
        assert one.title, one.slug
        assert one.publisher, one.slug
        assert "Licence" in one.licence, one.slug
        assert one.attribution.endswith((".", "contributors.")), one.slug
        assert one.kind in ("", *KINDS), one.slug
        assert one.category == "" or one.category in vocabulary().index, one.slug
        assert set(one.columns) <= set(words_of_fields()), one.slug
        assert one.files, one.slug


def test_a_file_is_found_by_its_name_and_headings() -> None:
    headings = ["registered_charity_number", "charity_name", "anything"]
    found = find(headings, "charities_operating_in_trafford.csv")
    assert found is not None
    assert (found.slug, found.as_of) == ("charities", date(2023, 4, 4))
    assert find(headings, "halls.csv") is None
    assert find(["name"], "charities_operating_in_trafford.csv") is None


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "halls.toml").write_text('title = "Halls"\nfiles = ["halls*"]\n[columns]\nname = ["hall"]\n')
    (tmp_path / "_columns.toml").write_text("[not_a_description]\n")
    assert [one.slug for one in descriptions(tmp_path)] == ["halls"]
    assert find(["hall"], "Halls 2024.csv", tmp_path) is not None
