"""``abcd restore``: a proven backup in the place of the store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abcd.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from abcd.db.backup.rebuilding import Source
    from abcd.db.erasures import Erased

app = typer.Typer(help="Put a backup in the place of the store.")

Folder = Annotated[Path, typer.Argument(help="A backup, or the folder of backups: then the newest.")]
RecoveryFile = Annotated[
    Path | None, typer.Option("--recovery-key", help="Your copy of the recovery key, on a machine that has none.")
]
KeysFolder = Annotated[Path | None, typer.Option("--keys-from", help="Where the copy of people's keys lies.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
KeepOld = Annotated[bool, typer.Option("--keep-old", help="Keep the files of the store that is replaced.")]
IntoThis = Annotated[
    bool, typer.Option("--into-this", help="Into the database of ABCD_DATABASE_URL itself, which must be empty.")
]
OnlyVerify = Annotated[bool, typer.Option("--verify", help="Only say whether it could be restored here.")]


@app.command()
def restore(
    folder: Folder,
    recovery_key: RecoveryFile = None,
    keys_from: KeysFolder = None,
    yes: Yes = False,
    keep_old: KeepOld = False,
    into_this: IntoThis = False,
    verify: OnlyVerify = False,
) -> None:
    """Verify a backup, restore it beside the store, compare, erase anew who was erased, then let it take the place."""
    from abcd.config import settings
    from abcd.db.backup import keys, restoring

    recovery = keys.read(recovery_key) if recovery_key else keys.recovery(settings().home)
    source = restoring.source_of(folder.absolute(), recovery, keys_from)
    typer.echo(_about(source))
    if verify:
        return
    erased = restoring.erased_since(source, recovery)
    if settings().database_url:
        _on_the_server(source, erased, into_this=into_this)
    else:
        _put_back(source, erased, yes=yes, keep_old=keep_old)
    if recovery_key and keys.adopt(settings().home, recovery_key):
        typer.echo("This machine goes on with that recovery key.")


def _about(source: "Source") -> str:
    said = source.manifest
    told = (
        f"{source.store.folder.name}: signed, whole, ours to open. {said.rows:,} rows in {len(said.tables)} tables, "
        f"as of {said.made_at:%d %B %Y %H:%M} UTC."
    )
    if source.keys:
        return told + f"\nPeople's keys as of {source.keys[1].made_at:%d %B %Y %H:%M} UTC."
    return told + "\nNo copy of people's keys is there: what the trail holds of people stays unreadable."


def _on_the_server(source: "Source", erased: "Sequence[Erased]", *, into_this: bool) -> None:
    from abcd.cli.backup import erase_anew
    from abcd.db.backup import on_a_server
    from abcd.db.backup.steps import Steps

    steps = Steps(typer.echo)
    if into_this:
        done = on_a_server.restore_into(source, erased, erase_anew, steps)
        typer.echo(f"Restored and equal, into '{done.where}'. Everybody signs in again.")
        return
    name = f"abcd_restored_{source.manifest.made_at:%Y%m%d_%H%M%S}"
    done = on_a_server.restore_beside(source, erased, erase_anew, steps, name)
    typer.echo(
        f"Restored and equal, into the new database '{done.where}' on the same server; the present one is as it "
        f"was. To use it, end the path of ABCD_DATABASE_URL with /{done.where} and start abcd again."
    )


def _put_back(source: "Source", erased: "Sequence[Erased]", *, yes: bool, keep_old: bool) -> None:
    """In the place of the embedded store."""
    from abcd.cli.backup import erase_anew
    from abcd.db.backup import in_place
    from abcd.db.backup.steps import Steps

    if not yes and _is_there():
        _ask(source.manifest.last_event)
    done = in_place.restore(source, erased, erase_anew, Steps(typer.echo), keep_old=keep_old)
    typer.echo(
        f"Restored and equal: {done.where}. {done.erased_anew} erasures were made anew. Everybody signs in again."
    )


def _is_there() -> bool:
    from abcd.config import settings
    from abcd.db.cluster import cluster_of

    return cluster_of(settings().home).exists


def _ask(last_event: int) -> None:
    """Say what would be lost, and go on only when told to."""
    from abcd.db.backup import in_place

    lost = in_place.events_since(last_event)
    told = "nobody can say, because it does not answer" if lost is None else f"{lost:,} changes"
    if not typer.confirm(f"The present store is replaced. Newer than the backup and then gone: {told}. Go on?"):
        raise NotAllowed("Nothing was touched.")
