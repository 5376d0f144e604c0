"""What is inside an archive, unpacked by pg_restore into text and read as rows of tables, nothing else.

pg_restore never gets a connection: it runs as an unprivileged account and turns one format into another. Of the
script that it writes, only the rows between ``COPY ... FROM stdin;`` and ``\\.`` are taken; every other line must be of
a known harmless kind, and none of them is executed.
"""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from abcd.db.backup.sealing import pouring
from abcd.db.cluster import bindir
from abcd.db.owner import started_as, unprivileged
from abcd.errors import BadFile

NAME = r'(?:[a-z_][a-z0-9_]*|"[a-z_][a-z0-9_]*")'
COPY = re.compile(rf"COPY ({NAME}\.{NAME}) \(({NAME}(?:, {NAME})*)\) FROM stdin;\n".encode())
HARMLESS = re.compile(
    rf"(?:--.*|SET \w+ = [^;]*;|SELECT pg_catalog\.set_config\('search_path', '', false\);"
    rf"|SELECT pg_catalog\.setval\('{NAME}\.{NAME}', \d+, (?:true|false)\);|\\(?:un)?restrict \w+|)\n".encode()
)
UNPACK = ("--data-only", "--file=-")
END = b"\\.\n"
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Table:
    """A table of an archive: ``schema.table``, its columns, its rows as chunks of whole lines of COPY text."""

    name: str
    columns: list[str]
    chunks: Iterator[bytes]


@contextmanager
def unpacked(path: Path, identity: Any) -> Iterator[Iterator[Table]]:
    """The tables of an encrypted archive, one after another, each to be read before the next.

    Raises:
        BadFile: it cannot be decrypted or unpacked, or holds more than data.
    """
    program = started_as(unprivileged(), [str(bindir() / "pg_restore"), *UNPACK])
    try:
        with pouring(path, identity, program.stdin), _killed_on_failure(program):  # type: ignore[arg-type]
            yield tables(program.stdout)  # type: ignore[arg-type]
        words = program.stderr.read().decode(errors="replace").strip().splitlines()  # type: ignore[union-attr]
        if program.wait():
            raise BadFile(f"{path} cannot be unpacked: {words[-1] if words else 'pg_restore ended without a word'}.")
    finally:
        _end(program)


def tables(script: IO[bytes]) -> Iterator[Table]:
    """The tables of a script of pg_restore's.

    Raises:
        BadFile: a line is neither a row nor known to be harmless.
    """
    for line in script:
        if header := COPY.fullmatch(line):
            chunks = _chunks(script)
            yield Table(_plain(header[1]), _plain(header[2]).split(", "), chunks)
            for _left in chunks:
                pass
        elif not HARMLESS.fullmatch(line):
            raise BadFile(f"This archive holds more than data ({line[:60].decode(errors='replace').strip()!r}).")


def _plain(words: bytes) -> str:
    return words.decode().replace('"', "")


def _chunks(script: IO[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    while (line := script.readline()) != END:
        if not line:
            raise BadFile("This archive breaks off in the middle of a table.")
        held.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def counted(path: Path, identity: Any) -> dict[str, int]:
    """Rows of each table that an archive really holds."""
    with unpacked(path, identity) as found:
        return {table.name: sum(chunk.count(b"\n") for chunk in table.chunks) for table in found}


@contextmanager
def _killed_on_failure(program: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Whoever pours into a program that nobody reads any more would wait for ever."""
    try:
        yield
        while program.stdout.read(CHUNK):  # type: ignore[union-attr]
            pass
    except BaseException:
        program.kill()
        raise


def _end(program: "subprocess.Popen[bytes]") -> None:
    """Leave no process and no pipe behind."""
    if program.poll() is None:
        program.kill()
    program.wait()
    for pipe in (program.stdin, program.stdout, program.stderr):
        if pipe:
            pipe.close()
