"""The log: one JSON object a line, with ids and never a value, whichever library writes it (trust.md R12).

Messages of other libraries hold values (an address with a token in it, a row that broke a constraint), so of theirs
only the place in their code is kept. Our own are words that stand in the source, with ids beside them:
``log.warning("import interrupted", extra={"ids": {"import": import_id}})``.
"""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from abcd.core.faults import LOG, described, report

MOST_BYTES = 5_000_000
KEPT = 5


class Line(logging.Formatter):
    """A record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, who writes, what, and the ids."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": when, "level": record.levelname.lower(), "from": record.name, "what": record.msg}
        told |= getattr(record, "ids", {})
        fault = getattr(record, "fault", None)
        return json.dumps(told | ({"fault": fault} if fault else {}), default=str)


def without_values(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record that tells where it was written instead of what was to be said; ours keep their words."""
    record = logging.LogRecord(*args, **kwargs)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.fault = described(error)
    if not is_ours(record.name):
        record.msg = f"{record.name}:{record.lineno}"
    record.args, record.exc_info, record.stack_info = (), None, None
    return record


def is_ours(name: str) -> bool:
    """Whether a logger belongs to us."""
    return name == "abcd" or name.startswith("abcd.")


def start(folder: Path, *, aloud: bool, name: str = LOG) -> None:
    """Log into ``folder`` from here on, and ``aloud`` on stderr too; whatever nobody catches becomes a fault.

    ``name`` begins with ``LOG``; two processes never write one file.
    """
    logging.setLogRecordFactory(without_values)
    handlers: list[logging.Handler] = [_File(folder / name), *([logging.StreamHandler()] if aloud else [])]
    for handler in handlers:
        handler.setFormatter(Line())
    logging.basicConfig(handlers=handlers, level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda lost: _uncaught(lost.exc_type, lost.exc_value, lost.exc_traceback)
    threading.excepthook = lambda lost: _uncaught(lost.exc_type, lost.exc_value, lost.exc_traceback)


class _File(RotatingFileHandler):
    """Made with the first line; a folder that cannot be written is no reason not to run: then stderr has the line."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Write to stderr instead."""
        sys.stderr.write(self.format(record) + "\n")


def _uncaught(kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
    """Report what nobody caught, in place of Python's own traceback with its message."""
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    report(error if error is not None else kind(), "nobody")
