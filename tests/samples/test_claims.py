"""Every story under samples/claims is a test: drop one in with what it should lead to, and it is compared.

A story is `<story>.json` with `<story>.expected.toml`, and where it needs them `<story>.profile.toml` (the practice's
payers and decisions) and `<story>.codes.toml` (its code map)::

    about = "One sentence: what the story is about."
    blocked = true                        # whether the claim must wait
    missing = []                          # what the minutes lack
    open = ["code_map"]                   # every rule with an open finding; left out: not compared
    minutes = [                           # by professional and place
      { person = "pro1", place = "remote", counted = 78, exclusive = 78, shared = 0, undetermined = 0, allotted = 0 },
    ]
    lines = [                             # in the order of the claim; left out: not compared
      { concept = "mon.remote_exclusive", units = 5, minutes = 78, person = "pro1", modifiers = [] },
    ]
    [findings]
    unit_limit = "confirm"                # worst outcome of a rule

The cases of samples/valid are assessed too: they have billing facts, some of them, as records do. Thin ones have none.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen import Case, load_case
from report_gen.claim import Assessment, Profile, load_profile
from report_gen.draft.model import statements
from report_gen.errors import CaseInvalidError
from report_gen.facts import derive
from report_gen.facts.intervals import minutes
from report_gen.pipeline import claim_support, prepare
from report_gen.rules import rules
from tests.cases.edits import drop
from tests.cases.story import BASE, of_case
from tests.selection import now_and_in_full
from tools import make_claim_stories

SAMPLES = Path(__file__).parents[2] / "samples"
CLAIMS = SAMPLES / "claims"
STORIES = sorted(CLAIMS.glob("*.json"))
THIN = sorted((SAMPLES / "valid").glob("invented_thin_*.json"))
"""Records in the manner of published ones, of which few say the day and the zone that a claim counts by."""
VALID = sorted(path for path in (SAMPLES / "valid").glob("*.json") if path not in THIN)
PUBLISHED = [path for path in VALID if path.stem.startswith("published_")]
OWN = [path for path in VALID if path not in PUBLISHED]
SUFFIXES = (".json", ".expected.toml", ".profile.toml", ".codes.toml")
KEYS = {"about", "blocked", "missing", "open", "minutes", "lines", "findings"}
OPTIONAL = {"open", "lines"}
WORST = ("fail", "confirm", "pass", "not_applicable")
MOST_BYTES = 41_000

Raw = dict[str, Any]


def stem(path: Path) -> str:
    """The name under which a story appears in the list of tests."""
    return path.stem


by_story = pytest.mark.parametrize("path", STORIES, ids=stem)
NOW = ("in_room_and_remote", "missing_log", "commercial_settled", "invented_scoliosis_mep_loss", "published_c04_acdf")
"""Lines of two kinds; minutes that cannot be computed; nothing open; billing facts of a record; none of them."""
by_case = pytest.mark.parametrize("path", now_and_in_full([*STORIES, *VALID], NOW, key=stem), ids=stem)


def _beside(path: Path, suffix: str) -> Path | None:
    found = path.with_name(path.stem + suffix)
    return found if found.exists() else None


def _profile(path: Path) -> Profile:
    return load_profile(_beside(path, ".profile.toml"), _beside(path, ".codes.toml"))


@cache
def _case(path: Path) -> Case:
    return load_case(path)


@cache
def _raw(path: Path) -> Raw:
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _found(path: Path) -> Assessment:
    return of_case(_case(path), _profile(path))


def _expected(path: Path) -> Raw:
    return tomllib.loads(path.with_name(path.stem + ".expected.toml").read_text(encoding="utf-8"))


def _worst(found: Assessment) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    for row in found.findings:
        outcomes[row.code] = min(outcomes.get(row.code, row.outcome), row.outcome, key=WORST.index)
    return outcomes


class TestTheFolder:
    def test_there_are_enough_stories(self):
        """The folder is found, and is not emptied by accident."""
        assert len(STORIES) >= 10

    def test_everything_in_it_belongs_to_a_story(self):
        """A story without expectations tests nothing, and neither does a profile that no story takes."""
        stories = {path.stem for path in STORIES}
        names = {path.name for path in CLAIMS.iterdir()}
        assert {f"{name}.expected.toml" for name in stories} <= names
        assert names <= {name + suffix for name in stories for suffix in SUFFIXES}

    def test_no_story_is_larger_than_needed(self):
        """A story is read by people."""
        assert [path.stem for path in STORIES if path.stat().st_size > MOST_BYTES] == []

    def test_the_expectations_say_what_the_story_is_about(self):
        """All that is compared is there, under a known name, and each rule exists."""
        expected = {path.stem: _expected(path) for path in STORIES}
        assert [name for name, row in expected.items() if not KEYS - OPTIONAL <= set(row) <= KEYS] == []
        assert [name for name, row in expected.items() if not row["about"].endswith(".")] == []
        named = {name: {*row["findings"], *row.get("open", ())} for name, row in expected.items()}
        assert {name: unknown for name, found in named.items() if (unknown := found - set(rules()))} == {}

    def test_most_stories_list_everything_that_is_open(self):
        """Otherwise a rule that cries wolf is seen nowhere."""
        assert sum("open" in _expected(path) for path in STORIES) >= 5

    def test_a_story_is_what_its_tool_writes(self):
        """Nobody edits a made file by hand, and the tool gives the same bytes each time."""
        written = {name: make_claim_stories.text(name) for name in make_claim_stories.STORIES}
        there = {name: (CLAIMS / f"{name}.json").read_text(encoding="utf-8") for name in written}
        assert [name for name, text in written.items() if text != there[name]] == []

    def test_every_story_is_made_by_the_tool_but_the_one_it_starts_from(self):
        """Otherwise a made story that was taken out of the tool would stay."""
        assert {path.stem for path in STORIES} == {*make_claim_stories.STORIES, BASE}


class TestStories:
    @by_story
    def test_the_case_has_nothing_that_was_left_out_by_accident(self, path):
        """A story is a whole record: only what it is about is missing from it."""
        drafts = [row.code for row in prepare(_case(path)).findings if row.gate == "draft" and row.severity == "block"]
        assert drafts == []

    @by_story
    def test_minutes_are_those_expected(self, path):
        """By professional and place, exclusive and shared."""
        found, expected = _found(path).minutes, _expected(path)
        counted = [
            {
                "person": row.person.removeprefix("person."),
                "place": row.place,
                "counted": row.counted_min,
                "exclusive": minutes(row.exclusive),
                "shared": minutes(row.shared),
                "undetermined": minutes(row.undetermined),
                "allotted": minutes(row.allotted),
            }
            for row in found.attention
        ]
        assert counted == expected["minutes"]
        assert list(found.missing) == expected["missing"]

    @by_story
    def test_lines_are_those_expected(self, path):
        """In the order of the claim."""
        expected = _expected(path)
        lines = [
            {
                "concept": row.concept,
                "units": row.units,
                **({"minutes": row.minutes} if row.minutes is not None else {}),
                "person": row.person.removeprefix("person."),
                "modifiers": list(row.modifiers),
            }
            for row in _found(path).lines
        ]
        assert lines == expected.get("lines", lines)

    @by_story
    def test_findings_are_those_expected(self, path):
        """Each rule named says what it should, and whether the claim waits."""
        found, expected = _found(path), _expected(path)
        outcomes = _worst(found)
        assert {name: outcomes[name] for name in expected["findings"]} == expected["findings"]
        assert found.blocked == expected["blocked"]

    @by_story
    def test_nothing_else_is_open(self, path):
        """No rule cries wolf, and none is silent."""
        found = {row.code for row in _found(path).open}
        assert sorted(found) == sorted(_expected(path).get("open", found))

    def test_the_strongest_thing_said_is_said_once(self):
        """Of all stories one has nothing open, and what is said of it names the rules and their date."""
        settled = [path.stem for path in STORIES if not _found(path).open]
        assert settled == ["commercial_settled"]
        statement = _found(CLAIMS / "commercial_settled.json").statement
        assert statement.startswith("No open item found by these rules (oldest check 2")

    def test_without_the_profile_the_same_record_waits(self):
        """It is the practice's word that settles it, not the record."""
        found = of_case(_case(CLAIMS / "commercial_settled.json"))
        assert {"payer_unconfirmed", "code_map", "tables_current"} <= {row.code for row in found.open}
        assert found.blocked


def _at(tree: Any, pointer: str) -> bool:
    """Whether a pointer leads to a place in the file, or to one that the file leaves out of an object it has."""
    node, parts = tree, pointer.split("/")[1:]
    for index, part in enumerate(parts):
        if isinstance(node, list):
            if not part.isdigit() or int(part) >= len(node):
                return False
            node = node[int(part)]
        elif part not in node:
            return index >= len(parts) - 2
        else:
            node = node[part]
    return True


class TestEveryCase:
    @by_case
    def test_every_finding_names_its_source(self, path):
        """Nothing is said on nobody's word; each rule speaks, and an open item says what to do."""
        found = _found(path)
        assert {row.code for row in found.findings} == set(rules())
        assert [row.code for row in found.findings if not row.sources] == []
        assert [row.code for row in found.open if not row.action] == []

    @by_case
    def test_every_piece_of_evidence_leads_into_the_file(self, path):
        """A biller can look it up."""
        raw = _raw(path)
        pointers = {one.pointer for row in _found(path).findings for one in row.evidence}
        assert [pointer for pointer in pointers if not _at(raw, pointer)] == []

    @by_case
    def test_every_line_rests_on_facts_of_the_case(self, path):
        """And on a professional and diagnoses that exist."""
        known = derive(_case(path)).by_id
        for line in _found(path).lines:
            assert line.facts
            assert [fact for fact in (*line.facts, *line.diagnoses) if fact not in known] == []
            assert not line.person or line.person in known

    @by_case
    def test_nothing_that_names_the_patient_is_in_it(self, path):
        """Neither name nor number of patient, stay or member, nor the name of anybody on the team.

        The number of an authorization goes on the claim, and so into its data; the checklist does not need it.
        """
        support, raw = claim_support(_case(path), profile=_profile(path)), _raw(path)
        assert support.assessment == _found(path)
        number = raw["encounter"].get("authorization", {}).get("number")
        names = list(_identifiers(raw))
        assert names
        assert _named(names, f"{support.json.decode()} {support.text}") == []
        assert _named([number] if number else [], support.text) == []


def _named(names: list[str], said: str) -> list[str]:
    """Those that stand in a text as words of their own, however it is broken into lines."""
    flat = " ".join(said.split())
    words = [" ".join(name.split()) for name in names]
    return [one for one in words if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", flat, re.IGNORECASE)]


def _identifiers(raw: Raw) -> Iterator[str]:
    """What tells who somebody is. Identifiers of providers belong on a claim; names do not belong in a checklist."""
    patient, encounter = raw["patient"], raw["encounter"]
    for key in ("name", "name_latin", "mrn", "encounter_number", "date_of_birth"):
        yield from [patient[key]] if patient.get(key) else []
    yield from [part.strip() for part in patient["name"].split(",") if len(part.strip()) > 3]
    member = encounter.get("payer", {}).get("member_id")
    yield from [member] if member else []
    yield from [row["name"] for row in raw["people"]]


# What a rule may not call met when the record has nothing of it. The first word of each row is the rule.
LACKS: tuple[tuple[str, Callable[[Raw], bool]], ...] = (
    ("reader_log", lambda raw: not raw.get("professional_sessions")),
    ("monitoring_intervals", lambda raw: not any(row["kind"] == "monitoring" for row in raw.get("intervals", ()))),
    ("exclusive_minutes", lambda raw: raw.get("other_case_sessions") is None and _silent(raw, "professional_sessions")),
    ("technologist_one_case", lambda raw: not raw.get("attendance") or _silent(raw, "attendance")),
    ("technologist_attendance", lambda raw: not raw.get("attendance") and not raw.get("professional_sessions")),
    ("technologist_present", lambda raw: not _team(raw, "technologist")),
    ("pos_facility", lambda raw: "place_of_service" not in raw["encounter"]),
    ("reader_state_licence", lambda raw: not any("work_state" in row for row in raw["people"])),
    ("reader_npi", lambda raw: not any("npi" in row for row in _team(raw, "interpreting_professional"))),
    ("not_surgeon", lambda raw: any("npi" not in row for row in _team(raw, "surgeon"))),
    ("order_recorded", lambda raw: "order" not in raw),
    ("diagnosis_coded", lambda raw: any("icd10cm" not in row for row in raw.get("diagnoses", ({},)) or ({},))),
    ("indication_per_modality", lambda raw: not raw.get("indications")),
    ("operative_note", lambda raw: "operative_note_mentions_monitoring" not in raw["surgery"]),
    ("communication_log", lambda raw: not raw.get("communication", {}).get("messages") and not raw.get("events")),
    ("payer_known", lambda raw: "payer" not in raw["encounter"]),
    ("payer_unconfirmed", lambda raw: raw["encounter"].get("payer", {}).get("payer_class") != "medicare_ffs"),
    ("authorization", lambda raw: _asks_for_a_number(raw["encounter"])),
    ("no_surprises", lambda raw: "professional_in_network" not in raw["encounter"].get("payer", {})),
    ("signature", lambda raw: not {"signed_at", "signed_by"} <= set(raw.get("report", ()))),
    ("impression", lambda raw: "impression" not in raw.get("opinion", ())),
    ("report_lag", lambda raw: not {"drafted_at", "signed_at"} <= set(raw.get("report", ()))),
    ("code_map", lambda raw: True),
    ("practice_identity", lambda raw: True),
    ("tables_current", lambda raw: raw["encounter"]["date_of_service"] > "2024-12-31"),
)


def _silent(raw: Raw, key: str) -> bool:
    return any("other_open_cases" not in row for row in raw.get(key, ()))


def _team(raw: Raw, role: str) -> list[Raw]:
    return [row for row in raw["people"] if row["role"] == role]


def _asks_for_a_number(encounter: Raw) -> bool:
    found = encounter.get("authorization", {})
    return bool(found.get("required")) and "number" not in found


ALSO = {
    "/professional_sessions/0/other_open_cases": ("/other_case_sessions",),  # an empty list says that there was none
    "/communication/messages": ("/events",),  # the surgeon's being told of an event is an entry too
}
"""What says the same in another place."""


class TestWhatIsNotRecorded:
    def test_is_never_green(self):
        """By the shipped profile, which knows Medicare alone and confirms nothing."""
        met = {path: {rule for rule, outcome in _worst(_found(path)).items() if outcome == "pass"} for path in VALID}
        assert [
            (path.stem, rule) for path in VALID for rule, lacks in LACKS if lacks(_raw(path)) and rule in met[path]
        ] == []

    def test_is_lacking_somewhere_for_each_rule_and_there_elsewhere(self):
        """The test above can fail: of nearly all rules a sample lacks the evidence, and another has it."""
        raws = [_raw(path) for path in VALID]
        lacking = {rule for rule, lacks in LACKS if any(lacks(raw) for raw in raws)}
        having = {rule for rule, lacks in LACKS if not all(lacks(raw) for raw in raws)}
        assert len(lacking) >= 18
        assert {rule for rule, _ in LACKS} - having == {"code_map", "practice_identity", "tables_current"}

    @pytest.mark.parametrize(
        ("pointer", "rule"),
        [
            ("/professional_sessions", "reader_log"),
            ("/professional_sessions/0/other_open_cases", "exclusive_minutes"),
            ("/attendance/0/other_open_cases", "technologist_one_case"),
            ("/attendance", "technologist_attendance"),
            ("/communication/live_waveforms", "live_view"),
            ("/communication/messages", "communication_log"),
            ("/encounter/place_of_service", "pos_facility"),
            ("/encounter/payer", "payer_known"),
            ("/order", "order_recorded"),
            ("/order/ordered_at", "order_recorded"),
            ("/diagnoses/0/icd10cm", "diagnosis_coded"),
            ("/indications/0", "indication_per_modality"),
            ("/modalities/0/baseline_review", "baseline_read"),
            ("/people/0/npi", "not_surgeon"),
            ("/people/2/credentials/0/valid_to", "technologist_credential"),
            ("/people/3/credentials/1/valid_to", "reader_credential"),
            ("/people/3/credentials/2/valid_to", "reader_state_licence"),
            ("/people/3/npi", "reader_npi"),
            ("/people/3/work_country", "reader_in_us"),
            ("/people/3/work_state", "reader_state_licence"),
            ("/people/3/work_location", "professional_location"),
            ("/surgery/operative_note_mentions_monitoring", "operative_note"),
            ("/report/signed_at", "signature"),
            ("/report/signed_by", "signer_is_reader"),
            ("/report/drafted_at", "report_lag"),
            ("/opinion", "impression"),
            ("/encounter/attachment_control_number", "attachment_ready"),
        ],
    )
    def test_taken_out_of_a_full_record_it_is_no_longer_met(self, pointer, rule):
        """What was green by this one entry is not green without it."""
        path = CLAIMS / f"{BASE}.json"
        assert _worst(_found(path))[rule] == "pass"
        raw = deepcopy(_raw(path))
        for place in (pointer, *ALSO.get(pointer, ())):
            drop(raw, place)
        assert _worst(of_case(load_case(json.dumps(raw).encode())))[rule] != "pass"


class TestThinRecords:
    @pytest.mark.parametrize("path", THIN, ids=stem)
    def test_without_day_or_zone_there_is_no_claim(self, path):
        """The report can do without them. A claim is refused with what is missing, and otherwise waits."""
        encounter = _raw(path)["encounter"]
        missing = [f"/encounter/{key}" for key in ("date_of_service", "time_zone") if key not in encounter]
        if missing:
            with pytest.raises(CaseInvalidError, match="/encounter/") as refused:
                _found(path)
            assert [problem.pointer for problem in refused.value.problems] == missing
        else:
            assert _found(path).blocked

    def test_both_kinds_are_there(self):
        """Records with day and zone, and records without."""
        kinds = {"time_zone" in _raw(path)["encounter"] for path in THIN}
        assert kinds == {True, False}


class TestBillingFacts:
    def test_every_sample_of_ours_has_some(self):
        """Otherwise nothing is learned from assessing it."""
        raws = {path.stem: _raw(path) for path in OWN}
        assert [name for name, raw in raws.items() if not raw["encounter"]["payer"]["payer_class"]] == []
        assert [name for name, raw in raws.items() if not any("work_country" in row for row in raw["people"])] == []

    def test_they_are_not_all_alike(self):
        """Records differ in what they lack: hardly two samples are held back by the same rules."""
        kinds = {tuple(sorted({row.code for row in _found(path).open if row.blocking})) for path in OWN}
        assert len(kinds) >= len(OWN) - 2

    @pytest.mark.parametrize("path", PUBLISHED, ids=stem)
    def test_published_cases_are_given_none(self, path):
        """Their sources state none, and nothing is invented about them."""
        raw = _raw(path)
        assert "payer" not in raw["encounter"]
        assert not {"drafted_at", "signed_at", "signed_by"} & set(raw.get("report", ()))
        assert not any("npi" in row for row in raw["people"])

    @by_case
    def test_the_report_prints_none(self, path):
        """Control number, payer id and facility identifier belong to the claim."""
        encounter = _raw(path)["encounter"]
        payer = encounter.get("payer", {})
        private = [encounter.get("facility_npi"), encounter.get("attachment_control_number"), payer.get("payer_id")]
        said = "\n".join(text for _, text, _ in statements(prepare(_case(path)).draft))
        assert [value for value in private if value and value in said] == []
