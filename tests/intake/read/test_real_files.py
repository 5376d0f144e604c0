"""Every real file opens with exactly the rows and columns its manifest says."""

import os
import re
from pathlib import Path

import pytest

from abcd.intake.read import look, open_file

REAL = Path(os.environ.get("ABCD_REAL_DATA") or Path(__file__).parents[4] / "shared" / "data")
LINE = re.compile(r"^\| `(?P<file>\S+\.(?:csv|geojson))` \|")
#: columns that the manifest abbreviates
MORE = re.compile(r" \.\.\. \(\+(\d+) more\)$")


def _expected() -> list[tuple[str, int, str]]:
    """(file, rows, columns as written) of the manifest's first table."""
    manifest = REAL / "MANIFEST.md"
    text = manifest.read_text("utf-8").split("## Ground truth")[0] if manifest.exists() else ""
    lines = [line.split(" | ") for line in text.splitlines() if LINE.match(line)]
    return [(cells[0].strip("|` "), int(cells[5].replace(",", "")), cells[7].strip(" |")) for cells in lines]


@pytest.mark.skipif(not REAL.exists(), reason="ABCD_REAL_DATA does not point at the real data")
@pytest.mark.parametrize(("file", "rows", "columns"), _expected())
def test_a_real_file_opens_whole(file: str, rows: int, columns: str) -> None:
    seen = look(REAL / file)
    with open_file(REAL / file) as reading:
        read = sum(batch.num_rows for batch in reading)

    more = MORE.search(columns)
    named = [name.strip() for name in MORE.sub("", columns).split(", ")]
    assert (read, reading.rows_seen, reading.rows_left_out) == (rows, rows, 0)
    assert list(seen.columns[: len(named)]) == named
    assert len(seen.columns) == len(named) + (int(more.group(1)) if more else 0)
    assert seen.row_count == rows
