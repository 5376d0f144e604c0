"""F4: an import is killed at any statement; the register is as before, and running it again gives one copy."""

import json
import random
from pathlib import Path

import pytest

from tests.faults.cut import commanded, run
from tests.faults.figures import tell
from tests.faults.machine import Machine
from tests.faults.size import times
from tests.intake.publisher import LIBRARIES, a_file
from tests.intake.test_undo import NEWER

# Everything that an import may touch and a person may see.
SEEN = """
select md5(coalesce(string_agg((to_jsonb(a) - 'version' - 'updated_at')::text, '|' order by id), ''))
       || (select count(*) from core.place_asset) || ' ' || (select count(*) from core.organisation)
       || ' ' || (select count(*) from core.import where status = 'loaded')
from core.asset a"""
OF_THE_FILE = "select count(*) from core.asset where source_ref in ('L1', 'L2', 'L3', 'L4')"


@pytest.fixture(scope="module")
def newer(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newer file of libraries; the older one is loaded."""
    older = a_file(tmp_path_factory.mktemp("older"), LIBRARIES)
    assert run(commanded, str(machine.home), ["import", "assets", str(older)], None, None) == 0
    return a_file(tmp_path_factory.mktemp("newer"), NEWER)


def seen(machine: Machine) -> object:
    return machine.ask(SEEN)[0]


def imports(machine: Machine) -> list[dict[str, str]]:
    """The list as the command prints it, the newest first."""
    listed = machine.command("import", "list", "--json")
    return json.loads(listed.communicate()[0])


@pytest.fixture(scope="module")
def statements(machine: Machine, newer: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many statements the newer file takes; it is taken back again."""
    counted, before = tmp_path_factory.mktemp("count") / "statements", seen(machine)
    assert run(commanded, str(machine.home), ["import", "assets", str(newer)], str(counted), None) == 0
    assert seen(machine) != before
    undo_newest(machine)
    assert seen(machine) == before
    return int(counted.read_text())


def undo_newest(machine: Machine) -> None:
    """Take the newest import back."""
    loaded = next(one for one in imports(machine) if one["state"] == "loaded")
    assert run(commanded, str(machine.home), ["import", "undo", loaded["import_id"]], None, None) == 0


def test_an_import_killed_at_any_statement_changes_nothing(machine: Machine, newer: Path, statements: int) -> None:
    words, before = ["import", "assets", str(newer)], seen(machine)
    killed = sample(statements)
    half = [k for k in killed if not is_whole(machine, words, k, before)]
    tell("kill -9 of an import", len(killed), statements=statements, half_imports=len(half))
    assert half == []
    waiting = next(one for one in imports(machine) if one["state"] == "staged")
    assert run(commanded, str(machine.home), ["import", "confirm", waiting["import_id"]], None, None) == 0
    assert machine.ask(OF_THE_FILE) == [4]
    undo_newest(machine)


def sample(n: int) -> list[int]:
    """Statements to be killed at, in order: some of the ``n`` in the short set, all of them in the long one."""
    return sorted(random.Random(4).sample(range(n), min(n, times(12, n))))


def is_whole(machine: Machine, words: list[str], k: int, before: object) -> bool:
    """Whether the register is as before, after a kill at statement ``k``."""
    assert run(commanded, str(machine.home), words, k, None) == -9
    return seen(machine) == before


def in_two_transactions() -> None:
    """Spoil the import: it commits once in the middle."""
    from abcd.db.session import SYSTEM, _sign
    from abcd.intake import load

    assign = load.assign

    def commit_first(s: object, **given: object) -> int:
        s.commit()  # type: ignore[attr-defined]
        _sign(s, SYSTEM, True)  # type: ignore[arg-type]
        return assign(s, **given)  # type: ignore[arg-type]

    load.assign = commit_first


def test_an_import_in_two_transactions_is_found_out(machine: Machine, newer: Path, statements: int) -> None:
    """The control: killed after its first commit, such an import has left something behind."""
    words, before = ["import", "assets", str(newer)], seen(machine)
    assert run(commanded, str(machine.home), words, statements - 1, in_two_transactions) != 0
    tell("control: import in two transactions", 1, half_imports=int(seen(machine) != before))
    assert seen(machine) != before
