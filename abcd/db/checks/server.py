"""Is the server itself to be trusted: patched, durable, reached in private, with room on its disk."""

from sqlalchemy import Connection, text

from abcd.config import settings
from abcd.db import embedded, migrate
from abcd.db.check import Answer, check, one, told
from abcd.db.cluster import DURABLE
from abcd.db.space import MEGABYTE, space_at
from abcd.db.timeouts import LIMITS

#: The oldest minor release of each PostgreSQL without a known hole or loss of data.
PATCHED = {14: 20, 15: 20, 16: 16, 17: 12, 18: 7}
OLDEST_POSTGIS = (3, 2)
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@check("PostgreSQL has its security updates", "Run 'apt-get update && apt-get upgrade postgresql'.", must=False)
def patched(connection: Connection) -> Answer:
    number = int(one(connection, "show server_version_num"))
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


@check(
    "What is saved survives a power cut", "Run 'abcd db down', then 'abcd db up'; elsewhere, switch these settings on."
)
def durable(connection: Connection) -> Answer:
    found = {name: one(connection, f"show {name}") for name in DURABLE}
    return found == DURABLE, ", ".join(f"{name}={value}" for name, value in found.items())


@check("Damaged pages are noticed", "Stop the server, then run 'pg_checksums --enable' on its data.")
def checksums(connection: Connection) -> Answer:
    found = one(connection, "show data_checksums")
    return found == "on", f"data_checksums={found}"


@check(
    "Nobody can listen on the way to the server",
    "Add '?sslmode=verify-full&sslrootcert=/path/to/ca.pem' to ABCD_DATABASE_URL.",
)
def private_way(connection: Connection) -> Answer:
    url = connection.engine.url
    host = str(url.query.get("host") or url.host or "")
    if not host or host.startswith("/") or host in THIS_MACHINE:
        return True, "a socket of this machine" if host.startswith("/") else "this machine"
    mode = str(url.query.get("sslmode") or "not set")
    encrypted = connection.scalar(text("select ssl from pg_stat_ssl where pid = pg_backend_pid()"))
    return mode == "verify-full" and bool(encrypted), f"sslmode={mode}, encrypted: {'yes' if encrypted else 'no'}"


@check("Nothing may take for ever", "Run 'abcd db migrate' as the owner of this server.", must=False)
def timeouts(connection: Connection) -> Answer:
    asked = text("""
        select r.rolname, unnest(s.setconfig) from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
        where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))""")
    found = {(role, said) for role, said in connection.execute(asked)}
    wanted = [(role, f"{name}={value}") for role, limits in LIMITS.items() for name, value in limits.items()]
    missing = [f"{role} {said}" for role, said in wanted if (role, said) not in found]
    return told(missing, "limits on statements, locks and idle transactions, by role")


@check("The disk has room", "Free disk space: writing stops below 10 % or 512 MB.")
def room(_connection: Connection) -> Answer:
    if settings().database_url:
        return True, "the server's own matter"
    space = space_at(embedded.data_dir(settings().home))
    return not space.missing, f"{space.free / MEGABYTE:,.0f} MB free of {space.total / MEGABYTE:,.0f} MB"
