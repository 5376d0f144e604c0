"""A store that is not at the schema of this version is told in a sentence, whichever command or page meets it first."""

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from abcd.core.language import _
from abcd.db.causes import code_of
from abcd.db.confined import is_confined
from abcd.errors import StoreOutdated

#: Codes (SQLSTATE) of what a statement asks for and the store does not have: a table, column, function or schema.
UNKNOWN = {"42P01", "42703", "42883", "3F000"}


def outdated(error: SQLAlchemyError) -> StoreOutdated | None:
    """What to tell when ``error`` comes from a store of another schema; None when the store is right and we are not."""
    return of_other_schema() if code_of(error) in UNKNOWN else None


def of_other_schema() -> StoreOutdated | None:
    """What to tell of a store at another schema; None when it is at ours, or does not say."""
    if is_confined():
        return None
    from abcd.db import migrate  # noqa: PLC0415 - it loads Alembic, which no store that is right needs

    found = revision_at(migrate.owner_url())
    if found is None or found == migrate.newest():
        return None
    if found and found not in migrate.revisions():
        return StoreOutdated(
            _("The database was brought to a newer schema than this version of abcd knows. Install the newer version.")
        )
    return StoreOutdated(
        _("The database is not at the schema of this version of abcd. Run 'abcd db migrate', then try again.")
    )


def revision_at(url: str) -> str | None:
    """The revision of the schema, which its owner alone may read: ``""`` before the first, None where untold."""
    try:
        with create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 3}).connect() as connection:
            return str(connection.exec_driver_sql("select version_num from alembic_version").scalar() or "")
    except SQLAlchemyError as error:
        return "" if code_of(error) in UNKNOWN else None
