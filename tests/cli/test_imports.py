"""``abcd import`` as it is typed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from abcd.cli import app
from abcd.db.session import Actor, session
from abcd.errors import BadRequest
from tests.conftest import emptied
from tests.intake.publisher import LIBRARIES, a_file


@pytest.fixture(autouse=True)
def _empty(store: str, owner: Actor) -> None:
    emptied(store, "core.asset, core.import, core.source, core.issue")


def typed(*words: object) -> Result:
    """What a command answers."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def told(*words: object) -> dict[str, object]:
    """The one JSON document that a command prints."""
    return dict(json.loads(typed(*words, "--json").stdout))


def assets(owner: Actor) -> int:
    with session(owner) as s:
        return int(s.scalar(text("select count(*) from core.asset where status = 'active'")) or 0)


def test_a_file_comes_in_and_goes_again(tmp_path: Path, owner: Actor) -> None:
    report = told("import", "assets", a_file(tmp_path, LIBRARIES))
    assert (report["rows"], report["added"], assets(owner)) == (3, 3, 3)
    again = told("import", "assets", a_file(tmp_path, LIBRARIES))
    assert (again["added"], again["unchanged"]) == (0, 3)
    assert "3 removed" in typed("import", "undo", report["import_id"]).stdout
    assert assets(owner) == 0


def test_a_rehearsal_says_what_would_be_done_and_does_nothing(tmp_path: Path, owner: Actor) -> None:
    report = told("import", "assets", a_file(tmp_path, LIBRARIES), "--dry-run")
    assert (report["added"], assets(owner)) == (3, 0)


def test_choices_are_taken(tmp_path: Path, owner: Actor) -> None:
    file = a_file(tmp_path, LIBRARIES, name="list.csv")
    typed("import", "assets", file, "--source", "Town hall", "--category", "cafe", "--as-of", "2026-05-01")
    query = "select o.name, a.assured_on::text from core.asset a join core.source o on o.id = a.source_id limit 1"
    with session(owner) as s:
        assert s.execute(text(query)).one() == ("Town hall", "2026-05-01")


def test_sentences_say_how_to_undo(tmp_path: Path) -> None:
    said = typed("import", "assets", a_file(tmp_path, LIBRARIES)).stdout
    assert "3 added" in said
    assert "abcd import undo" in said


def test_the_list_names_every_import(tmp_path: Path) -> None:
    typed("import", "assets", a_file(tmp_path, LIBRARIES))
    said = typed("import", "list").stdout
    assert "loaded" in said
    assert "libraries.csv" in said


def test_the_faults_go_to_a_file(tmp_path: Path) -> None:
    report = told("import", "assets", a_file(tmp_path, (*LIBRARIES, ("L4", "Lost Library", "", "", "", "", ""))))
    typed("import", "issues", report["import_id"], "-o", tmp_path / "faults.csv")
    assert "unlocated" in (tmp_path / "faults.csv").read_text("utf-8-sig")


def test_a_file_of_postcodes_is_shown_its_door(tmp_path: Path) -> None:
    rows = (("ZZ1 1AA", "-2.3", "53.45"), ("ZZ1 1AB", "-2.31", "53.45"))
    file = a_file(tmp_path, rows, ("postcode", "long", "lat"), "postcodes.csv")
    with pytest.raises(BadRequest, match="abcd import postcodes"):
        typed("import", "assets", file)


def test_barriers_come_in_as_typed_and_go_again(tmp_path: Path) -> None:
    corners = [[-2.30, 53.45], [-2.29, 53.45]]
    file = tmp_path / "lines.geojson"
    file.write_text(json.dumps({"type": "Feature", "properties": {"name": "Alley"},
                                "geometry": {"type": "LineString", "coordinates": corners}}))  # fmt: skip
    report = told("import", "barriers", file, "--nature", "felt_unsafe", "--soft")
    assert report["added"] == 1
    assert "1 removed" in typed("import", "undo", report["import_id"]).stdout
    assert told("import", "barriers", file, "--nature", "wall")["added"] == 1
