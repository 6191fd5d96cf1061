"""Case to facts: the one place where the record is read.

Fact kinds, by theme:

* ``case.*``, ``patient.*``, ``encounter.*``, ``order``, ``diagnosis``, ``indication``, ``preoperative.*``,
  ``surgery.*``, ``person``, ``attendance``: identification.
* ``milestone``, ``interval.*``, ``minutes.*``, ``session``, ``professional.*``: time.
* ``criterion``, ``modality.*``, ``equipment``: technique.
* ``channel``, ``channel.baseline``, ``channel.measurement``, ``channel.worst``, ``channel.closing`` and their
  ``.change``; ``summary``; ``aggregate.*``: signals.
* ``event`` and ``event.*``: chains.
* ``threshold``, ``mapping``, ``anesthesia.*``, ``agent``, ``tof``, ``physiology.*``: tests and state.
* ``communication.channel``, ``message``, ``problem``, ``adverse_effects``, ``limitations.*``,
  ``postoperative.examination``, ``opinion.*``: the end.

A field that ought to be there and is not gives a fact with status ``not_recorded`` that prints so.
"""

from __future__ import annotations

from report_gen.case.limits import soft_warnings
from report_gen.case.model import Case
from report_gen.facts.administrative import derive_administrative, derive_people
from report_gen.facts.builder import FactBuilder
from report_gen.facts.channels import derive_channels, derive_criteria
from report_gen.facts.closing import derive_closing
from report_gen.facts.events import derive_events
from report_gen.facts.model import Facts
from report_gen.facts.physiology import derive_anesthesia
from report_gen.facts.summary import derive_summary
from report_gen.facts.technique import derive_technique, derive_tests
from report_gen.facts.timing import derive_timing

__all__ = ["derive"]


def derive(case: Case) -> Facts:
    """All facts that a loaded case supports, recorded and computed, in a fixed order."""
    b = FactBuilder(case)
    derive_administrative(b)
    derive_people(b)
    derive_timing(b)
    derive_technique(b)
    channels = derive_criteria(b)
    derive_anesthesia(b)
    event_readings = derive_events(b, channels)
    derive_channels(b, channels, event_readings)
    derive_tests(b)
    derive_summary(b, channels)
    derive_closing(b)
    return Facts(tuple(b.facts), soft_warnings(case))
