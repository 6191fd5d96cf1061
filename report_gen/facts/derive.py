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
from report_gen.facts.record.attention import derive_attention
from report_gen.facts.record.closing import derive_closing
from report_gen.facts.record.physiology import derive_anesthesia
from report_gen.facts.record.provenance import derive_answers
from report_gen.facts.record.snapshots import PhysiologyTrack, derive_snapshots
from report_gen.facts.record.team import derive_people
from report_gen.facts.record.technique import derive_technique
from report_gen.facts.record.timing import derive_timing
from report_gen.facts.results.aggregates import derive_aggregates
from report_gen.facts.results.at_alerts import derive_at_alerts
from report_gen.facts.results.returns import derive_returns
from report_gen.facts.results.summary import derive_summary
from report_gen.facts.results.systems import derive_systems
from report_gen.facts.results.test_results import derive_event_tests, derive_test_summaries, derive_train_of_four
from report_gen.facts.results.unnamed import derive_unnamed
from report_gen.facts.signals.channels import derive_channels, derive_criteria
from report_gen.facts.signals.events import derive_events
from report_gen.facts.signals.first_within import derive_first_within
from report_gen.facts.signals.modalities import derive_modalities
from report_gen.facts.signals.naming import index_channels
from report_gen.facts.signals.reactions import derive_interventions
from report_gen.facts.signals.stimulation import derive_tests

__all__ = ["derive"]


def derive(case: Case) -> Facts:
    """All facts that a loaded case supports, recorded and computed, in a fixed order."""
    b = FactBuilder(case)
    channels = index_channels(case, b.clock)
    track = PhysiologyTrack.of(b, channels.views)
    derive_administrative(b)
    derive_people(b)
    derive_timing(b)
    derive_attention(b)
    derive_at_alerts(b)
    derive_technique(b)
    derive_criteria(b)
    derive_anesthesia(b)
    derive_snapshots(b, track)
    event_readings = derive_events(b, channels, track)
    derive_interventions(b)
    courses = derive_channels(b, channels, event_readings)
    derive_first_within(b, channels, event_readings)
    derive_tests(b)
    derive_modalities(b, channels, courses)
    derive_summary(b, channels, courses)
    derive_unnamed(b, channels)
    derive_test_summaries(b)
    derive_event_tests(b)
    derive_returns(b)
    derive_train_of_four(b)
    derive_systems(b, channels, courses)
    derive_aggregates(b, channels, courses)
    derive_closing(b)
    derive_answers(b)
    return Facts(tuple(b.facts), soft_warnings(case), b.clock)
