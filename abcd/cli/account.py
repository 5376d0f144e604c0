"""``abcd account``: who may sign in, and closing and opening accounts."""

from typing import Annotated

import typer

from abcd.core.language import _
from abcd.db.session import SYSTEM, session

app = typer.Typer(no_args_is_help=True, help="Accounts: who may sign in, close one, open it again.")

Who = Annotated[str, typer.Argument(help="The e-mail or the name of the account.", show_default=False)]


@app.command("list")
def listing() -> None:
    """List the accounts: name, e-mail, role, organisation, places, last day seen."""
    from abcd.access.team import members
    from abcd.access.wording import role_name

    with session(SYSTEM) as s:
        everybody = members(s, by=SYSTEM)
    for one in everybody:
        places = ", ".join(one.place_names) or _("every place")
        state = str(one.last_seen or _("never signed in")) if one.is_open else _("closed")
        typer.echo(
            "\t".join((one.name, one.email or "–", role_name(one.reach.role), one.organisation or "–", places, state))
        )


@app.command()
def disable(who: Who) -> None:
    """Close an account: its sessions end at once, its links stop working."""
    from abcd.access.changes import disable_account
    from abcd.access.team import member

    with session(SYSTEM) as s:
        one = member(s, who, by=SYSTEM)
        disable_account(s, one.id, by=SYSTEM)
    typer.echo(_("Closed: {name}. Every browser of theirs is signed out.").format(name=one.name))


@app.command()
def enable(who: Who) -> None:
    """Open a closed account again."""
    from abcd.access.changes import enable_account
    from abcd.access.team import member

    with session(SYSTEM) as s:
        one = member(s, who, by=SYSTEM)
        enable_account(s, one.id, by=SYSTEM)
    typer.echo(_("Open again: {name}.").format(name=one.name))
