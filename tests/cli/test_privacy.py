"""No command repeats a patient's data, whatever is wrong with the case."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from tests.cases.canaries import CANARIES, marked, with_canaries
from tests.cases.thin import event, thin
from tests.cli.commands import EVENTFUL, blocked, case_of
from tests.selection import SAMPLES


class TestNoPatientDataIsPrinted:
    @staticmethod
    def _broken() -> dict[str, bytes]:
        """Files that are refused, each with the marks in and around what is wrong."""
        whole = json.dumps(with_canaries(case_of(EVENTFUL)))
        broken = {
            "cut off": whole[: len(whole) // 2].encode(),
            "duplicate key": whole.replace('"mrn":', '"mrn": "MRN-7QX", "mrn":').encode(),
            "latin-1": whole.replace("Zebrafinch", "Zebrafinch\xe9").encode("latin-1"),
            "lone surrogate": whole.replace("Zebrafinch", "Zebrafinch\\ud800").encode(),
            "control character": whole.replace("Zebrafinch", "Zebrafinch\\u0007").encode(),
            "text after the end": whole.encode() + b"Zebrafinch",
            "not an object": b'"Zebrafinch"',
        }

        def change(name: str, place: tuple, value: object) -> None:
            data = with_canaries(case_of(EVENTFUL))
            node = data
            for part in place[:-1]:
                node = node[part]
            node[place[-1]] = value
            broken[name] = json.dumps(data).encode()

        change("unknown key", ("patient", "Zebrafinch"), "MRN-7QX")
        change("unknown key on top", ("Zebrafinch\nMRN-7QX",), "Saint Canary")
        change("wrong type", ("patient", "name"), ["Zebrafinch"])
        change("text for a number", ("patient", "weight_kg"), "Zebrafinch")
        change("not a date", ("patient", "date_of_birth"), "born 1947-05-29")
        change("not a code", ("patient", "sex"), "Zebrafinch")
        change("unknown version", ("schema_version",), "Zebrafinch")
        change("not an id", ("case_id",), "Zebrafinch, MRN-7QX")
        change("too long", ("patient", "name"), "Zebrafinch " * 100)
        change("blank name", ("people", 0, "name"), "\tZebrafinch\n")
        change("unknown person", ("order", "ordered_by"), "Zebrafinch")
        change("birth after the operation", ("encounter", "date_of_service"), "1946-01-01")
        return broken

    @pytest.mark.parametrize("command", ["check", "check --format json", "generate", "generate --incomplete"])
    def test_of_a_valid_case(self, run, file, out, command):
        """Neither on standard output nor on standard error nor in a file's name."""
        code, shown, said = run(*command.split(), file(with_canaries(case_of(EVENTFUL))), *self._folder(command, out))
        assert code == 0
        names = " ".join(path.name for path in out.iterdir())
        assert [mark for mark in CANARIES if mark in shown + said + names] == []

    def test_of_a_blocked_case(self, run, file, out):
        """Nor when the draft gate asks its questions."""
        code, shown, said = run("generate", file(blocked(with_canaries(case_of(EVENTFUL)))), "-o", out)
        assert code == 3
        assert [mark for mark in CANARIES if mark in shown + said] == []

    @pytest.mark.parametrize("command", ["check", "check --format json", "generate"])
    @pytest.mark.parametrize("name", list(_broken()))
    def test_of_a_broken_file(self, run, file, out, name, command):
        """Nor when the file is refused, whatever is wrong with it."""
        code, shown, said = run(*command.split(), file(self._broken()[name]), *self._folder(command, out))
        assert code == 2
        assert [mark for mark in CANARIES if mark in shown + said] == []
        assert list(out.iterdir()) == []

    @staticmethod
    def _folder(command: str, out: Path) -> tuple[object, ...]:
        return ("-o", out) if command.startswith("generate") else ()

    def test_of_letters_that_cannot_be_printed(self, run, out):
        """A name in a script that the fonts do not draw is not spelled out as code points either."""
        path = SAMPLES / "invented_names_eight_scripts.json"
        data = case_of(path)
        code, shown, said = run("generate", path, "-o", out, "--script-fonts", out)
        assert code == 0
        assert "not printed: 5 Hebrew characters; the PDF marks the place" in said
        letters = {
            letter for row in (data["patient"], *data["people"]) for letter in row["name"] if ord(letter) > 0x500
        }
        told = shown + said
        assert [letter for letter in letters if letter in told or f"U+{ord(letter):04X}" in told] == []

    @pytest.mark.parametrize(
        "name",
        [
            "published_c04_acdf",
            "invented_scoliosis_mep_loss",
            "invented_vestibular_schwannoma_baep",
            "invented_thin_shoulder_arm_position",
            "invented_thin_second_stage_scoliosis",
            "invented_thin_tethered_cord_triggered_emg",
        ],
    )
    def test_of_any_free_text(self, run, file, out, name):
        """Every text that a person can type, all of it at once, whatever the findings are about."""
        data = marked(case_of(SAMPLES / f"{name}.json"))
        assert json.dumps(data).count("Zebrafinch 7QX") > 10
        path = file(data)
        for command in (("check",), ("check", "--format", "json"), ("generate", "--incomplete", "-o", out)):
            code, shown, said = run(*command, path)
            assert code in (0, 3)
            assert [line for line in (shown + said).splitlines() if "Zebrafinch" in line or "7QX" in line] == []

    def test_of_words_that_stand_for_a_code(self, run, file, out):
        """Places, changes, causes and times in the record's own words, in a record that several checks ask about."""
        mark = "Zebrafinch 7QX"
        muscle = {"modality": "tcmep", "side": "left", "muscle": "other", "muscle_other": mark, "measurements": []}
        arm = {
            "id": "arm",
            "modality": "mep_unspecified",
            "side": "left",
            "region": "other",
            "region_other": mark,
            "measurements": [
                {"phase": "baseline", "reading": {"state": "measured", "amplitude_uv": 100.0}},
                {"phase": "closing", "reading": {"state": "measured", "amplitude_uv": 20000.0}},
            ],
        }
        told = event(
            channels=["arm"],
            direction="other",
            direction_other=mark,
            severity=mark,
            when={"words": mark},
            occurrences=[{"code": "other", "code_other": mark, "site": mark}],
            stated_causes=[{"causes": ["other"], "by_role": "surgeon", "statement": mark}],
            resolution={"resolution_class": "other", "class_other": mark},
        )
        modalities = [{"modality": code, "performed": True} for code in ("mep_unspecified", "tcmep")]
        channels = [arm, {"id": "one", **muscle}, {"id": "two", **muscle}]
        path = file(thin(channels=channels, events=[told], modalities=modalities))
        for command in (("check", "--all"), ("check", "--format", "json"), ("generate", "--incomplete", "-o", out)):
            code, shown, said = run(*command, path)
            assert code in (0, 3)
            assert [line for line in (shown + said).splitlines() if "Zebrafinch" in line or "7QX" in line] == []

    def test_the_marks_are_in_the_report_itself(self, run, file, out):
        """The tests above would mean nothing if the marks never entered: the report does hold them."""
        data = deepcopy(with_canaries(case_of(EVENTFUL)))
        run("generate", file(data), "-o", out, "--format", "json")
        text = next(out.iterdir()).read_text(encoding="utf-8")
        assert "Zebrafinch, Canary" in text
        assert "MRN-7QX" in text
        assert "Saint Canary" in text
