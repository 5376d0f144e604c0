"""Sound files damaged in 72 ways each: rows, or a sentence; never a crash, a hang, a secret read or a call out.

Two hundred in every run; all 3,600 with ``./dev faults --long``.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from abcd.errors import BadFile
from abcd.intake.read import look, open_file
from tests.faults.size import IS_LONG, times
from tests.hostile.listening import CANARY, Bait, bait
from tests.hostile.mutations import KINDS, mutated
from tests.hostile.seeds import MAKERS, seed

SECONDS, MEGABYTES = 30, 50
EVERY = [(number, kind) for number in range(len(MAKERS)) for kind in range(len(KINDS))]

pytestmark = pytest.mark.timeout(times(300, 3_600))


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its sentence, or the rows that were read, and how long it took."""

    which: tuple[int, int]
    seconds: float
    said: str
    rows: str = ""
    is_whole: bool = True


@pytest.fixture
def laid(tmp_path: Path) -> Iterator[Bait]:
    with bait(tmp_path) as made:
        yield made


def outcome(which: tuple[int, int], folder: Path, laid: Bait) -> Outcome:
    """Look at the file and read it to its end, each in a process of its own."""
    name, content = mutated(*which)
    path = folder / f"{which[0]}-{which[1]}-{name}"
    path.write_bytes(laid.in_(content))
    began = time.monotonic()
    try:
        seen = look(path)
        with open_file(path) as reading:
            rows = [row for batch in reading for row in batch.to_pylist()]
        is_whole = len(rows) + reading.rows_left_out == reading.rows_seen
        return Outcome(which, time.monotonic() - began, ".", f"{seen}{rows}", is_whole)
    except BadFile as refused:
        return Outcome(which, time.monotonic() - began, str(refused))
    finally:
        path.unlink()


def test_there_are_3600_and_all_seeds_are_sound_or_refused_knowingly(tmp_path: Path) -> None:
    assert (len(MAKERS), len(KINDS), len(EVERY)) == (50, 72, 3_600)
    unread = []
    for number in range(len(MAKERS)):
        name, content = seed(number)
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(content)
        try:
            look(path)
        except BadFile as refused:
            unread.append((number, str(refused)))
    assert [number for number, _ in unread] == [49], unread


def test_no_damage_does_harm(tmp_path: Path, laid: Bait, capsys: pytest.CaptureFixture[str]) -> None:
    files = random.Random(7).sample(EVERY, times(200, len(EVERY)))
    before, began = psutil.Process().memory_info().rss, time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda which: outcome(which, tmp_path, laid), files))
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    with capsys.disabled():
        print(f"\n{told(found)}, {time.monotonic() - began:.0f} s in all, {grown:+.0f} MB")
    assert [one for one in found if not one.said.endswith(".")] == []
    assert [one for one in found if not one.is_whole] == []
    assert [one for one in found if one.seconds > SECONDS] == []
    assert [one for one in found if CANARY in one.said + one.rows] == []
    assert laid.calls == []
    if not IS_LONG:
        assert grown < MEGABYTES


def told(found: list[Outcome]) -> str:
    """The figures of a run in one line."""
    kinds = Counter("read" if one.said == "." else "not safely" if "safely" in one.said else "too long"
                    if "too long" in one.said else "refused" for one in found)  # fmt: skip
    slowest = max(found, key=lambda one: one.seconds)
    return f"{len(found)} files: {dict(kinds)}; slowest {slowest.seconds:.1f} s {slowest.which}"
