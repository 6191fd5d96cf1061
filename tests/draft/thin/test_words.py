"""What a thin record does not say is not denied, forced or told twice, and words stand where it has no code."""

from __future__ import annotations

from tests.cases.parts import at, baseline, channel, criterion, measurement, reading
from tests.cases.quiet import case
from tests.cases.reports import codes
from tests.cases.thin import event, page, thin


def said(**fields):
    """What the report prints, the event having these fields."""
    return page(thin(events=[event(**fields)]))


LEG = {"id": "mep-leg-l", "modality": "mep_unspecified", "side": "left", "region": "leg"}


def of_leg(*rows, **parts):
    """The report of a record whose leg has these measurements."""
    return page(thin(channels=[{**LEG, "measurements": list(rows)}], **parts))


def retest(**fields):
    """A re-test of the leg in which a response was seen."""
    return {"readings": [{"channel": "mep-leg-l", "reading": {"state": "present"}} | fields]}


class TestWhatIsDenied:
    def test_a_time_of_a_reading_is_not_denied_of_its_re_test(self):
        """A2: the reading has a time in words; only without any is the time said to be missing."""
        lines = said(retests=[retest(when={"words": "six minutes on"})])
        assert "L leg present, six minutes on." in lines
        assert not [line for line in lines if line.startswith("At a time not recorded: L leg")]
        assert "At a time not recorded: L leg present." in said(retests=[retest()])

    def test_a_test_without_a_result_is_no_missing_threshold(self):
        """A5: what the test showed is not recorded; that no threshold was found is said of a tested response alone."""
        test = {"kind": "not_stated", "side": "right", "region": "back"}
        for outcome, expected in (("not_recorded", False), ("no_response", True)):
            lines = page(thin(events=[], threshold_tests=[{**test, "outcome": outcome}]))
            assert bool([line for line in lines if "no threshold found" in line]) is expected

    def test_of_two_kinds_of_change_neither_is_said_to_have_happened(self):
        """A7: fell or was lost; nobody is asked who was told that it was lost."""
        for order, count in (("either", 0), ("in_order", 1)):
            data = thin(events=[event(further_directions=["loss"], direction_order=order)])
            assert codes(data).count("contradiction.lost_without_notification") == count

    def test_a_channel_without_a_test_was_not_tested(self):
        """A2: nothing says that it was tested at some time."""
        lines = page(thin(communication={"channel": "phone"}))
        assert [line for line in lines if "test not recorded" in line]
        assert not [line for line in lines if "tested at" in line]


class TestWhatIsFarFromBaseline:
    def test_a_response_as_at_baseline_is_not_far_from_it(self):
        """B4: hard to elicit at the start and at the end is no change, and nothing outside of events either."""
        rows = [{"phase": phase, "reading": {"state": "hard_to_elicit"}} for phase in ("baseline", "closing")]
        assert not [line for line in of_leg(*rows, events=[]) if "owest" in line or "utside of any" in line]

    def test_the_time_of_an_event_is_not_that_of_its_re_test(self):
        """A1: the re-test came later, and when is not recorded."""
        gone = {"readings": [{"channel": "mep-leg-l", "reading": {"state": "absent"}}]}
        rows = [{"phase": "baseline", "reading": {"state": "present"}}]
        lines = of_leg(*rows, events=[event(when={"words": "early on"}, direction="change", retests=[gone])])
        assert "absent (E1, re-test 1)" in lines

    def test_no_criterion_is_mentioned_where_none_is_recorded(self):
        """B12: neither in the counts nor below the table of closing readings."""
        rows = [
            {"phase": phase, "reading": {"state": "measured", "amplitude_uv": size}}
            for phase, size in (("baseline", 100.0), ("closing", 90.0))
        ]
        lines = of_leg(*rows, events=[])
        assert "At closing: left leg MEP 90% of baseline." in lines
        assert not [line for line in lines if "criterion in force" in line]


class TestWordsInsteadOfACode:
    def test_a_cause_without_a_code_stands_beside_the_coded_one(self):
        """A8: hypotension or something else is not hypotension."""
        cause = {"causes": ["hypotension", "other"], "joined_by": "or", "by_role": "surgeon", "statement": "or stretch"}
        assert [line for line in said(stated_causes=[cause]) if "hypotension or another cause (“or stretch”)." in line]

    def test_a_reason_without_a_code_is_told_in_its_words_alone(self):
        """Of a modality, of a reading and of a gap; without words, that it is another one."""
        declined = {"modality": "tcmep", "performed": False, "not_performed_reason": "other"}
        told_why = {**declined, "not_performed_detail": "called off"}
        assert "TcMEP: not performed (called off)." in page(thin(events=[], channels=[], modalities=[told_why]))
        assert "TcMEP: not performed (other)." in page(thin(events=[], channels=[], modalities=[declined]))
        unread = {"state": "not_monitored", "reason": "other", "reason_detail": "side not opened"}
        assert "not monitored (side not opened)" in of_leg({"phase": "closing", "reading": unread}, events=[])
        gap = {
            "kind": "gap",
            "reason": "other",
            "detail": "drill noise",
            "start_at": at("10:00"),
            "end_at": at("10:10"),
        }
        lines = page(thin(intervals=[gap]))
        assert "10:00 to 10:10 (drill noise)." in lines
        assert "data gap: drill noise" in lines

    def test_a_pattern_without_a_code_is_told_in_its_words_alone(self):
        """A few slow waves are no `other pattern`."""
        wave = {"state": "measured", "pattern": "other", "description": "a few slow waves"}
        emg = {"id": "emg", "modality": "emg_unspecified", "side": "left", "region": "leg"}
        data = thin(events=[], channels=[{**emg, "measurements": [{"phase": "intraop", "reading": wave}]}])
        data["modalities"] = [{"modality": "emg_unspecified", "performed": True}]
        lines = page(data)
        assert "a few slow waves" in lines
        assert not [line for line in lines if "other pattern" in line or "waves (a few" in line]

    def test_a_role_without_a_code_is_a_person(self):
        """Nobody is `the other`."""
        lines = said(notifications=[{"to": "other"}], interventions=[{"code": "irrigate", "actor": "other"}])
        assert "At a time not recorded, the person in another role irrigated the field." in lines
        assert [line for line in lines if line.startswith("The person in another role was told;")]

    def test_a_review_by_nobody_named(self):
        """Accepted, and by whom is not recorded; no empty place in the sentence."""
        review = {"acceptance": "accepted"}
        data = thin(modalities=[{"modality": "mep_unspecified", "performed": True, "baseline_review": review}])
        expected = "The MEP baselines were reviewed and accepted; the time is not recorded; by whom is not recorded."
        assert expected in page(data, "course")

    def test_a_time_is_approximate_once(self):
        """`about 08:30 (during positioning)`, and a length that the words hold is not told again."""
        during = {"relation": "during", "phase": "positioning", "approximate": True}
        lines = said(onset_at=at("08:30"), when=during)
        assert [line for line in lines if line.startswith("At about 08:30 (during positioning), ")]
        later = {
            "relation": "after",
            "previous_entry": True,
            "amount": 10,
            "unit": "min",
            "words": "normal 10 min later",
        }
        lines = said(resolution={"resolution_class": "within_baseline_limits", "when": later})
        assert "Within baseline limits normal 10 min later." in lines


class TestPageOne:
    def test_what_occurred_is_named(self):
        """B13: an occurrence says what it is."""
        torn = event(event_class="occurrence", direction="none", channels=[], occurrences=[{"code": "dural_tear"}])
        torn.pop("modality")
        assert "Occurrence (E1), time not recorded: dural tear." in page(thin(events=[torn]), "result")

    def test_a_cancelled_case_was_not_monitored(self):
        """B11: that no alert is recorded is not the whole answer."""
        declined = [{"modality": "tcmep", "performed": False, "not_performed_reason": "not_requested"}]
        lines = page(thin(events=[], channels=[], modalities=declined), "result")
        assert lines[:2] == ["Nothing was monitored.", "No alert, change or improvement is recorded."]

    def test_a_reading_that_an_event_tells_is_in_it(self):
        """An observation of the same response and time: not outside of any event, and its time once."""
        burst = {"state": "measured", "pattern": "burst"}
        emg = {"id": "mep-leg-l", "modality": "emg_free_run", "side": "left", "muscle": "tibialis_anterior"}
        rows = [{"phase": "baseline", "at": at("08:00"), "reading": {"state": "measured", "pattern": "silent"}}]
        rows.append({"phase": "intraop", "at": at("09:57"), "reading": burst})
        seen = event(event_class="observation", modality="emg_free_run", direction="new_activity", onset_at=at("09:57"))
        seen["readings"] = [{"channel": "mep-leg-l", "reading": burst}]
        data = thin(events=[seen], channels=[{**emg, "measurements": rows}])
        data["modalities"] = [{"modality": "emg_free_run", "performed": True}]
        lines = page(data)
        assert not [line for line in lines if "Outside of any recorded event" in line or "09:57 and" in line]
        data["channels"][0]["measurements"][1]["at"] = at("10:57")
        assert [line for line in page(data) if "Outside of any recorded event" in line and "10:57" in line]


class TestFarthest:
    def test_none_is_said_of_a_modality_that_has_several(self):
        """B4: two motor responses are down alike; the one ulnar response farthest is said of its own modality alone."""
        data = case(events=[])
        data["channels"] = [
            channel(
                name,
                modality,
                "left",
                [baseline("08:30", reading(before)), measurement("closing", "11:45", reading(after))],
                **site,
            )
            for name, modality, before, after, site in (
                ("u", "ssep_upper", 2.0, 1.84, {"nerve": "ulnar"}),
                ("a", "tcmep", 100.0, 70.0, {"muscle": "tibialis_anterior"}),
                ("b", "tcmep", 100.0, 70.1, {"muscle": "abductor_hallucis"}),
            )
        ]
        data["modalities"] = [{"modality": code, "performed": True} for code in ("ssep_upper", "tcmep")]
        limit = ("amplitude_decrease_pct", 50.0)
        data["criteria"] = [criterion(f"x-{code}", code, limit) for code in ("ssep_upper", "tcmep")]
        data["threshold_tests"] = []
        lines = page(data, "modalities")
        assert "No TcMEP reading met the criterion." in lines
        said_of = [line for line in lines if "largest change" in line]
        assert len(said_of) == 1
        assert "ulnar" in said_of[0]
        assert "TcMEP" not in said_of[0]


WAKING = {"kind": "waking", "at": at("14:00"), "text": "moved both legs"}
LATER = {"kind": "follow_up", "when": {"relation": "after", "phase": "operation", "amount": 5, "unit": "d"}}
THEN = {"kind": "imaging", "when": {"relation": "after", "previous_entry": True}, "result": "a clot"}
EXAM = {"availability": "performed", "new_deficit": "new", "at": at("15:00")}


class TestOrderAfterSurgery:
    def kinds(self, course, exam):
        """The first word of each line about the time after surgery, on page one and in its section."""
        data = thin(events=[], postoperative_course=course, postoperative_examination=exam)
        found = []
        for section in ("result", "after"):
            words = [line.split()[0].strip(",:") for line in page(data, section)]
            found.append([word for word in words if word in ("Waking", "Follow-up", "Imaging", "Post-operative")])
        assert found[0] == found[1]
        return found[0]

    def test_what_comes_days_later_is_never_told_before_the_examination(self):
        """B15: the follow-up has no clock time and stands behind the waking in the record."""
        later = {**LATER, "deficit": "improved"}
        assert self.kinds([WAKING, later], EXAM) == ["Waking", "Post-operative", "Follow-up"]

    def test_what_is_told_from_the_entry_before_it_stays_behind_it(self):
        """`Then` would else be said of the examination."""
        assert self.kinds([WAKING, THEN], EXAM) == ["Waking", "Imaging", "Post-operative"]

    def test_a_waking_without_a_time_comes_before_an_examination(self):
        """An untimed examination stands first, as in the record."""
        untimed = {"kind": "waking", "text": "woke"}
        assert self.kinds([untimed], EXAM) == ["Waking", "Post-operative"]
        assert self.kinds([untimed], {"availability": "performed"}) == ["Post-operative", "Waking"]


class TestStops:
    def test_own_words_bring_no_second_stop(self):
        """Of a step at an event, and of the reason of a new baseline."""
        note = "Cord in view."
        lines = said(context=["osteotomy"], context_note=note)
        assert "“Cord in view.”" in lines[lines.index("Change, left leg MEP") + 1]
        reset = {"at": at("10:00"), "reason": "Slow fall of all."}
        lines = page(thin(modalities=[{"modality": "mep_unspecified", "performed": True, "baseline_resets": [reset]}]))
        assert [
            line
            for line in lines
            if "was reset at 10:00: Slow fall of all; by whom it was authorized is not recorded." in line
        ]


class TestNobody:
    def test_where_nobody_took_part_by_name_no_empty_table_stands(self):
        """C22: one sentence in its place; who ordered monitoring is not said to be the surgeon either."""
        lines = page(thin(order={"modalities": ["tcmep"]}))
        assert "Nobody who took part is named in the record." in lines
        assert [line for line in lines if line.startswith("Ordered: TcMEP (by whom and when not recorded)")]

    def test_a_change_of_unstated_kind_is_not_called_present(self):
        """A7: smaller or gone is neither."""
        rows = [{"phase": "closing", "reading": {"state": "changed", "description": "smaller or gone"}}]
        assert "changed (smaller or gone)" in of_leg(*rows)
