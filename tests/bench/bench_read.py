"""Reading a CSV of assets: our sandboxed look and rows, against pandas and ogr2ogr, which check nothing."""

import csv
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.measure import Measured, measured, row

HEADINGS = "ref name category address postcode phone email opening_hours lon lat".split()


def rows(size: int) -> Iterator[dict[str, Any]]:
    """One row per peer."""
    with tempfile.TemporaryDirectory(prefix="abcd-bench-") as folder:
        path = str(_written(Path(folder) / "assets.csv", size))
        ours = measured("tests.bench.bench_read:ours", path)
        for peer in ("pandas", "ogr2ogr"):
            yield row(
                f"read csv against {peer}",
                size,
                ours,
                peer,
                _same(measured(f"tests.bench.bench_read:{peer}", path), ours),
            )


def _written(path: Path, size: int) -> Path:
    chance = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(_line(n, chance) for n in range(size))
    return path


def _line(n: int, chance: random.Random) -> list[str]:
    kind = ("hall", "library", "park", "club")[n % 4]
    address = f"{n % 300} Station Road, Old Trafford, Manchester"
    spot = (f"{-2.4 + chance.random() / 5:.6f}", f"{53.3 + chance.random() / 5:.6f}")
    contact = (f"M{n % 40} {n % 9}AA", f"0161{n:07d}", f"hall{n}@example.org", "Mon 09:00-17:00; Tue 10:00-12:00")
    return [f"A{n:07d}", f"St Mary’s Community Hall {n}", kind, address, *contact, *spot]


def _same(peer: Measured, ours: Measured) -> Measured:
    """The peer's measure, once it is sure that both read every row."""
    assert peer.value in (None, ours.value), f"{peer.value} rows against our {ours.value}"
    return peer


def ours(path: str) -> int:
    """Rows read by ``look`` and then ``open_file``."""
    from abcd.intake.read import look, open_file

    look(path)
    with open_file(path) as reading:
        return sum(batch.num_rows for batch in reading)


def pandas(path: str) -> int:
    """Rows read as text by pandas."""
    import pandas

    return len(pandas.read_csv(path, dtype=str, keep_default_na=False))


def ogr2ogr(path: str) -> None:
    """Read by GDAL and written nowhere."""
    subprocess.run(["ogr2ogr", "-f", "CSV", "/vsistdout/", path], stdout=subprocess.DEVNULL, check=True)
