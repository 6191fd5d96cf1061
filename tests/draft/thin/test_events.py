"""What a thin record says of events and of the course after surgery, and nothing beside it."""

from __future__ import annotations

import re

import pytest

from tests.cases.edits import put
from tests.cases.parts import at
from tests.cases.quiet import told_alone, with_alert
from tests.cases.thin import event, page, story, thin

CHAIN = ("course", "chain-E1", "others", "event-E1")


def said(*sections, **fields):
    """What the course and the account of an event print, the event having these fields."""
    return page(thin(events=[event(**fields)]), *(sections or CHAIN))


class TestTheStory:
    def test_is_told_as_it_was_entered(self):
        """67-year-old; after the second screw the left leg MEPs dropped, were gone some minutes later, and so on."""
        data = story()
        assert "Age, sex, position: 67 years, sex not recorded, position not recorded" in page(data)
        assert page(data, "event-E1") == [
            "After the second screw, a decrease, then loss of response was recorded in the left leg MEP.",
            "L leg",
            "present, reduced",
            "absent, some minutes later",
            "Physiology at the event is not recorded.",
            "At a time not recorded: “irrigated”; by whom is not recorded.",
            "Then: removed the screw; by whom is not recorded.",
            "Within baseline limits by closure.",
        ]
        assert page(data, "others") == [
            "E1, after the second screw",
            "Change, MEP",
            "Decrease, then loss of response: L leg present, reduced; L leg absent, some minutes later.",
            "“irrigated” (by whom not recorded); then removed the screw (by whom not recorded).",
            "Within baseline limits by closure",
        ]
        assert page(data, "after") == [
            "Waking (time not recorded): deficit, new or old not stated; motor, left foot: weak."
        ]
        assert "present (fine)" in page(data, "closing")

    def test_nothing_is_invented(self):
        """No time of day, side, muscle, kind of stimulation, actor, cause or ending; and no denial of what is told."""
        text = "\n".join(page(story()))
        assert not re.search(r"\d\d:\d\d", text)
        for words in (
            *("transcranial", "TcMEP", "tibialis", "right", "both sides", "amplitude", "alert E", "team"),
            *("The surgeon", "surgeon removed", "caused", "Suspected", "Stated as the cause", "recovery"),
            *("full return", "return to baseline;", "Interventions are not recorded", "A re-test is not recorded"),
            *("new deficit", "after surgery examination", "Post-operative neurological examination: not recorded"),
        ):
            assert words not in text, words


class TestWhatIsPooled:
    def test_a_response_of_the_other_side_is_not_named(self):
        """A1: left and right tibialis anterior, right gastrocnemius: nothing says that the left one was affected."""
        data = with_alert()
        site = {"modality": "tcmep", "measurements": []}
        data["channels"] += [
            {"id": "mg-r", "side": "right", "muscle": "gastrocnemius", **site},
            {"id": "mg-l", "side": "left", "muscle": "gastrocnemius", **site},
        ]
        data["events"][0] |= {"channels": ["mep-l", "mep-r", "mg-r"], "side": "bilateral"}
        told = [text for text in page(data, *CHAIN, "impression") if "gastrocnemius" in text and ", m" not in text]
        both = "left abductor hallucis TcMEP and right abductor hallucis and gastrocnemius TcMEP"
        assert len(told) == 2
        assert [text for text in told if both not in text or "both sides" in text] == []

    def test_the_heading_has_no_side_that_a_response_has_not(self):
        """An event called right over a left response."""
        headings = [text for text in said(side="right") if "right" in text]
        assert headings == []


class TestNotRecorded:
    def test_is_said_where_nothing_tells_of_it(self):
        """A2: of the whole record."""
        bare = told_alone(interventions=[], retests=[], resolution=None, context=[], notifications=[])
        text = page(bare, "event-E1")
        for words in (
            "No intervention is recorded.",
            "A re-test is not recorded.",
            "Surgical context at the event is not recorded.",
            "Notification of the surgeon and the anesthesia team is not recorded.",
            "A class of resolution is not recorded.",
        ):
            assert words in text

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("/events/0/context_note", "the screw was taken out"),
            ("/events/0/note", "irrigated"),
            ("/events/0/notifications/0/reply", "taking it out"),
            ("/events/0/occurrences", [{"code": "clamp", "detail": "taken off again"}]),
            ("/interventions", [{"code": "remove_screw", "actor": "surgeon", "in_response_to": "E1"}]),
            ("/interventions", [{"code": "remove_screw", "actor": "surgeon"}]),
            ("/milestones/-", {"code": "cross_clamp_off"}),
            ("message", {"kind": "intervention"}),
            ("message", {"kind": "status", "text": "screw out"}),
        ],
    )
    def test_interventions_are_not_denied_where_words_may_tell_of_one(self, part, value):
        """A2: in another field of the record."""
        data = told_alone(interventions=[], retests=[], resolution=None)
        if part == "message":
            told = {"from_role": "surgeon", "to_role": "technologist", "event": "E1"}
            data["communication"]["messages"] = [told | value]
        else:
            put(data, part, value)
        assert "No intervention is recorded." not in page(data)

    def test_a_step_before_the_event_is_no_intervention(self):
        """Nor is what was done before it."""
        data = told_alone(interventions=[], retests=[], resolution=None)
        data["milestones"].append({"code": "key_step", "at": at("09:10")})
        data["interventions"] = [{"code": "transfuse", "actor": "surgeon", "at": at("09:20")}]
        assert "No intervention is recorded." in page(data)

    def test_a_message_of_the_log_tells(self):
        """A2: nobody says that the surgeon was not told."""
        data = told_alone(notifications=[])
        told = {"from_role": "technologist", "to_role": "surgeon", "kind": "alert", "event": "E1", "at": at("10:02")}
        data["communication"]["messages"] = [told]
        text = page(data, "event-E1")
        assert "Notification of the surgeon and the anesthesia team is not recorded." not in text
        line = "The communication log has one message about it: alert from the technologist to the surgeon, at 10:02."
        assert line in text

    def test_somebody_whose_role_is_not_recorded_was_told(self):
        """A2: a notification is a notification."""
        text = page(told_alone(notifications=[{"to": "not_recorded", "at": at("10:02")}]), "event-E1")
        assert "Notification of the surgeon and the anesthesia team is not recorded." not in text
        assert any(line.startswith("The team (role not recorded) was told at 10:02") for line in text)

    def test_what_the_course_after_surgery_tells_is_not_denied(self):
        """A2: an examination reported as an entry is one."""
        data = thin(postoperative_course=[{"kind": "examination", "text": "moves both legs"}])
        assert page(data, "after") == ["Examination (time not recorded): moves both legs."]
        assert "Post-operative neurological examination: not recorded." in page(thin(), "after")


class TestTimes:
    def test_a_step_without_a_time_stays_a_step(self):
        """A6: the clip was placed."""
        data = thin(milestones=[{"code": "temporary_clip_on", "label": "clip placed"}])
        assert "Clip placed: time not recorded" in page(data, "personnel")
        when = {"relation": "after", "event": "E1"}
        data = thin(milestones=[{"code": "temporary_clip_on", "label": "clip placed", "when": when}])
        assert "Clip placed: after E1" in page(data, "personnel")
        timed = [{"code": code, "at": at(clock)} for code, clock in (("incision", "09:00"), ("skin_closed", "11:00"))]
        data = thin(milestones=[timed[0], {"code": "temporary_clip_on"}, timed[1]])
        steps = [line.partition(":")[0] for line in page(data, "personnel")[-3:]]
        assert steps == ["Incision", "Temporary clip on", "Skin closed"]

    def test_an_occurrence_that_was_only_noticed_has_its_time(self):
        """A6: noticed is a time."""
        told = said(event_class="occurrence", direction="none", noticed_at=at("10:04"), excluded=["hypotension"])
        assert "E1, noticed 10:04" in told
        assert "Noticed at 10:04; the time of onset is not recorded." in told

    @pytest.mark.parametrize(
        ("when", "line"),
        [
            (
                {"relation": "during", "phase": "closure"},
                "During closure, a decrease was recorded in the left leg MEP.",
            ),
            ({"words": "soon after"}, "Soon after, a decrease was recorded in the left leg MEP."),
            (
                {"relation": "before", "milestone": "closure_start", "amount": 20, "unit": "min", "approximate": True},
                "About 20 min before closure began, a decrease was recorded in the left leg MEP.",
            ),
        ],
    )
    def test_an_onset_is_told_as_it_is_known(self, when, line):
        """C18: by phase, in words, about."""
        told = said(when=when)
        assert line in told
        assert not any(re.search(r"\d\d:\d\d", text) for text in told)

    def test_an_approximate_clock_time_is_about_that_time(self):
        """C18: wherever it is printed, and in what is computed from it."""
        told = page(with_alert(when={"approximate": True}), *CHAIN)
        assert any(line.startswith("At about 10:00, a sudden amplitude decrease was recorded") for line in told)
        assert any("(about 2 min after onset)" in line for line in told)
        assert not any(re.search(r"(?<!about )\b10:00", line) for line in told)

    def test_resolution_is_three_facts(self):
        """Class, when it was reached, who classed it."""
        told = page(with_alert(), "event-E1")
        assert "Return to within criterion at 10:15, 15 min after onset; classed by Person Prof1." in told
        assert not any("assigned" in line for line in told)


class TestWhatIsForced:
    @pytest.mark.parametrize(
        ("fields", "what"),
        [
            ({"direction": "change"}, "a change of unstated kind"),
            ({"direction": "other", "direction_other": "polyphasic"}, "“polyphasic”"),
            ({"further_directions": ["loss"], "direction_order": "either"}, "a decrease or loss of response"),
            ({"further_directions": ["loss"], "direction_order": "in_order"}, "a decrease, then loss of response"),
            (
                {"further_directions": ["prolonged_latency"], "direction_order": "together"},
                "a decrease together with latency prolongation",
            ),
            ({"further_directions": ["loss"]}, "a decrease and loss of response (order not stated)"),
        ],
    )
    def test_a_change_is_what_the_record_calls_it(self, fields, what):
        """A7, C17: neutral, in words, or of several kinds; no parameter is named of a response of unstated kind."""
        assert any(f"{what} was recorded".lower() in line.lower() for line in said(**fields))
        assert not any("amplitude" in line for line in said(**fields))

    def test_how_severe_it_was_is_quoted(self):
        """C17: the record's word, not ours."""
        told = said(severity="marked")
        assert "In the record’s words: “marked”." in told

    def test_an_occurrence_has_its_own_place(self):
        """C17: the tear is on the right, the response on the left."""
        tear = {
            "code": "dural_tear",
            "level": "L4",
            "side": "right",
            "detail": "small",
            "when": {"words": "just before"},
        }
        told = said(occurrences=[tear])
        assert "Just before: dural tear (L4; right; “small”)." in told
        assert all("right" not in line for line in told if "dural tear" not in line.lower())

    def test_the_pressure_and_the_step_stand_at_the_event(self):
        """B13: in the first row of its table."""
        told = page(with_alert(), "chain-E1")
        row = told[: told.index("10:02")]
        assert "At the time: distraction." in row
        assert any(line.startswith("MAP 62 mmHg") for line in row)

    @pytest.mark.parametrize(
        ("cause", "line"),
        [
            (
                {
                    "causes": ["retractor", "hypotension"],
                    "joined_by": "or",
                    "by_role": "surgeon",
                    "certainty": "stated",
                },
                "Stated as the cause by the surgeon: retractor placement or traction or hypotension.",
            ),
            (
                {"causes": ["hematoma"], "by_role": "publication_author", "statement": "likely"},
                "Cause according to the author of the publication, certainty not stated: hematoma (“likely”).",
            ),
            (
                {"causes": ["hypotension"], "by_role": "not_recorded", "certainty": "suspected"},
                "Suspected as the cause by a person whom the record does not name: hypotension.",
            ),
            (
                {
                    "causes": ["other"],
                    "by_role": "surgeon",
                    "statement": "a loose lead.",
                    "certainty": "excluded_others",
                },
                "Left as the cause after others were excluded, as stated by the surgeon: “a loose lead.”",
            ),
            (
                {"causes": ["undetermined"], "by_role": "surgeon", "statement": "perhaps traction"},
                "The cause is called undetermined by the surgeon; the statement beside it reads “perhaps traction”.",
            ),
        ],
    )
    def test_a_cause_is_what_somebody_says(self, cause, line):
        """A8, C21: by whom, joined as recorded, quoted, and undetermined apart from any quotation."""
        assert line in said(stated_causes=[cause])

    def test_an_undetermined_cause_is_not_suspected(self):
        """A8: beside a statement of the professional."""
        cause = {"causes": ["undetermined"], "by_role": "publication_author", "statement": "perhaps traction"}
        told = said(suspected_cause=cause)
        words = "The cause is entered by the author of the publication as undetermined; the statement beside it reads "
        assert f"{words}“perhaps traction”." in told
        assert not any("Suspected" in line or "team" in line for line in told)

    @pytest.mark.parametrize(
        ("end", "words"),
        [
            ({"resolution_class": "within_baseline_limits"}, "Within baseline limits;"),
            ({"resolution_class": "full_or_partial"}, "Full or partial recovery, which is not stated;"),
            ({"resolution_class": "other", "class_other": "came and went"}, "“came and went”;"),
        ],
    )
    def test_an_ending_is_the_one_recorded(self, end, words):
        """A10: limits are no full return, and an extent that is not stated is not said."""
        told = said(resolution=end)
        assert any(line.startswith(words) for line in told)
        assert not any("full return" in line for line in told)


class TestWhatWasDone:
    def test_beside_events_it_claims_no_event(self):
        """C19: only what the record says answered it, which stands in its row."""
        done = [
            {"code": "other", "code_other": "wound re-explored", "actor": "surgeon"},
            {
                "code": "imaging",
                "actor": "surgeon",
                "in_response_to": "E1",
                "when": {"relation": "after", "event": "E1"},
            },
        ]
        rows = page(thin(interventions=done), "others")
        assert "After E1 surgeon obtained imaging." in rows
        beside = rows[rows.index("time not recorded") :]
        assert beside == ["time not recorded", "Intervention", "Surgeon “wound re-explored”."]
        account = page(thin(interventions=done), "event-E1")
        assert "After E1, the surgeon obtained imaging, in response to E1." in account
        assert not any("re-explored" in line for line in account)

    def test_a_drug_that_has_no_code_is_named(self):
        """In the record's words."""
        given = {"code": "raise_map", "actor": "anesthesiologist", "agent": "other", "agent_other": "terlipressin"}
        assert any("(terlipressin)" in line for line in said(interventions=[given]))


class TestAfterSurgery:
    def test_entries_stand_in_their_order_each_with_time_author_and_words(self):
        """B15, C20: waking, imaging, another operation, weeks later; full stops once."""
        data = with_alert()
        woke = {"kind": "waking", "at": at("12:30"), "by_role": "surgeon", "by": "surg1", "deficit": "new"}
        weeks = {"relation": "after", "phase": "operation", "amount": 2, "amount_to": 3, "unit": "wk"}
        seen = {"kind": "follow_up", "when": weeks, "by_role": "neurologist", "source_note": "clinic note"}
        data["postoperative_course"] = [
            woke | {"text": "Weak left foot."},
            {"kind": "imaging", "when": {"relation": "after", "previous_entry": True}, "result": "No hematoma."},
            seen | {"deficit": "resolved"},
        ]
        data["postoperative_examination"] = {"availability": "performed", "at": at("12:10"), "examiner": "Person X"}
        told = page(data, "after")
        assert told == [
            "Post-operative examination, 12:10, by Person X.",
            "Waking, 12:30, reported by the surgeon (Person Surg1): new deficit; Weak left foot.",
            "Imaging, then: result: No hematoma.",
            "Follow-up, 2 to 3 weeks after the operation, reported by the neurologist (clinic note): deficit resolved.",
        ]
        assert not any(".." in line or ".;" in line for line in told)

    def test_origins_are_stated_where_there_are_any(self):
        """Where a value came from; nothing else is attributed."""
        assert not any("entered by" in line for line in page(thin(), "technique"))
        origins = [{"pointer": "/patient/age_years", "kind": "feed", "system": "ADT"}]
        told = page(thin(origins=origins), "technique")
        assert [text for text in told if text in ("/patient/age_years", "sent by a feed", "ADT")] == [
            "/patient/age_years",
            "sent by a feed",
            "ADT",
        ]


class TestNobodyNamed:
    def test_a_person_of_whom_only_the_role_is_recorded(self):
        """Told by role; no signature bears a name that is none."""
        data = with_alert()
        for person in data["people"]:
            del person["name"]
        data["people"][0]["id"] = "surg1"
        told = page(data)
        assert any(line.startswith("The surgeon was told by the technologist at 10:02") for line in told)
        assert "name not recorded, surgeon" in told
        assert not any("Person" in line or "None" in line for line in told)

    def test_no_record_number_no_name_and_no_place(self):
        """Each is said to be missing."""
        told = page(thin())
        assert {"Patient: not recorded", "MRN: not recorded", "Facility: not recorded"} <= set(told)
        assert "Facility: not recorded, OR 3" in page(thin(encounter={"operating_room": "OR 3"}))

    def test_a_reading_of_a_time_that_no_clock_gave(self):
        """Stands with it in the closing table."""
        data = thin()
        data["channels"][0]["measurements"] = [
            {"phase": "closing", "when": {"relation": "during", "phase": "closure"}, "reading": {"state": "present"}}
        ]
        assert "MEP; closing during closure" in page(data, "closing")
