"""``abcd restore``: verify, rebuild beside the store, erase anew, and only then change places.

Until the last step the store is not touched. A kill at any moment leaves the old store or the new one, never neither
(``abcd.db.swap``).
"""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from abcd.config import settings
from abcd.db import embedded, heads, swap
from abcd.db.backup import bundle, elsewhere, keys, reaching, trusting
from abcd.db.backup.bundle import Bundle
from abcd.db.backup.manifest import STORE, Manifest
from abcd.db.backup.rebuilding import Replay, Source, Target, rebuild
from abcd.db.backup.steps import Steps
from abcd.db.cluster import cluster_of
from abcd.db.erasures import Erased, forgotten
from abcd.db.owner import own_folder, owner_of
from abcd.db.space import MEGABYTE
from abcd.errors import AbcdError, BadFile, BadRequest, NotAllowed, SetupMissing, StoreUnavailable

#: A restored store takes so many times the room of its tables, with its indexes and its write-ahead log.
ROOM = 3
BY_ITS_OWNER = (
    "On a server of others: let its owner make an empty database with PostGIS, point ABCD_DATABASE_URL at it and say "
    "'abcd restore DIR --into-this'."
)
#: What the new store is asked, as the role of the app, before the old one is let go.
ANSWER = "select from core.asset limit 1"
WAL_BYTES = 256 * MEGABYTE


@dataclass(frozen=True)
class Restored:
    """What was restored: the manifest, the erasures made anew, and where: a folder of ours or a new database."""

    manifest: Manifest
    with_keys: bool
    erased_anew: int
    where: str


def source_of(folder: Path, recovery: keys.RecoveryKey, keys_folder: Path | None = None) -> Source:
    """The verified backup that ``folder`` is, or the newest in it, with the newest copy of people's keys.

    Raises:
        NotFound: there is none.
        BadFile, SetupMissing: it cannot be trusted, or not be restored here; nothing was touched.
    """
    store = trusting.bundle_in(folder)
    said = trusting.verified(store, recovery)
    return Source(store, said, trusting.keys_in(keys_folder or store.folder.parent, recovery), recovery.identity)


def erased_since(source: Source, recovery: keys.RecoveryKey) -> list[Erased]:
    """Everybody erased, by this machine's list and by every signed backup beside this one.

    A machine that burned took its list with it; the newest backup still has it.
    """
    found = {each.hash: each for each in forgotten()}
    for said in [source.manifest, *_signed_beside(source.store, recovery)]:
        found |= {one: Erased(one, date.fromisoformat(day)) for one, day in said.erased.items() if one not in found}
    return list(found.values())


def _signed_beside(store: Bundle, recovery: keys.RecoveryKey) -> Iterator[Manifest]:
    for each in bundle.found_in(store.folder.parent, STORE):
        with suppress(BadFile):
            yield trusting.manifest_of(each, recovery)


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


def restore_beside(source: Source, erased: Sequence[Erased], replay: Replay, steps: Steps, name: str) -> Restored:
    """Put what ``source`` holds into a new database ``name`` on the server of ``ABCD_DATABASE_URL``.

    Raises:
        StoreUnavailable: it failed; nothing was changed on the server but that new database, which is removed.
    """
    owner = reaching.owner()
    with _new_database(owner, name) as fresh:
        try:
            rebuild(source, Target(fresh, fresh), steps)
        except SetupMissing as error:
            raise SetupMissing(f"{error} {BY_ITS_OWNER}") from error
        address = fresh.url.render_as_string(hide_password=False)
        with steps("Erasures since are made anew"), elsewhere.at_url(address):
            again = replay(erased) if erased else 0
    return Restored(source.manifest, source.keys is not None, again, name)


def restore_into(source: Source, erased: Sequence[Erased], replay: Replay, steps: Steps) -> Restored:
    """Put what ``source`` holds into the empty database of ``ABCD_DATABASE_URL`` itself.

    Raises:
        BadRequest: it is not empty; nothing was touched.
        StoreUnavailable: it failed half-way: let the server's owner make another empty database.
    """
    owner = reaching.owner()
    with owner.connect() as connection:
        if connection.execute("select to_regnamespace('core') is not null").fetchone() == (True,):
            raise BadRequest("The database of ABCD_DATABASE_URL is not empty. Nothing was touched.")
    rebuild(source, Target(owner, owner), steps)
    with steps("Erasures since are made anew"):
        again = replay(erased) if erased else 0
    return Restored(source.manifest, source.keys is not None, again, str(owner.url.database))


@contextmanager
def _new_database(owner: reaching.Reach, name: str) -> Iterator[reaching.Reach]:
    """An empty database, removed again when the block fails."""
    with owner.connect() as connection:
        try:
            connection.execute(SQL("create database {} template template0").format(Identifier(name)))
        except InsufficientPrivilege as error:
            raise NotAllowed(
                f"'{owner.url.username}' may not make a database on this server. {BY_ITS_OWNER}"
            ) from error
        try:
            yield reaching.Reach(owner.url.set(database=name))
        except BaseException:
            connection.execute(SQL("drop database {} with (force)").format(Identifier(name)))
            raise
