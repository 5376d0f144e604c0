"""Small questions to an installation, each with its cure: ``abcd check`` asks them all.

A room adds its own with ``@check`` in a module that ``abcd.db.checks`` or, above this floor, ``abcd.cli.check`` names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from abcd.db import migrate
from abcd.errors import AbcdError

Answer = tuple[bool, str]

#: The modules of this floor that ask, in the order of the list.
ASKING = tuple(
    f"abcd.db.checks.{name}" for name in ("server", "schema", "rights", "people", "trail", "files", "backup")
)


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        title: what should be so.
        is_right: whether it is.
        detail: what was found.
        cure: what to do when it is not.
        must: whether the store may not be used until it is right.
    """

    title: str
    is_right: bool
    detail: str
    cure: str
    must: bool = True

    @property
    def mark(self) -> str:
        """The finding in one word."""
        return "ok" if self.is_right else "WRONG" if self.must else "note"


@dataclass(frozen=True)
class Check:
    """A question to the store, with its cure."""

    title: str
    cure: str
    must: bool
    ask: Callable[[Connection], Answer]

    def run(self, connection: Connection) -> Finding:
        """The finding of this check; what cannot be answered is wrong."""
        try:
            with connection.begin_nested():
                is_right, detail = self.ask(connection)
        except OperationalError:
            raise
        except DBAPIError as error:
            is_right, detail = False, str(error.orig).partition("\n")[0]
        except (AbcdError, OSError) as error:
            is_right, detail = False, str(error)
        return Finding(self.title, is_right, detail, self.cure, self.must)


CHECKS: list[Check] = []


def check(title: str, cure: str, *, must: bool = True) -> Callable[[Callable[[Connection], Answer]], Check]:
    """Add a function to the list of checks; ``must=False`` makes it a note instead of a fault."""

    def add(ask: Callable[[Connection], Answer]) -> Check:
        made = Check(title, cure, must, ask)
        CHECKS.append(made)
        return made

    return add


def findings(url: str | None = None) -> list[Finding]:
    """What every check finds in the store at ``url`` (default: ours), in order; one when it cannot be reached."""
    for name in ASKING:
        import_module(name)
    engine = create_engine(url or migrate.owner_url(), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            reached = Finding("The database answers", is_right=True, detail=str(engine.url.database), cure="")
            return [reached, *(each.run(connection) for each in CHECKS)]
    except OperationalError as error:
        return [
            Finding("The database answers", is_right=False, detail=str(error.orig).strip(), cure="Run 'abcd db up'.")
        ]


def one(connection: Connection, query: str, **values: object) -> str:
    """The one value that ``query`` gives, as text."""
    return str(connection.scalar(text(query), values))


def told(faults: list[str], well: str) -> Answer:
    """The answer of a check that collects faults: the first five, and how many more."""
    more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
    return not faults, ", ".join(faults[:5]) + more if faults else well
