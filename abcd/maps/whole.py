"""Files and folders that are there whole or not at all: written beside, settled on the disk, then renamed (F7)."""

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

from abcd.errors import BadRequest, StoreUnavailable

MANIFEST = "manifest.json"
"""Names every other file of a folder of ours with its SHA-256: only what it names is ever replaced."""
#: The day that stands in archives in the place of today.
NO_DAY = (1980, 1, 1, 0, 0, 0)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """An empty folder beside ``path``, on the same disk, gone afterwards.

    Raises:
        BadRequest: the folder of the path does not exist.
        StoreUnavailable: its disk is full, or may not be written.
    """
    if not path.parent.is_dir():
        raise BadRequest(f"There is no folder “{path.parent}”. Make it first, or choose another.")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", suffix=".part", dir=path.parent) as folder:
            yield Path(folder)
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> StoreUnavailable:
    """The sentence for a disk that did not take a file."""
    return StoreUnavailable(
        f"“{path}” could not be written ({error.strerror or error}). There is no half file. Free space there, or "
        "choose another folder."
    )


def settle(path: Path) -> None:
    """Make a file, or the names in a folder, last through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(made: Path, path: Path) -> None:
    """Give a finished file its name, in the place of whatever file has it."""
    settle(made)
    made.replace(path)
    settle(path.parent)


def put_folder(made: Path, path: Path) -> None:
    """Give a finished folder its name; a folder of ours that has it goes.

    Raises:
        BadRequest: what lies there is not ours alone.
    """
    require_ours(path)
    manifest = {file: sha256(made / file) for file in names_in(made)}
    (made / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    for file in (*manifest, MANIFEST):
        settle(made / file)
    made.chmod(0o755)
    old = made.with_name(f"{made.name}.old")
    if path.exists():
        path.rename(old)
    made.rename(path)
    settle(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def require_ours(path: Path) -> None:
    """Look that a folder is not there, is empty, or holds only what an earlier call put there.

    Raises:
        BadRequest: it holds something else.
    """
    if not path.exists():
        return
    try:
        known = {*json.loads((path / MANIFEST).read_text()), MANIFEST} if (path / MANIFEST).is_file() else set()
        others = set(names_in(path)) - known
    except (OSError, ValueError):
        others = {MANIFEST}
    if others:
        raise BadRequest(
            f"“{path}” holds something that did not come from here ({min(others)}), and a new folder would take its "
            "place. Choose an empty folder, or a new name."
        )


def names_in(folder: Path) -> list[str]:
    """The files in a folder and below, in order."""
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir())


def sha256(path: Path) -> str:
    """The fingerprint of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def zipped(folder: Path, path: Path) -> None:
    """The files of a folder as one archive, the same bytes for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names_in(folder):
            about = zipfile.ZipInfo(name, NO_DAY)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with (folder / name).open("rb") as file, archive.open(about, "w") as out:
                shutil.copyfileobj(file, out)
