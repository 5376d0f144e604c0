"""Classes of a census table as measures."""

import pytest

from abcd.intake.census_table import measures_of


@pytest.mark.parametrize(
    ("labels", "measures"),
    [
        (["Owned: Owns outright", "Owned: With a mortgage", "Social rented: Other", "Lives rent free"],
         ["owned", "owned", "social_rented", "lives_rent_free"]),
        (["All households", "Owned", "Social rented"], ["all", "owned", "social_rented"]),
        (["Tenure: Total", "Tenure: Owned", "Tenure: Owned: Outright", "Tenure: Social rented"],
         ["all", "owned", "", "social_rented"]),
        (["Tenure of household: Total: All households", "Tenure of household: Owned"], ["all", "owned"]),
        (["all"], ["all"]),
        (["households_2021"], ["all"]),
        (["Total households", "Social rented"], ["all", "social_rented"]),
    ],
)  # fmt: skip
def test_labels_become_measures_and_parts_are_not_added_twice(labels: list[str], measures: list[str]) -> None:
    assert measures_of(labels) == dict(zip(labels, measures, strict=True))
