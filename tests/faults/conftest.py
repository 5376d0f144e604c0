"""One machine with its server for the tests that kill things, and the rows of figures at the end of a run."""

from collections.abc import Iterator

import pytest

from tests.faults import figures
from tests.faults.machine import Machine, a_machine


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """One machine for all tests that kill things and set them right again."""
    with a_machine() as made:
        yield made


@pytest.fixture
def serving(machine: Machine) -> Machine:
    """The machine with its server running."""
    if not machine.is_serving:
        machine.serve()
    return machine


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One JSON row a fault."""
    if figures.rows:
        terminalreporter.section("faults")
        terminalreporter.write_line(figures.printed())
