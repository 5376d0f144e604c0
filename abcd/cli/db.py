"""``abcd db``: run, check and migrate the store."""

from typing import Annotated

import typer

from abcd.errors import StoreUnavailable

app = typer.Typer(no_args_is_help=True, help="Run, check and migrate the store.")


@app.command()
def up() -> None:
    """Start the embedded store, making it first when there is none."""
    from abcd.config import settings
    from abcd.db import embedded

    started = embedded.up(settings().home)
    typer.echo(f"The store {'is up' if started else 'was up already'}: {embedded.data_dir(settings().home)}")


@app.command()
def down() -> None:
    """Stop the embedded store; saved data stays."""
    from abcd.config import settings
    from abcd.db import embedded

    ran = embedded.down(settings().home)
    typer.echo("The store is stopped." if ran else "The store was not running.")


@app.command()
def status() -> None:
    """Say whether the embedded store runs, and where; exit code 7 when it does not."""
    from abcd.config import settings
    from abcd.db import embedded

    found = embedded.status(settings().home)
    if not found.running:
        raise StoreUnavailable(f"The store in {found.data} is not running. Run 'abcd db up'.")
    typer.echo(f"The store runs (process {found.pid}).\ndata: {found.data}\nsocket: {found.sockets}")


@app.command()
def url() -> None:
    """Print the address of the store, for other tools such as psql or QGIS."""
    from abcd.db.migrate import owner_url

    typer.echo(owner_url().replace("postgresql+psycopg://", "postgresql://", 1))


@app.command()
def check(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """The same list as ``abcd check``."""
    from abcd.cli.check import look

    look(as_json)


@app.command()
def migrate() -> None:
    """Bring the store to the present schema, taxonomy and gifts."""
    from abcd.assets.taxonomy import load_taxonomy
    from abcd.db.migrate import upgrade
    from abcd.db.session import SYSTEM, session
    from abcd.people.skills import load_skills
    from abcd.people.wordings import load_wordings

    revision = upgrade()
    with session(SYSTEM) as s:
        terms, gifts = load_taxonomy(s), load_skills(s)
        load_wordings(s)
    typer.echo(f"The store is at revision {revision}, with {terms} terms and {gifts} gifts.")
