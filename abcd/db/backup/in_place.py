"""``abcd restore`` of the embedded store: rebuild beside it, erase anew, and only then change places.

Until the last step the store is not touched. A kill at any moment leaves the old store or the new one, never neither
(``abcd.db.swap``).
"""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from abcd.config import settings
from abcd.db import embedded, heads, swap
from abcd.db.backup import elsewhere, reaching
from abcd.db.backup.manifest import Manifest
from abcd.db.backup.rebuilding import Replay, Source, Target, rebuild
from abcd.db.backup.restoring import Restored
from abcd.db.backup.steps import Steps
from abcd.db.cluster import cluster_of
from abcd.db.erasures import Erased
from abcd.db.owner import own_folder, owner_of
from abcd.db.space import MEGABYTE
from abcd.errors import AbcdError, SetupMissing, StoreUnavailable

#: A restored store takes so many times the room of its tables, with its indexes, and its write-ahead log beside.
ROOM = 3
WAL_BYTES = 256 * MEGABYTE
#: What the new store is asked, as the role of the app, before the old one is let go.
ANSWER = "select from core.asset limit 1"


def restore(
    source: Source, erased: Sequence[Erased], replay: Replay, steps: Steps, *, keep_old: bool = False
) -> Restored:
    """Put what ``source`` holds in the place of the embedded store.

    Raises:
        StoreUnavailable: it failed; the store is as it was.
    """
    home = settings().home
    with _no_server(home), _beside(home, source.manifest) as scratch:
        again = rebuilt_in(scratch, source, erased, replay, steps)
        with steps("The new store takes the place of the old one, and answers"):
            change_places(home)
    # What is remembered of the trail's later days was of the store that is gone.
    heads.begin_anew()
    if not keep_old:
        shutil.rmtree(swap.old(cluster_of(home).folder), ignore_errors=True)
    return Restored(source.manifest, source.keys is not None, again, str(embedded.data_dir(home)))


def events_since(last_event: int) -> int | None:
    """Audit events in the present store that are newer; ``None`` when it does not answer."""
    try:
        embedded.up(settings().home)
        with reaching.owner().connect() as connection:
            found = connection.execute("select count(*) from core.audit_event where id > %s", [last_event]).fetchone()
            return int(found[0]) if found else None
    except (StoreUnavailable, SetupMissing, psycopg.Error):
        return None


def rebuilt_in(scratch: Path, source: Source, erased: Sequence[Erased], replay: Replay, steps: Steps) -> int:
    """Rebuild in the new embedded store of the home ``scratch`` and stop it; returns the erasures made anew.

    While it is filled nothing of it is forced onto the disk: a power cut would only cost what can be rebuilt.
    """
    with steps("A new store is made"):
        embedded.up(scratch, durable=False)
    try:
        rebuild(source, Target(reaching.of_home(scratch), reaching.of_home(scratch, reaching.BACKUP_ROLE)), steps)
    finally:
        embedded.down(scratch)
    with steps("Every file is brought onto the disk"):
        embedded.make_durable(scratch)
    return _erased_anew(scratch, erased, replay, steps) if erased else 0


def _erased_anew(scratch: Path, erased: Sequence[Erased], replay: Replay, steps: Steps) -> int:
    """As on any other day, so that no byte is left in its files either."""
    try:
        with steps("Erasures since are made anew"), elsewhere.at_home(scratch):
            return replay(erased)
    finally:
        embedded.down(scratch)


@contextmanager
def _no_server(home: Path) -> Iterator[None]:
    """Hold the home against ``abcd start``: pages must not go on with what they knew of another store."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.lock").open("a+") as handle:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreUnavailable(f"abcd is running on {home}. Stop it with Ctrl-C, then restore.") from error
        yield


@contextmanager
def _beside(home: Path, said: Manifest) -> Iterator[Path]:
    """The home of a store that lies beside that of ``home``, on the same disk, so that they can change places."""
    folder = embedded.folder_of(home)
    scratch, new = home / "restoring", swap.new(folder)
    _clear(scratch, new)
    _require_room(folder.parent, said)
    scratch.mkdir(mode=0o755)
    own_folder(new, owner_of(cluster_of(home)))
    (scratch / "store").symlink_to(new)
    try:
        yield scratch
    finally:
        _clear(scratch, new)


def _clear(scratch: Path, new: Path) -> None:
    """Remove what a killed restore left, its server too."""
    if (scratch / "store").is_symlink() and new.exists():
        embedded.down(scratch)
    for left in (new, scratch):
        shutil.rmtree(left, ignore_errors=True)


def _require_room(folder: Path, said: Manifest) -> None:
    needed, free = ROOM * said.store_bytes + WAL_BYTES, shutil.disk_usage(folder).free
    if free < needed:
        raise StoreUnavailable(
            f"The disk of {folder} has no room for a second store: it may need {needed / MEGABYTE:,.0f} MB and has "
            f"{free / MEGABYTE:,.0f} MB. Nothing was touched."
        )


def change_places(home: Path) -> None:
    """Let the finished store beside that of ``home`` take its place, and give it back when it does not answer.

    Raises:
        StoreUnavailable: it did not answer; the store is as it was.
    """
    embedded.exchange(home, swap.forth)
    try:
        embedded.up(home)
        with reaching.of_home(home, "abcd_app_rw").connect() as connection:
            connection.execute(ANSWER)
    except (AbcdError, psycopg.Error) as error:
        embedded.exchange(home, swap.back)
        embedded.up(home)
        raise StoreUnavailable(
            f"The restored store does not answer as it should ({str(error).splitlines()[0]}). The store is as it was."
        ) from error
