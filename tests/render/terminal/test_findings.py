"""Findings as a list of questions: first what can be made, then who is asked, the gravest first."""

from __future__ import annotations

import re

from report_gen.errors import Problem
from report_gen.render.questions import questions
from report_gen.render.terminal.findings import blocked_lines, finding_lines, problem_lines
from tests.cases.parts import reading
from tests.cases.quiet import case, changed, closing, with_alert
from tests.cases.reports import findings
from tests.checks.test_required import drop, every_channel, no_phase


def lines(data, **how):
    """The text of `check` for a case."""
    return list(finding_lines(findings(data), **{"everything": True, **how}))


def thin():
    """A case with much to ask: two events without time and side, and no settings."""
    data = with_alert()
    data["events"].append({**data["events"][0], "id": "E2"})
    for row in data["events"]:
        row.pop("onset_at")
        row["side"] = "not_recorded"
    for row in data["modalities"]:
        row.pop("stimulation")
        row.pop("recording")
        row.pop("baseline_review")
    for key in ("order", "limitations", "postoperative_examination"):
        del data[key]
    data["physiology"] = []
    return data


class TestTheFirstLine:
    def test_says_that_all_is_well(self):
        """Nothing is open."""
        assert lines(case()) == ["Draft can be made. It can be signed."]

    def test_says_who_has_to_answer_before_signing(self):
        """By number and respondent."""
        first = lines(changed(drop("opinion")))[0]
        assert first == "Draft can be made. Before signing: 1 question (interpreting professional 1)."

    def test_says_that_no_draft_can_be_made(self):
        """And what stops it."""
        first = lines(changed(every_channel("tcmep", no_phase("closing"))))[0]
        assert first.startswith("Draft cannot be made: 1 question (technologist 1) first.")

    def test_counts_what_closes_no_gate_apart(self):
        """A warning is no condition."""
        first = lines(changed(drop("adverse_effects")))[0]
        assert first == "Draft can be made. It can be signed. 1 more closes no gate."

    def test_leads_a_refusal_too(self):
        """`generate` says the same, with what stops the draft alone."""
        text = list(blocked_lines(findings(changed(every_channel("tcmep", no_phase("closing"))))))
        assert text[0].startswith("Draft cannot be made: 1 question")
        assert text[1:] == ["  1. What was the closing TcMEP reading? [before the draft]"]


class TestTheList:
    def test_groups_by_who_can_answer(self):
        """Technologist, professional, then the others, whose warnings wait for --all."""
        text = lines(thin())
        headings = [line for line in text if line and not line.startswith(" ")][1:]
        assert [re.sub(r"\d+", "n", line).partition("(")[0] for line in headings] == [
            "The technologist can answer now ",
            "For the professional at signing ",
            "For others ",
        ]
        assert headings[2].endswith("[--all]")
        assert len(lines(thin(), whole=True)) > len(text)

    def test_puts_side_and_time_before_settings(self):
        """The gravest first."""
        text = "\n".join(lines(thin()))
        assert text.index("Which side did E1 affect?") < text.index("stimulation settings")

    def test_asks_once_what_one_answer_settles(self):
        """Both events in one question, both modalities in another."""
        text = lines(thin())
        side = [line for line in text if "Which side did" in line]
        assert len(side) == 1
        assert side[0].count("Which side did") == 1
        assert "The same of E2" in side[0]
        assert len([line for line in text if "stimulation settings" in line]) == 1
        assert len([line for line in text if "baselines, when" in line]) == 1

    def test_numbers_run_through(self):
        """One list."""
        numbers = [int(found[1]) for line in lines(thin(), whole=True) if (found := re.match(r"  (\d+)\. ", line))]
        assert numbers == [*range(1, len(numbers) + 1)]

    def test_names_response_and_time_and_no_place_in_the_file(self):
        """Pointer and code stand in JSON."""
        text = "\n".join(lines(closing(thin(), "mep-r", reading(0.36)), whole=True))
        assert "right abductor hallucis TcMEP at 11:46" in text
        assert not re.search(r"/(?:events|channels|people|modalities)/|required\.|contradiction\.|limits\.", text)

    def test_asks_people_by_what_they_are_called(self):
        """`anesthesia team`, `scheduling office`."""
        text = "\n".join(lines(thin(), whole=True))
        assert "anesthesia team: " in text
        assert "scheduling office: " in text
        assert not re.search(r"\bthe (?:anesthesia|schedule)\b[:.]", text)

    def test_shows_answers(self):
        """With what they answer, and without anybody's name or words: these stand in the report."""
        data = changed(drop("adverse_effects"))
        answer = {
            "finding": "required.adverse_effects",
            "answer": "no",
            "reason": "sent to another ward",
            "by": "tech1",
        }
        data["answers"] = [answer]
        text = lines(data)
        assert text[:2] == ["Draft can be made. It can be signed.", "Answered (1):"]
        assert "Answered: no (technologist)." in text[2]


class TestQuestions:
    def test_cover_every_open_finding_once(self):
        """Nothing is dropped by joining."""
        rows = findings(thin())
        assert sorted(finding.code for row in questions(rows) for finding in row.findings) == sorted(
            row.code for row in rows
        )


class TestProblems:
    def test_alike_are_said_once(self):
        """Six dates of a night case are one mistake."""
        rows = [
            Problem("case.order", "error", f"/intervals/{n}/end_at", "an end after its start", "Correct it.")
            for n in range(6)
        ]
        text = list(problem_lines(rows))
        assert sum("an end after its start" in line for line in text) == 1
        assert "  and 3 further places" in text
