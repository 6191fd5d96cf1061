"""What may be re-worded: units that share no fact, values by how they may be said, nothing that is a person's own."""

from __future__ import annotations

from functools import cache

import pytest

from report_gen import load_case
from report_gen.document.blocks import Paragraph
from report_gen.draft import passages as passages_module
from report_gen.draft.model import Sentence
from report_gen.draft.passages import passages, plain_ids
from report_gen.draft.writer import write
from report_gen.facts.wording import NOT_RECORDED
from report_gen.pipeline import prepare
from tests.cases.parts import at, reading
from tests.cases.quiet import alert, case, with_alert
from tests.cases.reports import facts_of
from tests.selection import over_samples

by_sample = over_samples(
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
    "invented_lumbar_fusion_screws",
    "invented_overnight_clock_change",
)
"""An alert with all that follows; a thin record; tests of screws; two days and two offsets of the clock."""


@cache
def _read(path):
    """Passages, facts and draft of a sample."""
    report = prepare(load_case(path))
    return passages(report.draft, report.facts), report.facts, report.draft


def _of(data):
    """Passages and facts of a case."""
    facts = facts_of(data)
    return passages(write(facts, report_id="T-1"), facts), facts


def _said(found, fact):
    """How each value of a fact is said, wherever it is stated."""
    return {
        said.name: (said.text, said.how)
        for passage in found
        for unit in passage.offered
        for part in unit.parts
        if part.fact == fact
        for said in part.said
    }


class TestUnits:
    @by_sample
    def test_no_two_units_that_are_offered_share_a_fact(self, path):
        """A claimed fact leads to one unit."""
        for passage in _read(path)[0]:
            stated = [fact for unit in passage.offered for fact in unit.facts]
            assert len(stated) == len(set(stated))

    @by_sample
    def test_every_sentence_of_a_section_is_in_one_unit(self, path):
        """Nothing is lost and nothing is told twice."""
        found, _, draft = _read(path)
        for passage in found:
            section = next(row for row in draft.sections if row.id == passage.id)
            mine = [
                sentence
                for block in section.blocks
                if isinstance(block, Paragraph) and not block.verbatim
                for sentence in block.sentences
            ]
            units = [sentence for unit in passage.units for sentence in unit.template]
            assert sorted(row.text for row in units) == sorted(row.text for row in mine)

    @by_sample
    def test_keys_count_the_units_of_a_passage(self, path):
        """Short, and free of anything that a person chose."""
        for passage in _read(path)[0]:
            assert [unit.key for unit in passage.units] == [f"f{n}" for n in range(1, len(passage.units) + 1)]

    @by_sample
    def test_every_passage_offers_something(self, path):
        """A section with nothing to word is not a question."""
        assert all(passage.offered for passage in _read(path)[0])

    @by_sample
    def test_nothing_of_the_professional_is_offered(self, path):
        """Cause and impression are a person's own."""
        found, facts, _ = _read(path)
        authors = {facts.by_id[fact].author for passage in found for unit in passage.offered for fact in unit.facts}
        assert "professional" not in authors

    def test_sentences_that_share_a_fact_are_one_unit(self):
        """Onset and its severity; the reading that shows them is cited and is not part of what is worded."""
        found, _ = _of(with_alert(severity="marked"))
        unit = next(row for row in found if row.id == "event-E1").units[0]
        assert len(unit.template) == 2
        assert set(unit.facts) == {"event.E1", "event.E1.onset", "event.E1.reading.mep-l"}

    def test_a_cause_that_a_person_suspects_stays_with_the_template(self):
        """The unit is there and is not offered."""
        cause = {"causes": ["hypotension"], "by_role": "interpreting_professional", "by": "prof1"}
        found, _ = _of(with_alert(suspected_cause=cause))
        passage = next(row for row in found if row.id == "event-E1")
        (unit,) = [row for row in passage.units if "event.E1.cause" in row.facts]
        assert unit.parts == ()
        assert unit not in passage.offered

    def test_a_quotation_alone_is_not_worth_wording(self):
        """There is nothing to word about a person's own words."""
        found, _ = _of(with_alert(note="see the log"))
        passage = next(row for row in found if row.id == "event-E1")
        (unit,) = [row for row in passage.units if "event.E1.note" in row.facts]
        assert unit.parts == ()

    def test_only_summary_impression_course_and_events_are_passages(self):
        """Everything else is the template's."""
        found, _ = _of(case(events=[alert(), alert(id="E2")]))
        assert {row.id for row in found} <= {"summary", "impression", "course", "event-E1", "event-E2"}
        assert {"course", "event-E1", "event-E2"} <= {row.id for row in found}

    def test_a_unit_knows_its_event(self):
        """In the chain and in the course."""
        found, _ = _of(with_alert())
        about = {unit.about for passage in found for unit in passage.offered if "event.E1" in unit.facts}
        assert about == {"event.E1"}


class TestSaid:
    @by_sample
    def test_every_value_stands_in_the_template_or_is_said_in_its_own_words(self, path):
        """A wording is asked for no more than the template says."""
        for passage in _read(path)[0]:
            for unit in passage.offered:
                words = " ".join(sentence.text for sentence in unit.template).lower()
                hidden = [
                    said.text
                    for part in unit.parts
                    for said in part.said
                    if said.how in ("time", "name", "quote", "verbatim") and said.text.lower() not in words
                ]
                assert hidden == []

    @by_sample
    def test_no_value_is_said_as_not_recorded(self, path):
        """What is missing has no value."""
        texts = {s.text for p in _read(path)[0] for u in p.offered for part in u.parts for s in part.said}
        assert texts.isdisjoint({NOT_RECORDED, ""})

    @by_sample
    def test_a_slot_stands_for_one_text_of_one_sort(self, path):
        """And only times, names and quotations have one."""
        for passage in _read(path)[0]:
            said = [row for unit in passage.offered for part in unit.parts for row in part.said]
            assert all(bool(row.slot) == (row.how in ("time", "name", "quote")) for row in said)
            slots = {(row.slot, row.how, row.text) for row in said if row.slot}
            assert len(slots) == len({slot for slot, _, _ in slots})

    def test_times_names_and_quotations_are_hidden(self):
        """Roles, acts and values are shown."""
        told = [
            {
                "to": "surgeon",
                "to_person": "surg1",
                "by": "tech1",
                "at": at("10:02"),
                "acknowledged": "yes",
                "acknowledged_at": at("10:03"),
                "reply": "so be it",
            }
        ]
        found, _ = _of(with_alert(notifications=told))
        assert _said(found, "event.E1.notification.surgeon.1002") == {
            "to": ("surgeon", "free"),
            "to_name": ("Person Surg1", "name"),
            "by": ("technologist", "free"),
            "by_name": ("Person Tech1", "name"),
            "at": ("10:02", "time"),
        }
        assert _said(found, "event.E1.acknowledgement.surgeon.1002") == {
            "at": ("10:03", "time"),
        }, "the reply stands in the list of messages, and is worded by nobody"

    def test_a_remark_is_parted_from_the_reading_that_it_stands_behind(self):
        """The reading is shown, the remark is not."""
        value = {"state": "present", "description": "smaller than before"}
        found, _ = _of(with_alert(retests=[{"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": value}]}]))
        said = _said(found, "event.E1.retest.1015.reading.mep-l")
        assert said["description"] == ("smaller than before", "quote")
        assert all("smaller" not in text for text, how in said.values() if how == "free")

    def test_a_percentage_takes_the_place_of_its_value(self):
        """What the template does not say is not asked for."""
        found, _ = _of(with_alert())
        assert set(_said(found, "event.E1.retest.1015.reading.mep-l")) == {"short"}
        assert _said(found, "event.E1.retest.1015.reading.mep-l.change") == {
            "amplitude_pct_of_baseline": ("85%", "free")
        }

    @pytest.mark.parametrize(("side", "said"), [("left", "left"), ("bilateral", "both sides"), ("midline", None)])
    def test_the_side_of_an_act_is_said_where_the_template_says_it(self, side, said):
        """Both sides are one value."""
        act = {"code": "pause_surgery", "actor": "surgeon", "side": side, "at": at("10:05")}
        found, _ = _of(with_alert(interventions=[act]))
        assert _said(found, "event.E1.intervention.pause_surgery.1005").get("side", (None, ""))[0] in (said, side)

    def test_a_missing_time_is_no_value(self):
        """It is said as missing."""
        act = {"code": "pause_surgery", "actor": "surgeon"}
        found, _ = _of(with_alert(interventions=[act]))
        assert "at" not in _said(found, "event.E1.intervention.pause_surgery")


class TestPlainIds:
    @pytest.mark.parametrize(
        ("name", "plain"),
        [("E1", True), ("B12", True), ("smith", False), ("E", False), ("E1234", False), ("12", False)],
    )
    def test_an_id_that_a_person_could_have_chosen_is_hidden(self, name, plain):
        """Only a letter and a small number go out."""
        data = with_alert(id=name)
        found, facts = _of(data)
        assert plain_ids(facts) is plain
        hows = {
            said.how
            for passage in found
            for unit in passage.offered
            for part in unit.parts
            for said in part.said
            if said.name in ("id", "ids")
        }
        assert hows <= {"free" if plain else "name"}

    def test_one_other_id_hides_all(self):
        """They would be told apart by their absence."""
        assert not plain_ids(facts_of(case(events=[alert(), alert(id="x-ray")])))

    def test_a_case_without_events(self):
        """Has nothing to hide."""
        assert plain_ids(facts_of(case(events=[])))

    def test_a_reading_of_an_event_changes_no_id(self):
        """Ids depend on the record's references alone."""
        one, _ = _of(with_alert())
        two, _ = _of(with_alert(readings=[{"channel": "mep-l", "reading": reading(50.0)}]))
        assert [unit.id for unit in one[-1].units] == [unit.id for unit in two[-1].units]


class TestSharing:
    @pytest.mark.parametrize(
        ("facts", "runs"),
        [
            (["a", "b", "c"], ["0", "1", "2"]),
            (["a", "ab", "c"], ["01", "2"]),
            (["a", "b", "ab"], ["012"]),
            (["a", "b", "c", "bc", "ab"], ["01234"]),
            (["a", "b", "c", "d", "db"], ["0", "134", "2"]),
            (["a", "b", "ab", "c", "cb"], ["01234"]),
            ([], []),
        ],
    )
    def test_sentences_that_share_facts_are_one_run_in_the_place_of_the_first(self, facts, runs):
        """Directly, over a third sentence, and over one that joins two runs; a run keeps the order they joined in."""
        sentences = tuple(Sentence(str(place), tuple(names)) for place, names in enumerate(facts))
        found = ["".join(sorted(row.text for row in run)) for run in passages_module._sharing(sentences)]
        assert found == ["".join(sorted(run)) for run in runs]
