"""The assessment as a whole: its order, its strongest words, and that what is not recorded never turns green."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen import load_case
from report_gen.claim import assess
from report_gen.claim.model import Assessment, RuleFinding
from report_gen.claim.practice.profile import Profile
from report_gen.facts import derive
from report_gen.facts.model import Facts
from report_gen.finding import Finding
from report_gen.rules import rules
from report_gen.vocab import vocabulary
from tests.cases.edits import drop
from tests.cases.practice import settled
from tests.cases.story import BASE, CLAIMS, assessed, data, facts, of_case
from tests.selection import examples

STORIES = sorted(path.stem for path in CLAIMS.glob("*.json"))
VALID = CLAIMS.parent / "valid"
OUTCOMES = ("fail", "confirm", "pass", "not_applicable")
FIELDS = (
    "/report/signed_at",
    "/report/signed_by",
    "/report/drafted_at",
    "/report/delivered_at",
    "/encounter/place_of_service",
    "/encounter/facility_npi",
    "/encounter/attachment_control_number",
    "/encounter/authorization",
    "/encounter/authorization/number",
    "/encounter/payer/name",
    "/encounter/payer/payer_id",
    "/encounter/payer/facility_in_network",
    "/encounter/payer/professional_in_network",
    "/order",
    "/order/ordered_at",
    "/order/document",
    "/diagnoses",
    "/diagnoses/0/icd10cm",
    "/diagnoses/0/side",
    "/indications",
    "/surgery/operative_note_mentions_monitoring",
    "/preoperative/consent",
    "/people/2/credentials",
    "/people/3/npi",
    "/people/3/credentials",
    "/people/3/credentials/1/valid_to",
    "/people/3/credentials/2/valid_to",
    "/people/3/credentials/2/state",
    "/people/3/hospital_privileges",
    "/people/3/work_location",
    "/people/3/work_state",
    "/people/3/work_country",
    "/professional_sessions",
    "/professional_sessions/0/other_open_cases",
    "/other_case_sessions",
    "/intervals",
    "/milestones",
    "/communication",
    "/communication/live_waveforms",
    "/communication/tested_at",
    "/communication/messages",
    "/anesthesia/start_at",
    "/anesthesia/end_at",
    "/modalities/0/baseline_review",
    "/modalities/0/baseline_review/at",
    "/opinion",
)
"""What a record may leave out and some rule looks at. The class of the payer has tests of its own: another class is
another question, not less evidence for the same one."""
WRONG = {"wrong_side_of_diagnosis": {"gate_sign": ("/diagnoses", "/diagnoses/0/side")}}
"""Findings about a value that is recorded wrongly, by story: they end when that value is taken out."""
ASKS = (
    (("/report/signed_at",), {"signature"}),
    (("/report/signed_by",), {"signature", "signer_not_surgeon"}),
    (("/encounter/place_of_service",), {"pos_facility", "component_on_base"}),
    (("/order",), {"order_recorded"}),
    (("/order/ordered_at",), {"order_recorded"}),
    (("/diagnoses",), {"diagnosis_coded"}),
    (("/diagnoses/0/icd10cm",), {"diagnosis_coded"}),
    (("/indications",), {"indication_per_modality"}),
    (("/people/2/credentials",), {"technologist_credential"}),
    (("/people/3/npi",), {"reader_npi", "not_surgeon", "signer_not_surgeon"}),
    (("/people/3/credentials",), {"reader_credential", "reader_state_licence"}),
    (("/people/3/credentials/1/valid_to",), {"reader_credential"}),
    (("/people/3/credentials/2/valid_to",), {"reader_state_licence"}),
    (("/people/3/credentials/2/state",), {"reader_state_licence"}),
    (("/people/3/work_state",), {"reader_state_licence"}),
    (("/people/3/work_country",), {"reader_in_us"}),
    (("/professional_sessions",), {"reader_log", "signer_is_reader", "baseline_by_reader"}),
    (("/professional_sessions/0/other_open_cases", "/other_case_sessions"), {"exclusive_minutes"}),
    (("/intervals",), {"monitoring_intervals"}),
    (("/communication",), {"live_view", "link_outage"}),
    (("/communication/live_waveforms",), {"live_view"}),
    (("/communication/tested_at",), {"live_view"}),
    (("/communication/messages", "/events/0/notifications"), {"communication_log"}),
    (("/modalities/0/baseline_review",), {"baseline_read", "gate_sign"}),
    (("/modalities/0/baseline_review/at",), {"baseline_read"}),
    (("/opinion",), {"impression", "gate_sign"}),
)
"""What is left out of a case in which every rule is met, and the rules that must then hold the claim back."""
CLOCKS = {
    "now",
    "today",
    "utcnow",
    "time",
    "time_ns",
    "localtime",
    "gmtime",
}  # not timers: the garbage collector is timed by hypothesis


def worst(found: Assessment) -> dict[str, str]:
    """The worst outcome of each rule."""
    outcomes: dict[str, str] = {}
    for row in found.findings:
        outcomes[row.code] = min(outcomes.get(row.code, row.outcome), row.outcome, key=OUTCOMES.index)
    return outcomes


def less(story: str, pointers: Iterable[str], profile: Profile | None = None) -> Assessment:
    """A story without what stands at some places; a place that is not there is no loss."""
    raw = data(story)
    for pointer in sorted(pointers, reverse=True):
        try:
            drop(raw, pointer)
        except (KeyError, IndexError):
            continue
    return of_case(load_case(json.dumps(raw).encode()), profile)


@cache
def of(story: str) -> Facts:
    """The facts of a story."""
    return derive(load_case(json.dumps(data(story)).encode()))


@cache
def whole(story: str) -> Assessment:
    """A story under what is shipped."""
    return assessed(story)


@pytest.fixture(scope="module")
def practice(tmp_path_factory) -> Profile:
    """A practice that has settled everything in the base story."""
    return settled(tmp_path_factory.mktemp("practice"))


@contextmanager
def clocks_read():
    """Names of the clocks that Python or we call meanwhile."""
    seen: list[str] = []

    def look(_frame: FrameType, event: str, called: Any) -> None:
        owner = getattr(called, "__self__", None)
        if (
            event == "c_call"
            and called.__name__ in CLOCKS
            and (owner in (date, datetime) or owner is sys.modules["time"])
        ):
            seen.append(called.__name__)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(before)


class TestFindings:
    @pytest.mark.parametrize("story", STORIES)
    def test_what_is_open_and_holds_back_comes_first(self, story):
        """Unmet before unknown before met before what does not concern; in each, what blocks first."""
        order = [(OUTCOMES.index(row.outcome), not row.blocking) for row in whole(story).findings]
        assert order == sorted(order)

    @pytest.mark.parametrize("story", STORIES)
    def test_every_rule_speaks_with_source_and_evidence_that_exist(self, story):
        """No rule is silent; an open one says what to do; facts, pointers and lines are those of the case."""
        found = whole(story)
        places = {row.id: row.pointer for row in of(story)}
        places |= {"report.life": "/report", "report.attachment": "/encounter/attachment_control_number"}
        assert {row.code for row in found.findings} == set(rules())
        lines = {line.id for line in found.lines}
        for row in found.findings:
            assert row.sources
            assert row.message
            assert bool(row.action) is row.open
            assert row.open or not row.denials
            assert set(row.lines) <= lines
            assert all(places[each.fact] == each.pointer for each in row.evidence)

    def test_the_same_facts_give_the_same_assessment(self):
        """Twice, from two readings of the file."""
        assert less(BASE, ()) == less(BASE, ())

    def test_no_clock_is_read(self, practice):
        """Whether a rule is stale depends on the date of service, never on today."""
        case = facts()
        assess(case, practice)
        with clocks_read() as seen:
            assess(case, practice)
            assess(case)
        assert seen == []

    def test_a_clock_that_is_read_would_be_seen(self):
        """The test above can fail."""
        with clocks_read() as seen:
            date.today()  # noqa: DTZ011 - on purpose
            datetime.now()  # noqa: DTZ005 - on purpose
        assert seen == ["today", "now"]

    @pytest.mark.parametrize("story", STORIES)
    def test_each_is_a_finding_like_those_of_the_report(self, story):
        """One shape, so that one list can hold both: its rule's question, whom to ask, evidence with its places."""
        respondents = vocabulary("respondents").entries
        for row in whole(story).findings:
            rule = rules()[row.code]
            assert isinstance(row, Finding)
            assert (row.origin, row.gate, row.blocking) == ("rule", "claim", rule.blocking)
            assert (row.question, row.who) == (rule.question, rule.ask)
            assert "claim" in respondents[row.who].asked_in
            assert row.pointer == (row.evidence[0].pointer if row.evidence else "")


class TestDates:
    @pytest.mark.parametrize("day", [date(2012, 12, 31), date(2020, 6, 1)], ids=str)
    def test_a_rule_that_begins_later_says_what_its_file_says(self, day):
        """For services before the first version of a rule: its `before`, never a guess from a later text."""
        found = assessed(on=day)
        later = [rule for rule in rules().values() if rule.on(day) is None]
        assert later
        for rule in later:
            rows = [row for row in found.findings if row.code == rule.id]
            assert [row.outcome for row in rows] == [rule.before]
            assert day.isoformat() in rows[0].message
            assert rows[0].sources

    def test_no_rule_takes_the_time_before_it_as_met(self):
        """The files allow two outcomes, and neither is green."""
        assert {rule.before for rule in rules().values()} <= {"confirm", "not_applicable"}


def _finding(outcome: str, *, blocking: bool) -> RuleFinding:
    row = next(row for row in whole(BASE).findings if row.blocking is blocking)
    return replace(row, outcome=outcome)


def _with(*rows: RuleFinding) -> Assessment:
    kept = {name: getattr(whole(BASE), name) for name in Assessment.__slots__}
    return Assessment(**{**kept, "findings": rows})


class TestStatement:
    def test_the_strongest_sentence_names_the_oldest_check(self, practice):
        """A practice that settled everything reads this, and nothing stronger exists."""
        found = assessed(profile=practice)
        oldest = min(source.checked_on for row in found.findings for source in row.sources)
        assert found.open == ()
        assert not found.blocked
        assert found.statement == f"No open item found by these rules (oldest check {oldest.isoformat()})."

    @pytest.mark.parametrize(
        ("rows", "words", "blocked"),
        [
            (("pass", True), "No open item", False),
            (("not_applicable", True), "No open item", False),
            (("fail", False), "1 open, 0 of them", False),
            (("confirm", False), "1 open, 0 of them", False),
            (("fail", True), "1 open, 1 of them", True),
            (("confirm", True), "1 open, 1 of them", True),
        ],
        ids=lambda value: str(value),
    )
    def test_one_finding_decides(self, rows, words, blocked):
        """Unknown holds back exactly as unmet does."""
        found = _with(_finding(rows[0], blocking=rows[1]))
        assert found.statement.startswith(words)
        assert found.blocked is blocked

    @pytest.mark.parametrize("story", STORIES)
    def test_without_a_practice_no_story_is_green(self, story):
        """The shipped profile leaves decisions open, and the sentence counts them."""
        found = whole(story)
        assert found.blocked
        assert re.fullmatch(r"\d+ open, \d+ of them to be settled before the claim goes out\.", found.statement)
        counts = (len(found.open), sum(row.blocking for row in found.open))
        assert tuple(map(int, re.findall(r"\d+", found.statement))) == counts

    def test_a_case_with_nothing_for_billing_is_blocked(self):
        """Published facts alone: no log, no order, no payer."""
        found = of_case(load_case(VALID / "published_c04_acdf.json"))
        assert found.blocked
        assert found.minutes.attention == ()
        assert {"reader_log", "monitoring_intervals"} <= set(found.minutes.missing)
        assert [line for line in found.lines if line.minutes is not None] == []


def _units(found: Assessment, ids: Iterable[str]) -> Counter[str]:
    """Units by concept of some lines."""
    counted: Counter[str] = Counter()
    for line in found.lines:
        counted[line.concept] += line.units if line.id in ids else 0
    return counted


def _still_there(row: RuleFinding, before: Assessment, after: Assessment) -> bool:
    """Whether the lines that a finding speaks of are still proposed, with no fewer units."""
    return _units(before, row.lines) <= _units(after, {line.id for line in after.lines})


def _can_be_left_out(pointer: str) -> bool:
    """Whether a story has something at a place; that it loads without it is part of the answer."""
    for story in STORIES:
        raw = data(story)
        try:
            drop(raw, pointer)
        except (KeyError, IndexError):
            continue
        load_case(json.dumps(raw).encode())
        return True
    return False


class TestUnknownNeverPasses:
    @settings(max_examples=examples(12, 50), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(gone=st.sets(st.sampled_from(FIELDS), min_size=1, max_size=5))
    def test_less_evidence_never_passes_more_rules(self, practice, gone):
        """Where every rule is met, what is left out never lets another rule pass."""
        before, after = worst(assessed(profile=practice)), worst(less(BASE, gone, practice))
        passed = {rule for rule, outcome in after.items() if outcome == "pass"}
        assert passed <= {rule for rule, outcome in before.items() if outcome == "pass"}

    @settings(max_examples=examples(20, 60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(story=st.sampled_from(STORIES), gone=st.sets(st.sampled_from(FIELDS), min_size=1, max_size=4))
    def test_what_is_open_stays_open_when_its_evidence_goes(self, story, gone):
        """No question closes because a record says less, unless the units that it was about are gone too."""
        before, after = whole(story), less(story, gone)
        outcomes = worst(after)
        ended = {rule for rule, places in WRONG.get(story, {}).items() if gone & set(places)}
        closed = {
            row.code
            for row in before.open
            if outcomes[row.code] == "pass" and row.code not in ended and _still_there(row, before, after)
        }
        assert closed == set()
        assert after.blocked

    @pytest.mark.parametrize(("gone", "asks"), ASKS, ids=[" and ".join(row[0]) for row in ASKS])
    def test_what_a_rule_rests_on_is_missed(self, practice, gone, asks):
        """One thing left out of a case where nothing is open, and the rules that need it hold the claim back."""
        found = less(BASE, gone, practice)
        assert asks <= {row.code for row in found.open if row.blocking}
        assert found.blocked

    @pytest.mark.parametrize("pointer", ["/encounter/payer", "/encounter/payer/payer_class"])
    @pytest.mark.parametrize("story", ["commercial_settled", BASE, "out_of_network"])
    def test_an_unknown_payer_is_not_settled(self, story, pointer):
        """A case without a class of payer asks for it, whatever else was recorded of the plan."""
        raw = data(story)
        if pointer.endswith("payer"):
            drop(raw, pointer)
        else:
            raw["encounter"]["payer"]["payer_class"] = "unknown"
        found = of_case(load_case(json.dumps(raw).encode()))
        assert not found.policy_confirmed
        assert worst(found)["payer_unconfirmed"] == "confirm"
        assert found.blocked

    def test_every_field_of_the_list_can_be_left_out(self):
        """Each names a place of some story, and a record without it still loads: the properties test something."""
        assert [pointer for pointer in FIELDS if not _can_be_left_out(pointer)] == []


class TestItsOwnDocuments:
    def test_a_clinical_report_is_made_without_any_of_it(self):
        """A fresh process makes PDF, JSON and HTML and never loads rules or claim."""
        program = (
            "import sys\nfrom pathlib import Path\nfrom report_gen import Settings, generate, load_case\n"
            "made = generate(load_case(Path(sys.argv[1])), settings=Settings(html=True))\n"
            "assert made.pdf and made.json and made.html\n"
            "print([name for name in sys.modules if name.startswith(('report_gen.claim', 'report_gen.rules'))"
            " or 'claim' in name])\n"
        )
        command = [sys.executable, "-c", program, str(CLAIMS / f"{BASE}.json")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
