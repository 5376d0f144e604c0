"""The gifts in the store."""

import csv

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy, terms
from abcd.core.language import use
from abcd.db.tables import GIFT_KINDS, Skill
from abcd.db.tables.offers import GIFT_GROUPS, THEMES
from abcd.gaps.themes import theme_words
from abcd.people.gift_wording import gift_group_names
from abcd.people.skills import FILE, above, group_of, hint_words, load_skills, skills


def test_every_line_becomes_a_gift_and_twice_is_once(s: Session) -> None:
    with FILE.open(encoding="utf-8", newline="") as opened:
        lines = list(csv.DictReader(opened))
    assert load_skills(s) == load_skills(s) == len(lines)
    assert s.scalar(select(func.count()).select_from(Skill)) == len(lines)
    assert list(skills(s)) == [line["slug"] for line in lines]


def test_a_changed_line_changes_its_gift(s: Session) -> None:
    load_skills(s)
    s.execute(update(Skill).where(Skill.slug == "piano").values(name="Pianoforte"))
    load_skills(s)
    assert skills(s)["piano"].name == "Piano and keyboard"


def test_there_are_sixteen_groups_and_every_gift_has_one_a_kind_and_two_languages(s: Session) -> None:
    load_skills(s)
    known = skills(s)
    groups = [skill for skill in known.values() if skill.parent is None]
    assert (len(groups), len(known) - len(groups) >= 120) == (16, True)
    for skill in known.values():
        assert (group_of(known, skill.slug) or skill).parent is None
        assert skill.gift_kind in GIFT_KINDS
        assert skill.name_cy != skill.name
        assert hint_words(skill.regulated_hint) or not skill.regulated_hint
        assert skill.parent is None or len(skill.synonyms) >= 5, skill.slug


def test_a_gift_speaks_to_themes_and_categories_that_there_are(s: Session) -> None:
    load_taxonomy(s)
    load_skills(s)
    categories = set(terms(s).index)
    for skill in skills(s).values():
        assert skill.themes, skill.slug
        assert all(theme_words(theme) != theme for theme in skill.themes), skill.slug
        assert set(skill.categories) <= categories, skill.slug


def test_a_gift_knows_what_it_lies_below(s: Session) -> None:
    load_skills(s)
    line = [skill.slug for skill in above(skills(s), "piano")]
    assert line == ["piano", "making-music", "arts-music-and-craft"]
    assert list(above(skills(s), "no-such-gift")) == list(above(skills(s), None)) == []


def test_a_gift_is_named_in_the_language_of_the_screen(s: Session) -> None:
    load_skills(s)
    use("cy")
    try:
        assert skills(s)["welsh"].words() == "Cymraeg"
    finally:
        use("en")


def test_the_lists_in_code_are_those_of_the_file(s: Session) -> None:
    load_skills(s)
    groups = {skill.slug: skill.name for skill in skills(s).values() if skill.parent is None}
    assert tuple(groups) == GIFT_GROUPS
    assert gift_group_names() == groups
    assert all(theme_words(theme) != theme for theme in THEMES)
    assert max(len(list(above(skills(s), slug))) for slug in skills(s)) == 3
