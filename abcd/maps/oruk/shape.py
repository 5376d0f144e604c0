"""A service as the profile writes it. What is not known is left out: the profile has no empty values."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from sqlalchemy import Row

from abcd.core.clock import today
from abcd.maps.oruk.ids import at_location, derived
from abcd.maps.oruk.terms import attributes
from abcd.maps.oruk.times import schedules_of

Json = dict[str, Any]

COUNTRY = "GB"
EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+")
FREE = re.compile(r"^\W*(?:free|no (?:cost|charge|fees?)|am ddim)\W*$", re.IGNORECASE)
SIGNED = {"bfi": "British Sign Language"}
"""Languages that are not spoken have no name in Unicode's list."""


def service(row: Row[Any]) -> Json:
    """A service with everything that belongs to it."""
    made = listed(row)
    return known(made | {
        "schedules": schedules_of(row, today().year),
        "service_areas": [_area(row, name) for name in row.serves],
        "service_at_locations": [at_its_location(row)] if row.lon is not None else [],
        "languages": [_language(row, code) for code in row.languages],
        "cost_options": _cost(row),
        "contacts": _contacts(row),
        "attributes": attributes(row),
    })  # fmt: skip


def listed(row: Row[Any]) -> Json:
    """A service as lists show it: what there is one of."""
    organization = _organization(row)
    return known({
        "id": str(row.id),
        "organization_id": organization["id"],
        "name": row.name,
        "alternate_name": row.name_cy,
        "description": row.description,
        "url": web(row.website),
        "email": mail(row.email),
        "status": row.status,
        "minimum_age": row.minimum_age,
        "maximum_age": row.maximum_age,
        "eligibility_description": "A referral is needed." if row.referral_needed == "yes" else None,
        "assured_date": row.assured_on and row.assured_on.isoformat(),
        "last_modified": moment(row.changed),
        "organization": organization,
    })  # fmt: skip


def service_at_location(row: Row[Any], *, in_full: bool) -> Json:
    """A service where it happens, with its times and the service itself, in full or as lists show it."""
    about = service(row) if in_full else listed(row)
    about.pop("service_at_locations", None)
    return known(at_its_location(row) | {"service": about, "schedules": schedules_of(row, today().year)})


def at_its_location(row: Row[Any]) -> Json:
    """The link between a service and its location."""
    place = derived("location", row.there_id)
    return {
        "id": str(at_location(row.id)),
        "service_id": str(row.id),
        "location_id": place,
        "location": _location(row, place),
    }


def _location(row: Row[Any], place: str) -> Json:
    return known({
        "id": place,
        "location_type": "physical",
        "name": row.venue_name or row.name,
        "latitude": round(row.lat, 6),
        "longitude": round(row.lon, 6),
        "external_identifier": row.there_uprn and str(row.there_uprn),
        "external_identifier_type": "UPRN" if row.there_uprn else None,
        "addresses": _addresses(row, place),
        "accessibility": _access(row, place),
    })  # fmt: skip


def _addresses(row: Row[Any], place: str) -> list[Json]:
    """The address where it was cleared and is whole: the profile asks for a town, and for what the town lies in."""
    parts = [part.strip() for part in (row.there_address or "").replace("\n", ",").split(",") if part.strip()]
    town = parts[-1] if len(parts) > 1 else row.borough
    if not (parts and row.there_postcode and town):
        return []
    return [{
        "id": derived("address", row.there_id),
        "location_id": place,
        "address_1": ", ".join(parts[:-1] or parts),
        "city": town,
        "state_province": row.borough or town,
        "postal_code": row.there_postcode,
        "country": COUNTRY,
        "address_type": "physical",
    }]  # fmt: skip


def _access(row: Row[Any], place: str) -> list[Json]:
    said = {name.replace("_", " ").capitalize(): value for name, value in (row.there_facilities or {}).items()}
    if row.there_step_free != "unknown":
        said = {"Step-free": row.there_step_free} | said
    return [
        {"id": derived("accessibility", row.there_id, name), "location_id": place, "description": f"{name}: {value}"}
        for name, value in said.items()
        if isinstance(value, str) and value != "unknown"
    ]


def _organization(row: Row[Any]) -> Json:
    """Who is responsible; whoever has nobody above them is responsible themselves."""
    mine = row.by_id or row.id
    return known({
        "id": str(mine) if row.by_id else derived("organization", row.id),
        "name": row.by_name or row.name,
        "description": row.by_description or row.by_name or row.description or row.name,
        "email": mail(row.by_email),
        "website": web(row.by_website),
        "logo": web(row.by_logo),
        "uri": web(row.by_uri),
        "organization_identifiers": [
            {"id": derived("identifier", mine, scheme), "organization_id": str(mine), "identifier_scheme": scheme,
             "identifier_type": scheme, "identifier": str(number)}
            for scheme, number in (row.by_identifiers or {}).items()
        ],
    })  # fmt: skip


def _area(row: Row[Any], name: str) -> Json:
    area = derived("service_area", row.id, name)
    return {"id": area, "service_id": str(row.id), "name": name, "service_area": name}


def _language(row: Row[Any], code: str) -> Json:
    name = SIGNED.get(code) or Locale("en").languages.get(code.partition("-")[0], code)
    return {"id": derived("language", row.id, code), "service_id": str(row.id), "code": code, "name": name}


def _cost(row: Row[Any]) -> list[Json]:
    if not row.cost:
        return []
    made = {"id": derived("cost_option", row.id), "service_id": str(row.id), "option": row.cost}
    return [made | ({"amount": 0} if FREE.match(row.cost) else {})]


def _contacts(row: Row[Any]) -> list[Json]:
    """How to reach it, only with consent to publish that; never who."""
    if not row.phone:
        return []
    contact = derived("contact", row.id)
    phone = {"id": derived("phone", row.id), "contact_id": contact, "number": row.phone}
    return [{"id": contact, "service_id": str(row.id), "phones": [phone]}]


def known(told: Json) -> Json:
    """What is known of it: nothing empty."""
    return {name: value for name, value in told.items() if value is not None and value not in ("", [])}


def moment(at: datetime) -> str:
    """A moment in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_UNFIT = re.compile(r"[\s<>\"{}|\\^`]")


def web(told: str | None) -> str | None:
    """A web address, or nothing when it is none."""
    address = (told or "").strip()
    address = address if "://" in address or not address else f"https://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    fits = (
        parts.scheme in ("http", "https") and "." in parts.netloc and address.isascii() and not _UNFIT.search(address)
    )
    return address if fits else None


def mail(told: str | None) -> str | None:
    """An address of e-mail, or nothing when it is none."""
    address = (told or "").strip()
    return address if EMAIL.fullmatch(address) else None
