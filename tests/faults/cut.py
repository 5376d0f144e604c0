"""A child process that is killed at its k-th statement: ``kill -9``, as a power cut or an impatient hand does.

The children are forked from a server that has loaded the libraries once, so that hundreds of them cost seconds.
"""

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.warm import FORKS


def commanded(home: str, words: list[str], stop_at: int | str | None, spoil: Callable[[], None] | None) -> None:
    """``abcd`` with ``words`` on the store of ``home``, killed before its statement number ``stop_at``.

    ``stop_at`` may be a file instead, which then holds the number of statements; ``spoil`` breaks the product first.
    """
    os.environ["ABCD_HOME"] = home
    os.environ.pop("ABCD_DATABASE_URL", None)
    if spoil:
        spoil()
    from abcd.cli import main
    from abcd.db.session import engine

    engine()
    kill_at(stop_at)
    sys.argv = ["abcd", *words]
    main()


def kill_at(statement: int | str | None) -> None:
    """From here on, this process is killed before it sends its statement with this number, from 0."""
    numbers = count()

    def stop(*_: Any) -> None:
        number = next(numbers)
        if number == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        if isinstance(statement, str):
            Path(statement).write_text(str(number + 1))

    event.listen(Engine, "before_cursor_execute", stop)


def run(target: Callable[..., None], *args: Any) -> int:
    """The exit code of ``target`` in a child: -9 when it was killed."""
    child = FORKS.Process(target=target, args=args)
    child.start()
    child.join(60)
    assert child.exitcode is not None, "the child hangs"
    return child.exitcode
