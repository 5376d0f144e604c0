"""Can only the owner of the installation read the files that hold secrets or personal data."""

import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from abcd.config import settings
from abcd.db.check import Answer, check, told

#: Files without a secret: locks that processes of other accounts may have to see.
OPEN = (".lock", ".stopped")


@check("Secrets are readable by their owner alone", "Run 'chmod -R go=' on the files that are named.")
def private_files(_connection: Connection) -> Answer:
    home = settings().home
    faults = [str(path.relative_to(home)) for path in _readable_by_others(home)] if home.is_dir() else []
    return told(faults, str(home))


def _readable_by_others(folder: Path) -> Iterator[Path]:
    """Files that another account could open; what lies in a closed folder is closed."""
    if not folder.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH):
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.suffix in OPEN or path.name == "store":
            continue
        if path.is_dir():
            yield from _readable_by_others(path)
        elif path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            yield path
