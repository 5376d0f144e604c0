"""``abcd patches``: share out the homes of a place among coaches, and adopt one of the plans."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from abcd.core.clock import today
from abcd.core.language import _, ngettext
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from abcd.patches.plans import PlanRecord

app = typer.Typer(help="Patches: about so many households to a coach.", no_args_is_help=True)

Plan = Annotated[str, typer.Argument(help="The id of the plan.")]
PlaceRef = Annotated[str, typer.Option("--place", help="The place to share out: its reference or id.")]


@app.command("design")
def draw(  # noqa: PLR0913, PLR0917 - each is an option of the command
    place: Annotated[
        str, typer.Option("--place", help="The place to share out: its reference or id; else the one council.")
    ] = "",
    target: Annotated[float, typer.Option(help="Households to a patch.")] = 175,
    tolerance: Annotated[float, typer.Option(help="How far a patch may be off, as a share of the target.")] = 0.1,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="The same seed gives the same plan.")] = 0,
    blocks: Annotated[
        str, typer.Option("--from", help="What blocks are made of: dwellings, streets, areas, or auto.")
    ] = "auto",
    reach: Annotated[
        float | None, typer.Option(help="Metres on foot within which homes are neighbours; as few as do, if not said.")
    ] = None,
    over: Annotated[list[UUID] | None, typer.Option(help="A crossing that a patch may use; may be repeated.")] = None,
    base: Annotated[str, typer.Option(help="Where coaches start from: a postcode, an asset's id, or E,N.")] = "",
    reason: Annotated[str, typer.Option(help="Why the patches are drawn anew.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Draw alternatives for the homes of a place, keep them, and show what each is like."""
    from abcd.patches.grounds import Choice
    from abcd.patches.plans import draw as drawn
    from abcd.patches.starting import base_at

    with session(SYSTEM, patient=True) as s, _progress(quiet=as_json) as moved:
        spot, name = base_at(s, base) if base else (None, "")
        choice = Choice(blocks, reach, tuple(over or ()), spot, name)
        made = drawn(s, place or _only_council(s), target=target, tolerance=tolerance, seed=seed, choice=choice,
                     reason=reason, by=SYSTEM, telling=moved)  # fmt: skip
    _print_json(made) if as_json else _show(made)


@app.command("list")
def listed(place: PlaceRef) -> None:
    """The plans of a place, the newest first."""
    from abcd.patches.plans import plans, title

    with session(SYSTEM) as s:
        for row in plans(s, place):
            state = (
                _("adopted from {day}") if row.begun_at else _("waits for {day}") if row.adopted_from else _("a draft")
            )
            told = state.format(day=row.adopted_from)
            typer.echo(f"{row.id}  {row.made_at:%Y-%m-%d %H:%M}  {title(row.leaning)}  {row.target:g}  {told}")


@app.command()
def adopt(
    plan: Plan,
    first_day: Annotated[str, typer.Option("--from", help="The day from which it holds, as 2027-01-04.")] = "",
) -> None:
    """Make the patches of a plan places of their own, with pages, maps and exports; those before it end.

    With a day ahead the patches of today hold until then, and the plan begins on that day by itself.
    """
    from abcd.patches.adopting import adopt as adopted
    from abcd.patches.plans import plan_row

    with session(SYSTEM, patient=True) as s:
        row = plan_row(s, _id(plan))
        new = adopted(s, row.id, first_day=_day(first_day), version=row.version, by=SYSTEM)
    if not new:
        typer.echo(_("The plan waits for {day}. Until then the patches of today hold.").format(day=first_day))
        return
    typer.echo(_("{n} patches hold now. Each has a page, and 'abcd export places' writes them.").format(n=len(new)))


@app.command()
def export(
    plan: Plan,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    form: Annotated[
        str | None,
        typer.Option("--format", "-f", help="gpkg, geojson, fgb, parquet, csv or xlsx; else by the file's name."),
    ] = None,
) -> None:
    """Write the patches of a plan, adopted or not, to a file that QGIS and others open; for officers."""
    from abcd.maps.files.formats import format_of
    from abcd.maps.files.gdal import without_frames
    from abcd.maps.files.plan_file import write_plan

    with without_frames(), session(SYSTEM, patient=True) as s:
        done = write_plan(s, _id(plan), format_of(output, form), output, by=SYSTEM)
    n = sum(done.rows.values())
    typer.echo(ngettext("{file}: {n} patch.", "{file}: {n} patches.", n).format(file=output, n=n))


@app.command("take-back")
def taken_back(plan: Plan) -> None:
    """Let a plan that waits for its day be a draft again."""
    from abcd.patches.adopting import take_back
    from abcd.patches.plans import plan_row

    with session(SYSTEM) as s:
        row = plan_row(s, _id(plan))
        take_back(s, row.id, version=row.version, by=SYSTEM)
    typer.echo(_("The plan is a draft again."))


@app.command("lock")
def locked(
    place: PlaceRef,
    name: Annotated[str, typer.Argument(help="What the homes are called, for example that of the court.")],
    homes: Annotated[list[str] | None, typer.Argument(help="References of homes, or of small areas.")] = None,
    street: Annotated[str, typer.Option("--street", help="Every home of the stock list on this street.")] = "",
) -> None:
    """Keep homes together in every plan of a place: a court, or people who know each other."""
    from abcd.patches.locks import lock, members_of
    from abcd.places.queries import place as one_place

    with session(SYSTEM) as s:
        within = one_place(s, place)
        members = members_of(s, within, homes or (), street)
        made = lock(s, within.id, name, members, by=SYSTEM)
    told = ngettext("{n} home stays together: {id}", "{n} homes stay together: {id}", len(members))
    typer.echo(told.format(n=len(members), id=made))


@app.command("unlock")
def unlocked(
    lock: Annotated[str, typer.Argument(help="The id of the lock, as 'abcd patches locks' shows it.")],
) -> None:
    """Let homes be parted again; that they were kept together stays in the history."""
    from abcd.patches.locks import one_lock, unlock

    with session(SYSTEM) as s:
        held = one_lock(s, _id(lock, "abcd patches locks"))
        unlock(s, held.id, version=held.version, by=SYSTEM)
    typer.echo(_("{name}: these homes may be parted again.").format(name=held.name))


@app.command()
def locks(place: PlaceRef) -> None:
    """What is kept together in a place, and by whom."""
    from abcd.patches.locks import locks_of
    from abcd.places.queries import place as one_place

    with session(SYSTEM) as s:
        for one in locks_of(s, one_place(s, place).id):
            much = ngettext("{n} home", "{n} homes", len(one.members)).format(n=len(one.members))
            typer.echo(f"{one.id}  {one.created_at:%Y-%m-%d}  {one.name}  {much}  {one.made_by}")


def _only_council(s: "Session") -> UUID:
    """The council's area, where nobody names a place and there is one alone."""
    from abcd.places.queries import places_of_kind

    known = {one.reference: one.id for one in places_of_kind(s, "lad")}
    if len(known) != 1:
        raise BadRequest(_("Name the place whose homes are to be shared out: --place REF."))
    return next(iter(known.values()))


def _id(words: str, command: str = "abcd patches list") -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        said = _("“{words}” is no id. See '{command}'.")
        raise BadRequest(said.format(words=words, command=command)) from error


def _day(words: str) -> date:
    if not words:
        return today()
    try:
        return datetime.strptime(words, "%Y-%m-%d").date()
    except ValueError as error:
        raise BadRequest(_("“{words}” is not a day. Write it as 2027-01-04.").format(words=words)) from error


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[float, str], None]]:
    """What to tell how far the work is: a bar on the terminal, or nobody."""
    if quiet:
        yield lambda _share, _what: None
        return
    with typer.progressbar(length=100, label=_("Drawing")) as bar:
        yield lambda share, _what: bar.update(max(0, round(100 * share) - bar.pos))


def _show(made: "list[PlanRecord]") -> None:
    from abcd.patches.homes import source_words
    from abcd.patches.plans import title

    if made:
        typer.echo(f"\n{_('Blocks')}: {source_words(made[0].finest)}")
        if made[0].reach:
            typer.echo(_("Neighbours live up to {metres:.0f} m apart on foot.").format(metres=made[0].reach))
    has_patches = any(each.leaning == "change" for each in made)
    for each in made:
        typer.echo(f"\n{title(each.leaning)}: {each.id}")
        for line in _lines(each, has_patches=has_patches):
            typer.echo(f"  {line}")
    for misfit in made[0].misfits if made else ():
        where = f" ({', '.join(misfit.streets)})" if misfit.streets else ""
        typer.echo(f"\n{_('Does not fit')}{where}: {misfit.arithmetic(made[0].room)}")
        for sentence in misfit.mending(made[0].room):
            typer.echo(f"  {sentence}")


def _lines(each: "PlanRecord", *, has_patches: bool) -> Iterator[str]:
    """The measures of a plan, a sentence each; what changes is told where there are patches today."""
    found = each.quality
    yield _("{n} patches, {within:.0%} of them within the tolerance; the one most off by {worst:.1%}").format(
        n=each.patches, within=found.within, worst=found.worst
    )
    yield _("homes {metres:,.0f} m from the middle of their patch (root mean square), compactness {pp:.2f}").format(
        metres=found.gyration, pp=found.compactness
    )
    yield _("a walk of {metres:,.0f} m to the middle home of a patch; nine homes in ten within {most:,.0f} m").format(
        metres=found.walk, most=found.walk_most
    )
    if found.to_base is not None:
        yield _("{metres:,.0f} m on foot from {base}, on average").format(metres=found.to_base, base=each.base_name)
    if found.streets:
        yield _("{n} of {all} streets with more than one coach").format(n=found.streets_split, all=found.streets)
    if has_patches:
        yield _("{changed:.0%} of the households with a patch today get another one").format(changed=found.changed)


def _print_json(made: "list[PlanRecord]") -> None:
    from dataclasses import asdict

    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
    typer.echo(orjson.dumps([asdict(each) for each in made], option=options, default=str).decode())
