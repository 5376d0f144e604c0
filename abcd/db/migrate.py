"""Bring a database to the present schema, as its owner: extensions, then Alembic's migrations, under one lock."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from abcd.config import settings
from abcd.db import embedded
from abcd.db.migrations import ground
from abcd.db.tables import pub
from abcd.errors import SetupMissing, StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist", "pgcrypto")
#: Any number of our own: two migrations at once wait for each other.
LOCK = 27700
#: A percent sign in these statements is PostgreSQL's, not a place for a value.
AS_WRITTEN = {"no_parameters": True}


def owner_url() -> str:
    """The SQLAlchemy URL of the store as the role that owns it: the embedded superuser, or ``ABCD_DATABASE_URL``."""
    given = settings().database_url
    if given is None:
        return embedded.url(settings().home, embedded.SUPERUSER)
    _, _, rest = given.partition("://")
    return f"postgresql+psycopg://{rest}"


def upgrade(url: str | None = None, to: str = "head") -> str:
    """Bring the database at ``url`` (default: the store) to the present schema; returns the revision it then has.

    ``to`` names an older revision, for a backup that was made with it; rights and comments are laid at the newest.

    Raises:
        StoreUnavailable: the database does not answer.
        SetupMissing: an extension is neither there nor may be created.
    """
    engine = create_engine(url or owner_url(), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.execute(text("select set_config('abcd.actor', 'migration', false)"))
            extend(connection)
            # One transaction for the tables and for what is laid over them: killed, it leaves the old schema whole.
            with connection.begin():
                config = alembic_config()
                config.attributes["connection"] = connection
                for statement in pub.lifted():
                    connection.exec_driver_sql(statement, execution_options=AS_WRITTEN)
                command.upgrade(config, to)
                for statement in ground.over_all() if to in ("head", newest()) else ():
                    connection.exec_driver_sql(statement, execution_options=AS_WRITTEN)
            return revision(connection)
    except OperationalError as error:
        raise StoreUnavailable(f"The database does not answer: {error.orig}") from error


def alembic_config() -> Config:
    """Alembic's settings for a run from Python; ``attributes['connection']`` is the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def revision(connection: Connection) -> str:
    """The revision of the schema behind ``connection``, ``""`` before the first."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """The revision that this version of abcd needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def revisions() -> set[str]:
    """Every revision that this version of abcd knows."""
    return {each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def extend(connection: Connection) -> None:
    """Create the extensions that are not there.

    Raises:
        SetupMissing: one may not be created, or is not installed.
    """
    there = set(connection.scalars(text("select extname from pg_extension")))
    for name in EXTENSIONS:
        if name not in there:
            _create(connection, name)
    connection.commit()


def _create(connection: Connection, name: str) -> None:
    try:
        connection.execute(text(f"create extension {name}"))
    except (OperationalError, ProgrammingError) as error:
        raise SetupMissing(
            f"The database has no extension '{name}' ({error.orig}). Install it (apt-get install postgresql-postgis or "
            f"postgresql-contrib), then let its owner run 'create extension {name}'."
        ) from error
