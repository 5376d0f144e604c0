"""``abcd release``: figures about people leave once a month, rounded, attacked, frozen."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from abcd.cli.people import local_actor
from abcd.core.language import _
from abcd.db.session import session

if TYPE_CHECKING:
    from abcd.maps.releases.records import FigureRecord, ReleaseRecord

app = typer.Typer(no_args_is_help=True, help="Figures about people: count, round, attack, publish.")

Name = Annotated[str, typer.Argument(help="The month, as 2026-11; draft; or nothing for the newest.")]
FAILED = 1
"""The exit code when something published could be worked out."""


@app.command()
def make(publish: Annotated[bool, typer.Option("--publish", help="Let it leave at once.")] = False) -> None:
    """Make the draft of this month: count, round and attack. Nothing leaves until it is published."""
    from abcd.maps import releases

    actor = local_actor()
    with session(actor, patient=True) as s:
        made = releases.make_release(s, by=actor)
        made = releases.publish(s, made.id, by=actor) if publish else made
        _describe(made, releases.figures(s, made.id, by=actor))


@app.command("list")
def list_them() -> None:
    """List the releases, the newest first."""
    from abcd.maps import releases
    from abcd.maps.releases.wording import plan_words

    actor = local_actor()
    with session(actor) as s:
        for one in releases.releases(s, by=actor):
            typer.echo(f"{one.name}  {one.status}  {one.sha256[:16]}  {plan_words(one.plan)}")


@app.command()
def show(name: Name = "") -> None:
    """Show the figures of a release as they leave, and what the attack found."""
    from abcd.maps import releases

    actor = local_actor()
    with session(actor) as s:
        found = releases.release(s, name, by=actor)
        _describe(found, releases.figures(s, found.id, by=actor))


@app.command()
def attack() -> None:
    """Attack everything that was ever published, together; exit code 1 when something can be worked out."""
    from abcd.maps import releases
    from abcd.maps.releases.wording import again_words

    actor = local_actor()
    with session(actor, patient=True) as s:
        finding = releases.attack_again(s, by=actor)
    typer.echo(again_words(finding))
    if not finding.withstood:
        sys.exit(FAILED)


def _describe(one: "ReleaseRecord", told: "list[FigureRecord]") -> None:
    from abcd.maps.releases.wording import figure_words, finding_words, plan_words
    from abcd.people.counting import category_name

    typer.echo(f"{one.name}  {one.status}  {plan_words(one.plan)}")
    for figure in told:
        words = f"{category_name(figure.category)}: {figure_words(figure.shown)}"
        typer.echo(f"{'  ' * (figure.area.depth + 1)}{figure.area.name} – {words}")
    for sentence in finding_words(one):
        typer.echo(sentence)
    typer.echo(f"SHA-256 {one.sha256}" + ("" if one.is_whole else " " + _("does not fit the figures")))
