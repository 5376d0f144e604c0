"""The taxonomy is part of every question that the gaps room answers."""

import pytest
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy


@pytest.fixture(autouse=True)
def taxonomy(request: pytest.FixtureRequest) -> None:
    """Load the real taxonomy for tests that use the store."""
    if "s" in request.fixturenames:
        s: Session = request.getfixturevalue("s")
        load_taxonomy(s)
