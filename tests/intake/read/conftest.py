"""Files made by the tests, and all that reading one gives."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import shapely

from abcd.intake.read import FileLook, ReadChoice, ReadIssue, look, open_file


@dataclass
class Got:
    """A file read to its end."""

    path: Path
    choice: ReadChoice
    rows: list[dict[str, Any]]
    issues: list[ReadIssue]
    counts: dict[str, int]
    seen: int
    left_out: int

    @cached_property
    def look(self) -> FileLook:
        return look(self.path, self.choice)

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    def shapes(self) -> list[shapely.Geometry | None]:
        return [shapely.from_wkb(row["__geom__"]) for row in self.rows]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    def written(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture
def read() -> Callable[..., Got]:
    def got(path: Path, **choice: Any) -> Got:
        chosen = ReadChoice(**choice)
        with open_file(path, chosen) as reading:
            rows = [row for batch in reading for row in batch.to_pylist()]
            numbered = sorted(rows, key=lambda row: row["__row__"])
            counts = dict(reading.issue_counts)
            return Got(path, chosen, numbered, reading.issues, counts, reading.rows_seen, reading.rows_left_out)

    return got
