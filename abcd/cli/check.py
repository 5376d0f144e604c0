"""``abcd check``: one list of everything the installation needs to be trusted, each wrong line with its cure."""

from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from abcd.db.check import Finding

#: Modules of higher rooms that add checks with ``@abcd.db.check.check``.
MODULES: tuple[str, ...] = ()

app = typer.Typer(invoke_without_command=True, help="Look at everything this installation needs to be trusted.")
COLOURS = {"ok": typer.colors.GREEN, "WRONG": typer.colors.RED, "note": typer.colors.YELLOW}


@app.callback()
def look(as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Look at everything this installation needs to be trusted; exit code 7 when something is wrong."""
    from abcd.db.check import findings

    for name in MODULES:
        import_module(name)
    found = findings()
    if as_json:
        _print_json(found)
    else:
        for each in found:
            _print(each)
        _print_sum(found)
    if any(each.mark == "WRONG" for each in found):
        raise typer.Exit(7)


def _print(each: "Finding") -> None:
    typer.echo(f"{typer.style(f'{each.mark:5}', fg=COLOURS[each.mark], bold=True)} {each.title}: {each.detail}")
    if not each.is_right:
        typer.echo(f"      To mend it: {each.cure}")


def _print_sum(found: list["Finding"]) -> None:
    counts = {mark: sum(each.mark == mark for each in found) for mark in COLOURS}
    typer.echo(f"\n{counts['ok']} right, {counts['WRONG']} wrong, {counts['note']} to note.")


def _print_json(found: list["Finding"]) -> None:
    from dataclasses import asdict

    import orjson

    typer.echo(
        orjson.dumps([asdict(each) | {"mark": each.mark} for each in found], option=orjson.OPT_INDENT_2).decode()
    )
