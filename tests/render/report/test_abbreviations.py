"""The key to abbreviations explains what is printed, and nothing else."""

from __future__ import annotations

from report_gen.facts.fact import Fact, Value
from report_gen.facts.model import Facts
from report_gen.render.report.abbreviations import abbreviation_key

MUSCLE = Value("muscle", "tibialis anterior", vocabulary="muscles", code="tibialis_anterior")
FACTS = Facts((Fact("c1", "c1", "channel", "/channels/0", "recorded", values=(MUSCLE,)),))


def test_explains_what_is_printed():
    """Terms of the case, parts of longer terms, and sides, in alphabetical order whatever the letters' case."""
    key = abbreviation_key(FACTS, ["L TA lost", "MAP 54 mmHg", "screw tEMG"])
    assert key == ("L left; MAP mean arterial pressure; TA tibialis anterior; tEMG triggered electromyography.")


def test_leaves_out_what_is_not_printed():
    """No abbreviation, no key; a muscle that is named in full needs none."""
    assert abbreviation_key(FACTS, ["left tibialis anterior"]) == ""


def test_does_not_guess():
    """Letters that are a muscle elsewhere mean nothing where the case has no such muscle."""
    assert abbreviation_key(FACTS, ["PT was told by AP"]) == ""
