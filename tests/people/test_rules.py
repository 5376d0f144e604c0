"""Product rules R1-R3 in the schema itself: nothing of a person's ranks people by need, and worries come last."""

import re
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

import abcd
from abcd.core.language import LANGUAGES, use
from abcd.db.tables import NOTE_KINDS
from abcd.pages.panels_person import ON_THE_CARD
from abcd.people.grounds_words import PURPOSES, SOURCES, grounds_kept, grounds_said
from abcd.people.queries import LINE
from abcd.people.whereabouts import PEOPLE

PAGE = Path(abcd.__file__).parent / "pages" / "people.py"
#: What a column that ranks people is called; ``score`` belongs to a pair, and so to ``connection`` and its parts.
RANKING = re.compile(
    r"(^|_)(need|needs|risk|vulnerab\w*|depriv\w*|priority|urgency|urgent|score|band|banding|rank|ranking|points|"
    r"tier|grade|rating|severity|complexity|red|amber|rag|dependency|level|overdue)(_|$)"
)
#: Words that hold such a word and rank nobody, each with its reason.
ALLOWED = {
    ("person", "access_needs"): "what somebody needs to take part, so that a room can be chosen",
    ("introducible", "access_needs"): "the same, of those whose yes holds",
    ("findable", "access_needs"): "the same, of those whose yes holds",
    ("person_suggestion", "score"): "of a pair",
    ("person_suggestion", "tier"): "of a pair: who helps, neighbours before services",
    ("person", "comms_needs"): "what helps somebody to follow",
    ("person", "safety_risk"): "takes somebody out of every list and count (trust.md P12); it sorts nobody",
    ("person_wish", "urgent_reason"): "the one logged override of community first (E.2), of a wish and in words",
    ("connection", "score"): "of a pair",
    ("connection", "tier"): "of a pair: who helps, neighbours before services",
    ("connection", "is_urgent"): "the logged override of a pair's tiers",
}
COLUMNS = """
select c.relname as table, a.attname as column from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname in ('core', 'pub') and c.relkind in ('r', 'v', 'm') and c.relname = any(:tables)"""


def of_people(s: Session) -> set[str]:
    """Tables and views about people: those of the register, what points to a person, and views of them."""
    known = {home.table.partition(".")[2] for home in PEOPLE} - {"draft"}
    pointing = s.scalars(
        text("select conrelid::regclass::text from pg_constraint where confrelid = 'core.person'::regclass")
    )
    views = s.scalars(
        text("select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
             "where n.nspname in ('core', 'pub') and c.relkind in ('v', 'm') "
             "and pg_get_viewdef(c.oid) ~ '(^|[^a-z_])(core\\.)?person[ ;_]'")
    )  # fmt: skip
    return known | {name.partition(".")[2] for name in pointing} | set(views)


def ranking(columns: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those columns whose names would rank people."""
    return {one for one in columns if RANKING.search(one[1])}


def test_no_column_about_people_ranks_them(s: Session) -> None:
    rows = s.execute(text(COLUMNS), {"tables": sorted(of_people(s))})
    found = {(row.table, row.column) for row in rows}
    assert {("person", "preferred_name"), ("introducible", "id"), ("person_wish", "own_words")} <= found
    assert ranking(found) - set(ALLOWED) == set()
    assert set(ALLOWED) <= found, "an exception that is needed no longer"


def test_columns_that_others_use_to_rank_people_would_be_found() -> None:
    told = ("need_score", "risk_band", "vulnerability", "priority", "support_level", "housing_points", "rag_status")
    assert ranking({("person", name) for name in told}) == {("person", name) for name in told}


def test_gifts_come_first_and_worries_last() -> None:
    assert NOTE_KINDS[0] == ON_THE_CARD[0] == "gift"
    assert NOTE_KINDS[-1] == "worry"
    assert "worry" not in ON_THE_CARD
    panels = re.search(r"PANELS = \((.*?)\n\)", PAGE.read_text(), re.DOTALL)
    assert panels is not None
    order = re.findall(r"^    (\w+),", panels[1], re.MULTILINE)
    assert (order[0], order[-1]) == ("card", "worries")


def test_a_list_of_people_carries_nothing_to_sort_them_by() -> None:
    assert set(LINE) == {"id", "preferred_name", "contact_route", "status", "retention_review_on"}


def test_why_it_is_kept_is_one_word_in_the_store_and_words_of_the_reader_on_screen() -> None:
    for language in LANGUAGES:
        use(language)
        try:
            told = {word: grounds_said(word) for word in (*PURPOSES, *SOURCES)}
            assert {grounds_kept(said) for said in told.values()} == set(told)
            assert (grounds_said("her sister"), grounds_kept(" her  sister ")) == ("her sister", "her sister")
        finally:
            use("en")
    assert grounds_kept("Y person") == "the person"
    assert "_" not in grounds_said("being_found")
