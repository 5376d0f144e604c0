"""One way of converting positions: ours and the server's must agree, or degrees and metres would lie apart."""

from sqlalchemy import Connection, text

from abcd.core import shift

CHECK_POINT = text("select ST_X(p), ST_Y(p) from ST_Transform(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 27700) as p")


def server_method(connection: Connection) -> tuple[str | None, float, float]:
    """How the server converts (``shift.OSTN15``, ``shift.HELMERT`` or ``None``), and where it puts the check point."""
    lon, lat = shift.CHECK_DEGREES
    east, north = connection.execute(CHECK_POINT, {"lon": lon, "lat": lat}).one()
    return shift.method_of(east, north), east, north


def follow_server(connection: Connection) -> None:
    """Convert in this process as the server does, when it is one of our ways; ``abcd db check`` tells of another."""
    if connection.scalar(text("select exists (select from pg_extension where extname = 'postgis')")):
        found, _, _ = server_method(connection)
        shift.use_method(found or shift.method())
