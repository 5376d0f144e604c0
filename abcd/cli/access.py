"""``abcd sign-in``: a way in for whoever runs this machine."""

from typing import Annotated

import typer

from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.access.links import LIFETIME, new_link, sign_in_url
from abcd.access.team import member
from abcd.core.language import _
from abcd.db.session import SYSTEM, Actor, session
from abcd.errors import NotAllowed

app = typer.Typer(help="Print a one-time link that signs the owner in.")


def owner_link() -> str:
    """A fresh one-time link for the owner, whose account and association are made when there are none."""
    with session(SYSTEM) as s:
        owner = ensure_owner(s, by=SYSTEM)
        ensure_association(s, by=SYSTEM)
        return sign_in_url(new_link(s, owner, by=SYSTEM))


def link_for(who: str) -> str:
    """The address of a fresh one-time link for the account with this e-mail or name.

    Raises:
        NotAllowed: the account is closed.
        NotFound: there is none.
    """
    with session(SYSTEM) as s:
        one = member(s, who, by=SYSTEM)
        if not one.is_open:
            raise NotAllowed("This account is closed. Open it first: abcd account enable")
        return sign_in_url(new_link(s, Actor(one.name, one.reach.role, one.id), by=SYSTEM))


@app.command()
def sign_in(
    who: Annotated[str, typer.Argument(help="The e-mail or the name of an account; without one, the owner.")] = "",
) -> None:
    """Print a one-time link that signs the owner in, or somebody else who has an account."""
    typer.echo(link_for(who) if who else owner_link())
    minutes = int(LIFETIME.total_seconds() // 60)
    typer.echo(_("Open it in a browser within {minutes} minutes. It works once.").format(minutes=minutes), err=True)
