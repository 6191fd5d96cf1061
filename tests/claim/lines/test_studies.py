"""Base studies from what was performed: each way to a study, limbs counted, and nothing performed lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.claim.lines.studies import Mapped, mapped, supported
from report_gen.claim.record import ClaimRecord
from report_gen.rules.concepts import concepts
from report_gen.rules.studies import study_table
from report_gen.vocab import vocabulary
from tests.cases.story import recorded
from tests.selection import examples

PARTS = ("/communication/messages/2/event", "/criteria", "/events", "/channels")
ARM = ("deltoid", "biceps", "triceps", "brachioradialis", "apb", "adm")
LEG = ("iliopsoas", "quadriceps", "tibialis_anterior", "gastrocnemius", "ehl", "abductor_hallucis")


def channel(modality: str, side: str = "left", state: str = "present", **site: str) -> dict[str, Any]:
    """A channel with one baseline reading; `state` empty: none. Where a nerve must be named, it is the facial nerve."""
    if vocabulary("modalities")[modality].site_kind == "nerve":
        site = {"nerve": "facial", **site}
    reading: dict[str, Any] = {"state": state}
    if state in ("not_obtained", "not_monitored"):
        reading["reason"] = "electrode_failure"
    rows = [{"phase": "baseline", "reading": reading}] if state else []
    # An id holds 60 characters at most, and all of its parts tell channels apart.
    name = "-".join((modality[:14], side[:5], *site.values())).replace("_", "-")
    words = {f"{kind}_other": "as it is worded" for kind, code in site.items() if code == "other"}
    return {"id": name, "modality": modality, "side": side, **site, **words, "measurements": rows}


def muscles(modality: str, side: str, *codes: str) -> list[dict[str, Any]]:
    """Channels of several muscles on one side."""
    return [channel(modality, side, muscle=code) for code in codes]


def record(*channels: Any, also: tuple[str, ...] = (), family: str = "other") -> ClaimRecord:
    """A case with these channels, their modalities performed, and further modalities without channels."""
    rows = [row for part in channels for row in (part if isinstance(part, list) else [part])]
    names = dict.fromkeys((*(row["modality"] for row in rows), *also))
    edits = {
        "/modalities": [{"modality": name, "performed": True} for name in names],
        "/channels": rows,
        "/surgery/family": family,
    }
    return recorded(edits=edits, removed=PARTS)


def found(case: ClaimRecord) -> dict[str, int]:
    """Units by concept."""
    return {row.concept: row.units for row in supported(case)}


def open_(case: ClaimRecord) -> dict[str, str]:
    """What a person must confirm, by concept."""
    return {row.concept: row.uncertain for row in supported(case)}


SURE = [
    ("upper limbs", [channel("ssep_upper", nerve="median")], "sep.upper"),
    ("lower limbs", [channel("ssep_lower", nerve="posterior_tibial")], "sep.lower"),
    ("saphenous nerve", [channel("ssep_saphenous", nerve="saphenous")], "sep.lower"),
    ("both", [channel("ssep_upper", nerve="ulnar"), channel("ssep_lower", nerve="posterior_tibial")], "sep.both"),
    (
        "both, saphenous",
        [channel("ssep_upper", nerve="ulnar"), channel("ssep_saphenous", nerve="saphenous")],
        "sep.both",
    ),
    ("trigeminal nerve", [channel("ssep_upper", nerve="trigeminal")], "sep.trunk_head"),
    ("dermatome of the trunk", [channel("dsep", level="T6")], "sep.trunk_head"),
    ("motor, arm", [channel("tcmep", muscle="apb")], "mep.upper"),
    ("motor, leg", [channel("tcmep", muscle="tibialis_anterior")], "mep.lower"),
    ("motor, both", [channel("tcmep", muscle="apb"), channel("tcmep", muscle="soleus")], "mep.both"),
    (
        "motor, leg and sphincter",
        [channel("tcmep", muscle="ehl"), channel("tcmep", muscle="anal_sphincter")],
        "mep.lower",
    ),
    ("auditory", [channel("baep")], "aep.neuro"),
    ("visual", [channel("vep")], "vep"),
    ("ECoG", [channel("ecog", electrode="cz_prime")], "ecog.surgery"),
    ("cranial nerves, one side", muscles("emg_free_run", "left", "masseter", "frontalis"), "emg.cranial_one_side"),
    (
        "cranial nerves, both sides",
        [*muscles("emg_free_run", "left", "mentalis"), *muscles("emg_free_run", "right", "mentalis")],
        "emg.cranial_both",
    ),
    ("larynx by EMG", muscles("emg_free_run", "left", "vocalis"), "emg.larynx"),
]
ASKED = [
    ("dermatome of a limb", [channel("dsep", level="L5")], "sep.trunk_head"),
    ("lateral spread", [channel("lsr", muscle="mentalis")], "emg.cranial_one_side"),
    ("motor, face", [channel("comep", muscle="orbicularis_oris")], "emg.cranial_one_side"),
    ("laryngeal nerve", [channel("rln_intermittent", nerve="vagus", muscle="vocalis")], "emg.larynx"),
    ("sphincter reflex", [channel("bcr", muscle="anal_sphincter")], "unlisted"),
    ("EMG of the trunk", muscles("emg_free_run", "left", "rectus_abdominis"), "emg.limited"),
    ("EMG of the sphincter", muscles("emg_free_run", "left", "anal_sphincter"), "emg.limited"),
]


class TestEachModality:
    @pytest.mark.parametrize(("channels", "concept"), [row[1:] for row in SURE], ids=[row[0] for row in SURE])
    def test_leads_to_its_study(self, channels, concept):
        """One study, one unit, nothing to ask."""
        assert found(record(channels)) == {concept: 1}
        assert open_(record(channels)) == {concept: ""}

    @pytest.mark.parametrize(("channels", "concept"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
    def test_leads_to_a_study_that_a_person_confirms(self, channels, concept):
        """The study is proposed, with the reason why somebody must look."""
        assert found(record(channels)) == {concept: 1}
        assert open_(record(channels))[concept]

    @pytest.mark.parametrize("code", ["cortical_mapping", "subcortical_mapping"])
    def test_mapping_is_one_hour_until_the_physician_gives_the_time(self, code):
        """The practice's rule cannot settle it: only the case can."""
        (row,) = mapped(record(also=(code,))).proposals
        assert (row.study.concept, row.study.units, row.only_case) == ("map.first_hour", 1, True)

    def test_two_mappings_are_one_study(self):
        """Cortical and subcortical mapping share the first hour."""
        assert found(record(also=("cortical_mapping", "subcortical_mapping"))) == {"map.first_hour": 1}

    @pytest.mark.parametrize("family", ["carotid", "aortic"])
    def test_eeg_in_operations_on_vessels(self, family):
        """The brain is watched from outside its surgery: nothing to ask."""
        case = record(channel("eeg", electrode="cz_prime"), family=family)
        assert (found(case), open_(case)) == ({"eeg.nonbrain_surgery": 1}, {"eeg.nonbrain_surgery": ""})

    @pytest.mark.parametrize("family", ["aneurysm", "epilepsy", "scoliosis", "other"])
    def test_eeg_elsewhere_asks(self, family):
        """Which EEG study it was is not in the record."""
        case = record(channel("eeg", electrode="cz_prime"), family=family)
        assert found(case) == {"eeg.coma_sleep": 1}
        assert open_(case)["eeg.coma_sleep"]

    @pytest.mark.parametrize(
        ("code", "settle"), [(row.code, row.settle) for row in study_table().modality if row.count == "none"]
    )
    def test_without_a_study_is_kept_with_its_reason(self, code, settle):
        """Flow, oxygen, pressure and waking up are sure; the others ask."""
        (row,) = mapped(record(also=(code,))).unproposed
        assert (row.modality, row.settle) == (code, settle)
        assert row.reason

    def test_only_what_records_no_signal_of_nerves_and_the_block_itself_are_surely_no_study(self):
        """All others without a study ask. Train-of-four is a control that reviewers refuse as a study."""
        sure = {row.code for row in study_table().modality if row.count == "none" and row.settle == "nobody"}
        assert sure == {"tcd", "nirs", "stump_pressure", "tof", "wake_up_test"}


class TestMotorPotentials:
    def test_without_a_muscle_of_a_limb_are_kept_open(self):
        """The limbs are what the study is named by."""
        case = record(channel("tcmep", side="not_recorded"))
        (row,) = mapped(case).unproposed
        assert (row.modality, row.settle, found(case)) == ("tcmep", "case", {})

    def test_with_an_unnamed_channel_may_be_of_the_other_limbs_too(self):
        """Not if both are recorded anyway."""
        one = record(channel("tcmep", muscle="apb"), channel("tcmep", side="not_recorded"))
        assert "no muscle named" in open_(one)["mep.upper"]
        both = record(
            channel("tcmep", muscle="apb"), channel("tcmep", muscle="ehl"), channel("tcmep", side="not_recorded")
        )
        assert open_(both) == {"mep.both": ""}


class TestWhatWasObtained:
    @pytest.mark.parametrize("state", ["absent", "present"])
    def test_a_baseline_without_a_response_is_a_study(self, state):
        """The study is the recording and its reading."""
        assert open_(record(channel("ssep_upper", nerve="median", state=state))) == {"sep.upper": ""}

    def test_what_was_not_monitored_does_not_count(self):
        """Neither as a limb nor as a study, and it is not lost."""
        case = record(
            channel("ssep_upper", nerve="median"),
            channel("ssep_lower", nerve="posterior_tibial", state="not_monitored"),
        )
        assert found(case) == {"sep.upper": 1}
        (row,) = mapped(case).unproposed
        assert (row.modality, row.settle) == ("ssep_lower", "case")

    def test_a_muscle_that_was_not_monitored_makes_no_limb(self):
        """A leg on the plan alone is no leg recorded."""
        case = record(channel("tcmep", muscle="apb"), channel("tcmep", muscle="ehl", state="not_monitored"))
        assert found(case) == {"mep.upper": 1}

    @pytest.mark.parametrize(
        ("channels", "words"),
        [
            ([], "no channel is recorded"),
            ([channel("ssep_upper", nerve="median", state="not_obtained")], "not obtained in any channel"),
            (
                [channel("ssep_upper", nerve="median"), channel("ssep_upper", nerve="ulnar", state="")],
                "no reading in 1 of 2 channels",
            ),
        ],
    )
    def test_a_gap_of_the_record_asks_in_each_case(self, channels, words):
        """The practice cannot wave it through once and for all."""
        (row,) = mapped(record(channels, also=("ssep_upper",))).proposals
        assert words in row.study.uncertain
        assert row.only_case

    def test_a_modality_that_was_not_performed_makes_no_study(self):
        """And needs no reason either."""
        row = {"modality": "vep", "performed": False, "not_performed_reason": "not_requested"}
        case = recorded(edits={"/modalities": [row]}, removed=PARTS)
        assert mapped(case) == Mapped((), ())


class TestEmgOfLimbs:
    @pytest.mark.parametrize(
        ("count", "expected"),
        [(1, {"emg.limited": 1}), (4, {"emg.limited": 1}), (5, {"emg.limb_1": 1}), (6, {"emg.limb_1": 1})],
    )
    def test_five_muscles_make_a_full_limb_and_four_do_not(self, count, expected):
        """Whether that is so, a person confirms: with the muscles counted."""
        case = record(muscles("emg_free_run", "left", *ARM[:count]))
        assert found(case) == expected
        (words,) = open_(case).values()
        assert f"left upper limb {count}" in words

    @pytest.mark.parametrize("limbs", [1, 2, 3, 4])
    def test_full_limbs_are_counted_into_one_study(self, limbs):
        """One to four of them."""
        every = [("left", ARM), ("right", ARM), ("left", LEG), ("right", LEG)]
        case = record(*(muscles("emg_free_run", side, *codes[:5]) for side, codes in every[:limbs]))
        assert found(case) == {f"emg.limb_{limbs}": 1}

    @given(st.lists(st.integers(min_value=0, max_value=6), min_size=4, max_size=4))
    @settings(max_examples=examples(15, 40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_full_limbs_and_others_are_told_apart(self, counts):
        """Full limbs name the study, each other limb with a muscle is a unit of the limited one."""
        every = zip([("left", ARM), ("right", ARM), ("left", LEG), ("right", LEG)], counts, strict=True)
        rows = [muscles("emg_free_run", side, *codes[:count]) for (side, codes), count in every]
        case = record(*rows, also=("tcd",))
        full, fewer = sum(count >= 5 for count in counts), sum(0 < count < 5 for count in counts)
        expected = ({f"emg.limb_{full}": 1} if full else {}) | ({"emg.limited": fewer} if fewer else {})
        assert found(case) == expected

    def test_a_muscle_counts_once_for_all_modalities(self):
        """Free-run and triggered EMG of the same five muscles on one side are one limb; of 4 they are no full one."""
        four = [*muscles("emg_free_run", "left", *LEG[:4]), *muscles("emg_triggered_nerve", "left", *LEG[:4])]
        assert found(record(four)) == {"emg.limited": 1}
        assert found(record(four, muscles("emg_triggered_nerve", "left", LEG[4]))) == {"emg.limb_1": 1}

    def test_motor_potentials_add_no_muscle_to_emg(self):
        """The fifth muscle was stimulated through the skull."""
        case = record(muscles("emg_free_run", "left", *ARM[:4]), muscles("tcmep", "left", *ARM))
        assert found(case) == {"mep.upper": 1, "emg.limited": 1}

    def test_the_left_and_the_right_limb_are_two(self):
        """Three and two muscles are five of no limb."""
        case = record(muscles("emg_free_run", "left", *ARM[:3]), muscles("emg_free_run", "right", *ARM[3:5]))
        assert found(case) == {"emg.limited": 2}

    def test_a_side_that_is_not_recorded_asks_in_each_case(self):
        """The practice's rule cannot know the side."""
        (row,) = mapped(record(muscles("emg_free_run", "not_recorded", *ARM[:3]))).proposals
        assert "side not recorded in 3 channels" in row.study.uncertain
        assert row.only_case

    def test_a_channel_without_a_muscle_asks_in_each_case(self):
        """It may be the fifth muscle of a limb, or of another one."""
        unnamed = {"id": "emg-unnamed", "modality": "emg_free_run", "side": "not_recorded", "measurements": []}
        (row,) = mapped(record(muscles("emg_free_run", "left", *ARM[:4]), unnamed)).proposals
        assert "no muscle named in 1 channel" in row.study.uncertain
        assert row.only_case
        assert found(record(unnamed)) == {}

    def test_trunk_and_pelvis_are_a_unit_each(self):
        """Beside the unit of the leg."""
        case = record(muscles("emg_free_run", "left", "anal_sphincter", "rectus_abdominis", "ehl"))
        assert found(case) == {"emg.limited": 3}

    def test_screw_tests_are_part_of_the_emg_study(self):
        """And of none when no muscle is recorded."""
        case = record(muscles("emg_free_run", "left", *LEG[:5]), also=("emg_triggered_screw",))
        (row,) = supported(case)
        assert "modality.emg_triggered_screw" in row.facts
        alone = mapped(record(also=("emg_triggered_screw",)))
        assert [row.modality for row in alone.unproposed] == ["emg_triggered_screw"]

    def test_a_muscle_is_read_where_a_nerve_names_the_channel(self):
        """The site of such a channel is the nerve."""
        case = record(channel("emg_triggered_nerve", nerve="facial", muscle="mentalis"))
        assert found(case) == {"emg.cranial_one_side": 1}

    @pytest.mark.parametrize(("family", "concept"), [("skull_base", "emg.cranial_one_side"), ("acdf", "emg.limited")])
    def test_the_trapezius_is_cranial_at_the_skull_base(self, family, concept):
        """A person confirms it there."""
        case = record(muscles("emg_free_run", "left", "trapezius"), family=family)
        assert found(case) == {concept: 1}
        assert open_(case)[concept]

    def test_controls_of_facial_motor_potentials_are_no_emg(self):
        """The hand beside the face is there to tell a general fade."""
        case = record(channel("comep", muscle="orbicularis_oris"), channel("comep", muscle="apb"))
        assert found(case) == {"emg.cranial_one_side": 1}

    def test_emg_of_the_face_settles_what_lateral_spread_alone_asks(self):
        """The EMG study is there anyway."""
        case = record(channel("lsr", muscle="mentalis"), muscles("emg_free_run", "left", "masseter"))
        assert open_(case) == {"emg.cranial_one_side": ""}


class TestNothingIsLost:
    @given(
        st.lists(st.sampled_from(vocabulary("modalities").codes), unique=True, min_size=1, max_size=12),
        st.sampled_from(vocabulary("procedure_families").codes),
        st.lists(
            st.tuples(
                st.sampled_from(vocabulary("modalities").codes),
                st.sampled_from(("left", "right", "not_recorded")),
                st.sampled_from(("present", "absent", "not_obtained", "not_monitored", "")),
                st.sampled_from(vocabulary("muscles").codes),
            ),
            max_size=8,
        ),
    )
    @settings(max_examples=examples(40, 120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_every_modality_performed_is_in_a_study_or_has_a_reason(self, codes, family, rows):
        """In one or the other and never in both; facts exist; the order is that of a claim; no reading of a clock."""
        unique = {row[:2] + row[3:]: row for row in rows}.values()
        channels = [channel(code, side, state, muscle=muscle) for code, side, state, muscle in unique]
        case = record(channels, also=tuple(codes), family=family)
        result = mapped(case)
        inside = {fact for row in result.proposals for fact in row.study.facts}
        left = [row.fact for row in result.unproposed]
        assert {row.fact for row in case.performed} == {fact for fact in inside if fact.startswith("modality.")} | {
            *left
        }
        assert not inside & {*left}
        assert len(left) == len(set(left))
        assert inside <= set(case.facts.by_id)
        order = list(concepts())
        places = [order.index(row.study.concept) for row in result.proposals]
        assert places == sorted(set(places))
        assert all(row.study.units >= 1 and (row.study.uncertain or not row.only_case) for row in result.proposals)
        assert mapped(case) == result
