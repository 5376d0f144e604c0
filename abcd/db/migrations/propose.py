"""Print what a new migration must do: the difference between the tables in the code and a store at the newest revision.

Run ``python -m abcd.db.migrations.propose`` after a change of ``abcd/db/tables``, and put what it prints into a new
file of ``versions``. Triggers, functions and policies are not compared: write those by hand.
"""

import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from abcd.db import embedded, migrate
from abcd.db.tables import Base


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Compare the schema ``core`` alone."""
    return kind != "schema" or name == "core"


def proposal() -> str:
    """The body of ``upgrade`` as Python text, ``pass`` when nothing differs."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        embedded.up(home, durable=False)
        try:
            # "heads" and not "head": rights and comments would be laid over tables that no migration makes yet.
            migrate.upgrade(embedded.url(home), "heads")
            return _difference(embedded.url(home))
        finally:
            embedded.down(home)


def _difference(url: str) -> str:
    options = {
        "include_schemas": True,
        "include_name": is_ours,
        "include_object": alembic_helpers.include_object,
        "render_item": alembic_helpers.render_item,
        "compare_type": True,
        "target_metadata": Base.metadata,
    }
    with create_engine(url, poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        found = produce_migrations(context, Base.metadata).upgrade_ops
        return render_python_code(found, render_item=alembic_helpers.render_item) if found else "pass"


if __name__ == "__main__":
    print(proposal())  # noqa: T201
