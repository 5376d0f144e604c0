"""JSON read value by value from a stream, so that a large file is never held whole."""

import codecs
import json
import re
from typing import Any

from abcd.errors import BadFile
from abcd.intake.read.encoding import Utf8
from abcd.intake.read.limits import MEGABYTE, VALUE_BYTES

SPACE = re.compile(r"[ \t\r\n\ufeff]*")


class Number(str):
    """A number as it stands in the file."""

    __slots__ = ()


DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, strict=False)


class Tape:
    """A reading head on JSON text.

    Attributes:
        passed: characters read so far.
    """

    def __init__(self, text: Utf8) -> None:
        self._text = text
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._held, self._at, self._is_all = "", 0, False
        self._lines = 1
        self.passed = 0

    def peek(self) -> str:
        """The next character that is not white space, ``""`` at the end."""
        while True:
            self._at = SPACE.match(self._held, self._at).end()  # type: ignore[union-attr]  # it matches nothing too
            if self._at < len(self._held) or not self._grow(MEGABYTE):
                return self._held[self._at : self._at + 1]

    def take(self, wanted: str) -> None:
        """Step over ``wanted``, one character."""
        if self.peek() != wanted:
            raise self.fault(f"“{wanted}” was expected")
        self._at += 1

    def is_next(self, wanted: str) -> bool:
        """Step over ``wanted`` if it is there."""
        found = self.peek() == wanted
        self._at += found
        return found

    def value(self) -> Any:
        """The next JSON value; its numbers are ``Number``.

        Raises:
            BadFile: it is not JSON, or one value is larger than 16 MB.
        """
        self.peek()
        more = MEGABYTE
        while True:
            try:
                value, end = DECODER.raw_decode(self._held, self._at)
            except json.JSONDecodeError as error:
                if self._is_all:
                    raise self.fault(error.msg, error.pos) from None
            else:
                if end < len(self._held) or self._is_all:
                    self._at = end
                    return value
            if len(self._held) - self._at > VALUE_BYTES:
                raise self.fault(f"one entry is larger than {VALUE_BYTES // MEGABYTE} MB, or it is never closed")
            self._grow(more)
            more *= 4

    def _grow(self, size: int) -> bool:
        """Forget what was read and hold more; False when there is no more."""
        block = self._text.read(size)
        self._is_all = not block
        self._lines += self._held.count("\n", 0, self._at)
        self.passed += self._at
        self._held = self._held[self._at :] + self._decoder.decode(block, final=not block)
        self._at = 0
        return bool(block)

    def position(self) -> int:
        """Characters from the start of the file."""
        return self.passed + self._at

    def fault(self, what: str, at: int | None = None) -> BadFile:
        """A sentence about what is wrong, with the line."""
        at = self._at if at is None else at
        line = self._lines + self._held.count("\n", 0, at)
        return BadFile(
            f"The file is not sound JSON: near line {line:,}, character {self.passed + at:,}, {_plainly(what)}. "
            "It may have been cut short; download or save it again."
        )


def _plainly(what: str) -> str:
    return what[:1].lower() + what[1:]
