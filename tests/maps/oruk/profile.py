"""What the profile HSDS-UK-3.0 demands of an answer, as JSON Schema: which fields must be there, and what each holds.

Written from the profile's lists of fields; where its compiled schemas and its written list differ, both are demanded.
"""

from typing import Any

import jsonschema_rs

Schema = dict[str, Any]

TEXT, NUMBER, UUID = {"type": "string"}, {"type": "number"}, {"type": "string", "format": "uuid"}
URI, EMAIL = {"type": "string", "format": "uri"}, {"type": "string", "format": "email"}
DATE, MOMENT = {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}
CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
FILLED = {"type": "string", "minLength": 1}


def thing(required: str, **fields: Schema) -> Schema:
    """An object that must have ``required`` fields (names with blanks between them); nothing in it is null."""
    return {
        "type": "object", "required": required.split(), "properties": {"id": UUID} | fields,
        "additionalProperties": {"not": {"type": "null"}},
    }  # fmt: skip


def many(items: Schema) -> Schema:
    """A list of things, none of them twice."""
    return {"type": "array", "items": items}


TAXONOMY = thing("id name description", name=FILLED, description=FILLED, uri=URI, version=TEXT)
TERM = thing(
    "id name description taxonomy term", name=FILLED, description=FILLED, parent_id=UUID, taxonomy=FILLED,
    taxonomy_id=UUID, term_uri=URI, term=FILLED, code=TEXT,
)  # fmt: skip
ATTRIBUTE = thing("id", link_id=UUID, taxonomy_term_id=UUID, link_type=TEXT, link_entity=TEXT, taxonomy_term=TERM)
BYDAY = {"type": "string", "pattern": r"^(-?\d)?(MO|TU|WE|TH|FR|SA|SU)(,(-?\d)?(MO|TU|WE|TH|FR|SA|SU))*$"}
SCHEDULE = thing(
    "id", service_id=UUID, service_at_location_id=UUID, valid_from=DATE, valid_to=DATE, dtstart=DATE,
    freq={"enum": ["WEEKLY", "MONTHLY"]}, interval=NUMBER, byday=BYDAY, bymonthday=TEXT, opens_at=CLOCK,
    closes_at=CLOCK, description=TEXT, schedule_link=URI, attending_type=TEXT, notes=TEXT,
)  # fmt: skip
ADDRESS = thing(
    "id address_1 city state_province postal_code country address_type", location_id=UUID, attention=TEXT,
    address_1=FILLED, city=FILLED, region=TEXT, state_province=FILLED, postal_code=FILLED,
    country={"type": "string", "pattern": "^[A-Z]{2}$"}, address_type={"enum": ["physical", "postal", "virtual"]},
)  # fmt: skip
ACCESSIBILITY = thing("id", location_id=UUID, description=TEXT, details=TEXT, url=URI)
LOCATION = thing(
    "id location_type", location_type={"enum": ["physical", "postal", "virtual"]}, name=TEXT, description=TEXT,
    latitude={"type": "number", "minimum": 49, "maximum": 61},
    longitude={"type": "number", "minimum": -9, "maximum": 2},
    external_identifier=TEXT, external_identifier_type=TEXT, addresses=many(ADDRESS),
    accessibility=many(ACCESSIBILITY), attributes=many(ATTRIBUTE),
)  # fmt: skip
IDENTIFIER = thing(
    "id identifier_type identifier", organization_id=UUID, identifier_scheme=TEXT, identifier_type=TEXT, identifier=TEXT
)  # fmt: skip
ORGANIZATION = thing(
    "id name description", name=FILLED, description=FILLED, email=EMAIL, website=URI, logo=TEXT, uri=URI,
    parent_organization_id=UUID, organization_identifiers=many(IDENTIFIER),
)  # fmt: skip
PHONE = thing("id number", number=FILLED)
CONTACT = thing("id", service_id=UUID, name=TEXT, title=TEXT, phones=many(PHONE))
ONE_OF = {
    "name": FILLED, "organization_id": UUID, "description": TEXT, "url": URI, "email": EMAIL,
    "status": {"enum": ["active", "inactive", "defunct", "temporarily closed"]}, "fees": TEXT, "accreditations": TEXT,
    "minimum_age": NUMBER, "maximum_age": NUMBER, "assured_date": DATE, "assurer_email": EMAIL, "alert": TEXT,
    "last_modified": MOMENT, "organization": ORGANIZATION,
}  # fmt: skip
LISTED = thing("id name status organization last_modified", **ONE_OF)
AT_LOCATION = thing(
    "id", service_id=UUID, location_id=UUID, location=LOCATION, schedules=many(SCHEDULE), service=LISTED
)
SERVICE = thing(
    "id name status organization last_modified", **ONE_OF, schedules=many(SCHEDULE),
    service_areas=many(thing("id", service_id=UUID, name=TEXT, extent=TEXT, extent_type=TEXT, uri=TEXT)),
    service_at_locations=many(AT_LOCATION),
    languages=many(thing("id name code", service_id=UUID, phone_id=UUID, name=FILLED, code=FILLED)),
    funding=many(thing("id", service_id=UUID, source=TEXT)),
    cost_options=many(thing("id", service_id=UUID, valid_from=DATE, valid_to=DATE, option=TEXT, amount=NUMBER,
                            amount_description=TEXT)),
    contacts=many(CONTACT), attributes=many(ATTRIBUTE),
)  # fmt: skip
META = {
    "type": "object", "required": ["version", "profile", "openapi_url"],
    "properties": {"version": {"const": "HSDS-UK-3.0"}, "profile": URI, "openapi_url": URI},
}  # fmt: skip


def page_of(entry: Schema) -> Schema:
    """The wrapper of a list."""
    whole, yes = {"type": "integer", "minimum": 0}, {"type": "boolean"}
    fields = {
        "total_items": whole, "total_pages": whole, "page_number": {"type": "integer", "minimum": 1}, "size": whole,
        "first_page": yes, "last_page": yes, "empty": yes, "contents": many(entry),
    }  # fmt: skip
    return {"type": "object", "required": list(fields), "properties": fields, "additionalProperties": False}


#: What each address answers.
ANSWERS: dict[str, Schema] = {
    "/": META,
    "/services": page_of(LISTED),
    "/services/{id}": SERVICE,
    "/service_at_locations": page_of(AT_LOCATION),
    "/service_at_locations/{id}": AT_LOCATION,
    "/taxonomies": page_of(TAXONOMY),
    "/taxonomies/{id}": TAXONOMY,
    "/taxonomy_terms": page_of(TERM),
    "/taxonomy_terms/{id}": TERM,
}
_VALIDATORS = {
    path: jsonschema_rs.Draft202012Validator(schema, validate_formats=True) for path, schema in ANSWERS.items()
}


def faults(path: str, answer: object) -> list[str]:
    """Where an answer breaks the profile, none when it keeps it."""
    return [f"{'/'.join(map(str, one.instance_path))}: {one.message}" for one in _VALIDATORS[path].iter_errors(answer)]
