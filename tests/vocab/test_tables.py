from __future__ import annotations

import json
import re
from typing import get_args, get_overloads, get_type_hints

import pytest

from report_gen.errors import AssetError, ExitCode
from report_gen.vocab import Limit, Muscle, limits, names, tables, vocabulary
from report_gen.vocab.entries import KINDS, Entry
from report_gen.vocab.reader import read_entries


@pytest.fixture
def _damaged(monkeypatch, tmp_path):
    """An installation whose vocabulary folder holds damaged files only."""
    (tmp_path / "damaged.json").write_text("{", encoding="utf-8")
    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")
    (tmp_path / "coded.json").write_text('{"about": "x", "entries": [{}]}', encoding="utf-8")
    monkeypatch.setattr(tables, "_FOLDER", tmp_path)


class TestVocabulary:
    def test_entries_are_found_by_code(self):
        """Printed term, label, membership."""
        muscles = vocabulary("muscles")
        assert "tibialis anterior" == muscles["tibialis_anterior"].display == muscles.display("tibialis_anterior")
        assert muscles.label("tibialis_anterior") == "TA"
        assert vocabulary("emg_patterns").label("silent") == "silent", "a term without abbreviation is its own label"
        assert "deltoid" in muscles
        assert "tail" not in muscles
        assert muscles.get("tail") is None
        with pytest.raises(KeyError, match="tail"):
            muscles["tail"]

    def test_codes_keep_their_order(self):
        """As they are offered."""
        assert vocabulary("sides").codes[:3] == ("left", "right", "midline")

    def test_a_vocabulary_cannot_be_changed(self):
        """It is shared by all threads."""
        with pytest.raises(TypeError, match="does not support item assignment"):
            vocabulary("sides").entries["up"] = None
        with pytest.raises(AttributeError, match=r"Agent\.kind is set once"):
            vocabulary("agents")["propofol"].kind = "volatile"
        assert vocabulary("agents")["propofol"].kind == "hypnotic"

    def test_names_are_all_vocabularies(self):
        """The table of limits is not one."""
        assert "modalities" in names()
        assert "limits" not in names()

    @pytest.mark.usefixtures("_damaged")
    @pytest.mark.parametrize("name", ["damaged", "empty", "coded", "missing_vocabulary"])
    def test_a_damaged_installation_says_so(self, name):
        """Exit code 5, with what to do."""
        with pytest.raises(AssetError, match="missing or damaged; install report_gen again") as caught:
            vocabulary(name)
        assert (caught.value.code, caught.value.exit_code) == ("assets.vocabulary", ExitCode.ASSETS_UNUSABLE)


def _row(**changes: object) -> dict[str, object]:
    """An entry of the muscles as written, with changes; a change to None takes the property away."""
    row = {"code": "deltoid", "display": "deltoid", "synonyms": [], "source": "made up", "limb": "upper"} | changes
    return {key: value for key, value in row.items() if value is not None}


class TestEntries:
    def test_an_entry_is_what_its_row_says(self):
        """Lists are tuples; what has a default may be left out."""
        (muscle,) = read_entries(Muscle, {"deltoid": _row(synonyms=["shoulder"], several=True)}).values()
        assert (muscle.code, muscle.synonyms, muscle.limb) == ("deltoid", ("shoulder",), "upper")
        assert (muscle.several, muscle.abbreviation) == (True, None)
        assert repr(muscle) == "Muscle('deltoid')"
        assert not read_entries(Muscle, {"deltoid": _row()})["deltoid"].several

    def test_a_row_of_another_kind_is_refused(self):
        """A property that is missing, unknown, of another type, or none of the choices; in any of the rows."""
        wrong: dict[str, dict[str, object]] = {
            "Muscle.limb is missing": {"limb": None},
            "Muscle has no myotome": {"myotome": ["C5"]},
            "Muscle.display is not of its type": {"display": 7},
            "Muscle.several is not of its type": {"several": 1},
            "Muscle.synonyms is not of its type": {"synonyms": "shoulder"},
            "Muscle.abbreviation is not of its type": {"abbreviation": True},
            "Muscle.limb is not of its type": {"limb": "tail"},
        }
        for said, change in wrong.items():
            with pytest.raises(TypeError, match=re.escape(said)):
                read_entries(Muscle, {"biceps": _row(code="biceps"), "deltoid": _row(**change)})
        for change in ({"limb": ["upper"]}, {"synonyms": [7]}):
            with pytest.raises(TypeError, match="is not of its type"):
                read_entries(Muscle, {"deltoid": _row(**change)})

    def test_a_damaged_entry_is_a_damaged_installation(self, monkeypatch, tmp_path):
        """It is found when the entries are first asked for; the codes are there before."""
        content = {"vocabulary": "muscles", "about": "Broken.", "entries": [_row(limb="tail")]}
        (tmp_path / "muscles.json").write_text(json.dumps(content), encoding="utf-8")
        monkeypatch.setattr(tables, "_FOLDER", tmp_path)
        damaged = tables.vocabulary.__wrapped__("muscles")
        assert damaged.codes == ("deltoid",)
        with pytest.raises(AssetError, match="missing or damaged; install report_gen again"):
            damaged["deltoid"]

    def test_what_mypy_is_told_is_what_is_made(self):
        """An overload for each vocabulary with properties of its own, naming the type that its entries have."""
        told = [get_type_hints(overload) for overload in get_overloads(vocabulary.__wrapped__)]
        typed = {get_args(hints["name"]): get_args(hints["return"])[0] for hints in told}
        assert typed == {(name,): kind for name, kind in KINDS.items()} | {(): Entry}
        assert set(KINDS) <= set(names())


class TestLimits:
    def test_a_quantity_without_rows_has_no_limit(self):
        """Nothing is invented."""
        assert limits("colour") is None
        assert limits("dose", modality="heparin", site="units") is None

    def test_the_most_specific_row_wins(self):
        """Peak before modality, age before both."""
        adult = limits("latency_ms", modality="ssep_upper", site="N20", age="adult")
        child = limits("latency_ms", modality="ssep_upper", site="N20", age="child")
        other = limits("latency_ms", modality="ssep_upper", site="P22")
        assert (adult.soft, child.soft, other.soft) == ((16, 30), (12, 30), None)
        assert (adult.hard, child.hard, other.hard) == ((10, 50), (8, 50), (4, 50))

    def test_what_a_narrow_row_lacks_comes_from_a_broader_one(self):
        """Stump pressure has no row of its own for hard limits of a modality."""
        assert isinstance(limits("rate_hz", modality="baep"), Limit)
        assert limits("rate_hz", modality="macrostimulation").hard == (0.05, 1000)
        assert limits("rate_hz", modality="macrostimulation").soft is None

    def test_a_circumstance_outweighs_age(self):
        """Arrest in a child is arrest."""
        assert limits("map_mmhg", age="child", condition="circulatory_arrest").hard == (0, 200)
        assert limits("map_mmhg", age="child").hard == (20, 200)

    def test_stimulators_are_kept_apart(self):
        """Volts never meet the limits of milliamperes."""
        assert limits("intensity_v", modality="tcmep", stim_mode="cv").hard == (20, 1200)
        assert limits("intensity_ma", modality="tcmep", stim_mode="cc").hard == (5, 400)
