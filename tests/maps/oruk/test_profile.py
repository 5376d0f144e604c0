"""The control of the validator: an answer that lacks what the profile demands is found out."""

from typing import Any

import pytest

from tests.maps.oruk.profile import faults

ID = "3f1c1f63-6f43-4d4e-9a53-6a0c4b1c7d20"
GOOD: dict[str, Any] = {
    "id": ID, "name": "Choir", "status": "active", "last_modified": "2026-05-04T09:30:00.000Z",
    "organization": {"id": ID, "name": "Choir", "description": "Sings"},
    "schedules": [{"id": ID, "freq": "MONTHLY", "byday": "2TU,-1FR", "opens_at": "09:30", "valid_from": "2026-01-01"}],
    "languages": [{"id": ID, "name": "Welsh", "code": "cy"}],
}  # fmt: skip


def test_a_good_service_has_no_fault() -> None:
    assert faults("/services/{id}", GOOD) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "7"}, {"status": "planned"}, {"name": ""}, {"email": "x"}, {"url": "www.example.org"}, {"alert": None},
        {"organization": {"id": ID, "name": "Choir"}}, {"schedules": [{"id": ID, "freq": "DAILY"}]},
        {"schedules": [{"id": ID, "byday": "MO TU"}]}, {"schedules": [{"id": ID, "opens_at": "9:30"}]},
        {"schedules": [{"id": ID, "valid_to": "1.1.2026"}]}, {"last_modified": "yesterday"}, {"unheard_of": None},
        {"contacts": [{"id": ID, "phones": [{"id": ID}]}]}, {"languages": [{"id": ID}]}, {"minimum_age": "5"},
        {"service_at_locations": [{"id": ID, "location": {"id": ID, "location_type": "physical", "addresses": [
            {"id": ID, "address_1": "1 Street", "city": "Town", "postal_code": "M1 1AA", "country": "GB",
             "address_type": "physical"}]}}]},
    ],
)  # fmt: skip
def test_each_lack_is_found(changed: dict[str, Any]) -> None:
    assert faults("/services/{id}", GOOD | changed)
