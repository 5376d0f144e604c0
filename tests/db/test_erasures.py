"""The list of the erased: on the disk at once, private, without names, whole after a power cut."""

import threading
from datetime import date
from pathlib import Path

import pytest

from abcd.core.clock import today
from abcd.db import erasures


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path / "home"))


def test_nobody_at_first() -> None:
    assert erasures.forgotten() == []
    assert not erasures.is_sweep_due()


def test_who_was_erased_is_known_by_a_hash_alone() -> None:
    erasures.remember("6f1f5a3e-0000-4000-8000-000000000001")
    (one,) = erasures.forgotten()
    assert (one.hash, one.on) == (erasures.fingerprint("6f1f5a3e-0000-4000-8000-000000000001"), today())
    assert "6f1f5a3e" not in erasures.list_file().read_text()
    assert erasures.list_file().stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_power_cut_left_half_written_hides_no_other() -> None:
    erasures.remember("one")
    with erasures.list_file().open("a") as opened:
        opened.write('{"hash": "ab')
    erasures.remember("two")
    assert [each.hash for each in erasures.forgotten()] == [erasures.fingerprint("one"), erasures.fingerprint("two")]


def test_many_at_once_are_all_remembered() -> None:
    threads = [threading.Thread(target=erasures.remember, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.hash for each in erasures.forgotten()} == {erasures.fingerprint(str(number)) for number in range(20)}


def test_the_files_are_due_until_they_were_swept_after_the_last() -> None:
    erasures.remember("one")
    erasures.remember_sweep()
    assert not erasures.is_sweep_due()
    erasures.remember("two")
    assert erasures.is_sweep_due()


def test_when_the_last_backup_is_gone() -> None:
    assert erasures.gone_from_backups_on(date(2026, 11, 22)) == date(2026, 12, 27)
