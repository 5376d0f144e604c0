"""The public role reads nothing of ``core``, by any route; and each route, opened by hand, is found."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from abcd.db.exposure import BACKUP_ROLE, CLEARED, SHARE_ROLE, reached, told
from abcd.db.session import Actor, session
from tests.builders import a_term, an_asset
from tests.conftest import as_owner

CANARY = "Zzyzx Canary Hall"


@pytest.fixture(scope="module", autouse=True)
def _canary(store: str, owner: Actor) -> None:
    """Something private, and statistics of it."""
    with session(owner) as s:
        a_term(s, "library")
        an_asset(s, name=CANARY)
    with as_owner(store) as connection:
        connection.execute(text("analyze core.asset"))


@pytest.fixture
def public(store: str) -> Iterator[Connection]:
    """Signed in as the public role itself."""
    with create_engine(make_url(store).set(username=SHARE_ROLE), poolclass=NullPool).connect() as connection:
        yield connection


@pytest.fixture
def superuser(store: str) -> Iterator[Connection]:
    with create_engine(store, poolclass=NullPool).connect() as connection:
        connection.execute(text("select set_config('abcd.actor', 'Test', false)"))
        yield connection
        connection.rollback()


def test_nothing_is_reached(superuser: Connection) -> None:
    assert reached(superuser) == []
    assert told(superuser) == []
    assert reached(superuser, BACKUP_ROLE) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("grant usage on schema core to abcd_share_ro", "schema core"),
        ("grant usage on schema stage to public", "schema stage"),
        ("grant create on schema pub to abcd_share_ro", "making things in schema pub"),
        ("grant select on core.account to abcd_share_ro", "table core.account"),
        ("grant select (name) on core.asset to public", "table core.asset"),
        ("grant insert on core.issue to abcd_share_ro", "table core.issue"),
        ("create table stage.left (name text); grant select on stage.left to public", "table stage.left"),
        ("create view pub.everything as select * from core.asset; grant select on pub.everything to abcd_share_ro",
         "table pub.everything"),
        ("create materialized view pub.copied as select name from core.asset;"
         " grant select on pub.copied to abcd_share_ro", "table pub.copied"),
        ("create view pub.everything as select 1", "view pub.everything of postgres"),
        ("grant usage on sequence core.audit_event_id_seq to abcd_share_ro", "sequence core.audit_event_id_seq"),
        ("grant execute on function core.actor() to public", "function core.actor()"),
        ("create function pub.peek() returns bigint security definer language sql as 'select count(*) from core.asset'",
         "function with its owner's rights pub.peek()"),
        ("create function public.peek() returns bigint language sql as 'select 1::bigint'", "function peek()"),
        ("grant abcd_owner to abcd_share_ro", "membership of abcd_owner"),
        ("grant pg_read_all_data to abcd_share_ro", "membership of pg_read_all_data"),
        ("grant pg_read_all_stats to abcd_share_ro", "membership of pg_read_all_stats"),
        ("alter role abcd_share_ro bypassrls", "being past row security"),
        ("alter default privileges in schema core grant select on tables to abcd_share_ro",
         "what is made in future by postgres"),
        ("select lo_from_bytea(0, 'a resident')", "large object"),
        ("grant select on pg_catalog.pg_statistic to public", "statistics of all columns"),
        ("grant temporary on database {database} to public", "temporary tables"),
    ],
)  # fmt: skip
def test_each_route_that_somebody_opens_is_found(superuser: Connection, statement: str, found: str) -> None:
    database = superuser.scalar(text("select current_database()"))
    superuser.exec_driver_sql(statement.format(database=database))
    assert any(each.startswith(found) for each in reached(superuser)), reached(superuser)


def test_a_function_that_tells_the_spread_of_shapes_is_found(superuser: Connection) -> None:
    superuser.execute(text("grant execute on function st_estimatedextent(text, text, text) to public"))
    assert told(superuser) == ["st_estimatedextent(text,text,text)"]


def test_where_private_things_lie_has_no_statistics(superuser: Connection) -> None:
    superuser.execute(
        text("""
        insert into core.asset (asset_kind, category, name, is_sensitive)
        select 'physical', 'library', 'Refuge ' || n, true from generate_series(1, 50) n""")
    )
    superuser.execute(
        text("""
        insert into core.sensitive_location (asset_id, geom, address)
        select id, ST_SetSRID(ST_MakePoint(380000, 394000), 27700), '1 Safe Street'
        from core.asset where is_sensitive""")
    )
    superuser.execute(text("analyze core.sensitive_location, core.asset"))
    kept = "select attname from pg_stats where schemaname = 'core' and tablename = 'sensitive_location'"
    assert list(superuser.scalars(text(kept))) == ["asset_id"]


@pytest.mark.parametrize("statement", ["grant update on core.asset to abcd_backup", "grant abcd_owner to abcd_backup",
                                       "alter role abcd_backup createrole"])  # fmt: skip
def test_a_backup_that_could_write_is_found(superuser: Connection, statement: str) -> None:
    superuser.execute(text(statement))
    assert reached(superuser, BACKUP_ROLE)


def relations(public: Connection) -> list[tuple[str, str]]:
    """What the public role itself sees in the catalogue: names, which are no secret."""
    listed = """
        select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public')
          and c.relkind in ('r', 'v', 'm', 'p', 'S')
          and not (n.nspname = 'pub' and c.relname = any(:cleared))"""
    return [(schema, name) for schema, name in public.execute(text(listed), {"cleared": list(CLEARED)})]


def refused(public: Connection, statement: str) -> str:
    """The database's refusal of ``statement``, in its own words."""
    with pytest.raises(DBAPIError, match="permission denied") as refusal:
        public.execute(text(statement))
    public.rollback()
    return str(refusal.value)


def test_every_relation_refuses_every_way_of_reading(public: Connection) -> None:
    names = relations(public)
    assert len(names) > 40
    for schema, name in names:
        whole = f'"{schema}"."{name}"'
        for statement in (
            f"select * from {whole}",
            f"select count(*) from {whole}",
            f"select 1 from {whole} limit 0",
            f"explain select * from {whole}",
            f"copy {whole} to stdout",
            f"lock table {whole} in access share mode",
        ):
            assert CANARY not in refused(public, statement)


def test_every_function_of_ours_refuses(public: Connection) -> None:
    listed = """
        select format('select %s(%s)', p.oid::regproc, (select string_agg('null::' || format_type(t, null), ', ')
                      from unnest(p.proargtypes) t))
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace where nspname in ('core', 'stage', 'keyring')
          and prorettype <> 'trigger'::regtype and not proretset"""
    calls = [call for call in public.scalars(text(listed)) if "internal" not in call]
    assert len(calls) > 10
    for call in calls:
        refused(public, call)


@pytest.mark.parametrize(
    "view", ["pg_stats", "pg_stats_ext", "pg_stat_activity", "pg_prepared_statements", "pg_cursors", "pg_seclabels",
             "pg_policies", "pg_views", "pg_description", "pg_settings", "information_schema.columns",
             "information_schema.tables", "pg_stat_user_tables", "pg_statio_user_tables", "pg_trigger", "pg_attrdef",
             "database_to_xml(true, true, '')"]
)  # fmt: skip
def test_what_everybody_sees_holds_no_value_of_ours(public: Connection, view: str) -> None:
    assert all(CANARY not in str(row) for row in public.execute(text(f"select * from {view}")))


@pytest.mark.parametrize("statement", [
    "insert into core.verification (asset_id) values (gen_random_uuid())",
    "select pg_read_file('postgresql.conf')", "select * from pg_ls_dir('.')", "copy (select 1) to program 'id'",
    "select * from pg_statistic", "select * from pg_authid", "select * from pg_statistic_ext_data",
    "select rolpassword from pg_authid",
    "create temporary table t (a int)", "create table pub.t (a int)", "select pg_stat_reset()",
    "set role abcd_app_rw", "set session authorization abcd_app_rw",
    "alter role abcd_share_ro superuser", "select lo_import('/etc/passwd')", "select lo_create(0) from core.asset",
    "select pg_logical_emit_message(true, 'x', name) from core.asset",
    "select query_to_xml('select * from core.asset', true, true, '')",
    "select table_to_xml('core.asset', true, true, '')", "select schema_to_xml('core', true, true, '')",
    "select ts_stat('select search from core.asset')",
    "select st_estimatedextent('core', 'asset', 'point')", "select st_findextent('core', 'asset', 'point')",
    "select cursor_to_xml('c', 1, true, true, '') from core.asset",
])  # fmt: skip
def test_every_detour_is_closed(public: Connection, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied|must be|must have|not allowed|Only") as refusal:
        public.execute(text(statement)).all()
    assert CANARY not in str(refusal.value)
