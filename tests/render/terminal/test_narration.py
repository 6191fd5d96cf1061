"""What a person is told of a narration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_gen.llm.port import Outcome
from report_gen.llm.telemetry import usage
from report_gen.narrate.merge import Wording
from report_gen.narrate.record import NarrationRecord
from report_gen.render.terminal.narration import narration_lines, side_by_side


def record(*, outcomes: dict[str, int] | None = None, **more: object) -> NarrationRecord:
    """A record of which nothing went wrong."""
    given = {
        "report": "0123456789",
        "prompt": "narrate.v1",
        "prompt_sha256": "0" * 64,
        "grammar_sha256": "0" * 64,
        "about": {},
        "usage": replace(usage(()), questions=3, outcomes=outcomes or {"ok": 3}),
        "sentences": 10,
        "sentences_kept": 10,
        "refused": {},
        "dropped": False,
        "deadline_s": 4.5,
        "waited_s": 1.26,
        **more,
    }
    return NarrationRecord(**given)


def wording(**more: object) -> Wording:
    """A wording that was taken."""
    given = {
        "passage": "course",
        "facts": ("minutes.monitoring",),
        "template": ("Monitoring began at 08:00.",),
        "offered": ("At 08:00 monitoring began.",),
        "taken": True,
        "reasons": (),
        "words": (),
        **more,
    }
    return Wording(**given)


class TestLines:
    def test_all_well(self):
        """One line."""
        assert narration_lines(record()) == ["narration: the model worded 10 of 10 sentences in 1.3 s"]

    def test_what_came_too_late_is_told_alone(self):
        """What the model said in vain helps nobody then."""
        lines = narration_lines(record(dropped=True, sentences_kept=0, outcomes={"timeout": 3}))
        assert lines == ["narration: no time was left for what a model words; the template words the report"]

    def test_refusals_are_counted_by_reason(self):
        """One line more."""
        lines = narration_lines(record(sentences_kept=7, refused={"number": 2, "side": 1}))
        assert lines[1:] == ["narration: 3 wordings did not stand and are worded by template (number 2, side 1)"]

    def test_each_trouble_is_told_once(self):
        """However many questions had it."""
        lines = narration_lines(record(sentences_kept=0, outcomes={"ok": 1, "timeout": 2}))
        assert len(lines) == 2
        assert lines[1].startswith("narration: 2 of 3 questions without answer: the endpoint did not answer in time")

    @pytest.mark.parametrize("outcome", [row for row in Outcome if row not in (Outcome.OK, Outcome.CANCELLED)])
    def test_every_outcome_has_advice(self, outcome):
        """A code alone tells a person nothing."""
        line = narration_lines(record(outcomes={outcome.value: 3}))[1]
        advice = line.partition("answer: ")[2].partition("; the template")[0]
        assert " " in advice
        assert advice != outcome.value


class TestSideBySide:
    def test_of_nothing(self):
        """No wording, no line."""
        assert side_by_side([]) == []

    def test_both_texts_and_the_verdict(self):
        """Template left, model right, and that it was taken."""
        text = "\n".join(side_by_side([wording()]))
        assert "Monitoring began at 08:00." in text
        assert "| At 08:00 monitoring began." in text
        assert text.endswith("=> model")

    def test_why_it_was_refused(self):
        """Each reason once, with the word at fault."""
        row = wording(taken=False, reasons=("time", "number", "time"), words=("08:01", "", "08:01"))
        assert side_by_side([row])[-1] == "=> template: time (08:01), number"

    def test_nothing_was_offered(self):
        """That is not a refusal."""
        lines = side_by_side([wording(offered=(), taken=False)])
        assert lines[-1] == "=> template: none was offered"
        assert any("(nothing offered)" in line for line in lines)

    def test_each_passage_has_one_head(self):
        """In the order of the questions."""
        rows = [wording(), wording(), wording(passage="event-E1")]
        heads = [line.split()[0] for line in side_by_side(rows) if line.endswith("| model")]
        assert heads == ["course", "event-E1"]

    def test_long_texts_are_wrapped_and_complete(self):
        """No word is lost, however long either side is."""
        left, right = " ".join(f"left{n}" for n in range(60)), " ".join(f"right{n}" for n in range(200))
        lines = side_by_side([wording(template=(left,), offered=(right,))])
        words = " ".join(lines).split()
        assert [word for word in words if word.startswith("left")] == left.split()
        assert [word for word in words if word.startswith("right")] == right.split()
        assert max(map(len, lines)) <= 2 * 58 + 3
