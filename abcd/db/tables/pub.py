"""What ``abcd_share_ro`` may read: views in ``pub``, named as our tables are, with columns that are cleared.

The share role's connections read ``pub`` wherever a query says ``core`` (``abcd.db.pool``), so the same query serves an
officer and a partner, and asking for a row or column that was not cleared finds nothing or is an error of the database.
A view is laid anew after each migration and lifted before it (``abcd.db.migrate``).
"""

from collections.abc import Iterator

from abcd.db.tables.register import SOURCE_KINDS

#: Of the assets nobody's gift, nothing merged away, and what is for partners only when the session says so.
SHOWN = (
    "a.merged_into is null and a.asset_kind <> 'individual' and (a.visibility = 'public' "
    "or a.visibility = 'partner' and current_setting('abcd.audience', true) in ('partner', 'council'))"
)
_OF_SHOWN = f"join core.asset a on a.id = t.asset_id where {SHOWN}"
#: A consent to show a contact that holds today.
HOLDS = (
    "k.withdrawn_on is null and (now() at time zone 'Europe/London')::date >= k.given_on "
    "and (now() at time zone 'Europe/London')::date < k.expires_on"
)
#: A contact leaves only with consent: an office's by its flag, what may be one person's with a consent that is
#: recorded, dated and not over (trust.md P11); the same rule as in ``abcd.db.consent``.
CONSENTED = f"""(a.contact_public and (a.asset_kind in ('physical', 'institution')
      or exists (select from core.contact_consent k where k.asset_id = a.id and {HOLDS})))"""
#: Where a hall stands is no secret; where somebody trades or a group meets may be a home (product.md H.3).
NO_HOME = "a.asset_kind in ('physical', 'institution')"

#: Which small areas hold a refuge would tell where it is, as well as a point does.
NOT_SENSITIVE = "l.asset_id not in (select h.asset_id from core.sensitive_location h)"

#: By whom a record was checked leaves only as a way of knowing, never as somebody's name.
METHODS = ", ".join(f"'{one}'" for one in (*SOURCE_KINDS, "hearsay"))

OF_COUNCIL = "current_setting('abcd.audience', true) = 'council'"
NAMED = f"case when {OF_COUNCIL} then b.name else '' end as name"

#: Kinds of thing whose events change nothing that the register answers (``abcd.db.remembered``).
QUIET_KINDS = (
    "account", "layer", "sign_in_link", "session", "invitation", "attempt", "draft", "backup", "history", "share",
)  # fmt: skip
QUIET = ", ".join(f"'{one}'" for one in QUIET_KINDS)

ASSET = f"""select a.id, a.asset_kind, a.category, a.name, a.name_cy, a.description, a.geom, a.point, a.located_by,
    a.precision_m, a.website, a.opening_hours, a.open_grid, a.cost, a.step_free, a.open_to_new, a.languages, a.serves,
    a.facilities, a.organisation_id, a.status, a.visibility, a.is_sensitive, a.source_id, a.source_ref, a.source_kind,
    a.assured_on, a.confidence, a.start_date, a.end_date, a.merged_into, a.created_at, a.updated_at, a.version,
    a.search, {CONSENTED} as contact_public,
    case when a.assured_by in ({METHODS}) then a.assured_by else '' end as assured_by,
    case when {NO_HOME} then a.address else '' end as address,
    case when {NO_HOME} then a.postcode else '' end as postcode,
    case when {NO_HOME} then a.uprn end as uprn,
    case when {CONSENTED} then a.phone else '' end as phone,
    case when {CONSENTED} then a.email else '' end as email
  from core.asset a where {SHOWN}"""

ORGANISATION = """select o.id, o.name, o.name_cy, o.description, o.website, o.logo, o.uri, o.parent_id, o.identifiers,
    o.legal_form, o.org_kind, o.contact_public, o.version,
    case when o.contact_public then o.phone else '' end as phone,
    case when o.contact_public then o.email else '' end as email
  from core.organisation o"""

PLACE = """select p.id, p.kind, p.reference, p.vintage, p.name, p.name_cy, p.aliases, p.gss_code, p.geom, p.point,
    p.households, p.population, p.denominators_source, p.denominators_year, p.drawn, p.start_date, p.end_date,
    p.source_id, p.created_at, p.updated_at, p.version
  from core.place p"""

#: A word that only a hidden name holds would tell that the name is there.
SEARCH_WORD = f"""select w.word from core.search_word w
  where exists (select from core.asset a where a.search @@ plainto_tsquery('core.plain', w.word) and {SHOWN})"""

VIEWS: dict[str, str] = {
    "asset": ASSET,
    "organisation": ORGANISATION,
    "place": PLACE,
    "search_word": SEARCH_WORD,
    "activity": "select t.asset_id, t.venue_id, t.group_id, t.minimum_age, t.maximum_age, t.service_class, "
    f"t.ways_to_contribute, t.referral_needed from core.activity t {_OF_SHOWN}",
    "community_group": "select t.asset_id, t.run_by, t.serves, t.constituted, t.size_band, t.meets_at "
    f"from core.community_group t {_OF_SHOWN}",
    "venue": "select t.asset_id, t.capacity, t.rooms, t.kit, t.hire_terms, t.transport, t.ha_owned, t.spare_grid "
    f"from core.venue t {_OF_SHOWN}",
    "contact_consent": "select k.asset_id, k.given_on, k.expires_on, k.withdrawn_on from core.contact_consent k "
    f"join core.asset a on a.id = k.asset_id where {HOLDS} and {SHOWN}",
    "schedule": 'select t.id, t.asset_id, t.freq, t."interval", t.byday, t.bymonthday, t.opens_at, t.closes_at, '
    f"t.valid_from, t.valid_to, t.notes from core.schedule t {_OF_SHOWN}",
    "asset_cell": "select a.size, a.x, a.y, a.category, a.asset_kind, a.visibility, a.n, a.sum_e, a.sum_n "
    "from core.asset_cell a where a.visibility = 'public' "
    "or a.visibility = 'partner' and current_setting('abcd.audience', true) in ('partner', 'council')",
    "place_measure": "select m.id, m.place_id, m.category, m.households, m.in_reach, m.fresh, m.coverage, "
    'm.median_minutes, m.per_1000, m.judged_by, m.state, m.absence, m.searches, m."order", m.newest_check, '
    "m.worked_out_on, m.rests_on_hidden from core.place_measure m where not m.rests_on_hidden",
    "barrier": f"select b.id, {NAMED}, case when {OF_COUNCIL} then b.nature else 'other' end as nature, b.is_hard, "
    f"b.geom, b.created_at, b.updated_at, b.ended_on, b.version from core.barrier b "
    f"where b.ended_on is null and (b.is_hard or {OF_COUNCIL})",
    "crossing": f"select b.id, b.barrier_id, {NAMED}, b.step_free, b.point, b.created_at, b.updated_at, b.ended_on, "
    "b.version from core.crossing b where b.ended_on is null",
    "street": "select e.map_id, e.a, e.b, e.metres, e.marks, e.geom from core.street e",
    "street_map": "select m.id, m.vintage, m.nodes, m.edges, m.metres, m.area, m.made_at, m.ended_at "
    "from core.street_map m",
    "term": "select * from core.term",
    "source": "select s.id, s.slug, s.name, s.publisher, s.licence, s.attribution from core.source s",
    "place_asset": f"select l.place_id, l.asset_id, l.relation from core.place_asset l where {NOT_SENSITIVE}",
    "place_parent": "select l.place_id, l.parent_id, l.share from core.place_parent l",
    "postcode": "select c.postcode, c.point, c.vintage from core.postcode c",
    "release": "select r.id, r.organisation_id, r.month, r.status from core.release r where r.status = 'published'",
    "release_figure": "select f.id, f.release_id, f.area_id, f.category, f.shown from core.release_figure f "
    "join core.release r on r.id = f.release_id where r.status = 'published'",
    "audit_event": f"select e.id from core.audit_event e where e.thing_kind not in ({QUIET})",
    "setting": "select t.name, t.value from core.setting t where t.name = 'public_layers'",
}
"""Each view and the query behind it."""

CLEARED: dict[str, str] = {
    "asset": "assets for the public, and for partners when the session says so, without gifts of residents; addresses "
    "of halls and institutions alone, contacts with consent",
    "organisation": "organisations, with a contact that they published",
    "place": "named areas and how many households they have",
    "search_word": "words of the names of assets that may be seen",
    "activity": "for whom an asset is that may be seen",
    "community_group": "who runs and meets, of groups that may be seen; nothing about who holds their keys",
    "venue": "rooms of assets that may be seen; nothing about their leases",
    "contact_consent": "since when and until when a contact may be shown; who agreed is not told",
    "schedule": "opening times of assets that may be seen",
    "asset_cell": "how many assets stand in a square",
    "barrier": "where nobody walks across, by shape alone, so that a walk on a shared map goes round it; for councils "
    "also what it is called and what people rather avoid; never who drew it or told of it",
    "crossing": "where such a line can be crossed; its name for councils alone",
    "street": "streets and paths, as their publisher gave them",
    "street_map": "which map of streets is in use, and from when it is",
    "term": "the categories",
    "source": "who published a file, and its licence",
    "place_asset": "which places hold an asset, by ids alone; none of an asset whose place is kept",
    "place_measure": "how near things are to the homes of a place, where that rests on nothing hidden",
    "place_parent": "which places lie in which",
    "postcode": "postcodes and their points, an open list",
    "release": "which figures about people were published, and in which month",
    "release_figure": "published figures about people, each as it may leave (trust.md P4); never a count",
    "audit_event": "how often something was done, as a number, so that a cache knows when it is old",
    "setting": "which layers the owner made public",
}
"""What may be read through each view, and why that is right (``abcd.db.exposure``)."""

#: The same words as ``core.plain``, where the share role finds them.
_PLAIN = """
do $$ begin
  if not exists (select from pg_ts_config where cfgname = 'plain' and cfgnamespace = 'pub'::regnamespace) then
    create text search configuration pub.plain (copy = core.plain);
  end if;
end $$"""


def lifted() -> Iterator[str]:
    """Take the views away, so that a migration may change what they read."""
    yield from (f"drop view if exists pub.{name} cascade" for name in VIEWS)


def laid() -> Iterator[str]:
    """The views as this version has them."""
    yield _PLAIN
    yield from lifted()
    yield from (f"create view pub.{name} as {query}" for name, query in VIEWS.items())
