"""The process that reads one file: file on standard input, request as argument, Arrow stream on standard output.

The stream's schema carries the facts; each batch carries the faults met since the last; a last batch without rows
carries the count, or the sentence with which the file was refused.
"""

import importlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from abcd.intake.read import jail


def main(request: str) -> None:
    """Read the file on standard input as asked: ``request`` is ``{"verb", "suffix", "choice", ...}`` as JSON."""
    jail.leave_network()
    jail.limit(os.fstat(0).st_size)
    with open(0, "rb", closefd=False) as file, open(1, "wb", closefd=False) as out:
        _answer(json.loads(request), file, out)
    os._exit(0)  # libraries need not tidy up a process that ends


def _answer(request: dict[str, Any], file: BinaryIO, out: BinaryIO) -> None:
    from abcd.errors import BadFile
    from abcd.intake.read.faults import Faults
    from abcd.intake.read.telling import Telling

    telling, faults = Telling(out), Faults()
    try:
        _read(request, file, telling, faults)
    except BadFile as refusal:
        telling.refuse(str(refusal), faults)
    except MemoryError:
        telling.refuse("This file needs more memory than one file may use. Save it in smaller parts.", faults)
    except RecursionError:
        telling.refuse("This file is nested too deeply to be a map or a table.", faults)


def _read(request: dict[str, Any], file: BinaryIO, telling: Any, faults: Any) -> None:
    from abcd.intake.read import sniff
    from abcd.intake.read.encoding import codec
    from abcd.intake.read.facts import ReadChoice
    from abcd.intake.read.table import Source

    source = Source(file, os.fstat(0).st_size, request["suffix"], Path())
    kind = sniff.format_of(source)
    reader = importlib.import_module(f"abcd.intake.read.{sniff.READERS[kind]}")
    choice = ReadChoice(**request["choice"])
    if choice.encoding:
        codec(choice.encoding)
    jail.lock()
    table = reader.open_table(source, choice, faults)
    if kind != "geojson":  # which may turn out to be a sequence
        table = replace(table, look=replace(table.look, format=kind))
    if request["verb"] == "look":
        telling.look(table, source.size, faults)
    else:
        telling.rows(table, faults)
