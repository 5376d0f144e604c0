"""XML looked over before a library parses it: no entities, no depth without end."""

from typing import BinaryIO
from xml.parsers import expat

from abcd.errors import BadFile
from abcd.intake.read.limits import DEPTH, MEGABYTE

ENTITIES = (
    "This file defines its own XML entities, which can hide other files or blow up in memory, so it was not read."
)
DOCTYPES = tuple(
    mark.encode(codec)
    for mark in ("<!DOCTYPE", "<!doctype", "<!ENTITY")
    for codec in ("utf-8", "utf-16-le", "utf-16-be")
)


def refuse_doctype(block: bytes) -> None:
    """Raise ``BadFile`` when a block of XML holds a document type or an entity."""
    if any(mark in block for mark in DOCTYPES):
        raise BadFile(ENTITIES)


def refuse_unsafe(file: BinaryIO) -> None:
    """Read an XML file through, refusing entities, great depth and unsound markup.

    Raises:
        BadFile: with the line where the markup breaks.
    """
    parser = expat.ParserCreate()
    watch = _Watch()
    parser.StartDoctypeDeclHandler = watch.doctype
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    try:
        while block := file.read(MEGABYTE):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadFile(
            f"The file is not sound XML: near line {error.lineno:,}, {expat.ErrorString(error.code)}. "
            "It may have been cut short; download or save it again."
        ) from None


class _Watch:
    def __init__(self) -> None:
        self._depth = 0

    def doctype(self, *_: object) -> None:
        raise BadFile(ENTITIES)

    def start(self, *_: object) -> None:
        self._depth += 1
        if self._depth > DEPTH:
            raise BadFile(f"The file is nested more than {DEPTH} levels deep, so it was not read.")

    def end(self, *_: object) -> None:
        self._depth -= 1
