"""All 72 hostile inputs through the whole door, ``abcd import assets FILE``: a sentence, or a listed fault.

The door is the command line, over the sandboxed reader, the store and its loading. What the register holds is
compared by checksum before and after; what came in is taken back and compared again.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from abcd import cli
from abcd.assets.taxonomy import load_taxonomy
from abcd.db.session import SYSTEM, session
from abcd.intake import run
from tests.hostile import archives, databases, geojson_files, text_files, workbooks
from tests.hostile.cases import Case

CASES: list[Case] = [
    case for part in (text_files, workbooks, geojson_files, databases, archives) for case in part.CASES
]
SECONDS = 30
#: What an import leaves of itself for ever, undone or not: that it was, who did what, what was wrong with its file, how
#: its columns were understood; and the sums by square, which are kept as additions and subtractions.
LEDGER = frozenset("import issue source column_mapping audit_event row_change asset_cell search_word".split())

ASSETS = """
select *, concat_ws(' ', round(st_x(at)::numeric, 2), round(st_y(at)::numeric, 2)) as at
from core.asset, st_transform(st_pointonsurface(geom), 4326) at where status = 'active'
"""

pytestmark = pytest.mark.timeout(60)


def test_every_one_of_the_72_has_a_case() -> None:
    assert sorted({case.row for case in CASES}) == list(range(1, 73))
    assert len({str(case) for case in CASES}) == len(CASES)
    assert all(case.refused or case.issue or case.note or case.kept for case in CASES)


@pytest.fixture(scope="module", autouse=True)
def _register(store: str) -> None:
    with session(SYSTEM) as s:
        load_taxonomy(s)


def checksums(without: frozenset[str] = frozenset()) -> dict[str, str]:
    """A checksum of every table of the register."""
    with session(SYSTEM) as s:
        tables = s.scalars(text("select tablename from pg_tables where schemaname = 'core' order by 1")).all()
        query = "select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from core.\"{}\" t"
        return {one: s.scalar(text(query.format(one))) or "" for one in tables if one not in without}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """What a command answers: its exit code, its output and its complaint."""

    def answered(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["abcd", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return answered


@pytest.fixture
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    case: Case = request.param
    path = tmp_path / case.name
    path.write_bytes(case.bytes())
    if case.row == 58:
        with path.open("wb") as opened:
            opened.truncate(5 * 1024**3)
    yield path
    path.unlink()


def at_the_door(cases: list[Case]) -> Any:
    """Each case with its file."""
    return pytest.mark.parametrize(
        ("case", "file"), [(case, case) for case in cases], ids=map(str, cases), indirect=["file"]
    )


@at_the_door([case for case in CASES if not (case.kept or case.issue or case.note)])
def test_refused_in_a_sentence_and_nothing_is_written(case: Case, file: Path, typed: Callable) -> None:
    before, began = checksums(), time.monotonic()
    code, out, said = typed("import", "assets", "--", file)
    assert time.monotonic() - began < SECONDS
    assert (code, out) in ((3, ""), (2, "")), said
    assert case.refused in said
    assert is_a_sentence(said)
    assert changed(before, checksums()) == []
    assert sorted(file.parent.iterdir()) == [file]


@at_the_door([case for case in CASES if case.kept or case.issue or case.note])
def test_taken_in_with_what_is_wrong_said_and_given_back(case: Case, file: Path, typed: Callable) -> None:
    before, began = checksums(without=LEDGER), time.monotonic()
    code, out, said = typed("import", "assets", "--json", "--", file)
    assert time.monotonic() - began < SECONDS
    assert code == 0, said
    made = UUID(json.loads(out)["import_id"])
    try:
        if case.issue:
            assert case.issue in issues(made)
        assert case.note in " ".join(notes(made))
        assert all(holds(wanted) for wanted in case.wanted())
        assert not any(holds({"name": name}) for name in case.gone)
    finally:
        run.undo(made, actor=SYSTEM)
    assert changed(before, checksums(without=LEDGER)) == []
    assert sorted(file.parent.iterdir()) == [file]


def is_a_sentence(said: str) -> bool:
    """One line of printable letters with a full stop, and no word of a programmer."""
    line = said.strip("\n")
    return line.isprintable() and line.endswith(".") and "Traceback" not in line and "Error" not in line


def issues(import_id: UUID) -> list[tuple[str, int | None, str]]:
    """The faults of an import: kind, row and column."""
    with session(SYSTEM) as s:
        found = s.execute(
            text('select kind, row_number, "column" from core.issue where import_id = :id order by id'),
            {"id": import_id},
        )
        return [(row.kind, row.row_number, row.column) for row in found]


def notes(import_id: UUID) -> list[str]:
    """What was said about the file as a whole."""
    with session(SYSTEM) as s:
        report = s.scalar(text('select report from core."import" where id = :id'), {"id": import_id})
    return list(report["notes"])


def holds(wanted: dict[str, str | None]) -> bool:
    """Whether an asset has all of these; ``at`` is its place in degrees, to 1 km."""
    with session(SYSTEM) as s:
        found = s.execute(text(ASSETS)).mappings().all()
    return any(all(str(row[name]) == value for name, value in wanted.items()) for row in found)


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables that are not as they were."""
    return [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
