"""The statements that bring a list of homes in and take it back, over the whole list at a time."""

from abcd.db.tables import GRID

INCOMING = """
create temporary table incoming_dwelling (
  row integer, reference text primary key, uprn bigint, postcode text, street text, households integer,
  workload float8, easting float8, northing float8) on commit drop"""

PLACE_BY_UPRN = """
update incoming_dwelling i set easting = ST_X(p.point), northing = ST_Y(p.point)
from core.property p where i.easting is null and p.uprn = i.uprn"""

PLACE_BY_POSTCODE = """
update incoming_dwelling i set easting = ST_X(p.point), northing = ST_Y(p.point)
from core.postcode p where i.easting is null and p.postcode = i.postcode"""

NOWHERE = "delete from incoming_dwelling where easting is null returning row, reference"

POINT = f"ST_SetSRID(ST_MakePoint(i.easting, i.northing), {GRID})"

BEFORE = """jsonb_build_object('kind', d.kind, 'street', d.street, 'point', encode(ST_AsEWKB(d.point), 'hex'),
  'households', d.households, 'workload', d.workload, 'source_id', d.source_id, 'import_id', d.import_id)"""

DIFFERS = f"""(d.kind, d.street, d.households, d.workload) is distinct from (:kind, i.street, i.households, i.workload)
  or ST_Distance(d.point, {POINT}) > 1"""

REMEMBER = f"""
insert into core.import_before (import_id, thing_kind, thing_key, before)
select :import_id, 'dwelling', d.reference, {BEFORE}
from core.dwelling d join incoming_dwelling i using (reference) where {DIFFERS}"""

REMEMBER_GONE = f"""
insert into core.import_before (import_id, thing_kind, thing_key, before)
select :import_id, 'dwelling gone', d.reference, {BEFORE}
from core.dwelling d where d.source_id = :source_id and d.kind = :kind
  and not exists (select from incoming_dwelling i where i.reference = d.reference)"""

GONE = """
delete from core.dwelling d using core.import_before b
where b.import_id = :import_id and b.thing_kind = 'dwelling gone' and d.reference = b.thing_key"""

CHANGE = f"""
update core.dwelling d set kind = :kind, street = i.street, households = i.households, workload = i.workload,
  point = {POINT}, source_id = :source_id, import_id = :import_id
from incoming_dwelling i
join core.import_before b on b.thing_key = i.reference and b.import_id = :import_id and b.thing_kind = 'dwelling'
where d.reference = i.reference"""

ADD = f"""
insert into core.dwelling (reference, kind, street, point, households, workload, source_id, import_id)
select i.reference, :kind, i.street, {POINT}, i.households, i.workload, :source_id, :import_id
from incoming_dwelling i on conflict (reference) do nothing"""

# A list that was taken back before this one no longer stands: what it had told does not come back.
STANDS = """(b.before ->> 'import_id' is null or exists (
  select from core.import i where i.id = (b.before ->> 'import_id')::uuid and i.status = 'loaded'))"""

REMOVE = f"""
delete from core.dwelling d where d.import_id = :import_id and not exists (
  select from core.import_before b
  where b.import_id = :import_id and b.thing_kind = 'dwelling' and b.thing_key = d.reference and {STANDS})"""

REPLACED = f"""
select count(*) from core.import_before b where b.import_id = :import_id and {STANDS}"""

BROUGHT_AGAIN = """
select i.file_name from core.import_before b join core.dwelling d on d.reference = b.thing_key
join core.import i on i.id = d.import_id
where b.import_id = :import_id and b.thing_kind = 'dwelling gone' and i.id <> :import_id
order by i.loaded_at desc limit 1"""

AS_BEFORE = """b.before ->> 'kind' as kind, b.before ->> 'street' as street,
  ST_GeomFromEWKB(decode(b.before ->> 'point', 'hex')) as point, (b.before ->> 'households')::int as households,
  (b.before ->> 'workload')::float8 as workload, (b.before ->> 'source_id')::uuid as source_id,
  (b.before ->> 'import_id')::uuid as import_id"""

RESTORE = f"""
update core.dwelling d set kind = was.kind, street = was.street, point = was.point, households = was.households,
  workload = was.workload, source_id = was.source_id, import_id = was.import_id
from (select b.thing_key, {AS_BEFORE} from core.import_before b
      where b.import_id = :import_id and b.thing_kind = 'dwelling' and {STANDS}) was
where d.reference = was.thing_key and d.import_id = :import_id"""

REVIVE = f"""
insert into core.dwelling (reference, kind, street, point, households, workload, source_id, import_id)
select b.thing_key, {AS_BEFORE} from core.import_before b
where b.import_id = :import_id and b.thing_kind = 'dwelling gone' and {STANDS}
on conflict (reference) do nothing"""
