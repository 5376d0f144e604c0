"""``abcd fault NUMBER``: where in our code the fault happened that somebody quotes."""

import json
from typing import Annotated

import typer

app = typer.Typer(help="What the log says of a fault, by the number that was shown.")


@app.command()
def fault(number: Annotated[str, typer.Argument(help="as it was shown, for example 7F3K-2Q")]) -> None:
    """Print what the log holds of a fault: when, where, of what type; never what somebody typed."""
    from abcd.config import settings
    from abcd.core.faults import found
    from abcd.errors import NotFound

    folder = settings().logs
    told = found(number, folder)
    if told is None:
        raise NotFound(f"The logs in {folder} hold no fault of this number. Old ones make way for new ones.")
    typer.echo(json.dumps(told, indent=2))
