"""The practice's profile and code map: what is taken, what is refused, and which row decides for a case."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from report_gen import rules
from report_gen.claim.practice.code_map import public_codes
from report_gen.claim.practice.profile import load_profile, profile_from
from report_gen.errors import AssetError, ExitCode, FileAccessError, Problem, ProfileError
from report_gen.rules.concepts import concepts
from tests.cases.story import recorded
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = date(2026, 9, 15)
GUIDE = (Path(__file__).parents[3] / "docs" / "claim-profile.md").read_text(encoding="utf-8")
CONFIRMED = {"confirmed_on": date(2026, 8, 1), "confirmed_by": "B. Biller"}
CODES = 'format = "report_gen.code_map/1"\nlicence_confirmed_by = "C."\nlicence_confirmed_on = 2026-01-02\n[codes]\n'


def example(name: str) -> str:
    """A file of the guide."""
    found = re.search(rf"<!-- {name} -->\n```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


def record(payer_class: str = "commercial", name: str | None = "Example Plan", on: date | None = None):
    """The base case with another payer."""
    edits = {"/encounter/payer/payer_class": payer_class, "/encounter/payer/name": name}
    return recorded(edits=edits, on=on)


def payer(row_id: str, payer_class: str = "commercial", **terms: object) -> dict[str, object]:
    """A payer's row."""
    return {"id": row_id, "payer_class": payer_class, "remote": "mon.remote_multi", **terms}


def problems(raw: dict[str, object]) -> dict[str, str]:
    """What is said of each place of a profile that is refused."""
    with pytest.raises(ProfileError, match="the profile: ") as caught:
        profile_from(raw)
    return {row.pointer: f"{row.expected}. {row.action}" for row in caught.value.problems}


class TestWithoutFiles:
    def test_it_knows_medicare_and_public_codes_alone(self):
        """Nothing licensed, nothing decided."""
        profile = load_profile()
        assert dict(profile.codes) == {"mon.remote_exclusive": "G0453"}
        assert not profile.has_codes
        assert not profile.allot
        assert profile.policy_for(record("medicare_ffs")).settled_on(DAY)
        assert not profile.policy_for(record()).settled_on(DAY)
        assert profile.code("sep.both") == ""

    def test_a_case_without_a_payer_asks_for_everything(self):
        """Unknown is not Medicare."""
        policy = load_profile().policy_for(recorded(removed=["/encounter/payer"]))
        assert policy.payer_class == "unknown"
        assert policy.authorization == "unknown"
        assert not policy.settled_on(DAY)

    def test_it_cannot_be_changed(self):
        """The same profile serves many cases at once."""
        with pytest.raises(ValidationError, match="Instance is frozen"):
            load_profile().allot = True


class TestTheGuide:
    def test_its_example_is_a_good_profile_and_map(self, tmp_path):
        """What people copy works."""
        (tmp_path / "p.toml").write_text(example("profile"), encoding="utf-8")
        (tmp_path / "c.toml").write_text(example("codes"), encoding="utf-8")
        profile = load_profile(tmp_path / "p.toml", tmp_path / "c.toml")
        assert profile.has_codes
        assert profile.code_licence.confirmed_on == date(2026, 1, 2)
        assert profile.code("mon.remote_exclusive") == "G0453"
        assert profile.code("sep.both")
        gold = profile.policy_for(record(name="example health GOLD ppo"))
        assert gold.id == "example_gold"
        assert gold.settled_on(DAY)
        assert profile.policy_for(record()).id == "other_commercial"
        texas = profile.policy_for(record("medicaid", "Example Texas Medicaid"))
        assert (texas.cap_min_per_day, texas.authorization) == (120, "not_required")
        assert profile.confirmed("tables_current", DAY)

    def test_it_names_every_key_of_a_payer_row(self):
        """And of a confirmation."""
        said = problems({"payers": [payer("a1", nonsense=1)], "confirmations": [{"nonsense": 1}]})
        for pointer in ("/payers/0/nonsense", "/confirmations/0/nonsense"):
            keys = said[pointer].removeprefix("one of the keys ").partition(".")[0].split(", ")
            assert [key for key in keys if f"`{key}`" not in GUIDE] == []


class TestWhichRow:
    def test_the_exact_plan_then_the_class_then_what_is_shipped(self):
        """Most specific first, whatever the order of the file."""
        rows = [payer("whole_class"), payer("one_plan", name="example PLAN"), payer("elsewhere", "medicaid")]
        for order in (rows, rows[::-1]):
            profile = profile_from({"payers": order})
            assert profile.policy_for(record()).id == "one_plan"
            assert profile.policy_for(record(name="Another Plan")).id == "whole_class"
            assert profile.policy_for(record("tricare")).id == "template_tricare"

    def test_a_row_for_a_plan_is_not_for_a_plan_without_name(self):
        """An empty name is no name."""
        profile = profile_from({"payers": [payer("one_plan", name="Example Plan")]})
        case = recorded(edits={"/encounter/payer/payer_class": "commercial"}, removed=["/encounter/payer/name"])
        assert profile.policy_for(case).id == "template_commercial"

    def test_of_two_texts_the_latest_that_had_begun(self):
        """A claim of last year goes by last year's policy."""
        rows = [payer("old", effective_from=date(2025, 1, 1)), payer("new", effective_from=DAY)]
        profile = profile_from({"payers": rows})
        assert profile.policy_for(record()).id == "new"
        assert profile.policy_for(record(on=DAY - timedelta(days=1))).id == "old"
        assert profile.policy_for(record(on=date(2024, 12, 31))).id == "template_commercial"

    def test_a_practice_can_narrow_medicare_but_not_call_it_known(self):
        """Its own row asks for its own confirmation."""
        rows = [payer("mac", "medicare_ffs", remote="mon.remote_exclusive", rounding={"mon.in_room": "completed"})]
        policy = profile_from({"payers": rows}).policy_for(record("medicare_ffs"))
        assert policy.rounding == {"mon.in_room": "completed"}
        assert not policy.settled_on(DAY)

    def test_an_adopted_hint_fills_what_the_row_leaves_out(self):
        """And nothing else."""
        row = {"id": "tx", "payer_class": "medicaid", "adopt": "texas_medicaid"}
        adopted = profile_from({"payers": [row]}).payers[0]
        assert (adopted.remote, adopted.cap_min_per_day) == ("mon.remote_multi", 120)
        own = profile_from({"payers": [{**row, "cap_min_per_day": 240, "remote": "none"}]}).payers[0]
        assert (own.remote, own.cap_min_per_day) == ("none", 240)
        assert not own.settled_on(DAY)


class TestRefused:
    def test_medicare_is_never_given_the_hourly_concept(self):
        """It is not valid there since 2013-01-01."""
        said = problems({"payers": [payer("mac", "medicare_ffs")]})
        assert "not valid for Medicare" in said["/payers/0"]
        assert "mon.remote_exclusive" in said["/payers/0"]

    def test_nobody_declares_a_payer_known(self):
        """Only shipped rows say so."""
        said = problems({"payers": [payer("plan_a", known=True)]})
        assert said["/payers/0/known"].startswith("one of the keys id, payer_class, name")

    def test_every_problem_is_told_at_once_with_its_place(self):
        """Keys, kinds, words and dates."""
        said = problems(
            {
                "alot": True,
                "allot": "yes",
                "billing_npi": "12",
                "payers": [
                    payer("Plan A"),
                    payer("plan_b", "veterans"),
                    payer("plan_c", remote="all", cap_min_per_day="120"),
                    payer("plan_d", confirmed_on=20260801, confirmed_by="B."),
                    payer("plan_e", rounding={"sep.both": "up"}),
                    {"id": "plan_f", "payer_class": "commercial"},
                    "plan_g",
                ],
                "confirmations": [{"item": "tables_current", "confirmed_on": "2026-13-01", "confirmed_by": "B."}],
            }
        )
        assert {
            "/alot",
            "/allot",
            "/billing_npi",
            "/payers/0/id",
            "/payers/1/payer_class",
            "/payers/2/remote",
            "/payers/2/cap_min_per_day",
            "/payers/3/confirmed_on",
            "/payers/5/remote",
            "/payers/6",
            "/confirmations/0/confirmed_on",
        } <= set(said)
        assert any(place.startswith("/payers/4/rounding") for place in said)
        assert "practice, billing_npi" in said["/alot"]
        assert "commercial" in said["/payers/1/payer_class"]
        assert "2026-09-15" in said["/payers/3/confirmed_on"]

    @pytest.mark.parametrize(
        ("terms", "words"),
        [
            ({"confirmed_on": date(2026, 8, 1)}, "confirmed_on and confirmed_by together"),
            ({"confirmed_by": "B."}, "confirmed_on and confirmed_by together"),
            ({"confirmed_until": date(2026, 8, 1)}, "confirmed_until only with"),
            ({**CONFIRMED, "confirmed_until": date(2026, 7, 31)}, "confirmed_until only with"),
        ],
    )
    def test_half_a_confirmation(self, terms, words):
        """A date without a name, a name without a date, an end before the beginning."""
        assert words in problems({"payers": [payer("plan_a", **terms)]})["/payers/0"]

    def test_a_payer_of_no_class(self):
        """Nothing can be confirmed of a payer that nobody knows; the case must say who it is."""
        said = problems({"payers": [payer("plan_a", "unknown", **CONFIRMED)]})
        assert "not known" in said["/payers/0"]

    def test_two_rows_for_one_plan(self):
        """Nobody could tell which of them holds."""
        said = problems({"payers": [payer("plan_a", name="Plan"), payer("plan_b", name="PLAN")]})
        assert "effective_from" in said["/payers/1"]

    @pytest.mark.parametrize("taken", ["plan_a", "medicare_ffs", "template_commercial"])
    def test_an_id_that_is_taken(self, taken):
        """By another row or a shipped one."""
        rows = [payer("plan_a"), payer(taken, name="Plan")]
        assert "no other row" in problems({"payers": rows})["/payers/1/id"]

    @pytest.mark.parametrize("hint", ["nobody", "texas_medicaid"])
    def test_a_hint_that_is_not_there_or_of_another_class(self, hint):
        """With those that may be adopted."""
        assert "bc_idaho" in problems({"payers": [payer("plan_a", adopt=hint)]})["/payers/0/adopt"]

    def test_a_confirmation_of_no_rule(self):
        """A typing error would otherwise settle nothing, silently."""
        row = {"item": "tables_curent", "confirmed_on": DAY, "confirmed_by": "B."}
        assert "report-gen rules" in problems({"confirmations": [row]})["/confirmations/0/item"]

    def test_more_than_500_payers(self):
        """The file is for people to read."""
        rows = [payer(f"plan_{index}", name=f"Plan {index}") for index in range(501)]
        assert set(problems({"payers": rows})) == {"/payers"}
        assert len(profile_from({"payers": rows[:500]}).payers) == 500

    def test_no_value_of_the_file_is_repeated(self):
        """Whatever somebody wrote there by mistake stays there."""
        secret = "Testcase, Isidor"
        said = problems(
            {
                "practice": [secret],
                "billing_npi": secret,
                "allot": secret,
                "payers": [payer(secret, secret, remote=secret, confirmed_on=secret, policy_url=secret), secret],
                "confirmations": [{"item": secret, "confirmed_on": secret, "confirmed_by": [secret], "note": [secret]}],
            }
        )
        assert "Isidor" not in str(said)

    @PROPERTY
    @given(
        st.dictionaries(
            st.sampled_from(["payers", "confirmations", "allot", "practice", "billing_npi"]) | st.text(max_size=5),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
                max_leaves=6,
            ),
            max_size=4,
        )
    )
    def test_anything_is_taken_or_refused_cleanly(self, raw):
        """No other exception, whatever the file holds."""
        said: tuple[Problem, ...] = ()
        try:
            profile_from(raw)
        except ProfileError as error:
            said = error.problems
        assert all(row.expected and row.action for row in said)


class TestConfirmations:
    def test_a_rule_id_covers_its_details_and_a_detail_only_itself(self):
        """A decision is no wider than it was written."""
        bare = profile_from({"confirmations": [{"item": "pos_facility", **CONFIRMED}]})
        detail = profile_from({"confirmations": [{"item": "pos_facility:23", **CONFIRMED}]})
        assert bare.confirmed("pos_facility", DAY)
        assert bare.confirmed("pos_facility:23", DAY)
        assert detail.confirmed("pos_facility:23", DAY)
        assert not detail.confirmed("pos_facility", DAY)
        assert not detail.confirmed("pos_facility:11", DAY)
        assert not detail.confirmed("tables_current", DAY)

    def test_it_ends(self):
        """On its own last day, or after 400 days."""
        own = profile_from({"confirmations": [{"item": "service_address", **CONFIRMED, "until": DAY}]})
        assert own.confirmed("service_address", DAY)
        assert not own.confirmed("service_address", DAY + timedelta(days=1))
        open_ended = profile_from({"confirmations": [{"item": "service_address", **CONFIRMED}]})
        last = date(2026, 8, 1) + timedelta(days=400)
        assert open_ended.confirmed("service_address", last)
        assert not open_ended.confirmed("service_address", last + timedelta(days=1))

    def test_it_reaches_back_400_days_or_as_far_as_it_says(self):
        """A decision of this summer says nothing about claims of two years ago unless somebody looked at them."""
        bare = profile_from({"confirmations": [{"item": "service_address", **CONFIRMED}]})
        first = date(2026, 8, 1) - timedelta(days=400)
        assert bare.confirmed("service_address", first)
        assert not bare.confirmed("service_address", first - timedelta(days=1))
        assert not bare.confirmed("service_address", date(2024, 8, 1))
        since = profile_from({"confirmations": [{"item": "service_address", **CONFIRMED, "since": date(2024, 8, 1)}]})
        assert since.confirmed("service_address", date(2024, 8, 1))
        assert not since.confirmed("service_address", date(2024, 7, 31))
        later = profile_from({"confirmations": [{"item": "service_address", **CONFIRMED, "since": date(2026, 9, 16)}]})
        assert not later.confirmed("service_address", DAY)
        assert later.confirmed("service_address", date(2026, 9, 16))

    @pytest.mark.parametrize("more", [{"since": date(2028, 1, 1)}, {"since": DAY, "until": date(2026, 9, 14)}])
    def test_its_first_day_is_not_after_its_last(self, more):
        """Otherwise it would never hold."""
        row = {"item": "service_address", **CONFIRMED, **more}
        assert "since not after" in problems({"confirmations": [row]})["/confirmations/0"]

    def test_its_end_is_not_before_its_beginning(self):
        """Otherwise it would never hold."""
        row = {"item": "service_address", **CONFIRMED, "until": date(2026, 7, 31)}
        assert "until not before confirmed_on" in problems({"confirmations": [row]})["/confirmations/0"]

    def test_the_latest_is_told(self):
        """Two decisions, one of them newer."""
        rows = [{"item": "service_address", **CONFIRMED}, {"item": "service_address", **CONFIRMED, "confirmed_on": DAY}]
        for order in (rows, rows[::-1]):
            profile = profile_from({"confirmations": order})
            assert profile.confirmation("service_address", DAY).confirmed_on == DAY
            assert [row.confirmed_on for row in profile.confirmations_of("service_address", DAY)] == [
                DAY,
                CONFIRMED["confirmed_on"],
            ]


class TestFiles:
    def test_a_missing_file(self, tmp_path):
        """Exit code 4."""
        with pytest.raises(FileAccessError, match="cannot be read: No such file") as caught:
            load_profile(tmp_path / "none.toml")
        assert caught.value.exit_code is ExitCode.FILE_ACCESS
        with pytest.raises(FileAccessError, match="cannot be read: Is a directory"):
            load_profile(codes=tmp_path)

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", 'format = "report_gen.claim_profile/1"'),
            (b'format = "report_gen.code_map/1"\n', 'format = "report_gen.claim_profile/1"'),
            (b'format = "report_gen.claim_profile/1"\nallot = \n', "see line 2"),
            (b"\xff\xfe", "UTF-8"),
            (b"a = " + b"[" * 5000, "TOML"),
            (b"#" * 1_000_001, "at most 1 MB"),
        ],
        ids=["empty", "other", "syntax", "encoding", "deep", "large"],
    )
    def test_what_is_no_profile(self, tmp_path, data, words):
        """With the name of the file; exit code 1."""
        path = tmp_path / "practice.toml"
        path.write_bytes(data)
        with pytest.raises(ProfileError, match=r"^practice\.toml: ") as caught:
            load_profile(path)
        assert words in str(caught.value)
        assert caught.value.exit_code is ExitCode.USAGE

    def test_a_refused_file_is_named(self, tmp_path):
        """With the key and the keys allowed."""
        path = tmp_path / "practice.toml"
        path.write_text('format = "report_gen.claim_profile/1"\n[[payer]]\nid = "a"\n', encoding="utf-8")
        with pytest.raises(ProfileError, match=r"^practice\.toml: /payer: expected one of the keys practice, .*payers"):
            load_profile(path)


class TestCodeMap:
    def codes(self, tmp_path, text):
        """A profile with a code map."""
        path = tmp_path / "codes.toml"
        path.write_text(text, encoding="utf-8")
        return load_profile(codes=path)

    def test_it_is_laid_over_the_public_codes(self, tmp_path):
        """Both are there."""
        profile = self.codes(tmp_path, CODES + '"sep.both" = "00013"\n"mon.remote_exclusive" = "G0453"\n')
        assert (profile.code("sep.both"), profile.code("mon.remote_exclusive")) == ("00013", "G0453")
        assert profile.code("sep.upper") == ""
        assert profile.has_codes

    @pytest.mark.parametrize("key", ["licence_confirmed_by", "licence_confirmed_on"])
    def test_without_word_of_the_licence_it_is_refused(self, tmp_path, key):
        """Who confirmed it, and when."""
        text = "\n".join(row for row in (CODES + '"nmj" = "00041"').splitlines() if not row.startswith(key))
        with pytest.raises(ProfileError, match=f"/{key}: expected this key"):
            self.codes(tmp_path, text)

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ('"sep.left" = "00013"', "the concept ids are mon.in_room"),
            ('"sep.both" = "0001"', "/codes/sep.both"),
            ('"sep.both" = "words of a descriptor"', "/codes/sep.both"),
            ('"sep.both" = 13', "/codes/sep.both"),
            ('"sep.both" = "00013"\n"sep.upper" = "00013"', "one concept for each code"),
            ('"mon.remote_exclusive" = "00013"', "mon.remote_exclusive left out"),
            ("", "/codes"),
            ('"nmj" = "00041"\n[labels]\n"nmj" = "x"', "/labels: expected one of the keys licence_confirmed_by"),
        ],
    )
    def test_what_is_refused(self, tmp_path, row, words):
        """Unknown concepts, what is no code, one code twice, another public code, descriptors."""
        with pytest.raises(ProfileError, match=r"^codes\.toml: ") as caught:
            self.codes(tmp_path, CODES + row + "\n")
        assert words in str(caught.value)
        assert "descriptor" not in str(caught.value)

    def test_every_concept_may_have_a_code(self, tmp_path):
        """The list of concepts is the table's."""
        rows = (f'"{name}" = "{index:05d}"' for index, name in enumerate(concepts()) if name != "mon.remote_exclusive")
        assert len(self.codes(tmp_path, CODES + "\n".join(rows)).codes) == len(concepts())

    @pytest.mark.parametrize("row", ['"sep.both" = "00013"', '"sep.left" = "S0001"'])
    def test_a_licensed_or_unknown_row_among_the_public_codes_is_refused(self, tmp_path, monkeypatch, row):
        """The shipped file stays public."""
        good = (Path(rules.__file__).parent / "code_map_hcpcs.toml").read_text(encoding="utf-8")
        (tmp_path / "code_map_hcpcs.toml").write_text(good.replace("[codes]", f"[codes]\n{row}"), encoding="utf-8")
        monkeypatch.setattr(rules, "__file__", str(tmp_path / "__init__.py"))
        with pytest.raises(AssetError, match=r"code_map_hcpcs\.toml: : Value error, codes: known concepts"):
            public_codes.__wrapped__()

    def test_no_licensed_number_is_shipped(self):
        """Public codes begin with a letter."""
        assert all(code[0].isalpha() for code in load_profile().codes.values())
