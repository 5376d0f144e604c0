"""``./dev bench [name ...] [--size N ...]``: one JSON row a comparison, each module and size in its own process."""

import argparse
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tests.bench.measure import peak_mb

SIZES = (10_000, 100_000, 1_000_000)


def names() -> list[str]:
    """The benchmarks: every ``bench_*.py`` beside this file."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def run_one(name: str, size: int) -> None:
    """Print the rows of one benchmark at one size."""
    module = import_module(f"tests.bench.bench_{name}")
    for row in module.rows(size):
        print(json.dumps({"name": name, "size": size} | row | ratio(row) | memory(row)), flush=True)


def ratio(row: dict[str, object]) -> dict[str, object]:
    """Ours to the peer's time, when the row has not said it."""
    if "ratio" in row or not isinstance(row.get("peer_s"), float | int) or not row["peer_s"]:
        return {}
    return {"ratio": round(float(row["ours_s"]) / float(row["peer_s"]), 3)}  # type: ignore[arg-type]


def memory(row: dict[str, object]) -> dict[str, object]:
    """The peak memory of this process, when the row has not said its own."""
    return {} if "peak_memory_mb" in row else {"peak_memory_mb": peak_mb()}


def run_all(chosen: list[str], sizes: list[int]) -> int:
    """Run the chosen benchmarks; returns how many failed."""
    failed = 0
    for name in chosen:
        only = getattr(import_module(f"tests.bench.bench_{name}"), "SIZES", SIZES)
        for size in sizes or only:
            command = [sys.executable, "-m", "tests.bench", name, "--size", str(size), "--here"]
            failed += subprocess.run(command, check=False).returncode != 0
    return failed


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[*names(), []], help=f"one or more of {', '.join(names())}")
    parser.add_argument("--size", type=int, action="append", default=[], help="rows; may be given more than once")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        run_one(given.name[0], given.size[0])
        return 0
    return run_all(given.name or names(), given.size)


if __name__ == "__main__":
    sys.exit(main())
