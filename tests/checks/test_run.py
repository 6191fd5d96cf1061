"""All findings together: order, coverage, plausibility, and no patient in any of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report_gen.checks import check
from report_gen.document.blocks import Paragraph
from report_gen.draft.model import Sentence
from report_gen.draft.writer import write
from report_gen.finding import CONCERNS
from tests.cases.parts import at, reading
from tests.cases.quiet import PATIENT, case, channel_of, with_alert
from tests.cases.reports import checked, facts_of, findings

CANARIES = [*PATIENT.values(), "Canary", "Zebrafinch", "MRN-7QX"]


def troubled():
    """A case with very many findings of every kind, and the patient's name wherever free text may hold it."""
    data = with_alert(
        side="right",
        note="Canary Zebrafinch 62%",
        context_note="Canary Zebrafinch 61%",
        resolution={"resolution_class": "full_return", "at": at("09:00")},
        notifications=[{"to": "surgeon"}],
        physiology=None,
        retests=[{"at": at("09:30"), "readings": [{"channel": "mep-l", "reading": reading(20.0)}]}],
    )
    data["opinion"]["impression"] = "Canary Zebrafinch: continuous, stable SSEP, 33%"
    for key in ("order", "adverse_effects", "communication", "limitations", "postoperative_examination"):
        del data[key]
    data |= {"indications": [], "attendance": [], "criteria": data["criteria"], "physiology": []}
    data["diagnoses"] = [{"text": "Canary Zebrafinch left", "side": "right", "icd10cm": "G51.32"}]
    data["surgery"] |= {"procedure": "Canary Zebrafinch left", "side": "right", "levels": []}
    data["milestones"] = [
        {"code": "incision", "at": at("09:00"), "label": "Canary Zebrafinch"},
        {"code": "skin_closed", "at": at("08:00"), "label": "MRN-7QX-CANARY"},
    ]
    gap = {"kind": "gap", "start_at": at("09:50"), "end_at": at("10:30"), "detail": "Canary Zebrafinch"}
    data["intervals"] = [*data["intervals"], gap]
    data["people"] = [{**row, "name": "Canary Zebrafinch", "credentials": []} for row in data["people"]]
    absent = {"state": "not_obtained", "reason": "other", "reason_detail": "Canary Zebrafinch"}
    channel_of(data, "ssep-l")["measurements"][0]["reading"] = absent
    for row in data["modalities"]:
        row.pop("recording")
        row.pop("baseline_review")
    return data


class TestFindings:
    def test_no_finding_names_the_patient(self):
        """Neither message nor question nor place, whatever free text holds."""
        found = checked(troubled()).findings
        assert len(found) > 30
        words = [f"{row.message} {row.question} {row.pointer} {row.code} {row.about} {row.subject}" for row in found]
        assert not [text for text in words for canary in CANARIES if canary in text]

    def test_blocking_findings_come_first_then_gates_then_consequence(self):
        """What stops the nearest gate is read first; then side, time, value, who was told; settings last."""
        found = checked(troubled()).findings
        order = [
            (row.severity != "block", ("draft", "sign", "claim").index(row.gate), CONCERNS.index(row.concern))
            for row in found
        ]
        assert order == sorted(order)
        assert (CONCERNS[:4], CONCERNS[-1]) == (("side", "time", "value", "told"), "settings")
        assert len({row.concern for row in found}) > 6

    def test_every_finding_is_complete(self):
        """Code, message, one question, somebody to ask, a source, and facts that exist."""
        report = checked(troubled())
        for row in report.findings:
            assert all((row.code, row.message, row.question, row.who, row.sources))
            assert set(row.facts) <= set(report.facts.by_id)
            assert row.contradiction == row.code.startswith("contradiction.")

    def test_an_unusual_value_warns(self):
        """A soft limit asks whether the value is right."""
        data = case()
        data["physiology"][0]["map_mmhg"] = 150.0
        found = findings(data, "limits.beyond_soft")
        assert [(row.severity, row.gate, row.pointer) for row in found] == [("warn", "draft", "/physiology/0/map_mmhg")]

    def test_the_same_case_gives_the_same_findings(self):
        """Nothing depends on chance."""
        assert checked(troubled()).findings == checked(troubled()).findings


class TestCoverage:
    @pytest.fixture
    def facts(self):
        """Facts of the complete case."""
        return facts_of(case())

    def test_a_fact_that_is_not_stated_blocks_signing(self, facts):
        """An omission is a defect of the writer."""
        draft = write(facts, report_id="T-1")
        empty = replace(draft, sections=(), running_header=())
        found = [row for row in check(facts, empty).findings if row.code == "coverage.fact_not_stated"]
        assert {row.facts[0] for row in found} == {fact.id for fact in facts if fact.must_state}
        assert {(row.severity, row.gate) for row in found} == {("block", "sign")}

    @pytest.mark.parametrize("cited", [(), ("no.such.fact",)])
    def test_a_statement_without_a_fact_blocks_signing(self, facts, cited):
        """Nothing in the report that is not in the record."""
        draft = write(facts, report_id="T-1")
        odd = replace(draft.sections[0], blocks=(Paragraph((Sentence("Invented.", cited),)),))
        report = check(facts, replace(draft, sections=(*draft.sections, odd)))
        assert "coverage.statement_without_fact" in {row.code for row in report.findings}
        assert report.blocked("sign")
