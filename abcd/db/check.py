"""Small checks of a store, each with its cure: ``abcd db check`` and Data health show them."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from abcd.config import settings
from abcd.core import geo
from abcd.db import embedded, migrate
from abcd.db.cluster import DURABLE
from abcd.db.positions import server_method
from abcd.db.session import APP_ROLE, SHARE_ROLE
from abcd.db.space import MEGABYTE, space_at

Answer = tuple[bool, str]
#: The oldest minor release of each PostgreSQL without a known hole or loss of data.
PATCHED = {14: 20, 15: 20, 16: 16, 17: 12, 18: 7}
OLDEST_POSTGIS = (3, 2)


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


@dataclass(frozen=True)
class Check:
    """A question to the store, with its cure."""

    title: str
    cure: str
    must: bool
    ask: Callable[[Connection], Answer]

    def run(self, connection: Connection) -> Finding:
        """The finding of this check; what the database cannot answer is wrong."""
        try:
            with connection.begin_nested():
                is_right, detail = self.ask(connection)
        except ProgrammingError as error:
            is_right, detail = False, str(error.orig).partition("\n")[0]
        return Finding(self.title, is_right, detail, self.cure, self.must)


CHECKS: list[Check] = []


def check(title: str, cure: str, *, must: bool = True) -> Callable[[Callable[[Connection], Answer]], Check]:
    """Add a function to the list of checks."""

    def add(ask: Callable[[Connection], Answer]) -> Check:
        made = Check(title, cure, must, ask)
        CHECKS.append(made)
        return made

    return add


def findings(url: str | None = None) -> list[Finding]:
    """What every check finds in the store at ``url`` (default: ours), in order; one when it cannot be reached."""
    engine = create_engine(url or migrate.owner_url(), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            reached = Finding("The database answers", is_right=True, detail=str(engine.url.database), cure="")
            return [reached, *(each.run(connection) for each in CHECKS)]
    except OperationalError as error:
        return [
            Finding("The database answers", is_right=False, detail=str(error.orig).strip(), cure="Run 'abcd db up'.")
        ]


def _one(connection: Connection, query: str, **values: object) -> str:
    return str(connection.scalar(text(query), values))


@check("PostgreSQL has its security updates", "Run 'apt-get update && apt-get upgrade postgresql'.", must=False)
def patched(connection: Connection) -> Answer:
    number = int(_one(connection, "show server_version_num"))
    major, minor = divmod(number, 10_000)
    return minor >= PATCHED.get(major, 0), f"{major}.{minor}"


@check("PostGIS is 3.2 or newer", "Install a newer PostGIS: 'apt-get install postgresql-postgis'.")
def postgis(connection: Connection) -> Answer:
    found = connection.scalar(text("select extversion from pg_extension where extname = 'postgis'")) or ""
    return tuple(int(part) for part in found.split(".")[:2] if part.isdigit()) >= OLDEST_POSTGIS, found or "not there"


@check("The extensions are there", "Run 'abcd db migrate'; on a server of others its owner creates them.")
def extensions(connection: Connection) -> Answer:
    missing = set(migrate.EXTENSIONS) - set(connection.scalars(text("select extname from pg_extension")))
    return not missing, f"missing: {', '.join(sorted(missing))}" if missing else ", ".join(migrate.EXTENSIONS)


@check("The roles are there and not superusers", "Run 'abcd db migrate'.")
def roles(connection: Connection) -> Answer:
    found = connection.execute(
        text("select rolname, rolsuper from pg_roles where rolname = any(:names)"), {"names": [APP_ROLE, SHARE_ROLE]}
    ).all()
    too_strong = [name for name, is_super in found if is_super]
    missing = {APP_ROLE, SHARE_ROLE} - {name for name, _ in found}
    return not (missing or too_strong), f"missing: {sorted(missing)}, superusers: {too_strong}"


@check(
    "What is saved survives a power cut", "Run 'abcd db down', then 'abcd db up'; elsewhere, switch these settings on."
)
def durable(connection: Connection) -> Answer:
    found = {name: _one(connection, f"show {name}") for name in DURABLE}
    return found == DURABLE, ", ".join(f"{name}={value}" for name, value in found.items())


@check("Damaged pages are noticed", "Stop the server, then run 'pg_checksums --enable' on its data.")
def checksums(connection: Connection) -> Answer:
    found = _one(connection, "show data_checksums")
    return found == "on", f"data_checksums={found}"


@check("The schema is this version's", "Run 'abcd db migrate'.")
def migrated(connection: Connection) -> Answer:
    found, wanted = migrate.revision(connection), migrate.newest()
    return bool(wanted) and found == wanted, f"{found or 'none'}; wanted {wanted or 'none'}"


@check(
    "Positions agree with Ordnance Survey", "Positions are right to 3.4 m; for 5 cm use the embedded store.", must=False
)
def grid(connection: Connection) -> Answer:
    found, east, north = server_method(connection)
    if found is None:
        return False, f"in another way than ours: the check point comes to {east:.3f}, {north:.3f}"
    return found == geo.OSTN15, f"accurate to {geo.ACCURACY_M[found]} m ({found})"


@check("The disk has room", "Free disk space: writing stops below 10 % or 512 MB.")
def room(_connection: Connection) -> Answer:
    if settings().database_url:
        return True, "the server's own matter"
    space = space_at(embedded.data_dir(settings().home))
    return not space.missing, f"{space.free / MEGABYTE:,.0f} MB free of {space.total / MEGABYTE:,.0f} MB"


@check("The taxonomy is loaded", "Run 'abcd db migrate'.")
def taxonomy(connection: Connection) -> Answer:
    if _one(connection, "select to_regclass('core.term') is not null") != "True":
        return False, "no table of terms"
    count = int(_one(connection, "select count(*) from core.term"))
    return count > 0, f"{count} terms"


@check("The public role cannot read what is private", f"Run 'revoke all on schema core from {SHARE_ROLE}'.")
def private(connection: Connection) -> Answer:
    readable = connection.scalars(
        text(
            """
            select c.relname from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            join pg_roles r on r.rolname = :role
            where n.nspname = 'core' and c.relkind in ('r', 'v', 'm', 'p')
              and (has_schema_privilege(r.oid, n.oid, 'usage') or has_any_column_privilege(r.oid, c.oid, 'select'))
            order by 1"""
        ),
        {"role": SHARE_ROLE},
    ).all()
    return not readable, f"it can reach {', '.join(readable[:5])}" if readable else "core is closed to it"
