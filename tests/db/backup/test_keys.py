"""The recovery key: one private file, made once, all that an empty machine needs."""

import shutil
import stat
import subprocess
from pathlib import Path

import pyrage
import pytest

from abcd.db.backup import keys
from abcd.errors import BadFile, NotFound


def test_it_is_made_once_and_private(tmp_path: Path) -> None:
    assert keys.make(tmp_path) is True
    first = keys.file_of(tmp_path).read_bytes()
    assert keys.make(tmp_path) is False
    assert keys.file_of(tmp_path).read_bytes() == first
    assert stat.S_IMODE(keys.file_of(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.file_of(tmp_path).parent.stat().st_mode) == 0o700


def test_it_signs_and_trusts_itself_alone(tmp_path: Path) -> None:
    for name in ("one", "other"):
        keys.make(tmp_path / name)
    one, other = keys.recovery(tmp_path / "one"), keys.recovery(tmp_path / "other")
    assert one.trusts(one.sign(b"words"), b"words")
    assert not one.trusts(one.sign(b"words"), b"Words")
    assert not one.trusts(other.sign(b"words"), b"words")
    assert one.name != other.name


def test_an_empty_machine_goes_on_with_the_copy(tmp_path: Path) -> None:
    keys.make(tmp_path / "burned")
    kept = shutil.copy(keys.file_of(tmp_path / "burned"), tmp_path / "kept.txt")
    assert keys.adopt(tmp_path / "fresh", kept) is True
    assert keys.recovery(tmp_path / "fresh").name == keys.read(kept).name
    assert keys.adopt(tmp_path / "fresh", kept) is False


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "is not a recovery key"),
        ("AGE-SECRET-KEY-1QQQQ\n", "is not a recovery key"),
        (f"# signs with: {'ab' * 32}\nAGE-SECRET-KEY-1QQQQ\n", "is damaged"),
    ],
)
def test_what_is_no_key_is_told(tmp_path: Path, words: str, told: str) -> None:
    path = tmp_path / "key"
    path.write_text(words)
    with pytest.raises(BadFile, match=told):
        keys.read(path)


def test_a_missing_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="--recovery-key FILE"):
        keys.recovery(tmp_path)


def test_others_are_named_by_their_public_key() -> None:
    someone = pyrage.x25519.Identity.generate()
    sealed = pyrage.encrypt(b"words", [keys.recipient(str(someone.to_public()))])
    assert pyrage.decrypt(sealed, [someone]) == b"words"
    with pytest.raises(BadFile, match="must begin with 'age1'"):
        keys.recipient("me@example.org")


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed")
def test_the_plain_age_tool_opens_what_we_close(tmp_path: Path) -> None:
    keys.make(tmp_path)
    sealed = pyrage.encrypt(b"words", [keys.recovery(tmp_path).identity.to_public()])
    opened = subprocess.run(["age", "-d", "-i", keys.file_of(tmp_path)], input=sealed, capture_output=True, check=True)
    assert opened.stdout == b"words"
