"""Not a byte is left of whoever was erased: searched for in every file, in every wrapping, with what makes it fail."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from abcd.access.drafts import Writing, keep
from abcd.core.clock import today
from abcd.db import chain, erasures
from abcd.db.cluster import cluster_of
from abcd.db.rewriting import Rewritten
from abcd.db.session import Actor, session
from abcd.errors import BadRequest, NotAllowed, NotFound
from abcd.people import erasing
from abcd.people.erasing import Erased, erase
from abcd.people.files import GIVEN, UPLOADS
from abcd.people.history import history_of
from abcd.people.leaving import Left, erase_withdrawn, leave
from abcd.people.queries import notes_of, person
from abcd.people.retention import run_retention
from abcd.people.whereabouts import PEOPLE
from tests.canary import Search, unlikely, wrapped
from tests.people.lives import Life, a_life, a_place_to_live, a_store, as_owner, folders, go_wrong, live


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="abcd-erase-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def owner(home: Path) -> Iterator[Actor]:
    with a_store(home) as made:
        yield made


@pytest.fixture(scope="module")
def patch(owner: Actor) -> UUID:
    return a_place_to_live(owner)


@pytest.fixture(scope="module")
def neighbour(owner: Actor, patch: UUID) -> Life:
    """Somebody who stays."""
    return a_life(owner, patch)


@pytest.fixture(scope="module")
def lived(owner: Actor, patch: UUID, neighbour: Life) -> tuple[Life, UUID]:
    return live(owner, patch)


@pytest.fixture(scope="module")
def search(lived: tuple[Life, UUID]) -> Search:
    return Search(lived[0].words)


@pytest.fixture(scope="module")
def before(home: Path, lived: tuple[Life, UUID], search: Search) -> dict[str, set[str]]:
    """What the search finds while the person is there: the part of the store and the form of each hit, by word."""
    found: dict[str, set[str]] = {name: set() for name in lived[0].words}
    as_owner("checkpoint")  # a word that falls on the seam of two pages of the log is whole in its table
    for hit in search.in_folders(*folders(home)):
        found[hit.name].add(where(home, hit.where) + "/" + hit.form)
    return found


def where(home: Path, file: str) -> str:
    """The part of the store or of the home folder that a file belongs to."""
    data = cluster_of(home).data
    parts = {"log": data / "pg_wal", "tables": data / "base", "uploads": home / UPLOADS, "given": home / GIVEN}
    return next((name for name, folder in parts.items() if file.startswith(str(folder))), file)


@pytest.fixture(scope="module")
def told(home: Path, owner: Actor, lived: tuple[Life, UUID], before: dict[str, set[str]]) -> Erased:
    """The erasure itself."""
    return erase(lived[0].id, "asked", actor=owner)


def test_the_search_finds_them_while_they_are_there(before: dict[str, set[str]]) -> None:
    """Without this, finding nothing afterwards would prove nothing."""
    for name, places in before.items():
        assert places & {"log/utf-8", "tables/utf-8"}, name
    assert sum("log/utf-8" in places for places in before.values()) >= len(before) - 1
    assert {"tables/utf-8", "uploads/utf-8", "uploads/utf-16-le", "given/utf-8"} <= before["phone"]
    assert "tables/utf-8" in before["phone"], "what was edited away is in the pages all the same"
    assert not [place for places in before.values() for place in places if place.startswith("/")]


@pytest.mark.parametrize("wrapping", wrapped("x"))
def test_no_wrapping_would_hide_them(lived: tuple[Life, UUID], wrapping: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(wrapped(lived[0].words["preferred_name"])[wrapping])
    assert Search(lived[0].words).in_folders(tmp_path)


def test_not_a_byte_is_left(home: Path, search: Search, told: Erased) -> None:
    assert search.in_folders(*folders(home)) == []


def test_whoever_asked_is_told_the_truth(told: Erased) -> None:
    gone_on = erasures.gone_from_backups_on(today())
    assert told.sentences == [f"Erased. Backups that contain it expire on {gone_on:%d %B %Y}."]
    several = {"core.draft": 2, "core.person_note": 2, "core.consent": 2}
    assert told.rows == {home.table: several.get(home.table, 1) for home in PEOPLE}, "a row of each kind went"
    assert told.files == 6, "four uploads that named them, and the two files that were given to them"
    assert {"core.asset", "core.issue", "core.import", "core.draft", "core.person"} <= set(told.rewritten.tables)


def test_nothing_more_than_a_tombstone_is_left(owner: Actor, lived: tuple[Life, UUID], told: Erased) -> None:
    with session(owner) as s:
        with pytest.raises(NotFound):
            person(s, lived[0].id)
        changes = history_of(s, lived[0].id)
        keys = s.scalar(text("select count(*) from core.person"))
    assert keys == 1
    erased = [change for change in changes if change.what == "erase"]
    assert [change.after for change in erased] == [{"reason": "asked"}]
    assert len(changes) > 8
    opened = {
        str(value) for change in changes for told_then in (change.before, change.after) for value in told_then.values()
    }
    assert not opened & set(lived[0].words.values())


def test_what_was_sealed_cannot_be_opened_and_the_chain_still_holds(
    owner: Actor, lived: tuple[Life, UUID], told: Erased
) -> None:
    sealed = text("""
        select count(*), count(core.unsealed(thing_id::uuid, decode(value ->> 'sealed', 'base64')))
        from core.row_change, jsonb_each(coalesce(after, '{}') || coalesce(before, '{}')) as told (name, value)
        where thing_id = :id and value ? 'sealed'""")
    for _twice in range(2):
        with session(owner) as s:
            chain.seal(s)
    with session(owner) as s:
        kept, opened = s.execute(sealed, {"id": str(lived[0].id)}).one()
        assert kept > 10
        assert opened == 0
        assert chain.sealed(s).waiting < 10
        assert chain.verify(s) == []


def test_who_stays_is_untouched(owner: Actor, neighbour: Life, told: Erased) -> None:
    with session(owner) as s:
        stays = person(s, neighbour.id)
        assert stays.phone == neighbour.words["new phone"]
        assert {note.words for note in notes_of(s, neighbour.id)} == {
            neighbour.words["hope"],
            neighbour.words["conversation"],
        }
        shown = {change.after.get("phone") for change in history_of(s, neighbour.id)}
    assert {neighbour.words["phone"], neighbour.words["new phone"]} <= shown


def test_what_others_brought_in_stays(home: Path, owner: Actor, lived: tuple[Life, UUID], told: Erased) -> None:
    with session(owner) as s:
        staged = s.scalars(text(f"select name from stage.rows_{lived[1].hex} order by row")).all()
    assert [name for name in staged if "Library" in name] == [
        "Ashford Library",
        "Burnley Road Library",
        "Castle Library",
    ]
    assert [file.name for file in (home / UPLOADS).iterdir()] == ["libraries.csv"]


def test_the_list_of_the_erased_knows_no_name(home: Path, lived: tuple[Life, UUID], told: Erased) -> None:
    assert [each.hash for each in erasures.forgotten()] == [erasures.fingerprint(lived[0].id)]
    lines = erasures.list_file().read_text()
    assert str(lived[0].id) not in lines
    assert erasures.list_file().stat().st_mode & 0o077 == 0
    assert not erasures.is_sweep_due()


def test_the_servers_log_says_no_name(home: Path, neighbour: Life, owner: Actor, told: Erased) -> None:
    """Errors were forced with these words in them, one of which quotes what it does not like (trust.md P20)."""
    go_wrong(neighbour, owner)
    quoted, log = {"word": unlikely()}, cluster_of(home).log
    with suppress(DBAPIError):
        as_owner(f"set log_min_messages = error; select cast('{quoted['word']}' as integer)")
    # The server hands its lines to a process of their own, in order: once the last is there, so is what came before.
    until = time.monotonic() + 15
    while not Search(quoted).in_folders(log):
        assert time.monotonic() < until, "a log that is not told to be quiet does quote"
        time.sleep(0.1)
    assert Search(neighbour.words).in_folders(log) == []


def test_a_stop_before_the_files_were_rewritten_is_made_good_at_night(
    home: Path, owner: Actor, patch: UUID, told: Erased, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the proof: rows and key gone alone leave the bytes where they were."""
    life = a_life(owner, patch)
    with monkeypatch.context() as stopped:
        stopped.setattr(erasing, "rewrite", lambda *_given: Rewritten((), ("stopped here",), is_done=False))
        assert erase(life.id, "asked", actor=owner).sentences[1:] == ["stopped here"]
    search = Search({"phone": life.words["phone"], "hope": life.words["hope"]})
    assert {hit.name for hit in search.in_folders(*folders(home))} == {"phone", "hope"}
    assert erasures.is_sweep_due()
    _done, rewritten = run_retention()
    assert rewritten is not None
    assert rewritten.left == ()
    assert search.in_folders(*folders(home)) == []


def test_a_page_left_open_does_not_bring_them_back(owner: Actor, lived: tuple[Life, UUID], told: Erased) -> None:
    with session(owner) as s:
        late = Writing("edit_person", str(lived[0].id), "f" * 32)
        assert not keep(s, late, {"phone": lived[0].words["phone"]}, by=owner)
        assert s.scalar(text("select count(*) from core.draft where record = :id"), {"id": str(lived[0].id)}) == 0


def test_only_with_a_reason_and_a_right(owner: Actor, neighbour: Life, told: Erased) -> None:
    with pytest.raises(BadRequest, match="Say why"):
        erase(neighbour.id, "because Ada said so", actor=owner)
    with pytest.raises(NotAllowed):
        erase(neighbour.id, "asked", actor=Actor("Otis", "officer", organisation_id=owner.organisation_id))
    with pytest.raises(NotFound):
        erase(neighbour.id, "asked", actor=Actor("Stan", "owner"))


def test_whoever_left_by_their_own_link_is_gone_to_the_last_byte(
    home: Path, owner: Actor, patch: UUID, told: Erased
) -> None:
    """Until the chore comes nobody sees them, and their bytes are there: so the search would have found them."""
    life = a_life(owner, patch)
    with session(owner) as s:
        leave(s, life.id, "online", by=owner, by_self=True)
    with session(owner) as s, pytest.raises(NotFound):
        person(s, life.id)
    search = Search(life.words)
    as_owner("checkpoint")
    assert {hit.name for hit in search.in_folders(*folders(home))} == set(life.words)
    assert erase_withdrawn() == Left(1, is_swept=True)
    assert search.in_folders(*folders(home)) == []
