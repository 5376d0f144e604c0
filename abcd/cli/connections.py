"""``abcd connections``: what could be brought together, worked out for every wish at once."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Who and what could answer people's wishes.")


@app.callback()
def _group() -> None:
    """Keep ``rematch`` a word of its own."""


@app.command()
def rematch(
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Match every open wish of every association anew, as the app does each night. It prints counts alone."""
    import json
    from dataclasses import asdict

    from abcd.connections.matching.keeping import rematch as match_anew

    done = match_anew()
    if as_json:
        typer.echo(json.dumps(asdict(done)))
        return
    typer.echo(f"{done.wishes:,} wishes were looked at, {done.answered:,} were answered, with {done.suggestions:,} "
               f"suggestions; for {done.planned:,} a neighbour is kept.")  # fmt: skip
