"""The database as a backup reaches it: one address for our own connections and for PostgreSQL's programs."""

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import URL, make_url

from abcd.config import settings
from abcd.db import embedded, migrate
from abcd.db.cluster import bindir
from abcd.errors import NotAllowed, StoreUnavailable

BACKUP_ROLE = "abcd_backup"
#: The text of a row must not depend on anybody's settings, and no row may be left out in silence (trust.md R15).
ALWAYS_THE_SAME = {
    "timezone": "UTC", "datestyle": "ISO, MDY", "intervalstyle": "postgres", "extra_float_digits": "1",
    "bytea_output": "hex", "row_security": "off", "statement_timeout": "0", "lock_timeout": "60s", "jit": "off",
    "idle_in_transaction_session_timeout": "0",
}  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """A database, the account to sign in with, and the role to work as (``""``: that account itself)."""

    url: URL
    role: str = ""

    @property
    def conninfo(self) -> str:
        """The address without its password, fit for a command line."""
        named = {"host": self.url.host, "port": self.url.port, "user": self.url.username, "dbname": self.url.database}
        found = {name: str(value) for name, value in (named | dict(self.url.query)).items() if value}
        return make_conninfo("", **found)

    @property
    def environment(self) -> dict[str, str]:
        """What a program must know beside the address."""
        return {"PGPASSWORD": str(self.url.password)} if self.url.password else {}

    def connect(self, *, autocommit: bool = True) -> psycopg.Connection:
        """A connection that reads every row or none, as text that is always the same.

        Raises:
            StoreUnavailable: the database does not answer, or does not let us in.
            NotAllowed: this account may not work as that role.
        """
        try:
            opened = psycopg.connect(self.conninfo, password=self.url.password, autocommit=True)
            if self.role:
                opened.execute(f"set role {self.role}")
            names = list(ALWAYS_THE_SAME)
            settled = ", ".join(["set_config(%s, %s, false)"] * len(names))
            opened.execute("select " + settled, [part for name in names for part in (name, ALWAYS_THE_SAME[name])])
        except InsufficientPrivilege as error:
            raise NotAllowed(
                f"'{self.url.username}' may not read as '{self.role}'. Let the owner of the server run once: "
                f"'alter role {self.role} bypassrls' and 'grant {self.role} to {self.url.username}'."
            ) from error
        except psycopg.Error as error:
            raise StoreUnavailable(f"The database does not answer: {str(error).strip()}") from error
        opened.autocommit = autocommit
        return opened

    def program(self, name: str, *options: str) -> list[str]:
        """The command line of one of PostgreSQL's programs on this database."""
        return [str(bindir() / name), f"--dbname={self.conninfo}", *options]


def reader() -> Reach:
    """The store, to be read as the role for backups."""
    url = make_url(migrate.owner_url())
    return Reach(url, BACKUP_ROLE) if settings().database_url else Reach(url.set(username=BACKUP_ROLE))


def owner() -> Reach:
    """The store, as the account that owns it."""
    return Reach(make_url(migrate.owner_url()))


def of_home(home: Path, role: str = embedded.SUPERUSER) -> Reach:
    """The embedded store of a home folder."""
    return Reach(make_url(embedded.url(home, role)))
