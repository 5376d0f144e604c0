"""Everything about a person is all there is: what a search of every table and file finds, and no less (P25)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.assets.taxonomy import load_taxonomy
from abcd.config import settings
from abcd.db.session import SYSTEM, Actor, session
from abcd.db.tables import Base
from abcd.errors import NotAllowed, NotFound
from abcd.people.erasing import erase
from abcd.people.files import GIVEN, UPLOADS
from abcd.people.traces import Traces, is_telling, phone_forms
from abcd.people.whereabouts import PEOPLE, Everything, everything_about
from tests.canary import Search
from tests.conftest import as_owner
from tests.people.lives import Life, a_place_to_live, live


@pytest.fixture(scope="module")
def owner(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Actor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ABCD_HOME", str(tmp_path_factory.mktemp("home")))
        with session(SYSTEM) as s:
            load_taxonomy(s)
            made = ensure_owner(s, by=SYSTEM)
            association = str(ensure_association(s, by=SYSTEM))
        yield replace(made, organisation_id=association)


@pytest.fixture(scope="module")
def lived(owner: Actor) -> Life:
    return live(owner, a_place_to_live(owner))[0]


@pytest.fixture(scope="module")
def found(owner: Actor, lived: Life) -> Everything:
    with session(owner) as s:
        return everything_about(s, lived.id, by=owner)


def test_every_table_that_points_to_a_person_is_in_the_register() -> None:
    """A new table of people's data fails here until it has its line in ``PEOPLE``."""
    person = "core.person"
    pointing = {
        table.fullname for table in Base.metadata.sorted_tables
        if any(key.column.table.fullname == person for key in table.foreign_keys) or "person_id" in table.columns
    }  # fmt: skip
    assert pointing | {person} <= {home.table for home in PEOPLE}
    assert PEOPLE[-1].table == person, "what points to a person goes before the person"
    assert [
        home.table for home in PEOPLE if not home.named and home.column not in Base.metadata.tables[home.table].columns
    ] == []


def tables_that_say(store: str, words: dict[str, str]) -> dict[str, set[str]]:
    """Each table with the words that stand in it, by a search of whole rows of every table there is."""
    everywhere = text("select format('%I.%I', schemaname, tablename) from pg_tables "
                      "where schemaname not in ('pg_catalog', 'information_schema')")  # fmt: skip
    said: dict[str, set[str]] = {}
    with as_owner(store) as connection:
        for table in connection.scalars(everywhere).all():
            for name, told in words.items():
                asked = text(f"select exists (select from {table} t where strpos(t::text, :told) > 0)")
                if connection.scalar(asked, {"told": told}):
                    said.setdefault(table.replace('"', ""), set()).add(name)
    return said


def test_everything_is_what_a_search_of_every_table_finds(store: str, lived: Life, found: Everything) -> None:
    told: dict[str, set[str]] = {}
    parts = [(table, row) for table, rows in found.tables.items() for row in rows]
    for table, row in [*parts, *((mention.table, mention.row) for mention in found.mentions)]:
        said = json.dumps(row, ensure_ascii=False)
        told.setdefault(table, set()).update(name for name, words in lived.words.items() if words in said)
    searched = tables_that_say(store, lived.words)
    assert {"core.person", "core.person_note", "core.draft", "core.issue", "core.import"} <= set(searched)
    assert {table: names for table, names in told.items() if names} == searched
    assert set(found.tables) == {home.table for home in PEOPLE}
    assert [table for table, rows in found.tables.items() if not rows] == [], "a row of each kind is there to be told"


def test_everything_is_what_a_search_of_every_file_finds(lived: Life, found: Everything) -> None:
    hits = Search(lived.words).in_folders(settings().home)
    named = {
        path for path in (settings().home / UPLOADS).iterdir() if any(hit.where.startswith(str(path)) for hit in hits)
    }
    assert {path.name for path in found.files if path.parent.name == UPLOADS} == {path.name for path in named}
    assert {path.parent.name for path in found.files} == {UPLOADS, str(lived.id)}
    assert len(named) == 4


def test_what_was_is_told_too(lived: Life, found: Everything) -> None:
    history = json.dumps([change.after for change in found.history], ensure_ascii=False)
    assert lived.words["phone"] in history
    assert lived.words["new phone"] in history


def test_the_folder_for_the_person_can_be_read_by_people_and_machines(lived: Life, found: Everything) -> None:
    folder = settings().home / GIVEN / str(lived.id)
    told = json.loads((folder / "everything.json").read_text())
    assert [row["phone"] for row in told["tables"]["core.person"]] == [lived.words["new phone"]]
    page = (folder / "everything.html").read_text()
    assert "<script" not in page
    assert lived.words["new email"] in page
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "everything.json").stat().st_mode & 0o077 == 0


def test_printed_it_says_no_more_than_an_id(lived: Life, found: Everything) -> None:
    assert not [words for words in lived.words.values() if words in repr(found)]


def test_only_keepers_give_it_and_only_their_own(owner: Actor, lived: Life) -> None:
    for actor, refusal in ((replace(owner, role="coach"), NotAllowed), (replace(owner, organisation_id=""), NotFound)):
        with session(actor) as s, pytest.raises(refusal):
            everything_about(s, lived.id, by=actor)


def test_on_a_server_of_others_it_says_what_is_left(store: str, owner: Actor, lived: Life, found: Everything) -> None:
    done = erase(lived.id, "asked", actor=owner)
    assert tables_that_say(store, lived.words) == {}
    assert Search(lived.words).in_folders(settings().home) == []
    (unseen,) = done.rewritten.left
    assert "write-ahead log" in unseen
    assert "provider" in unseen


@pytest.mark.parametrize("written", ["07700 900123", "+44 7700 900123", "0044 7700 900123", "(07700) 900123"])
def test_a_number_is_known_however_it_is_written(written: str) -> None:
    assert {"07700900123", "+447700900123", "07700 900123"} <= set(phone_forms(written))


@pytest.mark.parametrize(
    ("word", "is_one"), [("Ada", False), ("Gwendoline", False), ("Ada Lovelace", True), ("x" * 16, True)]
)
def test_a_first_name_alone_stands_for_nobody(word: str, is_one: bool) -> None:
    assert is_telling(word) is is_one


def test_signs_in_words_are_no_commands_of_a_search(store: str) -> None:
    words = 'a.b*c (d) [e] \\ "f" $'
    with as_owner(store) as connection:
        for told, is_found in ((words, True), ("aXbbbc (d)", False)):
            asked = text("select cast(:told as text) ~ :pattern")
            assert connection.scalar(asked, {"told": told, "pattern": Traces((), (words,)).pattern()}) is is_found


def test_ids_are_all_that_the_receipt_of_a_save_holds(owner: Actor, lived: Life) -> None:
    with session(owner) as s:
        results = s.scalars(text("select result from core.operation")).all()
    told = [value for result in results for value in result.values()]
    assert [UUID(value) for value in told if isinstance(value, str)]
    assert {type(value) for value in told} <= {str, int}
