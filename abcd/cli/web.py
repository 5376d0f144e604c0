"""``abcd web``: the front-end libraries that we serve ourselves."""

import typer

app = typer.Typer(no_args_is_help=True, help="The libraries of the map, which we serve ourselves.")


@app.callback()
def web() -> None:
    """The libraries of the map, which we serve ourselves."""


@app.command()
def fetch() -> None:
    """Fetch them as the lock file says, unless they are there."""
    from abcd.api.libraries import fetch as fetch_libraries

    if fetch_libraries():
        typer.echo("Fetched the map's libraries.")
