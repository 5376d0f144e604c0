"""Assets need categories."""

import pytest
from sqlalchemy.orm import Session

from abcd.assets.taxonomy import load_taxonomy


@pytest.fixture
def s(s: Session) -> Session:
    """The owner's session on a store that knows the taxonomy."""
    load_taxonomy(s)
    return s
