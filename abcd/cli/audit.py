"""``abcd audit``: seal what was done, verify that it is as it was written, and let the oldest days go."""

from datetime import datetime
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The trail of what was done: seal it, verify it, let the oldest days go.")

Day = Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="The first day to look at.")]


@app.command()
def seal() -> None:
    """Chain what was done since the last time; the running app does so each minute."""
    from abcd.db.sealing import seal_all

    typer.echo(f"{seal_all():,} events were sealed.")


@app.command()
def verify(since: Day = None) -> None:
    """Read the whole chain again and name every event that was changed, removed, added or re-ordered; exit code 7."""
    from abcd.db import chain, heads
    from abcd.db.sealing import seal_all
    from abcd.db.session import SYSTEM, session

    seal_all()
    with session(SYSTEM, patient=True) as s:
        faults = [*chain.verify(s, since.date() if since else None), *heads.compare(s)]
        mark = chain.sealed(s)
    for fault in faults:
        typer.echo(f"WRONG {fault.sentence}")
    if faults:
        raise typer.Exit(7)
    typer.echo(f"The trail is whole up to event {mark.id:,}. Its head is {mark.head or 'not there yet'}.")


@app.command()
def forget(
    before: Annotated[datetime, typer.Option("--before", formats=["%Y-%m-%d"], help="Days before this one go.")],
) -> None:
    """Remove whole days older than six years, as the owner of the store; their heads stay, so the chain still holds."""
    from abcd.db.forgetting import forget_before

    days, events = forget_before(before.date())
    typer.echo(f"{days:,} days with {events:,} events were removed; their heads stay.")


@app.command("begin-anew")
def begin_anew() -> None:
    """Put the remembered heads of days aside, after a backup was restored; the old file is kept beside it."""
    from abcd.db import heads

    kept = heads.begin_anew()
    typer.echo(f"The heads so far are kept in {kept}." if kept else "No heads were remembered yet.")
