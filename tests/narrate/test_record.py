"""The account of a narration: one value, the same told to the log and to the report."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace

import pytest

from report_gen.llm.telemetry import usage
from report_gen.narrate.record import NarrationRecord, as_log, as_provenance, log_line

RECORD = NarrationRecord(
    report="0123456789",
    prompt="narrate.v1",
    prompt_sha256="ab" * 32,
    grammar_sha256="cd" * 32,
    about={"endpoint": "loopback", "model": "m", "allow_remote": False},
    usage=replace(usage(()), questions=3, outcomes={"ok": 2, "timeout": 1}, models=("m-1", "m-2")),
    sentences=20,
    sentences_kept=14,
    refused={"number": 2},
    dropped=False,
    deadline_s=4.5,
    waited_s=1.5,
)


class TestTheLog:
    def test_is_one_line_of_what_the_value_holds(self):
        """Calls and endpoint stand beside the counts, none under another's name."""
        line = log_line(RECORD)
        assert "\n" not in line
        told = json.loads(line)
        assert told == as_log(RECORD)
        assert (told["endpoint"], told["sentences_kept"], told["outcomes"]) == ("loopback", 14, {"ok": 2, "timeout": 1})
        assert told["models"] == ["m-1", "m-2"]
        assert told["template_only"] is False

    def test_of_a_narration_of_which_nothing_stands(self):
        """Then the template worded all of it."""
        assert as_log(replace(RECORD, sentences_kept=0))["template_only"] is True


class TestTheReport:
    def test_says_who_worded_it_how_much_and_by_which_versions(self):
        """Every value is a text."""
        assert as_provenance(RECORD) == {
            "narration": "model",
            "narration_endpoint": "loopback",
            "narration_model": "m",
            "narration_allow_remote": "False",
            "narration_models": "m-1, m-2",
            "narration_prompt": f"narrate.v1 {'ab' * 8}",
            "narration_grammar": "cd" * 8,
            "narration_sentences": "14 of 20 worded by the model",
            "narration_outcomes": "ok 2, timeout 1",
        }

    def test_says_of_one_that_was_dropped_no_more_than_that(self):
        """It was made before the model was asked: what came later must not make it untrue."""
        late = as_provenance(replace(RECORD, dropped=True, sentences_kept=0))
        early = as_provenance(replace(RECORD, dropped=True, usage=usage(()), sentences=0, sentences_kept=0, refused={}))
        assert late == early
        assert late["narration"] == "template"
        assert late["narration_dropped"].startswith("no wording of a model was ready in time")


def test_is_a_value():
    """Nobody changes an account afterwards."""
    with pytest.raises(FrozenInstanceError):
        RECORD.sentences_kept = 20
