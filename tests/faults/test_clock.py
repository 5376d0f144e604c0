"""F16: the clock of the machine is wrong, jumps, or stands in another country; what is stored tells the right time."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from abcd.core.clock import LOCAL
from tests.faults.figures import tell
from tests.faults.machine import Machine
from tests.walks.browsing import ROOT

ELSEWHERE = "America/New_York"
#: In this order: before and after the clocks go forward, a summer's night that is another day in London, twice the
#: same hour in autumn, five minutes back, a leap day, the end of 32-bit time, and back again.
MOMENTS = (
    "2026-03-29 00:59:50", "2026-03-29 01:00:10", "2026-06-30 23:30:00", "2026-10-25 00:30:00", "2026-10-25 01:30:00",
    "2026-10-25 01:25:00", "2028-02-29 12:00:00", "2038-01-19 03:14:10", "2026-11-01 12:00:00",
)  # fmt: skip
ADD = """
import json
from datetime import date
from abcd.assets.actions import AssetDraft, add_asset
from abcd.db.session import Actor, session
from tests.builders import HERE
ann = Actor("Ann", "officer")
with session(ann) as s:
    draft = AssetDraft("At its time", "library", "0161 496 0000", *HERE)
    one = add_asset(s, draft, by=ann)
print(json.dumps({"id": str(one.id), "naive": date.today().isoformat()}))
"""
STORED = """
select a.edited_at, a.assured_on, e.id as event from core.asset a
join core.audit_event e on e.thing_id = a.id::text and e.verb = 'add' where a.id = :id"""

pytestmark = pytest.mark.skipif(shutil.which("faketime") is None, reason="needs faketime: run './dev faults'")


def at(machine: Machine, moment: datetime) -> dict[str, str]:
    """Add an asset on a machine in New York whose clock says ``moment``."""
    local = moment.astimezone(ZoneInfo(ELSEWHERE)).replace(tzinfo=None)
    # The days of files stay as they are: what Python has compiled would else be taken for old, and compiled anew.
    env = machine.env | {"TZ": ELSEWHERE, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    done = subprocess.run(["faketime", "-f", f"@{local}", sys.executable, "-c", ADD],
                          env=env, cwd=ROOT, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def stored(machine: Machine, key: str) -> tuple[datetime, date, int]:
    """When it was edited, on which day it was checked, and the number of its event."""
    with create_engine(machine.url, poolclass=NullPool).connect() as connection:
        return connection.execute(text(STORED), {"id": key}).one()._tuple()


def test_times_are_right_whatever_the_clock_and_the_country(machine: Machine) -> None:
    moments = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in MOMENTS]
    said = [at(machine, moment) for moment in moments]
    kept = [stored(machine, one["id"]) for one in said]
    for moment, (edited_at, assured_on, _event) in zip(moments, kept, strict=True):
        assert timedelta() <= edited_at - moment < timedelta(minutes=2)
        assert assured_on == edited_at.astimezone(LOCAL).date()
    naive = sum(one["naive"] != assured_on.isoformat() for one, (_, assured_on, _) in zip(said, kept, strict=True))
    tell("clock: DST, leap day, 2038, jumps back, another country", len(moments), control_naive_days_wrong=naive)
    assert [later > earlier for (_, _, earlier), (_, _, later) in pairwise(kept)] == [True] * (len(moments) - 1)
    assert naive > 0, "the control: a day by the machine's own clock would have been right, so nothing was tried"


WITHOUT_ZONE = """
select table_name || '.' || column_name from information_schema.columns
where table_schema in ('core', 'pub') and data_type = 'timestamp without time zone'"""


def test_every_time_is_stored_with_its_zone(machine: Machine) -> None:
    assert machine.ask(WITHOUT_ZONE) == []
