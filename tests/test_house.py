"""The house holds: imports run downhill, nothing leaves unlisted, and the front page tells no less than there is."""

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer import Typer
from typer.main import get_command

from abcd.assets import actions as asset_actions
from abcd.assets import check_links, consent, contributions, merging, moderating, rooms
from abcd.cli import MODULES
from abcd.connections import follow_ups, introducing, register, settling
from abcd.connections.network import ties
from abcd.db.tables import (
    Asset,
    Connection,
    Contribution,
    Conversation,
    Edge,
    FollowUp,
    IntroductionIn,
    Organisation,
    Person,
    PersonNote,
    Place,
)
from abcd.gaps import searching
from abcd.intake import sources
from abcd.maps.layers import LAYERS
from abcd.maps.sharing import deeds as sharing
from abcd.maps.sharing import openly
from abcd.people import actions as people_actions
from abcd.people import conversations
from abcd.places import actions as place_actions

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
OURS = [ROOT / name for name in TRACKED if name.startswith("abcd/") and name.endswith(".py") and (ROOT / name).exists()]


def test_imports_run_downhill() -> None:
    contracts = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    told = subprocess.run(contracts, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_the_top_of_the_house_holds_what_the_plan_says() -> None:
    named = {name.split("/")[0] for name in TRACKED if name} - {"dev", "LICENSE", "requirements.lock"}
    assert {one for one in named if not one.startswith(".")} <= {
        "pyproject.toml", "app.py", "abcd", "data", "maps", "tests", "README.md",
    }  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_lists_its_columns_and_what_they_say(name: str) -> None:
    layer = LAYERS[name]
    assert layer.columns
    assert layer.licence
    assert [column.name for column in layer.columns if not column.says] == []


@pytest.mark.parametrize("one", sources.descriptions(), ids=lambda one: str(one.slug))
def test_every_source_has_its_licence(one: sources.Description) -> None:
    assert one.licence
    assert one.publisher


def commands() -> list[str]:
    """Every command of the command line, in full."""
    found = []
    for name, module in MODULES.items():
        app: Typer = __import__(module, fromlist=["app"]).app
        group = get_command(app)
        found += [f"abcd {name} {one}" for one in getattr(group, "commands", {})] or [f"abcd {name}"]
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert command in README


@pytest.mark.parametrize("verb", re.findall(r"^    ([a-z]+)\)", (ROOT / "dev").read_text(encoding="utf-8"), re.M))
def test_every_verb_of_the_script_is_in_the_readme(verb: str) -> None:
    assert f"./dev {verb}" in README


@pytest.mark.parametrize(
    "table",
    [Asset, Connection, Contribution, Conversation, Edge, FollowUp, IntroductionIn, Organisation, Person, PersonNote,
     Place],
)  # fmt: skip
def test_what_people_edit_has_a_version(table: type) -> None:
    assert "version" in table.__table__.columns  # type: ignore[attr-defined]


VERBS = frozenset(
    "add edit confirm retire merge unmerge end describe record say make extend revoke begin step pass look settle "
    "let suggest".split()
)
ACTIONS = [
    (module, name)
    for module in (asset_actions, merging, rooms, check_links, consent, contributions, moderating, people_actions,
                   conversations, place_actions, searching, sharing, openly, ties, introducing, follow_ups,
                   register, settling)
    for name, thing in inspect.getmembers(module, inspect.isfunction)
    if name.split("_")[0] in VERBS
    and thing.__module__.startswith("abcd.") and name != "record"
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), ACTIONS, ids=[name for _module, name in ACTIONS])
def test_actions_sign(module: object, name: str) -> None:
    by = inspect.signature(getattr(module, name)).parameters["by"]
    assert by.kind is inspect.Parameter.KEYWORD_ONLY


def test_rooms_never_commit() -> None:
    rooms_of_ours = [file for file in OURS if not file.is_relative_to(ROOT / "abcd" / "db")]
    assert [file.name for file in rooms_of_ours if re.search(r"\.(commit|rollback)\(", file.read_text("utf-8"))] == []


def test_names_say_what_is_inside() -> None:
    vague = {"utils", "helpers", "common", "manager", "base"}
    assert {file.stem for file in OURS if file.parent.name != "tables"} & vague == set()


def test_the_repo_names_no_registry() -> None:
    hosts = re.compile(r"registry\.[n]pmjs|[p]ypi\.org|files\.[p]ythonhosted|deb\.[d]ebian")
    texts = [ROOT / name for name in TRACKED if name.endswith((".py", ".toml", ".json", ".lock", ".md", "dev", "run"))]
    assert [file.name for file in texts if file.exists() and hosts.search(file.read_text("utf-8"))] == []


def test_python_and_versions_are_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.M))
    asked = {re.split(r"[\[>=<~]", one)[0].lower() for one in project["dependencies"]}
    assert asked <= pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
