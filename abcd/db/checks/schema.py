"""Is what lies in the store this version's: schema, words, positions."""

from sqlalchemy import Connection

from abcd.core import geo
from abcd.db import migrate
from abcd.db.check import Answer, check, one
from abcd.db.positions import server_method


@check("The schema is this version's", "Run 'abcd db migrate'.")
def migrated(connection: Connection) -> Answer:
    found, wanted = migrate.revision(connection), migrate.newest()
    return bool(wanted) and found == wanted, f"{found or 'none'}; wanted {wanted or 'none'}"


@check("The taxonomy is loaded", "Run 'abcd db migrate'.")
def taxonomy(connection: Connection) -> Answer:
    if one(connection, "select to_regclass('core.term') is not null") != "True":
        return False, "no table of terms"
    count = int(one(connection, "select count(*) from core.term"))
    return count > 0, f"{count} terms"


@check(
    "Positions agree with Ordnance Survey", "Positions are right to 3.4 m; for 5 cm use the embedded store.", must=False
)
def grid(connection: Connection) -> Answer:
    found, east, north = server_method(connection)
    if found is None:
        return False, f"in another way than ours: the check point comes to {east:.3f}, {north:.3f}"
    return found == geo.OSTN15, f"accurate to {geo.ACCURACY_M[found]} m ({found})"
