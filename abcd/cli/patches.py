"""``abcd patches``: share out the homes of a place among coaches, and adopt one of the plans."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest

if TYPE_CHECKING:
    from abcd.patches.plans import PlanRecord

app = typer.Typer(help="Patches: about so many households to a coach.", no_args_is_help=True)

PlaceRef = Annotated[str, typer.Option("--place", help="The place to share out: its reference or id.")]


@app.command("design")
def draw(
    place: PlaceRef,
    target: Annotated[float, typer.Option(help="Households to a patch.")] = 175,
    tolerance: Annotated[float, typer.Option(help="How far a patch may be off, as a share of the target.")] = 0.1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plan.")] = 0,
    reason: Annotated[str, typer.Option(help="Why the patches are drawn anew.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Draw alternatives from the small areas of a place, keep them, and show what each is like."""
    from abcd.patches.plans import draw as drawn

    with session(SYSTEM, patient=True) as s, _progress(quiet=as_json) as moved:
        made = drawn(s, place, target=target, tolerance=tolerance, seed=seed, reason=reason, by=SYSTEM, telling=moved)
    _print_json(made) if as_json else _show(made)


@app.command("list")
def listed(place: PlaceRef) -> None:
    """The plans of a place, the newest first."""
    from abcd.patches.plans import plans, title

    with session(SYSTEM) as s:
        for row in plans(s, place):
            state = _("adopted from {day}").format(day=row.adopted_from) if row.adopted_from else _("a draft")
            typer.echo(f"{row.id}  {row.made_at:%Y-%m-%d %H:%M}  {title(row.leaning)}  {row.target:g}  {state}")


@app.command()
def adopt(
    plan: Annotated[str, typer.Argument(help="The id of the plan.")],
    first_day: Annotated[str, typer.Option("--from", help="The day from which it holds, as 2027-01-04.")] = "",
) -> None:
    """Make the patches of a plan places of their own, with pages, maps and exports; those before it end."""
    from abcd.patches.adopting import adopt as adopted
    from abcd.patches.plans import plan_row

    with session(SYSTEM, patient=True) as s:
        row = plan_row(s, _id(plan))
        new = adopted(s, row.id, first_day=_day(first_day), version=row.version, by=SYSTEM)
    typer.echo(_("{n} patches hold now. Each has a page, and 'abcd export places' writes them.").format(n=len(new)))


def _id(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise BadRequest(
            _("“{words}” is not the id of a plan. See 'abcd patches list'.").format(words=words)
        ) from error


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
    from abcd.patches.plans import title

    for each in made:
        found = each.quality
        typer.echo(f"\n{title(each.leaning)}: {each.id}")
        lines = [
            _("{n} patches, {within:.0%} of them within the tolerance; the one most off by {worst:.1%}").format(
                n=each.patches, within=found.within, worst=found.worst
            ),
            _("homes {metres:,.0f} m from the middle of their patch (root mean square), compactness {pp:.2f}").format(
                metres=found.gyration, pp=found.compactness
            ),
            _("{changed:.0%} of the households with a patch today get another one").format(changed=found.changed),
        ]
        lines += [f"{_('Does not fit')}: {misfit.arithmetic(each.room)}" for misfit in each.misfits]
        typer.echo("\n".join(f"  {line}" for line in lines))


def _print_json(made: "list[PlanRecord]") -> None:
    from dataclasses import asdict

    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
    typer.echo(orjson.dumps([asdict(each) for each in made], option=options, default=str).decode())
