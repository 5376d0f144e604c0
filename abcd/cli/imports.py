"""``abcd import``: bring in other people's files, see what was brought in, take it back."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from abcd.core.language import _
from abcd.db.session import SYSTEM

if TYPE_CHECKING:
    from abcd.intake.report import ImportReport

app = typer.Typer(no_args_is_help=True, help="Bring in assets, places, households, barriers and more; undo an import.")

File = Annotated[Path, typer.Argument(help="The file to bring in.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]
Kind = Annotated[str, typer.Option(help="Kind of place: estate, ward, oa, lsoa, msoa, lad, patch, ...")]
Import = Annotated[UUID, typer.Argument(help="The import, as 'abcd import list' shows it.", show_default=False)]


@app.command()
def assets(
    file: File,
    as_json: AsJson = False,
    source: Annotated[str | None, typer.Option(help="Name of the source, if not the one recognised.")] = None,
    category: Annotated[str | None, typer.Option(help="Category of rows that do not say their own.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the data describe.")] = None,
    layer: Annotated[str | None, typer.Option(help="Sheet or layer, if there are several.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
) -> None:
    """Bring in a file of assets: CSV, spreadsheet, GeoJSON, GeoPackage, Shapefile, KML, GPX."""
    from abcd.intake import run
    from abcd.intake.read import ReadChoice

    call = run.rehearse if dry_run else run.run
    report = call(file, actor=SYSTEM, choice=ReadChoice(layer=layer), source=source, category=category,
                  as_of=as_of.date() if as_of else None, progress=_progress)  # fmt: skip
    _say(report, as_json)


@app.command()
def places(file: File, kind: Kind, vintage: Annotated[str | None, typer.Option(help="Year of the boundaries.")] = None,
           as_json: AsJson = False) -> None:  # fmt: skip
    """Bring in boundaries of one kind; a newer vintage never replaces an older one."""
    from abcd.intake.places_file import import_places

    _say(import_places(file, kind, actor=SYSTEM, vintage=vintage), as_json)


@app.command()
def households(file: File, kind: Kind, as_json: AsJson = False) -> None:
    """Bring in households of small areas, from a long or a wide census table."""
    from abcd.intake.households_file import import_households

    _say(import_households(file, kind, actor=SYSTEM), as_json)


@app.command()
def postcodes(file: File, as_json: AsJson = False) -> None:
    """Bring in postcodes with their points: ONSPD, Code-Point Open, or any table with both."""
    from abcd.intake.postcodes_file import import_postcodes

    _say(import_postcodes(file, actor=SYSTEM), as_json)


@app.command()
def uprns(file: File, as_json: AsJson = False) -> None:
    """Bring in property references (UPRNs) with their points, such as OS Open UPRN."""
    from abcd.intake.properties_file import import_properties

    _say(import_properties(file, actor=SYSTEM), as_json)


@app.command()
def dwellings(
    file: File,
    as_json: AsJson = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Take away what an earlier list of this source held and this one does not.")
    ] = False,
) -> None:
    """Bring in a landlord's homes, or households by postcode: UPRN, postcode or coordinates, street, workload."""
    from abcd.intake.dwellings_file import import_dwellings

    _say(import_dwellings(file, actor=SYSTEM, is_whole=whole), as_json)


@app.command()
def people(
    file: File,
    as_json: AsJson = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
) -> None:
    """Bring in residents from a list of paper forms: names, gifts, hopes, and what each agreed to on which day."""
    from abcd.cli.people import local_actor
    from abcd.intake.people_file import import_people, rehearse_people

    _say((rehearse_people if dry_run else import_people)(file, actor=local_actor()), as_json)


@app.command("list")
def list_imports(as_json: AsJson = False) -> None:
    """Show every import, the newest first; one that waits can be confirmed or discarded."""
    from abcd.intake.ledger import imports

    lines = imports(actor=SYSTEM)
    if as_json:
        typer.echo(json.dumps([line.to_json() for line in lines], ensure_ascii=False))
        return
    for line in lines:
        typer.echo(f"{line.id}  {line.created_at:%Y-%m-%d %H:%M}  {line.state:<12} {line.kind:<10} {line.file_name}")


@app.command()
def confirm(import_id: Import, as_json: AsJson = False) -> None:
    """Load an import that was staged, or go on with one that was interrupted."""
    from abcd.intake import run

    report = run.confirm(import_id, actor=SYSTEM, progress=_progress)
    _say(report, as_json)


@app.command()
def discard(import_id: Import) -> None:
    """Forget an import that was staged and not loaded."""
    from abcd.intake import run

    run.discard(import_id, actor=SYSTEM)
    typer.echo(_("Discarded. Nothing was changed."))


@app.command()
def streets(
    file: File,
    vintage: Annotated[str, typer.Option("--vintage", help="Year or release of the map.")] = "",
    as_json: AsJson = False,
) -> None:
    """Bring in streets and paths (.osm.pbf, .osm, or a layer of lines), so that walks follow them."""
    from abcd.intake.streets_file import import_streets

    _say(import_streets(file, actor=SYSTEM, vintage=vintage), as_json)


@app.command()
def barriers(
    file: File,
    nature: Annotated[
        str, typer.Option(help="What rows are that do not say: railway, river, main_road, wall, felt_unsafe, other.")
    ] = "other",
    soft: Annotated[
        bool, typer.Option("--soft", help="Rows that do not say can be walked across; people rather avoid them.")
    ] = False,
    layer: Annotated[str | None, typer.Option(help="Layer, if there are several.")] = None,
    source: Annotated[str | None, typer.Option(help="Whose lines these are, if not as the file's name says.")] = None,
    as_json: AsJson = False,
) -> None:
    """Bring in lines that nobody walks across (railways, rivers, main roads), and points where one can."""
    from abcd.intake.barriers_file import import_barriers

    _say(import_barriers(file, actor=SYSTEM, nature=nature, is_hard=not soft, layer=layer, source=source), as_json)


@app.command()
def undo(import_id: Import, as_json: AsJson = False) -> None:
    """Take an import back, exactly; what people changed since is kept."""
    from abcd.intake import run

    done = run.undo(import_id, actor=SYSTEM)
    if as_json:
        typer.echo(json.dumps(done))
        return
    typer.echo(_("{removed} removed, {restored} as before.").format(**done))
    if done.get("revived"):
        typer.echo(_("{revived} active again.").format(**done))
    if done["kept"]:
        typer.echo(_("{kept} changed since; kept as they are.").format(**done))


@app.command()
def issues(import_id: Import, output: Annotated[Path, typer.Option("-o", help="Where to write the CSV file.")]) -> None:
    """Write the faults of an import to a CSV file for its publisher."""
    from abcd.db.session import session
    from abcd.intake.report import issues_csv

    with session(SYSTEM) as s:
        output.write_text(issues_csv(s, import_id), encoding="utf-8-sig", newline="")
    typer.echo(str(output))


def _progress(doing: str, rows: int) -> None:
    """One line on stderr that is written over, when a person is watching."""
    if sys.stderr.isatty():
        typer.echo(f"\r{doing}: {rows:,}", nl=False, err=True)


def _say(report: "ImportReport", as_json: bool) -> None:
    """The report, as one JSON document or as sentences."""
    if sys.stderr.isatty():
        typer.echo(err=True)
    if as_json:
        typer.echo(json.dumps(report.to_json(), ensure_ascii=False))
        return
    numbers = ("added", "changed", "unchanged", "duplicates", "rejected", "unlocated")
    typer.echo(
        _("{rows} rows: ").format(rows=report.rows) + ", ".join(f"{getattr(report, one)} {one}" for one in numbers)
    )
    for by, rows in report.located_by.items():
        typer.echo(_("  {rows} located by {by}").format(rows=rows, by=by))
    for issue in report.issues:
        typer.echo(f"  ! {issue['kind']}, {issue['rows']}: {issue['example']}")
    typer.echo(_("Undo it with: abcd import undo {id}").format(id=report.import_id))
