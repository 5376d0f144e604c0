"""The search for canaries finds them in every wrapping, and nothing where there is none."""

import os
from pathlib import Path

import pytest

from tests.canary import Search, a_canary, wrapped

CANARY = a_canary()


@pytest.mark.parametrize("wrapping", wrapped("x"))
@pytest.mark.parametrize("name", CANARY)
def test_no_wrapping_hides_a_canary(name: str, wrapping: str, tmp_path: Path) -> None:
    (tmp_path / "file.bin").write_bytes(os.urandom(1000) + wrapped(CANARY[name])[wrapping])
    assert {hit.name for hit in Search(CANARY).in_folders(tmp_path)} == {name}


def test_a_name_of_a_file_sings(tmp_path: Path) -> None:
    (tmp_path / f"{CANARY['phone']}.csv").write_bytes(b"")
    assert [hit.name for hit in Search(CANARY).in_folders(tmp_path)] == ["phone"]


def test_where_there_is_none_none_is_found(tmp_path: Path) -> None:
    (tmp_path / "file.bin").write_bytes(os.urandom(200_000) + wrapped(a_canary()["email"])["xlsx"])
    assert Search(CANARY).in_folders(tmp_path) == []
