"""The stamp of a form: ours, for this form, neither hasty nor old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from abcd.access.sealing import SHARE_FILE, sealed, unsealed
from abcd.access.stamps import LATEST, SOONEST, Stamp, new_stamp, stamp_in

DRAWN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABCD_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("seconds", "hasty"), [(0, True), (SOONEST - 1, True), (SOONEST, False), (60, False), (LATEST, False)]
)
def test_a_stamp_tells_how_long_somebody_read(seconds: int, hasty: bool) -> None:
    text = new_stamp("share 1", DRAWN)
    stamp = stamp_in(text, "share 1", DRAWN + timedelta(seconds=seconds))
    assert stamp == Stamp(text[:32], seconds)
    assert stamp.is_hasty is hasty


@pytest.mark.parametrize("late", [timedelta(seconds=LATEST + 1), timedelta(seconds=-1), timedelta(days=400)])
def test_one_that_is_old_or_from_the_future_is_none(late: timedelta) -> None:
    assert stamp_in(new_stamp("share 1", DRAWN), "share 1", DRAWN + late) is None


def test_one_that_was_altered_or_is_for_another_form_is_none() -> None:
    text = new_stamp("share 1", DRAWN)
    key, drawn, mark = text.split(".")
    later = f"{int(drawn, 16) + 60:08x}"
    altered = [f"{'0' * 32}.{drawn}.{mark}", f"{key}.{later}.{mark}", f"{key}.{drawn}.{'0' * 64}", "", "x", text + "\n"]
    assert [one for one in altered if stamp_in(one, "share 1", DRAWN) is not None] == []
    assert stamp_in(text, "share 2", DRAWN) is None


def test_two_forms_have_two_names() -> None:
    assert new_stamp("share 1", DRAWN)[:32] != new_stamp("share 1", DRAWN)[:32]


def test_what_is_sealed_for_partners_opens_with_their_key_alone() -> None:
    token = sealed("nia@example.org", SHARE_FILE)
    assert unsealed(token, key=SHARE_FILE) == "nia@example.org"
    assert unsealed(token) is None
