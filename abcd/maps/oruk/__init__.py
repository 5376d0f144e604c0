"""The directory of what happens and is offered, as Open Referral UK 3.0 (the profile HSDS-UK-3.0; product.md H.4).

Activities, groups and services are its services; where they happen are its locations. Nobody's gift is in it.
"""

from abcd.maps.oruk.feed import feed
from abcd.maps.oruk.pages import Page, page, service, service_at_location
from abcd.maps.oruk.search import Asked
from abcd.maps.oruk.terms import taxonomies, taxonomy, taxonomy_term, taxonomy_terms

__all__ = [
    "Asked", "Page", "feed", "page", "service", "service_at_location", "taxonomies", "taxonomy", "taxonomy_term",
    "taxonomy_terms",
]  # fmt: skip
