"""Which encoding a text file has, and its bytes as UTF-8."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from abcd.errors import BadFile
from abcd.intake.read.limits import MEGABYTE

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LINES_JUDGED = 2_000
#: Stands where bytes could not be understood: a code that no text may hold, so that only broken rows have it.
BROKEN = "\ufdd0"
codecs.register_error("broken", lambda error: (BROKEN, error.end))  # type: ignore[attr-defined]
OLD_ENCODINGS = ("cp1252", "mac_roman", "cp850")
WRITTEN = frozenset("£€§°½¼¾·•…–—‘’“”«»©®™×²³éèêëáàâäãåçíìîïóòôöõøúùûüñŵŷßæœÉÈÊÁÀÂÄÅÇÍÎÓÔÖØÚÜÑŴŶÆŁłšžŠŽ")
for _name in (*OLD_ENCODINGS, "latin-1", "iso8859-15", "utf-16", "utf-16-le", "utf-16-be", "utf-8"):
    codecs.lookup(_name)  # Python loads a codec when first asked, and the sandbox can load nothing


def encoding_of(file: BinaryIO) -> str:
    """The codec of ``file``: by its mark, by its zero bytes, else UTF-8 where it fits, else the likeliest old one."""
    file.seek(0)
    start = file.read(4096)
    marked = next((name for mark, name in BOMS if start.startswith(mark)), None)
    return marked or _wide(start) or _narrow(file)


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero in every other byte."""
    half = len(start) // 2
    if half > 1 and start[1::2].count(0) > 0.6 * half and start[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if half > 1 and start[0::2].count(0) > 0.6 * half and start[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _narrow(file: BinaryIO) -> str:
    sound, broken = 0, list[bytes]()
    for block in _blocks(file):
        if not block.isascii():
            good, bad = _judged(block)
            sound, broken = sound + good, broken + bad
        if len(broken) > LINES_JUDGED:
            break
    return "utf-8" if sound * 10 >= len(broken) else _old_encoding(b"\n".join(broken[:LINES_JUDGED]))


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """The file in blocks that end at a line's end, so that no letter is cut in two."""
    file.seek(0)
    rest = b""
    while block := file.read(MEGABYTE):
        whole, mark, after = (rest + block).rpartition(b"\n")
        yield whole + mark
        rest = after[-MEGABYTE:]
    yield rest


def _judged(block: bytes) -> tuple[int, list[bytes]]:
    """How many lines with accents are UTF-8, and those that are not."""
    if _is_utf8(block):
        return 1, []
    lines = [line for line in block.split(b"\n") if not line.isascii()]
    broken = [line for line in lines if not _is_utf8(line)]
    return len(lines) - len(broken), broken


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _old_encoding(text: bytes) -> str:
    """The old encoding in which most accents are ones that people here write; Windows-1252 of equals."""
    return max(OLD_ENCODINGS, key=lambda name: sum(letter in WRITTEN for letter in text.decode(name, "replace")))


def codec(name: str) -> str:
    """``name`` as Python spells it; one it does not know is refused."""
    try:
        "".encode(name)  # which refuses codecs that are not of text
        return codecs.lookup(name).name
    except LookupError:
        raise BadFile(f"There is no encoding called “{name[:40]}”. Try UTF-8 or Windows-1252.") from None


class Utf8:
    """A text file as a stream of UTF-8 without its mark.

    Attributes:
        has_nul: whether a NUL has passed.
        has_broken: whether bytes have passed that could not be understood.
        quotes: how many quotation marks have passed.

    Bytes that the encoding does not know become ``BROKEN``, so that their row, and no other, is left out.
    """

    def __init__(self, file: BinaryIO, encoding: str, skip: int = 0) -> None:
        file.seek(0)
        self._file = file
        self._rest = b""
        self._decoder = codecs.getincrementaldecoder(encoding)("broken")
        self._is_plain = encoding == "utf-8"
        self.has_nul = self.has_broken = False
        self.quotes = 0
        self.closed = False
        self._skip_mark(encoding)
        while skip > 0 and (passed := self.read(min(skip, MEGABYTE))):
            skip -= len(passed)

    def _skip_mark(self, encoding: str) -> None:
        mark = next((mark for mark, name in BOMS if name == encoding), b"")
        if self._file.read(len(mark)) != mark:
            self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; ``b""`` at the end."""
        if self._rest:
            block, self._rest = self._rest, b""
        else:
            block = self._next(size)
        if 0 <= size < len(block):
            block, self._rest = block[:size], block[size:]
        self.has_nul = self.has_nul or b"\0" in block
        self.quotes += block.count(b'"')
        return block

    def _next(self, size: int) -> bytes:
        block = self._file.read(size)
        if self._is_plain and block.isascii() and block and not self._decoder.getstate()[0]:
            return block
        text = self._decoder.decode(block, final=not block)
        while block and not text:
            block = self._file.read(size)
            text = self._decoder.decode(block, final=not block)
        self.has_broken = self.has_broken or BROKEN in text
        return text.encode()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True
