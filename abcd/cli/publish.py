"""``abcd publish DIR``: a map and its data as a folder that any web host can serve, and that opens from a stick."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from abcd.core.language import _
from abcd.db.session import SYSTEM, session

app = typer.Typer(help="Write a map and its data as a static site.")


@app.command()
def publish(
    folder: Annotated[Path, typer.Argument(help="The folder to write: a new one, or one written before.")],
    place: Annotated[str | None, typer.Option("--place", help="Only this place: its reference or id.")] = None,
    audience: Annotated[str | None, typer.Option(help="For whom: public, partner or council.")] = None,
    definition: Annotated[
        Path | None, typer.Option("--map", help="A definition, for example maps/millfield.toml.")
    ] = None,
) -> None:
    """Write a page with list and map, and the data beside it; the folder is there whole or not at all."""
    from abcd.maps.definition import Definition, definition_in, understood
    from abcd.maps.site import publish as published

    wanted = definition_in(definition) if definition else Definition()
    wanted = replace(wanted, place=place or wanted.place, audience=audience or wanted.audience)
    understood({"audience": wanted.audience, "layers": list(wanted.layers)}, "publish")
    with session(SYSTEM, patient=True) as s:
        done = published(s, wanted, folder, by=SYSTEM)
    told = _("{folder}: {n} assets on a page of {kb} KB, {mb} MB in all. Open index.html.")
    typer.echo(
        told.format(folder=folder, n=done.assets, kb=round(done.page_bytes / 1e3), mb=round(done.bytes / 1e6, 2))
    )
