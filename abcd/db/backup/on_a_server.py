"""``abcd restore`` on a server of others: into a new database, or into an empty one that its owner made."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from abcd.db.backup import elsewhere, reaching
from abcd.db.backup.rebuilding import Replay, Source, Target, rebuild
from abcd.db.backup.restoring import Restored
from abcd.db.backup.steps import Steps
from abcd.db.erasures import Erased
from abcd.errors import BadRequest, NotAllowed, SetupMissing

BY_ITS_OWNER = (
    "On a server of others: let its owner make an empty database with PostGIS, point ABCD_DATABASE_URL at it and say "
    "'abcd restore DIR --into-this'."
)


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
