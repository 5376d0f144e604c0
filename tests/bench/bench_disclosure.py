"""Figures about people: how many deliberate mistakes in the arithmetic its tests find, and how long an attack takes.

``size`` 1 changes the arithmetic, the nesting and the cube in every way that mutmut knows, each in a copy of its own,
and runs their tests: at least 95 of 100 changes must be found (trust.md 2.1). Larger sizes are areas of an invented
association, counted, rounded and attacked.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.core.disclosure.towns import a_town, released

SIZES = (1, 10, 50, 200)
ROOT = Path(__file__).parents[2]
CODE, TESTS = Path("abcd/core/disclosure"), Path("tests/core/disclosure")
MUTATED = ("arithmetic", "nesting", "cube")
LEAST_KILLED = 0.95

CONFIGURATION = """
[tool.mutmut]
source_paths = ["abcd"]
only_mutate = {code}
also_copy = ["tests"]
pytest_add_cli_args_test_selection = {tests}
[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
pythonpath = ["."]
"""


def rows(size: int) -> Iterator[dict[str, Any]]:
    """Mutants that were found, or the time of an attack.

    Raises:
        AssertionError: too many deliberate mistakes were not found.
    """
    yield mutants() if size == 1 else attacked(size)


def attacked(areas: int) -> dict[str, Any]:
    """An association with so many areas in estates of five patches."""
    parents, counts = a_town(1, estates=max(2, areas // 5), patches=4, mean=15)
    start = time.perf_counter()
    told, findings = released(parents, counts)
    last = findings[-1]
    return {
        "what": "attack", "ours_s": round(time.perf_counter() - start, 2), "areas": len(parents),
        "withstood": told is not None, "plans_tried": len(findings), "unknowns": last.unknowns,
        "programs": last.programs,
    }  # fmt: skip


def mutants() -> dict[str, Any]:
    """Every mutant in a copy of the package, each against the tests of its module."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        copied(here)
        mutmut = str(Path(sys.executable).with_name("mutmut"))
        subprocess.run([mutmut, "run"], cwd=here, check=True, capture_output=True)
        subprocess.run([mutmut, "export-cicd-stats"], cwd=here, check=True, capture_output=True)
        told = json.loads((here / "mutants" / "mutmut-cicd-stats.json").read_text())
    killed = (told["killed"] + told["timeout"]) / told["total"]
    assert killed >= LEAST_KILLED, told
    seconds = round(time.perf_counter() - start, 1)
    return {"what": "mutants", "ours_s": seconds, "mutants": told["total"], "killed": round(killed, 4)}


def copied(here: Path) -> None:
    """A project of its own with the package, its tests and what mutmut must know."""
    for folder in (CODE, TESTS):
        shutil.copytree(ROOT / folder, here / folder)
        for package in (folder, *folder.parents[:-1]):
            (here / package / "__init__.py").touch()
    code = json.dumps([str(CODE / f"{name}.py") for name in MUTATED])
    tests = json.dumps([str(TESTS / f"test_{name}.py") for name in MUTATED])
    (here / "pyproject.toml").write_text(CONFIGURATION.format(code=code, tests=tests))
