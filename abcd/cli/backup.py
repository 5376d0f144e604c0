"""``abcd backup`` and ``abcd restore``: out of harm's way and back, proven both times."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abcd.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abcd.db.backup.drilling import Drilled
    from abcd.db.backup.taking import Taken
    from abcd.db.erasures import Erased

app = typer.Typer(help="Back the store up, and prove it.")

Folder = Annotated[Path | None, typer.Argument(help="The folder for backups: on another disk than the store.")]
KeysFolder = Annotated[
    Path | None, typer.Option("--keys-to", help="Another folder for the copy of people's keys, which lives for days.")
]
Recipient = Annotated[
    list[str] | None, typer.Option("--recipient", help="A public age key that may open the backup too.")
]
Drill = Annotated[bool, typer.Option("--drill", help="Restore it elsewhere, compare, and print the times.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command()
def backup(
    folder: Folder = None,
    keys_to: KeysFolder = None,
    recipient: Recipient = None,
    drill: Drill = False,
    as_json: AsJson = False,
) -> None:
    """Back the store up into a folder, encrypted and signed; with --drill also restore it elsewhere and compare."""
    from abcd.config import settings
    from abcd.db.backup import keys, taking

    if folder is None and not drill:
        raise BadRequest("Say where to: 'abcd backup DIR'. 'abcd backup --drill' alone tries it out and keeps nothing.")
    if keys.make(settings().home):
        typer.echo(_about_the_key(keys.file_of(settings().home)), err=True)
    if drill:
        _drill(folder, keys_to, recipient or [], as_json=as_json)
        return
    assert folder is not None
    _tell_taken(taking.take(folder.absolute(), keys_folder=keys_to, recipients=recipient or []), as_json=as_json)


def _about_the_key(path: Path) -> str:
    return (
        f"A recovery key was made: {path}\nCopy it away from this machine now (a password manager, or on paper). "
        "Without it no backup can be opened; whoever has it can open them all."
    )


def _tell_taken(taken: "Taken", *, as_json: bool) -> None:
    import json

    if as_json:
        found = {"folder": str(taken.store), "keys": taken.person_keys and str(taken.person_keys)}
        typer.echo(json.dumps(found | {"rows": taken.manifest.rows, "expired": taken.expired}, indent=1))
        return
    typer.echo(
        f"{taken.store}\n{taken.manifest.rows:,} rows in {len(taken.manifest.tables)} tables, read back and counted. "
        f"Keep it until {taken.manifest.expires_at:%d %B %Y}."
    )
    if taken.person_keys and taken.keys_manifest:
        typer.echo(f"People's keys: {taken.person_keys}, until {taken.keys_manifest.expires_at:%d %B %Y}.")
    if taken.expired:
        typer.echo(f"{taken.expired} expired backups were removed.")


def _drill(folder: Path | None, keys_to: Path | None, recipients: list[str], *, as_json: bool) -> None:
    from abcd.db.backup.drilling import drill
    from abcd.db.backup.steps import Steps

    steps = Steps() if as_json else Steps(typer.echo)
    done = drill(folder and folder.absolute(), erase_anew, steps, keys_folder=keys_to, recipients=recipients)
    typer.echo(done.as_json() if as_json else _verdict(done))


def _verdict(done: "Drilled") -> str:
    lost = "everything: there was no backup before" if done.rpo_seconds is None else (
        f"{_hours(done.rpo_seconds)} of work ({done.events_at_risk:,} events)"
    )  # fmt: skip
    return (
        f"Restored and equal: {done.manifest.rows:,} rows in {len(done.manifest.tables)} tables, "
        f"{done.erased_anew} erasures made anew.\n"
        f"Time to restore (RTO): {done.rto_seconds:.1f} s. At risk before this backup (RPO): {lost}."
        + (f"\nKept: {done.where}" if done.where else "\nNothing was kept: name a folder to keep it.")
    )


def _hours(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"


def erase_anew(erased: "Sequence[Erased]") -> int:
    """Erase again, in the store that settings name now, whoever is on the list; returns how many were found."""
    from abcd.people import replay

    return replay.erase_anew([each.hash for each in erased])
