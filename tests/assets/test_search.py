"""Find: words, categories, times and distance."""

from datetime import date

import pytest
from shapely import Point
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.assets import search
from abcd.assets.search import Search, find, learn_words
from abcd.db.tables import Postcode
from abcd.errors import BadRequest, NotFound
from tests.builders import HERE, a_place, a_venue, an_asset, shape

EAST, NORTH = HERE


@pytest.fixture
def register(s: Session) -> Session:
    """Ten assets along a road going east, 400 m apart."""
    named = ["Mill Library", "Longford Library", "St Mary’s Church", "Café Müller", "Hullard Park", "Longford Park",
             "Stretford Food Bank", "The Swan", "Hope Centre", "Repair Café"]  # fmt: skip
    of = ["library", "library", "place-of-worship", "cafe", "park", "park", "food-bank", "pub", "community-centre",
          "repair-and-makers"]  # fmt: skip
    for number, (name, category) in enumerate(zip(named, of, strict=True)):
        an_asset(s, category, (EAST + 400 * number, NORTH), name=name, checked=date(2026, 10, 1))
    learn_words(s)
    return s


def names(s: Session, words: str = "", **more: object) -> list[str]:
    """The names found."""
    return [line.name for line in find(s, Search(words, **more)).lines]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "first"),
    [("mill", "Mill Library"), ("LIBRARY mill", "Mill Library"), ("marys", "St Mary’s Church"),
     ("mary's", "St Mary’s Church"), ("cafe muller", "Café Müller"), ("café", "Repair Café"),
     ("libraries longford", "Longford Library"),
     ("hope", "Hope Centre"), ("food bank stretford", "Stretford Food Bank")],
)  # fmt: skip
def test_words_find_names_without_accents_endings_or_capitals(register: Session, words: str, first: str) -> None:
    assert first in names(register, words)


def test_every_word_counts(register: Session) -> None:
    assert names(register, "longford park") == ["Longford Park"]
    assert names(register, "longford swan") == []


@pytest.mark.parametrize(
    ("typed", "taken", "first"),
    [("librery mill", {"librery": "library"}, "Mill Library"),
     ("longfrod park", {"longfrod": "longford"}, "Longford Park"),
     ("streford", {"streford": "stretford"}, "Stretford Food Bank"),
     ("chruch", {"chruch": "church"}, "St Mary’s Church")],
)  # fmt: skip
def test_a_slip_is_mended_and_told(register: Session, typed: str, taken: dict[str, str], first: str) -> None:
    found = find(register, Search(typed))
    assert (found.mended, found.lines[0].name) == (taken, first)


def test_the_beginning_of_the_last_word_is_enough(register: Session) -> None:
    assert names(register, "longf") == ["Longford Library", "Longford Park"]
    assert find(register, Search("longf")).mended == {}


@pytest.mark.parametrize(
    ("words", "found"),
    [("church", ["St Mary’s Church"]), ("doctor", []), ("pub", ["The Swan"]),
     ("coffee shop", ["Café Müller", "Repair Café"]),
     ("foodbank", ["Stretford Food Bank"])],
)  # fmt: skip
def test_a_synonym_finds_its_category(register: Session, words: str, found: list[str]) -> None:
    assert names(register, words) == found


def test_words_nobody_uses_find_nothing(register: Session) -> None:
    assert names(register, "xyzzyplugh") == []


@pytest.mark.parametrize("words", ["!", "&|", "a:*", "'; drop table x --", "(", "\\", "library & !mill", "\x00", "😀"])
def test_no_sign_breaks_the_search(register: Session, words: str) -> None:
    find(register, Search(words))


@pytest.mark.parametrize("slug", ["", "'", "no such", "park'); --", "&"])
def test_an_unknown_category_holds_nothing(register: Session, slug: str) -> None:
    assert names(register, categories=(slug,)) == []


def test_categories_and_kinds_narrow(register: Session) -> None:
    assert names(register, categories=("park",), order="name") == ["Hullard Park", "Longford Park"]
    assert names(register, "longford", categories=("park",)) == ["Longford Park"]
    assert names(register, kinds=("association",)) == []


def test_distance_from_a_point_orders_and_limits(register: Session) -> None:
    found = find(register, Search(categories=("library", "park"), near=HERE, order="near"))
    assert [line.name for line in found.lines] == ["Mill Library", "Longford Library", "Hullard Park", "Longford Park"]
    assert found.lines[1].metres == pytest.approx(400)
    assert found.lines[1].minutes == pytest.approx(400 * 1.3 / 66.7)
    near = names(register, categories=("library", "park"), near=HERE, within_minutes=10)
    assert near == ["Mill Library", "Longford Library"]


def test_nearer_comes_first_among_equals(register: Session) -> None:
    assert names(register, "longford", near=(EAST + 2000, NORTH))[0] == "Longford Park"
    assert names(register, "library", near=(EAST + 400, NORTH))[0] == "Longford Library"


def test_a_postcode_or_a_place_is_a_point_to_be_near(register: Session) -> None:
    register.add(Postcode(postcode="M167AA", point=shape(Point(EAST + 2000, NORTH))))
    a_place(register, (EAST + 2000, NORTH), size=100, name="Longford Court")
    for near in ("m16 7aa", "Longford Court"):
        found = find(register, Search("library", near=near, order="near"))
        assert [line.name for line in found.lines] == ["Longford Library", "Mill Library"]
    assert found.lines[0].metres == pytest.approx(1550)


def test_a_postcode_among_the_words_is_understood(register: Session) -> None:
    register.add(Postcode(postcode="M167AA", point=shape(Point(EAST + 2000, NORTH))))
    assert names(register, "park M16 7AA") == ["Longford Park", "Hullard Park"]


def test_what_cannot_be_asked_is_said(register: Session) -> None:
    with pytest.raises(NotFound, match="neither a postcode nor a place"):
        find(register, Search("park", near="M99 9ZZ"))
    with pytest.raises(BadRequest, match="from where"):
        find(register, Search("park", within_minutes=5))
    with pytest.raises(BadRequest, match="ordered by"):
        find(register, Search(order="random"))


def test_open_on_a_part_of_a_day(s: Session) -> None:
    sunday_evening, monday = 1 << 3 * 6 + 2, 0b111
    a_venue(s, name="Sunday hall", open_grid=sunday_evening), a_venue(s, name="Monday hall", open_grid=monday)
    a_venue(s, name="Who knows")
    assert names(s, open_on=(6, 2)) == ["Sunday hall"]
    assert names(s, open_on=(6, 0)) == []
    assert names(s, open_on=(0, None)) == ["Monday hall"]


def test_what_is_gone_is_left_out_unless_asked_for(register: Session) -> None:
    an_asset(register, name="Mill Depot", status="defunct")
    assert names(register, "mill") == ["Mill Library"]
    assert names(register, "mill", status=("defunct",)) == ["Mill Depot"]


def test_the_public_sees_neither_officers_records_nor_old_ones(register: Session) -> None:
    an_asset(register, name="Mill Archive", visibility="officer")
    an_asset(register, name="Mill Annexe", checked=date(2020, 1, 1))
    assert len(names(register, "mill")) == 3
    assert names(register, "mill", public=True) == ["Mill Library"]


def test_pages_follow_each_other_without_gaps(register: Session) -> None:
    whole = names(register, order="name")
    pages = [names(register, order="name", limit=3, offset=offset) for offset in (0, 3, 6, 9, 12)]
    assert sum(pages, []) == whole
    assert len(whole) == 10
    assert find(register, Search(order="name", limit=3)).total == 10


def test_beyond_a_close_look_it_says_more_than(register: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CLOSE_LOOK", 4)
    found = find(register, Search(limit=3))
    assert (len(found.lines), found.total, found.more) == (3, 4, True)
    assert find(register, Search("library")).more is False


def test_a_full_circle_says_there_is_more_beyond(register: Session) -> None:
    found = find(register, Search(near=HERE, limit=2))
    assert ([line.name for line in found.lines], found.more) == (["Mill Library", "Longford Library"], True)
    everything = find(register, Search(near=HERE))
    assert (everything.total, everything.more) == (10, False)


def test_a_common_pair_of_words_that_never_meet_reads_the_index_not_the_table(s: Session) -> None:
    s.execute(
        text("""
        insert into core.asset (asset_kind, category, name, point)
        select 'physical', 'other', case when n % 2 = 0 then 'Hall of Alpha ' else 'Hall of Beta ' end || n,
               ST_SetSRID(ST_MakePoint(380000 + n % 1000, 394000 + n / 1000), 27700)
        from generate_series(1, 4000) n""")
    )
    learn_words(s)
    s.execute(text("analyze core.asset"))
    with search._by_index(s):
        words = search.understand(s, "alpha beta")
        statement = search._page(Search("alpha beta"), words, None, None).compile(
            s.get_bind(), compile_kwargs={"literal_binds": True}
        )
        plan = "\n".join(s.connection().exec_driver_sql("explain " + str(statement)).scalars())
    assert "ix_asset_search" in plan
    assert "Seq Scan on asset" not in plan
    assert find(s, Search("alpha beta")).total == 0
    assert s.scalar(text("show enable_seqscan")) == "on"
