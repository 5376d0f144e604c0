"""``abcd export LAYER... -o FILE``: layers as files, in any format.

``abcd export map``: a place as one HTML page; ``abcd export profile REF``: a place on one sheet, as PDF or HTML.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from abcd.core.language import _, ngettext
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest

app = typer.Typer(help="Write what is in the store to a file that others can open.", no_args_is_help=True)

Layers = Annotated[
    list[str],
    typer.Argument(
        help="assets, venues, groups, activities, places and so on; or map, for one HTML page; or profile REF."
    ),
]
Out = Annotated[Path, typer.Option("--output", "-o", help="The file to write; a folder or .zip for several files.")]
Form = Annotated[
    str | None,
    typer.Option("--format", "-f", help="geojson, gpkg, csv, xlsx, fgb, parquet or oruk; else by the file's name."),
]
Audience = Annotated[str, typer.Option(help="For whom: public, partner, council or officer.")]
PlaceRef = Annotated[str | None, typer.Option("--place", help="Only this place: its reference or id.")]
Category = Annotated[str | None, typer.Option("--category", help="Only this category, for example park.")]
Release = Annotated[
    str | None, typer.Option("--release", help="For figures about people: the release; else the newest.")
]
Dictionary = Annotated[bool, typer.Option("--dictionary", help="A data dictionary (JSON Table Schema) beside it.")]


@app.command()
def export(
    layers: Layers,
    output: Out,
    form: Form = None,
    audience: Audience = "public",
    place: PlaceRef = None,
    category: Category = None,
    release: Release = None,
    dictionary: Dictionary = False,
) -> None:
    """Write layers to a file that others can open; what is not for its audience stays inside."""
    if layers == ["map"]:
        return _map(output, place)
    if layers[0] == "profile":
        return _profile(output, layers[1:])
    from abcd.maps.files.formats import format_of
    from abcd.maps.files.gdal import without_frames
    from abcd.maps.files.order import Order, Written, write_files

    named = form or ("geojson" if output.suffix.lower() in ("", ".zip") else format_of(output).name)
    order = Order(tuple(layers), named, audience, place, category, release, dictionary)
    with without_frames(), session(SYSTEM, patient=True) as s:
        done: Written = write_files(s, order, output, by=SYSTEM, note=_progress)
    told = _("{file}: {rows} features, {without} of them without a place on the map.")
    for layer, rows in done.rows.items():
        named = str(output) if len(done.rows) == 1 else f"{output} {layer}"
        typer.echo(told.format(file=named, rows=rows, without=rows - done.drawn[layer]))
        for reason, n in done.left_out[layer].items():
            if n:
                typer.echo(_("  left out: {n} {reason}").format(n=n, reason=reason), err=True)
    return None


def _map(output: Path, place: str | None) -> None:
    from abcd.maps.drawing import write_map

    if place is None:
        raise BadRequest("Name the place to draw: --place REF.")
    with session(SYSTEM, patient=True) as s:
        drawn = write_map(s, place, output, by=SYSTEM)
    typer.echo(_("{file}: {n} assets.").format(file=output, n=drawn.rows))


def _profile(output: Path, named: list[str]) -> None:
    from abcd.maps.profile import write_profile

    if len(named) != 1:
        raise BadRequest(_("Name the place: abcd export profile REF -o FILE.pdf"))
    with session(SYSTEM, patient=True) as s:
        done = write_profile(s, named[0], output, by=SYSTEM)
    told = ngettext("{file}: {sheets} page, {size:,} bytes.", "{file}: {sheets} pages, {size:,} bytes.", done.sheets)
    typer.echo(told.format(file=output, sheets=done.sheets, size=len(done.content)))


def _progress(done: int, of: int) -> None:
    """Say how far it is, to whoever looks on."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done:,} / {of:,}" + ("\r\033[K" if done >= of else ""))
