"""``abcd invite EMAIL --role ...``: a link that makes an account."""

from typing import Annotated

import typer

from abcd.core.language import _
from abcd.db.session import SYSTEM, session

app = typer.Typer(help="Print a link that makes an account, once, within a week.")


@app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Whom to invite.", show_default=False)],
    role: Annotated[str, typer.Option(help="owner, manager, officer, coach, data_officer or partner_viewer.")],
    organisation: Annotated[str, typer.Option(help="Their organisation by name; else the one that runs this.")] = "",
    place: Annotated[list[str] | None, typer.Option(help="A place they act in; may be repeated. None: all.")] = None,
) -> None:
    """Print a link that makes an account, once, within a week."""
    from abcd.access import invitations
    from abcd.access.accounts import Reach
    from abcd.access.associations import ensure_association, organisation_called
    from abcd.places.queries import place as place_called

    with session(SYSTEM) as s:
        theirs = organisation_called(s, organisation) if organisation else ensure_association(s, by=SYSTEM)
        reach = Reach(role, theirs, frozenset(place_called(s, one).id for one in place or ()))
        token = invitations.invite(s, email, reach, by=SYSTEM)
    typer.echo(invitations.invitation_url(token))
    typer.echo(_("Send this link to {email}. It works once and ends after a week.").format(email=email), err=True)
