"""``abcd export``: a layer as GeoJSON, or a place as one HTML page with its map inside."""

from pathlib import Path
from typing import Annotated

import typer

from abcd.core.language import _
from abcd.db.session import SYSTEM, session

app = typer.Typer(help="Write what is in the store to a file that others can open.", no_args_is_help=True)

Out = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
PlaceRef = Annotated[str | None, typer.Option("--place", help="Only this place: its reference or id.")]
Category = Annotated[str | None, typer.Option("--category", help="Only this category, for example park.")]


@app.command()
def assets(output: Out, place: PlaceRef = None, category: Category = None) -> None:
    """Write assets as GeoJSON."""
    _layer("assets", output, place, category)


@app.command()
def places(output: Out, place: PlaceRef = None) -> None:
    """Write places as GeoJSON: all, or one and what lies inside it."""
    _layer("places", output, place, None)


@app.command("map")
def place_map(output: Out, place: Annotated[str, typer.Option("--place", help="The place to draw.")]) -> None:
    """Write a place as one HTML page: its list and its map, which opens from a folder, a stick or any web host."""
    from abcd.maps.drawing import write_map

    with session(SYSTEM, patient=True) as s:
        drawn = write_map(s, place, output, by=SYSTEM)
    typer.echo(_("{file}: {n} assets.").format(file=output, n=drawn.rows))


def _layer(layer: str, output: Path, place: str | None, category: str | None) -> None:
    from abcd.maps.export import export_geojson

    with session(SYSTEM, patient=True) as s:
        done = export_geojson(s, layer, output, by=SYSTEM, place=place, category=category)
    told = _("{file}: {rows} features, {without} of them without a place on the map.")
    typer.echo(told.format(file=output, rows=done.rows, without=done.rows - done.drawn))
