"""Rewriting asks briefly for a table, again when it is in use, and then says so; a file is known by its number."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from abcd.db import rewriting
from abcd.db.residue import files_holding, sought
from abcd.db.rewriting import node_of, rewrite
from tests.conftest import as_owner

TABLE = "core.person"


@pytest.mark.parametrize(
    ("name", "node"),
    [("16384", 16384), ("16384.1", 16384), ("16384_vm", 16384), ("pg_filenode.map", 0), ("PG_VERSION", 0)],
)
def test_a_file_of_a_table_is_known_by_its_number(name: str, node: int) -> None:
    assert node_of(Path("base/5") / name) == node


def test_words_are_found_in_bytes_as_they_are_and_as_json(tmp_path: Path) -> None:
    for name, content in {"a": b"x Zo\xc3\xab y", "b": b'{"n": "Zo\\u00eb"}', "c": b"Zoe", "empty": b""}.items():
        (tmp_path / name).write_bytes(content)
    assert [path.name for path in files_holding([tmp_path], ["Zoë", " "])] == ["a", "b"]
    assert files_holding([tmp_path], []) == []
    assert sought(["a", "a", ""]) == (b"a",)


def test_a_table_that_is_not_there_is_no_fault(store: str) -> None:
    done = rewrite(["core.nothing", TABLE])
    assert done.tables == (TABLE,)
    assert done.is_done


def hold(store: str, seconds: float, held: threading.Event, enough: threading.Event) -> None:
    """Somebody reads the table in a transaction that takes its time, at most until it is enough."""
    with as_owner(store) as connection:
        connection.execute(text(f"lock table {TABLE} in access share mode"))
        held.set()
        enough.wait(seconds)


@pytest.mark.parametrize(("times", "seconds", "is_done"), [(100, 0.5, True), (4, 60, False)])
def test_a_table_in_use_is_asked_for_again_and_then_named(
    store: str, monkeypatch: pytest.MonkeyPatch, times: int, seconds: float, is_done: bool
) -> None:
    for name, value in {"SECONDS_FOR_A_LOCK": 0.2, "TIMES": times, "PAUSE": 0.2}.items():
        monkeypatch.setattr(rewriting, name, value)
    held, enough = threading.Event(), threading.Event()
    reader = threading.Thread(target=hold, args=(store, seconds, held, enough))
    reader.start()
    held.wait()
    done = rewrite([TABLE])
    enough.set()
    reader.join()
    assert done.is_done is is_done
    assert any("in use" in sentence for sentence in done.left) is not is_done
