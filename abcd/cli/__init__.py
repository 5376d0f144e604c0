"""The command line: one module a group of commands, imported when its command is used."""

import signal
import sys
from importlib import import_module

import typer
from typer.core import TyperCommand, TyperGroup

from abcd.config import settings
from abcd.core import logs
from abcd.core.faults import report
from abcd.db.daybreak import at_daybreak
from abcd.errors import AbcdError, answer_for

#: The exit code of a defect of ours.
FAULT = 9

#: What a shell expects of a program that was told to end: 128 and the number of SIGTERM.
STOPPED = 143

#: The module of each command; it holds ``app``, a Typer application.
MODULES = {
    "start": "abcd.cli.start",
    "sign-in": "abcd.cli.access",
    "invite": "abcd.cli.invite",
    "account": "abcd.cli.account",
    "check": "abcd.cli.check",
    "audit": "abcd.cli.audit",
    "db": "abcd.cli.db",
    "import": "abcd.cli.imports",
    "export": "abcd.cli.exports",
    "publish": "abcd.cli.publish",
    "share": "abcd.cli.share",
    "backup": "abcd.cli.backup",
    "restore": "abcd.cli.restore",
    "person": "abcd.cli.people",
    "gaps": "abcd.cli.gaps",
    "connections": "abcd.cli.connections",
    "patches": "abcd.cli.patches",
    "release": "abcd.cli.release",
    "fault": "abcd.cli.fault",
    "web": "abcd.cli.web",
}


class Commands(TyperGroup):
    """Finds a command by importing its module, so that ``abcd`` starts at once."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """The commands in the order of a first day."""
        return list(MODULES)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> TyperCommand | TyperGroup | None:  # type: ignore[override]
        """The command called ``cmd_name``, or ``None``."""
        if cmd_name not in MODULES:
            return None
        command = typer.main.get_command(import_module(MODULES[cmd_name]).app)
        command.name = cmd_name
        return command  # type: ignore[return-value]


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Community assets, estates, gaps and connections.",
)


@app.callback()
def commands() -> None:
    """Community assets, estates, gaps and connections."""
    at_daybreak(begin_due)


def begin_due() -> None:
    """Plans of patches whose day has come hold before a command looks at the store; a command without one asks none."""
    import_module("abcd.patches.due").begin_due()


def main() -> None:
    """Run the command; an error that a person can mend is one sentence on stderr, with its exit code.

    Any other is a number to quote: its message may hold what somebody typed (trust.md P21). SIGTERM leaves by the way
    out: what was begun is rolled back, half a file is removed (F34).
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    try:
        logs.start(settings().logs, aloud=False)
        app()
    except AbcdError as error:
        print(error, file=sys.stderr)
        sys.exit(answer_for(error)[0])
    except Exception as error:  # noqa: BLE001 - the last door: whatever it is, nobody may see its message
        number = report(error, f"abcd {' '.join(command_of(sys.argv[1:]))}")
        print(f"Something went wrong on our side. Quote this number, or run: abcd fault {number}", file=sys.stderr)
        sys.exit(FAULT)


def command_of(words: list[str]) -> list[str]:
    """The names of the command that was typed, without what was given to it."""
    module = sys.modules.get(MODULES.get(words[0], "")) if words else None
    if module is None:
        return []
    below = getattr(typer.main.get_command(module.app), "commands", {})
    return [words[0], *(word for word in words[1:2] if word in below)]
