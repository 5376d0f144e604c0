"""A backup that cannot be trusted is refused in a sentence, before anything is opened or touched."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from abcd.db.backup import bundle, keys, manifest, restoring, trusting
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.sealing import file_of
from abcd.db.backup.taking import Taken
from abcd.errors import AbcdError, BadFile, NotFound, SetupMissing


def flip(path: Path, offset: int) -> None:
    """Turn one bit over."""
    with path.open("r+b") as handle:
        handle.seek(offset, os.SEEK_END if offset < 0 else os.SEEK_SET)
        byte = handle.read(1)[0]
        handle.seek(-1, os.SEEK_CUR)
        handle.write(bytes([byte ^ 1]))


def cut(path: Path, by: int) -> None:
    os.truncate(path, path.stat().st_size - by)


def say(folder: Path, **otherwise: object) -> None:
    """Change the manifest without signing it anew."""
    said = json.loads((folder / bundle.MANIFEST).read_text())
    (folder / bundle.MANIFEST).write_text(json.dumps(said | otherwise))


def made_by(home: Path, folder: Path, **otherwise: object) -> None:
    """Change the manifest and sign it anew, as an abcd with the key of ``home`` would have."""
    said = manifest.from_bytes((folder / bundle.MANIFEST).read_bytes())
    sealed = file_of(folder / bundle.SEALED)
    bundle.describe(Bundle(folder), replace(said, files={bundle.SEALED: sealed}, **otherwise), keys.recovery(home).sign)


SEALED, MANIFEST, SIGNATURE = bundle.SEALED, bundle.MANIFEST, bundle.SIGNATURE

REFUSED: list[tuple[str, Callable[[Path], None], str]] = [
    ("no manifest", lambda d: (d / MANIFEST).unlink(), "not signed: manifest.json is missing"),
    ("unsigned", lambda d: (d / SIGNATURE).unlink(), "not signed: manifest.sig is missing"),
    ("empty signature", lambda d: (d / SIGNATURE).write_text(""), "signature of .* does not hold"),
    ("signature is no signature", lambda d: (d / SIGNATURE).write_text("Olive Owner"), "signature of .* does not hold"),
    ("a bit of the signature", lambda d: flip(d / SIGNATURE, 5), "signature of .* does not hold"),
    ("a bit of the manifest", lambda d: flip(d / MANIFEST, 40), "signature of .* does not hold"),
    ("other counts", lambda d: say(d, tables={}), "signature of .* does not hold"),
    ("another revision", lambda d: say(d, revision="0001"), "signature of .* does not hold"),
    ("no data", lambda d: (d / SEALED).unlink(), "data.age is missing from the backup"),
    ("cut by one byte", lambda d: cut(d / SEALED, 1), "is cut: it has"),
    ("cut in half", lambda d: cut(d / SEALED, (d / SEALED).stat().st_size // 2), "is cut: it has"),
    ("first bit", lambda d: flip(d / SEALED, 0), "was changed or is damaged"),
    ("a bit in the middle", lambda d: flip(d / SEALED, 3000), "was changed or is damaged"),
    ("last bit", lambda d: flip(d / SEALED, -1), "was changed or is damaged"),
]


@pytest.mark.parametrize(("what", "spoil", "told"), REFUSED, ids=[what for what, _spoil, _told in REFUSED])
def test_a_spoilt_backup_is_refused(
    home: Path, copy: Path, what: str, spoil: Callable[[Path], None], told: str
) -> None:
    recovery = keys.recovery(home)
    trusting.verified(Bundle(copy), recovery)
    spoil(copy)
    with pytest.raises(BadFile, match=told):
        trusting.verified(Bundle(copy), recovery)


SIGNED_BUT_WRONG: list[tuple[dict[str, object], type[AbcdError], str]] = [
    ({"revision": "9999"}, SetupMissing, "A newer abcd made this backup .revision 9999"),
    ({"format": 2}, BadFile, "A newer abcd made this backup .format 2."),
    ({"kind": manifest.PERSON_KEYS}, BadFile, "holds person keys, not store"),
]


@pytest.mark.parametrize(("otherwise", "kind", "told"), SIGNED_BUT_WRONG, ids=["revision", "format", "kind"])
def test_a_backup_of_another_version_is_refused(
    home: Path, copy: Path, otherwise: dict[str, object], kind: type[AbcdError], told: str
) -> None:
    made_by(home, copy, **otherwise)
    with pytest.raises(kind, match=told):
        trusting.verified(Bundle(copy), keys.recovery(home))


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        ({"postgresql": 990_001}, "made with PostgreSQL 99; here is"),
        ({"postgis": "99.1"}, "made with PostGIS 99.1; here is"),
    ],
)
def test_a_newer_server_is_not_restored_into_an_older_one(
    home: Path, copy: Path, otherwise: dict[str, object], told: str
) -> None:
    made_by(home, copy, **otherwise)
    said = trusting.verified(Bundle(copy), keys.recovery(home))
    with pytest.raises(SetupMissing, match=told):
        trusting.require_server(said, 150_018, "3.3.2")


def test_a_backup_of_somebody_else_is_refused(home: Path, copy: Path, tmp_path: Path) -> None:
    keys.make(tmp_path)
    with pytest.raises(
        BadFile, match=f"another abcd made it than the one this recovery key .{keys.recovery(tmp_path).name}"
    ):
        trusting.verified(Bundle(copy), keys.recovery(tmp_path))


def test_what_was_encrypted_for_another_key_is_refused(home: Path, copy: Path, tmp_path: Path) -> None:
    """Signed by us, and yet not ours to open: the recovery key was put together from two."""
    keys.make(tmp_path)
    mixed = replace(keys.recovery(home), identity=keys.recovery(tmp_path).identity)
    with pytest.raises(BadFile, match="encrypted for another key.*--recovery-key FILE"):
        trusting.verified(Bundle(copy), mixed)


def test_a_folder_without_a_backup_is_told(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no backup in"):
        restoring.source_of(tmp_path, keys.recovery(home))


def test_the_newest_of_a_folder_is_taken(home: Path, taken: Taken) -> None:
    assert restoring.source_of(taken.store.parent, keys.recovery(home)).store.folder == taken.store
