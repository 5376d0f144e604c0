"""PostgreSQL's own pg_amcheck over tables and indexes: damage that no checksum of a page can show."""

import os
import subprocess

from abcd.db.backup.contents import KEYRING, SCHEMAS
from abcd.db.backup.reaching import Reach
from abcd.db.cluster import bindir
from abcd.errors import StoreDamaged, StoreUnavailable

#: Rows are read, index pages are checked for their order, and every row must be found in every B-tree index. None of it
#: holds up those who write.
OPTIONS = ("--install-missing", "--no-strict-names", "--heapallindexed", "--jobs=2", "--no-password")


def examine(owner: Reach) -> None:
    """Examine every table and index of ours.

    Raises:
        StoreDamaged: something is wrong; the message names it.
        StoreUnavailable: the examination could not be made.
    """
    schemas = [f"--schema={name}" for name in (*SCHEMAS, *KEYRING)]
    done = subprocess.run(
        [str(bindir() / "pg_amcheck"), *OPTIONS, *schemas, owner.conninfo],
        env=os.environ | {"LC_ALL": "C.UTF-8"} | owner.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 2:
        raise StoreDamaged(f"Part of the data is damaged: {_first(done.stdout)}. Run 'abcd restore' on a backup.")
    if done.returncode:
        raise StoreUnavailable(f"The data files could not be examined: {_first(done.stderr)}")


def _first(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    return lines[0].strip().rstrip(":") if lines else "no word of what"
