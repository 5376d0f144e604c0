"""Descriptions of known kinds of file, one small TOML file each in ``data/sources``.

Everything works without any of them: they add who published a file and under which licence, and save a person
from confirming what we already know.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path

from abcd.intake.headers import heading

FOLDER = Path(__file__).parents[2] / "data" / "sources"


@dataclass(frozen=True)
class Description:
    """A known kind of file.

    Attributes:
        slug: name of the description, unique.
        title: what the file is, in words.
        publisher: who publishes it.
        licence: its licence, as the publisher says.
        attribution: the sentence to show with the data.
        files: patterns of file names.
        headings: headings that the file must have.
        kind: one of ``mapping.KINDS``, or ``""`` to find out.
        category: slug that every row is about unless the row says otherwise.
        columns: field to columns, where headings alone would mislead.
        as_of: the day the data describe.
        faults: known faults and why they are so.
    """

    slug: str
    title: str
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    files: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    kind: str = ""
    category: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    as_of: date | None = None
    faults: tuple[str, ...] = ()

    def is_about(self, columns: Iterable[str], file_name: str) -> bool:
        """Whether a file has this name and these headings."""
        told = {heading(column) for column in columns}
        named = any(fnmatch(file_name.lower(), pattern) for pattern in self.files)
        return named and {heading(one) for one in self.headings} <= told


@lru_cache
def descriptions(folder: Path = FOLDER) -> tuple[Description, ...]:
    """Every description of ``folder``, by name."""
    return tuple(_read(file) for file in sorted(folder.glob("[!_]*.toml")))


def find(columns: Iterable[str], file_name: str, folder: Path = FOLDER) -> Description | None:
    """The description of a file with these headings and this name, or ``None``."""
    told = list(columns)
    return next((one for one in descriptions(folder) if one.is_about(told, file_name)), None)


def _read(file: Path) -> Description:
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return Description(slug=file.stem, **(given | lists))
