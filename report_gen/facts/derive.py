"""Derives the facts of a case; no other part of the program reads the record.

``catalogue.toml`` lists the kinds of fact. A required field that is missing gives a fact with status ``not_recorded``,
which prints as such.
"""

from __future__ import annotations

from report_gen.case.contract.model import Case
from report_gen.case.limits import soft_warnings
from report_gen.facts.builder import FactBuilder
from report_gen.facts.model import Facts
from report_gen.facts.record.administrative import derive_administrative
from report_gen.facts.record.closing import derive_closing
from report_gen.facts.record.physiology import derive_anesthesia
from report_gen.facts.record.snapshots import PhysiologyTrack, derive_snapshots
from report_gen.facts.record.team import derive_people
from report_gen.facts.record.technique import derive_technique
from report_gen.facts.record.timing import derive_timing
from report_gen.facts.signals.aggregates import derive_aggregates
from report_gen.facts.signals.channels import derive_channels, derive_criteria
from report_gen.facts.signals.events import derive_events
from report_gen.facts.signals.naming import index_channels
from report_gen.facts.signals.positioning import derive_positioning
from report_gen.facts.signals.stimulation import derive_tests
from report_gen.facts.signals.summary import derive_summary

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
