"""``abcd gaps``: work out how near things are to the homes of each place, for maps and files."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What is near the homes of each place, kept for maps and files.")


@app.callback()
def _group() -> None:
    """Keep ``refresh`` a word of its own."""


@app.command()
def refresh(
    place: Annotated[str | None, typer.Option("--place", help="Reference of one place, due or not.")] = None,
) -> None:
    """Work out every place that is due: never done, on another day, or something near it changed."""
    from abcd.gaps.keeping import keep_up
    from abcd.gaps.keeping import refresh as work_one_out

    if place:
        typer.echo(f"{work_one_out(place):,} categories were worked out.")
        return
    done = keep_up(tell=say)
    typer.echo(f"{done:,} places were worked out; all are up to date.")


def say(done: int, of: int) -> None:
    """How far it is, now and then."""
    if done % 200 == 0 or done == of:
        typer.echo(f"{done:,} of {of:,} places ...", err=True)
