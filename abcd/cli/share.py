"""``abcd share``: what goes to partners, councils and the public, until when; and taking it back."""

from typing import Annotated
from uuid import UUID

import typer

from abcd.core.language import _
from abcd.db.session import SYSTEM, session
from abcd.errors import BadRequest

app = typer.Typer(no_args_is_help=True, help="Shared maps and feeds: make a link or a key, list, take back.")

Number = Annotated[str, typer.Argument(help="The number that 'abcd share list' prints.", show_default=False)]
Days = Annotated[int, typer.Option(help="How many days it lasts, 365 at most.")]
Several = list[str] | None


@app.command()
def make(
    title: Annotated[str, typer.Argument(help="What stands above the map.", show_default=False)],
    layer: Annotated[Several, typer.Option(help="A layer, such as assets; may be repeated.")] = None,
    place: Annotated[Several, typer.Option(help="Only this place; may be repeated. None: everywhere.")] = None,
    audience: Annotated[str, typer.Option(help="public, partner or council.")] = "partner",
    kind: Annotated[str, typer.Option(help="link, open (to anybody) or feed (a key).")] = "link",
    partner: Annotated[str, typer.Option(help="The organisation that it is for.")] = "",
    words: Annotated[str, typer.Option(help="Some words for those who open it.")] = "",
    site: Annotated[Several, typer.Option(help="A site that may show an open map; may be repeated.")] = None,
    days: Days = 90,
) -> None:
    """Share a map by a link, openly, or as feeds; the link or key is printed once and kept nowhere."""
    from abcd.maps.sharing.deeds import make_share
    from abcd.maps.sharing.wish import Wish
    from abcd.places.queries import place as place_called

    with session(SYSTEM) as s:
        wish = Wish(
            kind, title, audience, tuple(layer or ["assets"]), tuple(place_called(s, one).id for one in place or ()),
            words, partner, days, embed_hosts=tuple(site or ()),
        )  # fmt: skip
        made = make_share(s, wish, by=SYSTEM)
    typer.echo(made.address)
    if made.key:
        typer.echo(made.key)
    until = f"{made.share.expires_at:%d.%m.%Y}"
    typer.echo(_("Shared until {day}. To take it back: abcd share revoke {number}").format(
        day=until, number=made.share.id), err=True)  # fmt: skip


@app.command("list")
def listing() -> None:
    """List what is and was shared: number, state, kind, audience, title, with whom, places, until, last day of use."""
    from abcd.maps.sharing.listing import shares
    from abcd.maps.sharing.wording import state_name

    with session(SYSTEM) as s:
        found = shares(s, by=SYSTEM)
    for one in found:
        share = one.share
        places = ", ".join(one.place_names) or _("every place")
        places += _(" (no more there: {places})").format(places=", ".join(one.ended)) if one.ended else ""
        facts = (state_name(one.state), share.kind, share.audience, share.title, share.partner or "–", places)
        days = (f"{share.expires_at:%Y-%m-%d}", str(share.last_used_day or _("never used")))
        typer.echo("\t".join((str(share.id), *facts, *days)))


@app.command()
def revoke(number: Number) -> None:
    """Take a share back: from now on nothing of it opens."""
    from abcd.maps.sharing.deeds import revoke_share

    with session(SYSTEM) as s:
        share = revoke_share(s, id_in(number), by=SYSTEM)
    typer.echo(_("Taken back: {title}. Nothing of it opens any more.").format(title=share.title))


@app.command()
def extend(number: Number, days: Days = 90) -> None:
    """Let a share last so many days from today on."""
    from abcd.maps.sharing.deeds import extend_share
    from abcd.maps.sharing.listing import share_listed

    with session(SYSTEM) as s:
        one = share_listed(s, id_in(number), by=SYSTEM).share
        share = extend_share(s, one.id, days, version=one.version, by=SYSTEM)
    typer.echo(_("{title}: until {day}.").format(title=share.title, day=f"{share.expires_at:%d.%m.%Y}"))


@app.command()
def public(
    layers: Annotated[Several, typer.Argument(help="The layers to be public, and no others.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Make no layer public.")] = False,
) -> None:
    """Say which layers anybody may load without a key; with names or --none, change it."""
    from abcd.maps.sharing.openly import make_public, public_layers

    with session(SYSTEM) as s:
        now = make_public(s, layers or [], by=SYSTEM) if layers or none else public_layers(s)
    typer.echo("\n".join(now) or _("No layer is public."))


def id_in(number: str) -> UUID:
    """The id of a share that was typed.

    Raises:
        BadRequest: it is none.
    """
    try:
        return UUID(number)
    except ValueError as error:
        raise BadRequest(f"“{number}” is no number of a share. Run: abcd share list") from error
