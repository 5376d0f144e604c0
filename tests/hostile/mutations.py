"""Seventy-two ways to damage a file: twenty-four kinds of damage, each done a little, more, and thoroughly."""

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.hostile.seeds import MAKERS, seed

Chance = random.Random
Damage = Callable[[bytes, Chance, int], bytes]
HOW_OFTEN = (1, 8, 100)
LENGTHS = (0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///SECRET"><!ENTITY % b SYSTEM "http://127.0.0.1:PORT/x">%b;]>'


def _each(content: bytes, chance: Chance, times: int, change: Callable[[bytearray, int], None]) -> bytes:
    changed = bytearray(content)
    for _ in range(times):
        if changed:
            change(changed, chance.randrange(len(changed)))
    return bytes(changed)


def bits(content: bytes, chance: Chance, times: int) -> bytes:
    """Single bits are another."""

    def change(held: bytearray, at: int) -> None:
        held[at] ^= 1 << chance.randrange(8)

    return _each(content, chance, times, change)  # fmt: skip


def bytes_(content: bytes, chance: Chance, times: int) -> bytes:
    """Single bytes are any."""

    def change(held: bytearray, at: int) -> None:
        held[at] = chance.choice((0, 0x22, 0x2C, 0x3C, 0x7B, 0x80, 0xFF, chance.randrange(256)))

    return _each(content, chance, times, change)  # fmt: skip


def inserted(content: bytes, chance: Chance, times: int) -> bytes:
    """Bytes are put in."""

    def change(held: bytearray, at: int) -> None:
        held[at:at] = chance.randbytes(chance.randrange(1, 9))

    return _each(content, chance, times, change)  # fmt: skip


def lost(content: bytes, chance: Chance, times: int) -> bytes:
    """Pieces are missing."""

    def change(held: bytearray, at: int) -> None:
        del held[at : at + chance.randrange(1, 40)]

    return _each(content, chance, times, change)  # fmt: skip


def words(content: bytes, chance: Chance, times: int) -> bytes:
    """Numbers of four bytes are the edges of what they can be."""

    def change(held: bytearray, at: int) -> None:
        held[at : at + 4] = struct.pack(chance.choice("<>") + "I", chance.choice(LENGTHS))

    return _each(content, chance, times, change)  # fmt: skip


def aligned(content: bytes, chance: Chance, times: int) -> bytes:
    """The same where numbers usually stand: near the start, at multiples of four."""

    def change(held: bytearray, at: int) -> None:
        at = 4 * (at % max(1, min(len(held), 400) // 4))
        held[at : at + 4] = struct.pack(chance.choice("<>") + "I", chance.choice(LENGTHS))

    return _each(content, chance, times, change)  # fmt: skip


def cut(content: bytes, chance: Chance, times: int) -> bytes:
    """The end is missing: all, half, or a little of it."""
    return content[: max(1, len(content) - max(1, len(content) // (times + 1)) + chance.randrange(3))]


def headless(content: bytes, chance: Chance, times: int) -> bytes:
    """The start is missing."""
    return content[chance.randrange(1, 4 + len(content) // (101 - times + 1)) :]


def repeated(content: bytes, chance: Chance, times: int) -> bytes:
    """A block comes again and again."""
    at = chance.randrange(len(content))
    block = content[at : at + chance.randrange(1, 2_000)]
    return content[:at] + block * times * 5 + content[at:]


def doubled(content: bytes, _chance: Chance, times: int) -> bytes:
    """The whole file follows itself."""
    return content * (1 + min(times, 8))


def swapped(content: bytes, chance: Chance, times: int) -> bytes:
    """Blocks have changed places."""
    for _ in range(times):
        a, b, c = sorted(chance.randrange(len(content) + 1) for _ in range(3))
        content = content[:a] + content[b:c] + content[a:b] + content[c:]
    return content


def reversed_(content: bytes, chance: Chance, times: int) -> bytes:
    """Blocks run backwards."""

    def change(held: bytearray, at: int) -> None:
        held[at : at + 50] = held[at : at + 50][::-1]

    return _each(content, chance, times, change)  # fmt: skip


def spliced(content: bytes, chance: Chance, times: int) -> bytes:
    """Pieces of another file are put in."""
    other = seed(chance.randrange(len(MAKERS)))[1]
    for _ in range(min(times, 8)):
        at, start = chance.randrange(len(content)), chance.randrange(len(other))
        content = content[:at] + other[start : start + 500] + content[at:]
    return content


def joined(content: bytes, chance: Chance, times: int) -> bytes:
    """The start of this file and the end of another."""
    other = seed(chance.randrange(len(MAKERS)))[1]
    return content[: len(content) * min(times, 50) // 100 + 8] + other[len(other) // 2 :]


def zeros(content: bytes, chance: Chance, times: int) -> bytes:
    """A stretch is nothing but zeros."""
    at = chance.randrange(len(content))
    return content[:at] + bytes(64 * times) + content[at + 64 * times :]


def directory(content: bytes, chance: Chance, times: int) -> bytes:
    """An archive's directory lies about sizes, offsets, names, methods and flags."""
    changed = bytearray(content)
    heads = [found.start() for found in re.finditer(rb"PK\x01\x02|PK\x05\x06|PK\x03\x04", content)]
    for _ in range(times if heads else 0):
        at = chance.choice(heads) + chance.choice((6, 8, 10, 14, 18, 20, 22, 24, 26, 28, 30, 32, 36, 38, 42))
        changed[at : at + 2] = struct.pack("<H", chance.choice((0, 1, 8, 12, 99, 0xFFFF, chance.randrange(65_536))))
    return bytes(changed) if heads else words(content, chance, times)


def inside(content: bytes, chance: Chance, times: int) -> bytes:
    """A member of an archive is damaged, and the archive is sound."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error):
        return bits(content, chance, times)
    name = chance.choice([name for name in held if held[name]] or [*held])
    damage = chance.choice((bits, bytes_, inserted, lost, repeated, swapped, entities, nested))
    held[name] = damage(held[name] or b"x", chance, times)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, part in held.items():
            archive.writestr(member, part)
    return out.getvalue()


def entities(content: bytes, chance: Chance, times: int) -> bytes:
    """Markup has a document type and uses its entities; other files have the same bytes in them."""
    at = content.find(b"?>") + 2 if b"?>" in content[:200] else 0
    return content[:at] + ENTITY + content[at:].replace(b">", b">&a;", times)


def nested(content: bytes, chance: Chance, times: int) -> bytes:
    """Brackets, braces or elements a thousand deep."""
    opening, closing = chance.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<Folder>", b"</Folder>"), (b"(", b")"), (b'"', b""))
    )
    at = chance.randrange(len(content))
    return content[:at] + opening * times * 100 + content[at:] + closing * times * 100


def quotes(content: bytes, chance: Chance, times: int) -> bytes:
    """Quotation marks, delimiters and line ends anywhere."""

    def change(held: bytearray, at: int) -> None:
        held[at:at] = chance.choice((b'"', b'""', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\\", b'",\n"'))

    return _each(content, chance, times, change)  # fmt: skip


def nulls(content: bytes, chance: Chance, times: int) -> bytes:
    """NUL, marks of encodings, and halves of letters anywhere."""

    def change(held: bytearray, at: int) -> None:
        held[at:at] = chance.choice(
            (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80")
        )

    return _each(content, chance, times, change)  # fmt: skip


def numbers(content: bytes, chance: Chance, times: int) -> bytes:
    """Numbers as they are written are absurd."""
    absurd = (b"NaN", b"1e999", b"-1", b"99999999999999999999", b"0x10", b"1e-400", b"", b"--5", b"1,5")
    return re.sub(
        rb"\d+(\.\d+)?", lambda found: chance.choice(absurd) if chance.random() < times / 100 else found[0], content
    )


def recoded(content: bytes, chance: Chance, times: int) -> bytes:
    """The text is in another encoding, or says that it is."""
    text = content.decode("latin-1")
    return text.encode(chance.choice(("utf-16", "utf-16-be", "utf-32", "utf-8")), "replace")[
        : None if times > 1 else -1
    ]


def pointers(content: bytes, chance: Chance, times: int) -> bytes:
    """Words that name files and servers stand where data stood."""
    tempting = (b"/vsicurl/http://127.0.0.1:PORT/x", b"/SECRET", b"/vsizip//SECRET", b"WFS:http://127.0.0.1:PORT/x",
                b"<SrcDataSource>/SECRET</SrcDataSource>", b"PG:host=127.0.0.1 port=PORT")  # fmt: skip
    for _ in range(min(times, 20)):
        at = chance.randrange(len(content))
        put = chance.choice(tempting)
        content = content[:at] + put + content[at + len(put) :]
    return content


DAMAGES: tuple[Damage, ...] = (
    bits, bytes_, inserted, lost, words, aligned, cut, headless, repeated, doubled, swapped, reversed_, spliced, joined,
    zeros, directory, inside, entities, nested, quotes, nulls, numbers, recoded, pointers,
)  # fmt: skip
KINDS = [(damage, times) for damage in DAMAGES for times in HOW_OFTEN]


def mutated(number: int, kind: int) -> tuple[str, bytes]:
    """Name and content of seed ``number`` damaged in way ``kind``; always the same."""
    name, content = seed(number)
    damage, times = KINDS[kind]
    return name, damage(content, random.Random(f"{number} {kind}"), times)
