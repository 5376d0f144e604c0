"""Which files still hold certain words: a search of the bytes on the disk, as somebody who steals it would make."""

import json
import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path


def sought(words: Iterable[str]) -> tuple[bytes, ...]:
    """The byte strings that stand for ``words`` in tables, JSON and plain files."""
    told = [word for word in words if word.strip()]
    plain = [word.encode() for word in told] + [json.dumps(word)[1:-1].encode() for word in told]
    return tuple(dict.fromkeys(plain))


def files_holding(folders: Iterable[Path], words: Iterable[str]) -> list[Path]:
    """The files under ``folders`` with any of ``words`` in their bytes; files that go while we look are passed over."""
    strings = sought(words)
    return [path for path in _files(folders) if strings and _holds(path, strings)]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _holds(path: Path, strings: tuple[bytes, ...]) -> bool:
    try:
        with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(string) >= 0 for string in strings)
    except (FileNotFoundError, ValueError):
        # Gone meanwhile, or empty, which cannot be mapped.
        return False
