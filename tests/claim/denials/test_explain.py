from __future__ import annotations

from datetime import date

import pytest

from report_gen.claim.denials.explain import DenialAdvice, Needed, explain
from report_gen.render.terminal.denial import denial_lines
from report_gen.rules.denials import denials
from tests.cases.story import assessed, data

UNSIGNED = ("/report/signed_at", "/report/signed_by")


@pytest.fixture(scope="module")
def signed():
    """The case with everything recorded."""
    return assessed()


@pytest.fixture(scope="module")
def unsigned():
    """The same case before the professional signs."""
    return assessed(removed=UNSIGNED)


def instruments(advice: DenialAdvice) -> list[str]:
    """Instruments in the order of the advice."""
    return [step.instrument for step in advice.steps]


def document(advice: DenialAdvice, name: str) -> Needed:
    """One document of the advice."""
    return next(row for row in advice.documents if row.id == name)


class TestCodes:
    @pytest.mark.parametrize("words", ["97", "CO-97", "co 97", "CO97", " PR-97 ", "CARC 97", "097"])
    def test_are_read_with_and_without_their_group(self, words):
        """As a remittance, a portal or a person writes them."""
        assert explain(words).code == "97"

    @pytest.mark.parametrize(("words", "code"), [("b15", "B15"), ("CO-B7", "B7"), ("pr 204", "204"), ("P4", "P4")])
    def test_keep_their_letter(self, words, code):
        """Letters are part of the code."""
        advice = explain(words)
        assert advice.code == code
        assert advice.known

    def test_the_group_says_who_bears_it(self):
        """Only where one was given."""
        assert "patient" in explain("PR-204").group
        assert explain("204").group == ""

    @pytest.mark.parametrize("words", ["999", "Z9", "", "no code at all", "CO-"])
    def test_unknown_is_said_and_never_guessed(self, words):
        """With the date of the list that does not have it."""
        advice = explain(words)
        assert not advice.known
        assert advice.status == "unknown"
        assert advice.steps == advice.documents == advice.clocks == ()
        assert denials().checked_on.isoformat() in " ".join(advice.notes)

    def test_words_that_are_no_code_are_not_echoed(self):
        """A name typed by mistake does not come back."""
        assert "Testcase" not in " ".join(denial_lines(explain("Testcase, Isidor", "Isidor", "Isidor")))

    def test_a_remark_in_place_of_a_reason_is_told_apart(self):
        """It is still of use."""
        advice = explain("N122")
        assert not advice.known
        assert advice.remark == "N122"
        assert document(advice, "base_line")
        assert "N122 is a remark code; give it with --remark" in " ".join(advice.notes)
        assert "reason codes (list" not in " ".join(advice.notes)

    @pytest.mark.parametrize(("words", "code"), [("ma130", "MA130"), ("CO-N122", "N122"), ("RARC N706", "N706")])
    def test_a_misplaced_remark_is_read_in_any_form(self, words, code):
        """With letters that no reason code has, too."""
        advice = explain(words)
        assert (advice.known, advice.code, advice.remark) == (False, code, code)
        assert advice.remark_meaning
        assert denial_lines(advice)[0] == f"{code}: no reason code."
        assert any(row.startswith(f"{code} is a remark code; give it with --remark") for row in advice.notes)

    def test_a_misplaced_remark_that_the_table_lacks(self):
        """Still a remark code, and still not guessed."""
        advice = explain("N999")
        assert (advice.known, advice.remark, advice.remark_meaning, advice.steps) == (False, "N999", "", ())
        said = " ".join(advice.notes)
        assert "N999 is a remark code; give it with --remark" in said
        assert "remark code is not in our table" in said

    def test_an_unknown_remark_is_said(self):
        """And the reason code is explained all the same."""
        advice = explain("16", "N999")
        assert advice.remark_meaning == ""
        assert any("remark code is not in our table" in row for row in advice.notes)

    @pytest.mark.parametrize("code", ["15", "B2", "B5"])
    def test_a_dead_code_says_since_when_and_what_now(self, code):
        """And nothing is to be sent for it."""
        advice = explain(code, None, "commercial")
        row = denials().carc_of(code)
        assert row is not None
        assert advice.deactivated == row.deactivated
        assert [name for name, _ in advice.instead] == list(row.instead)
        assert instruments(advice) == ["none"]
        assert advice.clocks == ()
        assert any(f"Deactivated {row.deactivated}" in line for line in denial_lines(advice))

    @pytest.mark.parametrize("row", [row for row in denials().carc if row.instead], ids=lambda row: row.code)
    def test_a_dead_code_lists_the_documents_of_what_is_used_today(self, row, signed):
        """Its own first; an old number on a letter is answered with today's documents."""
        advice = explain(row.code, assessment=signed)
        wanted = list(row.documents)
        for code in row.instead:
            wanted += denials().carc_of(code).documents
        assert [entry.id for entry in advice.documents] == list(dict.fromkeys(wanted))
        assert advice.documents
        assert all(f"Document: {entry.label}" in "\n".join(denial_lines(advice)) for entry in advice.documents)


class TestInstruments:
    def test_medicare_16_with_ma130_is_a_new_claim(self):
        """Its clock is that of a first claim."""
        advice = explain("CO-16", "MA130", "medicare_ffs")
        assert instruments(advice) == ["new_claim"]
        assert [run.id for run in advice.clocks] == ["medicare_filing"]

    def test_commercial_4_is_a_corrected_claim_with_frequency_7(self):
        """With the number of the original."""
        advice = explain("4", None, "commercial")
        assert instruments(advice) == ["corrected_claim"]
        assert "frequency code 7" in advice.steps[0].how

    def test_medicare_takes_no_frequency_7(self):
        """Reopening or appeal, and why."""
        advice = explain("4", None, "medicare_ffs")
        assert instruments(advice) == ["reopening", "appeal"]
        assert "no frequency code 7" in advice.steps[0].why
        assert any("AAPC" in row for row in advice.sources)

    def test_nothing_tells_medicare_to_send_a_corrected_claim(self):
        """For no reason code at all."""
        told = {row.code: instruments(explain(row.code, None, "medicare_ffs")) for row in denials().carc}
        assert [code for code, found in told.items() if "corrected_claim" in found] == []

    def test_nothing_with_ma130_goes_to_appeal(self):
        """For no reason code and no payer."""
        told = {row.code: instruments(explain(row.code, "MA130")) for row in denials().carc}
        assert [code for code, found in told.items() if {"appeal", "reopening", "corrected_claim"} & set(found)] == []

    def test_without_a_payer_the_exception_is_a_note(self):
        """The reader decides whether it is Medicare."""
        advice = explain("4")
        assert advice.payer_class == "unknown"
        assert instruments(advice) == ["corrected_claim"]
        assert any("Medicare Part B takes no frequency code 7" in row for row in advice.notes)

    @pytest.mark.parametrize("words", ["medicare_ffs", "Medicare fee-for-service", " MEDICARE FEE-FOR-SERVICE "])
    def test_a_payer_class_is_taken_by_code_or_name(self, words):
        """In any case."""
        assert explain("4", None, words).payer_class == "medicare_ffs"

    def test_a_payer_class_that_we_do_not_have_is_said(self):
        """Instead of being taken for another."""
        advice = explain("4", None, "mutual of nowhere")
        assert advice.payer_class == "unknown"
        assert any("not one of ours" in row for row in advice.notes)


class TestCase:
    def test_252_on_a_signed_case_lists_the_signed_report(self, signed):
        """With its place in the case file."""
        report = document(explain("252", assessment=signed), "signed_report")
        assert report.state == "there"
        assert "/report" in [row.pointer for row in report.evidence]

    def test_252_on_an_unsigned_case_says_what_is_missing(self, unsigned):
        """And names the rule that is open."""
        advice = explain("252", assessment=unsigned)
        assert "signed_report" in [row.id for row in advice.missing]
        assert "unsigned" in document(advice, "signed_report").note
        assert "signature" in [row.code for row in advice.findings]

    def test_every_pointer_of_a_document_leads_into_the_case(self, signed):
        """No pointer leads nowhere."""
        for code in ("50", "151", "252"):
            for row in explain(code, assessment=signed).documents:
                for evidence in row.evidence:
                    node = data()
                    for step in evidence.pointer.split("/")[1:]:
                        node = node[int(step)] if isinstance(node, list) else node[step]

    def test_without_a_log_there_is_no_time_log(self):
        """The units cannot be defended."""
        advice = explain("151", assessment=assessed(removed=("/professional_sessions/0",)))
        assert document(advice, "time_log").state == "open"
        assert "reader_log" in [row.code for row in advice.findings]

    def test_only_findings_that_invite_the_denial_are_listed(self, unsigned):
        """Others are not its business."""
        advice = explain("B7", assessment=unsigned)
        assert all("B7" in row.denials for row in advice.findings)
        assert "signature" not in [row.code for row in advice.findings]

    def test_the_payer_is_that_of_the_case(self, signed):
        """Unless another one is named."""
        assert explain("4", assessment=signed).payer_class == "medicare_ffs"
        assert explain("4", None, "commercial", signed).payer_class == "commercial"

    def test_without_a_case_nothing_is_said_of_its_documents(self):
        """Neither there nor missing."""
        advice = explain("252")
        assert {row.state for row in advice.documents} == {"no_case"}
        assert advice.findings == ()
        assert advice.missing == ()

    def test_what_no_record_holds_is_to_be_found_elsewhere(self, signed):
        """It is not called missing from the case."""
        advice = explain("55", assessment=signed)
        assert document(advice, "literature").state == "not_in_record"


class TestClocks:
    def test_the_first_appeal_runs_from_receipt(self):
        """Later levels run from decisions that are not known yet."""
        advice = explain("50", None, "medicare_ffs", received_on=date(2026, 10, 1))
        days = {run.id: run.last_day for run in advice.clocks}
        assert days["medicare_redetermination"] == date(2027, 1, 29)
        assert days["medicare_reconsideration"] is None

    def test_no_day_without_a_day_of_receipt(self):
        """Days, and no date."""
        advice = explain("50", None, "medicare_ffs")
        assert advice.clocks
        assert all(run.last_day is None for run in advice.clocks)

    def test_a_new_claim_is_due_a_year_after_the_service(self, signed):
        """The date of service is known from the case."""
        advice = explain("16", "MA130", assessment=signed)
        assert [run.last_day for run in advice.clocks] == [date(2027, 9, 15)]

    def test_a_service_on_a_leap_day_is_due_on_the_last_of_february(self):
        """The earlier of the two readings."""
        advice = explain("16", "MA130", assessment=assessed(on=date(2028, 2, 29)))
        assert [run.last_day for run in advice.clocks] == [date(2029, 2, 28)]

    def test_a_decision_that_stands_starts_no_first_level(self):
        """Which level it ended is not known here."""
        advice = explain("193", None, "medicare_ffs", received_on=date(2026, 10, 1))
        assert all(run.last_day is None for run in advice.clocks)

    def test_business_days_are_not_turned_into_a_date(self):
        """Holidays differ."""
        advice = explain("204", "N877", "commercial", received_on=date(2026, 10, 1))
        run = next(run for run in advice.clocks if run.id == "open_negotiation")
        assert run.limit == "30 business days"
        assert run.last_day is None

    def test_the_no_surprises_clocks_need_their_signal(self):
        """A commercial payer alone is not enough."""
        ids = [run.id for run in explain("204", None, "commercial").clocks]
        assert "open_negotiation" not in ids
        assert "internal_appeal" in ids

    def test_clocks_of_other_payers_do_not_run(self):
        """A commercial denial has no Medicare levels."""
        assert not [run for run in explain("50", None, "commercial").clocks if run.id.startswith("medicare")]

    def test_an_old_list_is_said(self):
        """By the day of the remittance, as no clock is read."""
        assert any("older" in row for row in explain("50", received_on=date(2026, 10, 1)).notes)
        assert not any("older" in row for row in explain("50", received_on=date(2024, 7, 1)).notes)


class TestLines:
    def test_every_code_reads_as_text(self, unsigned):
        """Gloss first, sources and date last."""
        received = date(2026, 10, 1)
        texts = [
            (row, denial_lines(explain(row.code, assessment=unsigned, received_on=received))) for row in denials().carc
        ]
        assert [row.code for row, lines in texts if row.gloss not in lines[0]] == []
        assert [row.code for row, lines in texts if not any(line.startswith("Source: ") for line in lines)] == []
        assert [row.code for row, lines in texts if denials().checked_on.isoformat() not in lines[-1]] == []

    def test_the_text_names_nobody(self, unsigned):
        """No name, number or identifier of the case."""
        words = " ".join(denial_lines(explain("50", "N115", assessment=unsigned, received_on=date(2026, 10, 1))))
        raw = data()
        for name in (raw["patient"]["name"], raw["patient"]["mrn"], *(row["name"] for row in raw["people"])):
            assert name not in words
        assert "0000000011" not in words

    def test_the_same_advice_reads_the_same(self, signed):
        """Word for word."""
        first = explain("252", "N706", assessment=signed)
        assert denial_lines(first) == denial_lines(explain("252", "N706", assessment=signed))
