"""Files in the home folder that name a person: uploads, and what was written out for them; also when packed."""

import html
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from abcd.config import settings

UPLOADS, GIVEN = "uploads", "subject_access"
#: Copies that pass through; everything else in the home folder is the store, our secrets, or the list of the erased.
FOLDERS = (UPLOADS, GIVEN, "exports")
CODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
MOST_BYTES = 256 * 1024**2


def given_folder(person_id: object) -> Path:
    """Where everything about one person is written out for them."""
    return settings().home / GIVEN / str(person_id)


def files_naming(words: Iterable[str]) -> list[Path]:
    """Files of our folders in whose bytes, or in what is packed inside, one of ``words`` stands."""
    strings = tuple(dict.fromkeys(form for word in words if word.strip() for form in _forms(word.lower())))
    return [path for path in _ours() if any(_says(content, strings) for content in _contents(path))]


def remove(paths: Iterable[Path]) -> None:
    """Remove files; one that is gone already is no fault."""
    for path in paths:
        path.unlink(missing_ok=True)


def remove_given(person_id: object) -> list[Path]:
    """Remove what was written out for one person; what there was."""
    folder = given_folder(person_id)
    written = sorted(folder.iterdir()) if folder.is_dir() else []
    remove(written)
    if folder.is_dir():
        folder.rmdir()
    return written


def _ours() -> Iterator[Path]:
    for name in FOLDERS:
        yield from sorted(path for path in (settings().home / name).rglob("*") if path.is_file())


def _forms(word: str) -> Iterator[bytes]:
    for told in (word, html.escape(word), json.dumps(word)[1:-1]):
        yield from (told.encode(coding, "ignore") for coding in CODINGS)


def _says(content: bytes, strings: tuple[bytes, ...]) -> bool:
    small = content.lower()
    return any(string in small for string in strings)


def _contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and of the members of a packed one (a spreadsheet is a zip file)."""
    yield path.name.encode()
    content = path.read_bytes()
    yield content
    if content.startswith(b"\x1f\x8b"):
        yield _unzipped(content)
    if zipfile.is_zipfile(path):
        yield from _members(path)


def _unzipped(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, MOST_BYTES)
    except zlib.error:
        return b""


def _members(path: Path) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as opened:
                    yield opened.read(MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        # Damaged, locked or packed in a way we do not know: its raw bytes were looked at.
        return
