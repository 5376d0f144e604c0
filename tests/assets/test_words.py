"""Words of the register and of the taxonomy, learned and mended."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy
from abcd.assets.words import learn_words, pieces_of, understand
from abcd.db.tables import Import, SearchWord, Source
from tests.builders import an_asset


def known(s: Session) -> set[str]:
    """The words learned so far."""
    return set(s.scalars(select(SearchWord.word)))


def test_names_and_the_taxonomy_are_learned_once(s: Session) -> None:
    load_taxonomy(s)
    an_asset(s, name="St. Mary’s Café-Bar (Mill) & O'Neil's")
    assert learn_words(s) > 100
    assert {"marys", "cafe", "bar", "mill", "oneils", "library", "worship"} <= known(s)
    assert not {"st", "&", "", "st."} & known(s)
    assert learn_words(s) == 0


def test_only_the_import_named_is_learned(s: Session) -> None:
    source = Source(slug="w", name="W")
    s.add(source)
    s.flush()
    brought = Import(source_id=source.id, kind="assets", file_name="f.csv")
    s.add(brought)
    s.flush()
    learn_words(s)
    an_asset(s, name="Zebedee", first_import_id=brought.id), an_asset(s, name="Dougal")
    assert learn_words(s, brought.id) == 1
    assert "zebedee" in known(s)
    assert "dougal" not in known(s)


@pytest.mark.parametrize(
    ("words", "pieces"),
    [(["food", "bank", "sale"], [(["food", "bank"], ["food-bank"]), (["sale"], [])]),
     (["bank"], [(["bank"], [])]), ([], []), (["food", "bank"], [(["food", "bank"], ["food-bank"])])],
)  # fmt: skip
def test_the_longest_phrase_that_names_a_category_is_one_piece(words: list[str], pieces: list[object]) -> None:
    assert list(pieces_of(words, {("food", "bank"): ["food-bank"]})) == pieces


def test_short_words_and_numbers_are_taken_as_they_are(s: Session) -> None:
    an_asset(s, name="Number 2468 Bee")
    learn_words(s)
    asked = understand(s, "be 2469 bex")
    assert asked.mended == {}
