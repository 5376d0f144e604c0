"""``abcd person`` as it is typed: nothing personal on the command line, no more shown than is needed."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from abcd.cli import app
from abcd.cli.people import ASKED, local_actor
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest, NotFound
from tests.builders import a_place

ADA = {
    "preferred_name": "Ada of Millfield", "phone": "07700 900123", "email": "ada@millfield.example",
    "purpose": "introductions", "lawful_basis": "consent", "consent_on": "2026-05-01", "source": "the person",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def patch(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A patch that people belong to; its id."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("ABCD_HOME", str(tmp_path_factory.mktemp("home")))
        with session(SYSTEM) as s:
            place = a_place(s, kind="patch", name="North patch")
        yield str(place)


def typed(*words: object, given: str = "") -> Result:
    """What a command answers."""
    done = CliRunner().invoke(app, ["person", *map(str, words)], input=given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def added(patch: str, **more: object) -> str:
    return typed("add", "--place", patch, "--from", "-", given=json.dumps(ADA | more)).stdout.strip()


def test_somebody_is_added_from_a_file_and_shown_without_more_than_is_needed(patch: str, tmp_path: Path) -> None:
    file = tmp_path / "ada.json"
    file.write_text(json.dumps(ADA))
    someone = typed("add", "--place", patch, "--from", file).stdout.strip()
    shown = typed("show", someone).stdout
    assert "preferred name: Ada of Millfield\nplace name: North patch\n" in shown
    assert ADA["phone"] not in shown
    assert ADA["email"] not in shown
    assert "phone: 07700 900123" in typed("show", someone, "--contact").stdout


def test_what_is_personal_is_asked_for(patch: str) -> None:
    answers = {name: ADA.get(name, given) for name, _question, given in ASKED}
    done = typed("add", "--place", patch, given="\n".join(answers.values()) + "\n")
    assert UUID(done.stdout.strip().splitlines()[-1])


def test_somebody_alike_is_pointed_out_by_id_alone(patch: str) -> None:
    first = added(patch, email="same@millfield.example")
    again = typed("add", "--place", patch, "--from", "-", given=json.dumps(ADA | {"email": "same@millfield.example"}))
    assert f"Perhaps the same as {first}." in again.stderr
    assert "Ada" not in again.output


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("{", "not JSON: line 1"), ("[]", "one JSON object"), ('{"need_score": 7}', "no such field: need_score"),
        ('{"preferred_name": "Ada"}', "on which day"), (json.dumps(ADA | {"consent_on": "soon"}), "on which day"),
    ],
)  # fmt: skip
def test_what_is_off_is_said_and_not_quoted(patch: str, given: str, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence) as refused:
        typed("add", "--place", patch, "--from", "-", given=given)
    assert "Ada" not in str(refused.value)


def test_everything_is_given_in_a_folder(patch: str, tmp_path: Path) -> None:
    someone = added(patch)
    done = typed("data", someone, "-o", tmp_path / "for-ada")
    assert Path(done.stdout.strip()) == tmp_path / "for-ada"
    assert "personal data" in done.stderr
    told = json.loads((tmp_path / "for-ada" / "everything.json").read_text())
    assert told["tables"]["core.person"][0]["email"] == ADA["email"]
    assert "Ada of Millfield" in (tmp_path / "for-ada" / "everything.html").read_text()


def test_an_erasure_says_what_is_gone_what_is_left_and_until_when(patch: str) -> None:
    someone = added(patch)
    said = typed("erase", someone, "--reason", "asked").stdout.splitlines()
    assert said[0].startswith("Erased. Backups that contain it expire on ")
    assert "write-ahead log" in said[1], "this store is on a server of others"
    with pytest.raises(NotFound):
        typed("show", someone)
    with pytest.raises(NotFound):
        typed("erase", someone, "--reason", "asked")


def test_an_erasure_for_machines(patch: str) -> None:
    told = json.loads(typed("erase", added(patch), "--reason", "mistake", "--json").stdout)
    assert told["rows"]["core.person"] == 1
    assert "core.person" in told["rewritten"]


def test_a_reason_is_a_word_of_the_list(patch: str) -> None:
    with pytest.raises(BadRequest, match="Say why"):
        typed("erase", added(patch), "--reason", "Ada asked me")


def test_the_clocks_strike(patch: str) -> None:
    someone = added(patch, preferred_name="Bea of Millfield")
    nothing = "0 made anonymous, 0 to be asked again, 0 notes removed."
    assert typed("retention").stdout.splitlines()[0] == nothing
    said = typed("retention", "--today", "2029-01-01").stdout
    assert int(said.split()[0]) >= 1
    assert "made anonymous, 0 to be asked again, 0 notes removed." in said
    assert "status: anonymised" in typed("show", someone).stdout


def test_whoever_runs_the_machine_belongs_to_its_association(patch: str) -> None:
    assert local_actor().organisation_id == local_actor().organisation_id != ""
