"""Every branch of the package is run by its own tests: counted anew in each run of the suite, by the quick ones."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
QUICK = (
    "test_arithmetic or test_nesting or test_cube or contradict or fails or percentage_beside or so_many or guess "
    "or withstood or moved or found_out_together or ten_changed or figure or move_leaves or saves_programs"
)


def test_every_line_and_branch_is_run(tmp_path: Path) -> None:
    tests = [str(file) for file in sorted(Path(__file__).parent.glob("test_*.py")) if file.name != Path(__file__).name]
    data, told = f"--data-file={tmp_path / 'coverage'}", tmp_path / "told.json"
    coverage = [sys.executable, "-m", "coverage"]
    run = [
        *coverage,
        "run",
        "--branch",
        "--source=abcd/core/disclosure",
        data,
        "-m",
        "pytest",
        "-n0",
        "-q",
        "-k",
        QUICK,
    ]
    done = subprocess.run(
        [*run, "-p", "no:cacheprovider", *tests], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    subprocess.run([*coverage, "json", data, "-o", str(told), "-q"], cwd=ROOT, check=True)
    files = json.loads(told.read_text())["files"]
    assert sum(one["summary"]["num_statements"] for one in files.values()) > 300
    assert {name: one["missing_lines"] for name, one in files.items() if one["missing_lines"]} == {}
    assert {name: one["missing_branches"] for name, one in files.items() if one["missing_branches"]} == {}
