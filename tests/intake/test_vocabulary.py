import csv

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcd.intake.vocabulary import TAXONOMY, one_of, vocabulary, words_of


def said(*texts: str) -> list[str | None]:
    """The category that each text names."""
    words = vocabulary()
    found = words.read(pa.array(texts, pa.string())).term
    return [words.terms[term].slug if term >= 0 else None for term in found]


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("St Mary's Church Hall", "community-centre"),
        ("St. Brides Church (CofE)", "place-of-worship"),
        ("St Mary's CofE Primary School", "school"),
        ("School Road Library", "library"),
        ("Church Lane Surgery", "gp"),
        ("12 Park Lane", None),
        ("Men in Sheds", "mens-or-womens-shed"),
        ("Women’s Shed", "mens-or-womens-shed"),
        ("THE PARKS", "park"),
        ("Bowdon Allotments & Garden Society", "allotment"),
        ("Llyfrgell Bangor", "library"),
        ("Café Nero", "cafe"),
        ("Flixton Primary School PTA", "voluntary-organisation"),
        ("Zzyzx", None),
        ("", None),
    ],
)
def test_words_name_a_category(name: str, category: str | None) -> None:
    assert said(name) == [category]


def test_many_texts_at_once_do_not_run_into_each_other() -> None:
    assert said("Community", "Centre", "Community Centre", "", "Food", "bank") == [
        None,
        None,
        "community-centre",
        None,
        None,
        None,
    ]


def test_a_whole_text_is_known_from_a_part_of_one() -> None:
    found = vocabulary().read(
        pa.array(["Public Park Or Garden", "A public park or garden", "Community centre and library"])
    )
    assert found.is_whole.tolist() == [True, False, False]
    assert found.length.tolist() == [4, 4, 2]


def test_equal_rivals_are_counted() -> None:
    assert vocabulary().read(pa.array(["Library and Pharmacy", "Library"])).rivals.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("libraries", "library"),
        ("churches", "church"),
        ("parks", "park"),
        ("gas", "gas"),
        ("bus", "bus"),
        ("class", "class"),
    ],
)
def test_plurals(many: str, one: str) -> None:
    assert one_of(many) == one


def test_every_synonym_of_the_taxonomy_names_its_own_category() -> None:
    with TAXONOMY.open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["parent"]]
    pairs = [(phrase, row["slug"]) for row in rows for phrase in row["synonyms"].split("|")]
    wrong = [
        (phrase, slug, got)
        for (phrase, slug), got in zip(pairs, said(*(p for p, _ in pairs)), strict=True)
        if got != slug
    ]
    assert wrong == []


def test_the_taxonomy_is_whole() -> None:
    with TAXONOMY.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    groups = {row["slug"] for row in rows if not row["parent"]}
    terms = [row for row in rows if row["parent"]]
    assert {row["parent"] for row in terms} == groups
    assert len({row["slug"] for row in rows}) == len(rows)
    assert {row["asset_kind"] for row in terms} == {"association", "institution", "physical", "economic", "story"}
    assert {row["tier"] for row in terms} == set("12345")
    assert 15 <= sum(row["is_everyday"] == "true" for row in terms) <= 20
    assert all(row["name_cy"] and row["theme"] and row["oruk_term"] and row["threshold_source"] for row in terms)
    assert all(row["threshold_minutes"] or row["is_everyday"] == "false" for row in terms)


@given(st.lists(st.text(max_size=25), max_size=12))
def test_any_texts_are_read(texts: list[str]) -> None:
    found = vocabulary().read(pa.array(texts, pa.string()))
    assert len(found.term) == len(found.rivals) == len(texts)
    assert all(isinstance(words_of(text), list) for text in texts)
