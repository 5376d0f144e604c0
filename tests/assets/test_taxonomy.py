"""The taxonomy in the store."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import FILE, categories, kind_name, load_taxonomy, phrases, terms
from abcd.db.tables import ASSET_KINDS, Term


def test_every_line_becomes_a_term_and_twice_is_once(s: Session) -> None:
    lines = FILE.read_text(encoding="utf-8").count("\n") - 1
    assert load_taxonomy(s) == load_taxonomy(s) == lines
    assert s.scalar(select(func.count()).select_from(Term)) == lines


def test_a_changed_line_changes_its_term(s: Session) -> None:
    s.execute(update(Term).where(Term.slug == "library").values(name="Bibliotheque", fresh_months=1))
    load_taxonomy(s)
    assert (terms(s).at["library", "name"], terms(s).at["library", "fresh_months"]) == ("Library or hub", 12)


def test_categories_stand_below_a_group_and_have_a_kind(s: Session) -> None:
    load_taxonomy(s)
    known = categories(s)
    assert "library" in known.index
    assert "meeting-places" not in known.index
    assert set(known["asset_kind"]) <= set(ASSET_KINDS)
    assert set(known["parent"]) <= set(terms(s).index)


def test_a_synonym_leads_to_its_category(s: Session) -> None:
    load_taxonomy(s)
    assert phrases(s)[("church",)] == ["place-of-worship"]
    assert "food-bank" in phrases(s)[("food", "bank")]


def test_the_six_kinds_have_words(s: Session) -> None:
    assert len({kind_name(kind) for kind in ASSET_KINDS}) == 6
