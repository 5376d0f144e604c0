"""What leaves is read as the share role: cleared rows, cleared columns, for one audience."""

from itertools import count

import pytest
from sqlalchemy import Integer, Text, bindparam, func, literal, select, text, true, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from abcd.assets.search import Search, find, learn_words
from abcd.db.audit import record
from abcd.db.glance import glance
from abcd.db.session import SHARE_ROLE, Actor, session
from abcd.db.tables import Asset, Person, PlaceAsset, Setting, asset_cell
from abcd.errors import NotFound
from abcd.maps.layers import LAYERS
from abcd.maps.reader import Reader
from abcd.maps.rows import rows
from abcd.maps.spoken import ANEW, AS_IT_LIKES, ONCE, Asked, anew, spoken, spoken_together
from abcd.maps.unchanged import Made, kept, settled
from abcd.maps.view import BRITAIN, Filters
from abcd.maps.viewport import features
from tests.maps.conftest import Borough

ALL = tuple(LAYERS)


def names(s: Session, reader: Reader) -> set[str]:
    found = set()
    for one in reader.published():
        if one.table is Asset.__table__:
            found |= {row["name"] for row in rows(s, one, reader.audience, ("name",))}
    return found


@pytest.fixture(scope="module", autouse=True)
def _words(borough: Borough, owner: Actor) -> None:
    with session(owner) as s:
        learn_words(s)


@pytest.mark.parametrize("audience", ["public", "partner", "council"])
def test_every_layer_is_readable_behind_the_line_on_a_map_and_in_a_file(borough: Borough, audience: str) -> None:
    reader = Reader(audience, ALL)
    with reader.reading() as s:
        for one in reader.published():
            for on_map in (True, False):
                wanted = tuple(column.name for column in one.columns_for(audience, on_map=on_map))
                assert isinstance(rows(s, one, audience, wanted), list)
            features(s, one.name, BRITAIN, 12, audience=audience)


def test_what_is_for_partners_is_seen_by_partners_alone(borough: Borough) -> None:
    seen = {}
    for audience in ("public", "partner", "council"):
        with Reader(audience, ALL).reading() as s:
            seen[audience] = set(s.scalars(select(Asset.visibility)))
            counted = set(s.scalars(select(asset_cell.c.visibility)))
            assert counted <= seen[audience]
    assert seen == {"public": {"public"}, "partner": {"public", "partner"}, "council": {"public", "partner"}}


def test_even_a_query_that_forgets_the_audience_finds_no_officers_row(borough: Borough, s: Session) -> None:
    hidden = set(s.scalars(select(Asset.name).where(Asset.visibility == "officer")))
    with Reader("council", ALL).reading() as outside:
        assert hidden
        assert not hidden & set(outside.scalars(select(Asset.name)))


@pytest.mark.parametrize("column", [Asset.extra, Asset.edited_at, Asset.last_import_id, Person.id])
def test_a_column_that_was_not_cleared_is_an_error_of_the_database(borough: Borough, column: object) -> None:
    with pytest.raises(DBAPIError, match="does not exist"), Reader("council", ALL).reading() as s:
        s.execute(select(column))


def test_a_contact_without_consent_and_an_address_of_a_group_stay_inside(borough: Borough, owner: Actor) -> None:
    with session(owner) as s:
        told = {"phone": "01611234567", "email": "canary@example.org", "address": "7 Canary Row", "postcode": "M16 9ZZ"}
        s.execute(update(Asset).where(Asset.asset_kind == "story").values(**told, contact_public=False))
    with Reader("council", ALL).reading() as s:
        kept = s.execute(
            select(Asset.phone, Asset.email, Asset.address, Asset.postcode).where(Asset.asset_kind == "story")
        )
        assert {tuple(row) for row in kept} == {("", "", "", "")}


def test_find_works_behind_the_line_mistyped_words_too(borough: Borough) -> None:
    with Reader("public", ALL).reading() as s:
        whole = find(s, Search(public=True))
        some = whole.lines[0].name
        mistyped = some.split()[0][:-1] + "x" if len(some.split()[0]) > 5 else some
        assert any(line.name == some for line in find(s, Search(words=mistyped, public=True)).lines)


def test_places_confine_what_is_seen(borough: Borough) -> None:
    with Reader("public", ALL).reading() as s:
        seen = {
            name: set(s.scalars(select(Asset.name).where(*Filters(within=(borough.places[name],)).of_assets())))
            for name in ("far", "estate")
        }
    assert seen["far"] == {"Far library"}
    assert {"Garden", "Quiet"} < seen["estate"]
    assert "Far library" not in seen["estate"]


def test_a_layer_that_is_not_open_is_not_there(borough: Borough) -> None:
    reader = Reader("public", ("assets", "patches"))
    assert [one.name for one in reader.published()] == ["assets"]
    for name in ("patches", "places", "moons"):
        with pytest.raises(NotFound, match="nothing at this address"):
            reader.layer(name)


def test_nothing_is_public_until_the_owner_says_so(borough: Borough, owner: Actor) -> None:
    assert Reader.public().layers == ()
    with session(owner) as s:
        s.add(Setting(name="public_layers", value=["venues", "assets"]))
    assert Reader.public().layers == ("assets", "venues")


def test_not_even_an_officers_file_says_in_which_area_a_sensitive_asset_lies(borough: Borough, owner: Actor) -> None:
    with session(owner) as s:
        s.add(PlaceAsset(place_id=borough.places["oa"], asset_id=borough.assets["refuge"], relation="within"))
        s.add(PlaceAsset(place_id=borough.places["estate"], asset_id=borough.assets["refuge"], relation="within"))
        s.flush()
        wanted = ("name", "place_reference", "place_name", "oa_code", "oa_year", "lsoa_code", "ward_code", "lad_code")
        told = {row["name"]: row for row in rows(s, LAYERS["assets"], "officer", wanted)}
    assert told["Garden"]["oa_code"]
    assert {told["Refuge"][name] for name in wanted[1:]} == {None}


@pytest.mark.parametrize("plan", [AS_IT_LIKES, ONCE, ANEW])
@pytest.mark.parametrize("audience", ["public", "partner"])
def test_a_statement_that_failed_says_why_and_its_way_of_planning_stays_with_it(
    borough: Borough, plan: str, audience: str
) -> None:
    def tenth(of: int) -> int:
        query = select(literal(10) // bindparam("of", of, Integer), literal("50% %(of)s"))
        return int(spoken(s, ("tenth", plan), lambda: query, {"of": of}, plan=plan)[0])

    with Reader(audience, ALL).looking() as s:
        for _again in range(2):
            with pytest.raises(DBAPIError, match="division by zero"):
                tenth(0)
            s.rollback()
            with pytest.raises(DBAPIError, match="division by zero"), anew(s):
                s.execute(text("select 1 / 0"))
            s.rollback()
            assert tenth(5) == 2
            assert s.scalar(text("show plan_cache_mode")) == "auto"
            s.rollback()


@pytest.mark.parametrize("audience", ["public", "partner"])
def test_of_questions_put_together_a_later_one_sees_what_an_earlier_one_set(borough: Borough, audience: str) -> None:
    note = select(func.set_config("abcd.note", bindparam("note", "", Text), true()), literal(1))
    noted = select(func.current_setting("abcd.note"), literal(10) // bindparam("of", 1, Integer))

    def ask(of: int) -> list[tuple[object, ...]]:
        first = Asked("note", lambda: note, {"note": f"of {of}"}, ANEW)
        return spoken_together(s, first, Asked("noted", lambda: noted, {"of": of}, ONCE))

    with Reader(audience, ALL).looking() as s:
        for of in (1, 2):
            assert ask(of) == [(f"of {of}", 1), (f"of {of}", 10 // of)]
        with pytest.raises(DBAPIError, match="division by zero"):
            ask(0)
        s.rollback()
        assert ask(5) == [("of 5", 1), ("of 5", 2)]
        assert s.scalar(text("show plan_cache_mode")) == "auto"


def test_a_glance_that_failed_says_why_and_the_next_one_sees_again(borough: Borough) -> None:
    with pytest.raises(DBAPIError, match="division by zero"):
        glance("select 1 / %(of)s", {"of": 0}, SHARE_ROLE)
    assert glance("select 1 / %(of)s", {"of": 1}, SHARE_ROLE) == (1,)
    with Reader("partner", ALL).reading() as s:  # in a transaction, as ever
        s.execute(text("select set_config('abcd.note', 'mine', true)"))
        assert s.scalar(text("select current_setting('abcd.note')")) == "mine"


def test_the_words_of_a_statement_hold_what_never_changes(borough: Borough) -> None:
    odd = "50% of %(of)s it's \\ é"
    with Reader("public", ALL).looking() as s:
        for of in (1, 2):
            row = spoken(s, "odd", lambda: select(literal(odd), bindparam("of", 1, Integer)), {"of": of}, plan=ONCE)
            assert row == (odd, of)


def test_what_was_made_is_kept_only_while_nobody_writes(borough: Borough, owner: Actor) -> None:
    reader, made = Reader("public", ALL), count()

    def ask() -> int:
        with reader.looking() as s:
            answer = kept(s, reader, LAYERS["assets"], "a test", lambda: (Made(str(next(made)).encode()), settled(s)))
            return int(answer.body)

    with session(owner) as writing:
        writing.execute(text("select pg_current_xact_id()"))
        assert [ask() for _ in range(3)] == [0, 1, 2]
        with session(owner) as ended:  # who began later and has ended hides nobody who still writes
            ended.execute(text("select pg_current_xact_id()"))
        assert [ask() for _ in range(3)] == [3, 4, 5]
    # Other tests may write in this cluster just now; at some moment nobody does.
    assert any(ask() == ask() for _ in range(500))
    last = ask()
    with session(owner) as s:
        record(s, "edit", "asset", "a test", by=owner)
    assert ask() > last
