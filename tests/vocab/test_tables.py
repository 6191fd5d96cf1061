from __future__ import annotations

import pytest

from report_gen.errors import AssetError, ExitCode
from report_gen.vocab import Limit, limits, names, tables, vocabulary


@pytest.fixture
def _damaged(monkeypatch, tmp_path):
    """An installation whose vocabulary folder holds one damaged file."""
    (tmp_path / "damaged.json").write_text("{", encoding="utf-8")
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
        with pytest.raises(TypeError, match="does not support item assignment"):
            vocabulary("agents")["propofol"].extra["class"] = "volatile"

    def test_names_are_all_vocabularies(self):
        """The table of limits is not one."""
        assert "modalities" in names()
        assert "limits" not in names()

    @pytest.mark.usefixtures("_damaged")
    @pytest.mark.parametrize("name", ["damaged", "missing_vocabulary"])
    def test_a_damaged_installation_says_so(self, name):
        """Exit code 5, with what to do."""
        with pytest.raises(AssetError, match="missing or damaged; install report_gen again") as caught:
            vocabulary(name)
        assert (caught.value.code, caught.value.exit_code) == ("assets.vocabulary", ExitCode.ASSETS_UNUSABLE)


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
