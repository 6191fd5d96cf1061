"""The wording: clean sentences, the field's terms, nothing of cause or prognosis, short where nothing happened."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.document.blocks import Paragraph, Table
from report_gen.draft.model import Draft, Sentence, statements
from report_gen.draft.pattern import Piece, Slot
from report_gen.draft.patterns import SUBJECTS, entries, pattern
from report_gen.pipeline import prepare
from tests.cases.parts import at
from tests.cases.quiet import case, channel_of, with_alert
from tests.cases.reports import loaded
from tests.selection import over_samples

ROOT = Path(__file__).parents[2]
by_sample = over_samples(
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
    "invented_lumbar_fusion_screws",
    "invented_overnight_clock_change",
)
"""An alert with all that follows; a thin record; tests of screws; two days and two offsets of the clock."""

FORBIDDEN = (
    "due to", "caused by", "secondary to", "resulting from", "as a consequence", "because", "owing to", "led to",
    "no deficit", "intact", "no injury", "injury", "successful", "spared", "safe ", "woke", "predict", "prognos",
    "normal", "within normal limits", "stable", "uneventful", "unremarkable", "continuous monitoring", "throughout",
    "exclusive", "real-time", "real time", "promptly", "immediately", "completely", "always", "appropriate",
    "guideline", "compliant", "approved", "medically necessary", "true positive", "false positive", "false negative",
    "error", "blame", "negligen", "recovered", "firing", "passed",
)  # fmt: skip
"""Words that the program never writes of its own (clinical reference §7.1, §7.2)."""


@cache
def _draft(path: Path) -> Draft:
    return prepare(load_case(path)).draft


def _sentences(draft: Draft) -> list[Sentence]:
    found: list[Sentence] = []
    for section in draft.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                found.extend(block.sentences)
            elif isinstance(block, Table):
                found.extend(block.note)
    return found


def _text(data: dict) -> str:
    return "\n".join(text for _, text, _ in statements(prepare(loaded(data)).draft))


class TestEverySample:
    @by_sample
    def test_sentences_are_clean(self, path):
        """No template residue, doubled blanks or stops, empty brackets, or words of the programming language."""
        residue = re.compile(r"\{\{|\}\}|\{%|%\}|None\b|Undefined|\(\)|\( | \)|  | ,|,,|;;| ;|\.\.(?!\.)|\s\.|:\.")
        own = [row.text for row in _sentences(_draft(path)) if row.worded_by == "template"]
        assert [text for text in own if residue.search(text)] == []

    @by_sample
    def test_sentences_begin_and_end_as_sentences(self, path):
        """A capital, a figure or an event's name at the start; a stop, or the closing of a quotation, at the end."""
        own = [row.text for row in _sentences(_draft(path)) if row.worded_by == "template"]
        assert [text for text in own if not re.match(r"[A-Z0-9“\[]", text)] == []
        assert [text for text in own if not re.search(r"[.!?]”?\)?$", text)] == []

    @by_sample
    def test_no_sentence_stands_twice_in_a_section(self, path):
        """Saying a thing twice is a mistake of the writer."""
        for section in _draft(path).sections:
            texts = [row.text for block in section.blocks if isinstance(block, Paragraph) for row in block.sentences]
            assert [text for text in texts if texts.count(text) > 1] == []

    @by_sample
    def test_codes_of_the_contract_do_not_reach_the_page(self, path):
        """What a person reads is words, never `not_recorded` or `post_position`."""
        code = re.compile(r"\b[a-z]+_[a-z_]+\b")
        # Ids that a practice gave to its cases, and the places of values whose origin is stated, are no codes.
        data = json.loads(path.read_bytes())
        linked = {row["case_id"] for row in data.get("linked_cases", ()) if "case_id" in row}
        names = {_draft(path).report_id, path.stem, *linked, *(row["pointer"] for row in data.get("origins", ()))}
        odd = [
            text
            for where, text, _ in statements(_draft(path))
            if code.search(text)
            and not any(name in text for name in names)
            and not text.startswith("Note on this record:")
        ]
        assert odd == []

    @by_sample
    def test_sides_are_words(self, path):
        """Side is written out in sentences; L and R stand only in tables, figures and lists of readings."""
        for row in _sentences(_draft(path)):
            if row.worded_by == "template" and not re.search(r"\bL |\bR ", row.text):
                assert not re.search(r"\b(lt|rt)\b", row.text)


def _own_words(pieces: Iterable[Piece]) -> Iterator[str]:
    """What a pattern says of its own, apart from what fills its slots."""
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Slot):
            yield piece.words
        else:
            for way in piece.ways:
                yield from _own_words(way)


class TestThePatterns:
    WORDS = "\n".join(
        "".join(_own_words(pattern(f"{subject}.{key}").pieces)) for subject in SUBJECTS for key in entries(subject)
    )

    def test_hold_no_forbidden_word(self):
        """Cause, prognosis, praise and absolutes are not among the program's own words."""
        assert [word for word in FORBIDDEN if re.search(rf"\b{word}", self.WORDS.lower())] == []

    def test_hold_no_clinical_number(self):
        """Thresholds come from the case, never from a pattern."""
        assert re.findall(r"\d+", self.WORDS.replace("/5)", "")) == []


class TestAQuietCase:
    def test_has_no_alert_words(self):
        """Without an event the report says so once, in one sentence, and opens no section of events."""
        draft = prepare(loaded(case())).draft
        assert not any(section.id.startswith("event") for section in draft.sections)
        alarming = [
            text
            for where, text, _ in statements(draft)
            if re.search(r"\b(alert|loss|attenuat|told)\b", text)
            and where in ("result", "summary", "course", "impression")
            and not text.startswith("No lane for ")
        ]
        assert all("No alert, change or improvement" in text for text in alarming)

    def test_course_is_short(self):
        """A handful of sentences tells a case in which nothing happened."""
        draft = prepare(loaded(case())).draft
        course = next(section for section in draft.sections if section.id == "course")
        said = [row for block in course.blocks if isinstance(block, Paragraph) for row in block.sentences]
        assert len(said) <= 8


class TestAnAlert:
    def test_is_a_chain_in_order(self):
        """Onset, values, criterion, context, who was told, what was done, re-test, resolution: in that order."""
        draft = prepare(load_case(ROOT / "samples" / "valid" / "invented_scoliosis_mep_loss.json")).draft
        chain = next(section for section in draft.sections if section.id == "event-E1")
        parts = [block.label if isinstance(block, Paragraph) else "Values" for block in chain.blocks]
        assert parts == ["", "Values", "", "Context", "Notification", "Intervention", "Re-test", "Resolution"]

    def test_labels_no_paragraph_of_one_sentence(self):
        """A label over one sentence says what the sentence says; the ending keeps its own."""
        draft = prepare(load_case(ROOT / "samples" / "valid" / "invented_scoliosis_mep_loss.json")).draft
        account = next(section for section in draft.sections if section.id == "event-E1")
        paragraphs = [block for block in account.blocks if isinstance(block, Paragraph)]
        assert all(bool(row.label) == (len(row.sentences) > 1) for row in paragraphs if row.label != "Resolution")

    def test_says_what_is_missing_from_it(self):
        """An alert of which nothing else is recorded says so, link by link."""
        data = with_alert()
        for name in ("notifications", "interventions", "retests", "resolution", "context_note", "context"):
            data["events"][0].pop(name, None)
        channel_of(data, "mep-l")["measurements"].pop()
        text = _text(data)
        for words in (
            "Notification of the surgeon and the anesthesia team is not recorded.",
            "No intervention is recorded.",
            "A re-test is not recorded.",
            "A class of resolution is not recorded.",
            "Surgical context at the event is not recorded.",
        ):
            assert words in text


class TestMissingValues:
    @pytest.mark.parametrize(
        ("drop", "words"),
        [
            ("anesthesia", "Regimen: not recorded."),
            ("physiology", "Mean arterial pressure: not recorded."),
            ("equipment", "Equipment: not recorded."),
            ("criteria", "Alert criterion: not recorded"),
            ("order", "Ordered: not recorded"),
            ("diagnoses", "Diagnosis: not recorded"),
            ("communication", "Channel between operating room and professional: not recorded."),
            ("adverse_effects", "A check for adverse effects of monitoring is not recorded."),
            ("limitations", "A review of the limitations by the professional is not recorded."),
            ("opinion", "The interpreting professional's impression is not recorded."),
            ("professional_sessions", "Sessions of the interpreting professional: not recorded."),
            ("intervals", "Monitoring: times not recorded"),
            ("postoperative_examination", "Post-operative neurological examination: not recorded."),
        ],
    )
    def test_print_not_recorded(self, drop, words):
        """What the record lacks is said to be lacking, never filled in or passed over."""
        data = case()
        data.pop(drop, None)
        assert words in _text(data)


class TestGaps:
    def test_a_gap_is_stated_and_continuity_is_not_claimed(self):
        """A stretch without data stands in the limitations with its reason, and the word continuous nowhere."""
        data = case()
        monitoring = next(row for row in data["intervals"] if row["kind"] == "monitoring")
        gap = {"kind": "gap", "start_at": monitoring["start_at"], "reason": "cautery"}
        gap["end_at"] = (
            monitoring["start_at"].replace(":00-", ":30-", 1) if ":00-" in monitoring["start_at"] else at("23:59")
        )
        data["intervals"].append(gap)
        text = _text(data)
        assert "08:50 to 08:50:30 (electrocautery)." in text
        assert "electrocautery" in text
        assert "continuous" not in text.lower()


class TestTheImpression:
    def test_own_words_stand_verbatim(self):
        """The professional's text is printed to the letter, line breaks included, and marked as a person's."""
        words = "Motor: no change meeting criteria.\nSensory: as above.\n\nSee <b>course</b> & {{ table }}."
        data = case()
        person = next(row["id"] for row in data["people"] if row["role"] == "interpreting_professional")
        data["opinion"] = {"by": person, "impression": words, "entered_at": at("12:00")}
        draft = prepare(loaded(data)).draft
        section = next(section for section in draft.sections if section.id == "impression")
        own = [row for block in section.blocks for row in block.sentences if row.worded_by == "person"]
        assert [row.text for row in own] == [words]

    def test_without_them_a_proposal_is_marked_as_one(self):
        """A proposal is labelled, stands apart, and is worded by the template."""
        data = case()
        data.pop("opinion", None)
        draft = prepare(loaded(data)).draft
        section = next(section for section in draft.sections if section.id == "impression")
        (proposal,) = [block for block in section.blocks if block.proposed]
        assert proposal.label.startswith("Proposed from the record; not yet adopted")
        assert {row.worded_by for row in proposal.sentences} == {"template"}

    @by_sample
    def test_a_proposal_holds_no_forbidden_word(self, path):
        """Nothing of cause, prognosis or approval in what the program proposes."""
        section = next(section for section in _draft(path).sections if section.id == "impression")
        proposed = [row.text.lower() for block in section.blocks if block.proposed for row in block.sentences]
        plain = [re.sub(r"\(.*?\)|“.*?”", "", text) for text in proposed]
        assert [(word, text) for text in plain for word in FORBIDDEN if re.search(rf"\b{word}", text)] == []


class TestAnImprovement:
    def test_is_not_written_as_an_alert(self):
        """A response that rises after decompression is an improvement, with its percent, and raises no alarm."""
        draft = _draft(ROOT / "samples" / "valid" / "invented_improvement_decompression.json")
        summary = " ".join(text for where, text, _ in statements(draft) if where == "summary")
        assert "improvement" in summary
        assert "One alert" not in summary
