"""How Alembic reaches the store: the connection it was given (``abcd.db.migrate``), or one as the store's owner."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from abcd.db.migrate import owner_url
from abcd.db.tables import Base


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Compare the schema ``core`` alone."""
    return kind != "schema" or name == "core"


def run(connection: Connection) -> None:
    """Run the migrations over ``connection``, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_schemas=True,
        include_name=is_ours,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(owner_url(), poolclass=NullPool).connect() as opened:
        run(opened)
        opened.commit()
