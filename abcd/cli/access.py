"""``abcd sign-in``: a way in for whoever runs this machine."""

import typer

from abcd.access.accounts import ensure_owner
from abcd.access.associations import ensure_association
from abcd.access.links import LIFETIME, new_link, sign_in_url
from abcd.core.language import _
from abcd.db.session import SYSTEM, session

app = typer.Typer(help="Print a one-time link that signs the owner in.")


def owner_link() -> str:
    """A fresh one-time link for the owner, whose account and association are made when there are none."""
    with session(SYSTEM) as s:
        owner = ensure_owner(s, by=SYSTEM)
        ensure_association(s, by=SYSTEM)
        return sign_in_url(new_link(s, owner, by=SYSTEM))


@app.command()
def sign_in() -> None:
    """Print a one-time link that signs the owner in."""
    typer.echo(owner_link())
    minutes = int(LIFETIME.total_seconds() // 60)
    typer.echo(_("Open it in a browser within {minutes} minutes. It works once.").format(minutes=minutes), err=True)
