"""Case to facts: the one place where the record is read.

What kinds of fact there are is in ``catalogue.toml``. A field that ought to be there and is not gives a fact with
status ``not_recorded`` that prints so.
"""

from __future__ import annotations

from report_gen.case.limits import soft_warnings
from report_gen.case.model import Case
from report_gen.facts.administrative import derive_administrative
from report_gen.facts.aggregates import derive_aggregates
from report_gen.facts.builder import FactBuilder
from report_gen.facts.channels import derive_channels, derive_criteria
from report_gen.facts.closing import derive_closing
from report_gen.facts.events import derive_events
from report_gen.facts.model import Facts
from report_gen.facts.naming import index_channels
from report_gen.facts.physiology import derive_anesthesia
from report_gen.facts.positioning import derive_positioning
from report_gen.facts.snapshots import PhysiologyTrack, derive_snapshots
from report_gen.facts.stimulation import derive_tests
from report_gen.facts.summary import derive_summary
from report_gen.facts.team import derive_people
from report_gen.facts.technique import derive_technique
from report_gen.facts.timing import derive_timing

__all__ = ["derive"]


def derive(case: Case) -> Facts:
    """All facts that a loaded case supports, recorded and computed, in a fixed order."""
    b = FactBuilder(case)
    channels = index_channels(case)
    track = PhysiologyTrack.of(b, channels.views)
    derive_administrative(b)
    derive_people(b)
    derive_timing(b)
    derive_technique(b)
    derive_criteria(b)
    derive_anesthesia(b)
    derive_snapshots(b, track)
    event_readings = derive_events(b, channels, track)
    courses = derive_channels(b, channels, event_readings)
    derive_tests(b)
    derive_positioning(b, channels)
    derive_summary(b, channels, courses)
    derive_aggregates(b, courses)
    derive_closing(b)
    return Facts(tuple(b.facts), soft_warnings(case))
