from __future__ import annotations

import errno
import json
import time
from pathlib import Path

import pytest

from report_gen.case import Case, load_case
from report_gen.case.contract.administration import ReportHeader
from report_gen.case.contract.base import FilledBy, Model
from report_gen.case.contract.events import Event
from report_gen.case.contract.model import contract_models
from report_gen.case.contract.signals import Measurement, Reading
from report_gen.case.load import CONTRACT_KEYS
from report_gen.case.problems import KNOWN_ERROR_TYPES, in_document_order, translate
from report_gen.errors import CaseInvalidError, ExitCode, FileAccessError, Problem
from tests.cases.minimal import at, channel, data, event, found, full, measured, minimal
from tests.selection import ALL, now_and_in_full

CANARY = "Zebulon Quagmire"


def spoken(source: object) -> str:
    """Everything that the error about a tree says."""
    with pytest.raises(CaseInvalidError, match=r"\d problems? in the case file") as caught:
        load_case(source if isinstance(source, bytes) else data(source))
    rows = [f"{row.code} {row.pointer} {row.expected} {row.action}" for row in caught.value.problems]
    return "\n".join([str(caught.value), repr(caught.value), *rows])


class TestSources:
    def test_bytes_path_and_text_path_give_the_same_case(self, tmp_path):
        """The three forms of a source are one."""
        file = tmp_path / "case.json"
        file.write_bytes(data(full()))
        assert load_case(data(full())) == load_case(file) == load_case(str(file))

    def test_a_case_is_frozen(self):
        """A loaded case cannot be changed by accident."""
        case = load_case(data(minimal()))
        with pytest.raises(ValueError, match="frozen"):
            case.case_id = "other"

    def test_a_missing_file_is_a_file_error(self, tmp_path):
        """Not an invalid case."""
        with pytest.raises(FileAccessError, match="cannot be read: No such file or directory") as caught:
            load_case(tmp_path / "none.json")
        assert (caught.value.code, caught.value.exit_code) == ("case.unreadable", ExitCode.FILE_ACCESS)

    def test_a_folder_is_a_file_error(self, tmp_path):
        """A folder cannot be read as a case."""
        with pytest.raises(FileAccessError, match="cannot be read: Is a directory"):
            load_case(tmp_path)

    def test_a_path_with_a_zero_byte_is_a_file_error(self):
        """No such path can exist; that is no reason to crash."""
        with pytest.raises(FileAccessError, match="not a usable path"):
            load_case("case\0.json")

    def test_an_input_output_error_is_a_file_error(self, tmp_path, monkeypatch):
        """A disk that fails, with or without the system's words for it."""

        def fail(*_: object) -> None:
            raise OSError(errno.EIO, "Input/output error")

        monkeypatch.setattr(Path, "open", fail)
        with pytest.raises(FileAccessError, match="Input/output error"):
            load_case(tmp_path / "case.json")


class TestCompleteness:
    def test_a_problem_is_said_once(self):
        """What follows from a problem at the same place is not said again."""
        case = minimal()
        case["physiology"] = [{"at": at("08:10"), "map_mmhg": "@"}]
        assert found(data(case).replace(b'"@"', b"NaN")) == [("case.not_finite", "/physiology/0/map_mmhg")], (
            "the harmless 0 in its place is beyond the hard limit, which is our doing"
        )

    def test_a_broken_value_is_not_also_a_missing_one(self):
        """A reading whose only number is unreadable is not called empty as well."""
        case = minimal() | {"channels": [channel()]}
        case["channels"][0]["measurements"][0]["reading"] = {"state": "measured", "amplitude_uv": "1"}
        assert found(case) == [("case.wrong_type", "/channels/0/measurements/0/reading/amplitude_uv")]

    def test_a_list_of_ids_that_cannot_be_read_breaks_no_reference(self):
        """Events that point into an unreadable list of channels are not blamed."""
        case = full()
        case["channels"] = "none"
        assert found(case) == [("case.wrong_type", "/channels")]

    def test_a_list_given_twice_breaks_no_reference(self):
        """Which of two lists was meant is not guessed."""
        content = data(full())
        assert found(content[:-1] + b', "channels": []}') == [("case.duplicate_key", "")]

    def test_a_list_with_one_wrong_item_is_not_also_too_short(self):
        """The validator counts only sound items; a reader counts all."""
        case = minimal()
        case["people"] = ["tech1"]
        assert found(case) == [("case.wrong_type", "/people/0")]

    def test_an_unreadable_arrest_flag_makes_no_temperature_impossible(self):
        """Limits that depend on it are left until it can be read."""
        case = minimal() | {"physiology": [{"at": at("08:10"), "core_temp_c": 20}]}
        case["surgery"]["circulatory_arrest"] = "yes"
        assert found(case) == [("case.wrong_type", "/surgery/circulatory_arrest")]

    def test_a_broken_optional_field_hides_no_broken_reference(self):
        """One round of corrections is enough."""
        case = minimal() | {"events": [event(criterion="none", note=7)]}
        assert found(case) == [
            ("case.dangling_reference", "/events/0/criterion"),
            ("case.wrong_type", "/events/0/note"),
        ]

    def test_a_broken_item_of_a_list_of_codes_hides_references_for_one_round(self):
        """What cannot be set aside stops the checks between fields, and nothing else."""
        case = minimal() | {"events": [event(criterion="none", context=["rain"])]}
        assert found(case) == [("case.not_in_vocabulary", "/events/0/context/0")]


class TestDocumentOrder:
    def test_problems_come_in_the_order_of_the_file_and_not_of_the_contract(self):
        """Keys may stand in any order."""
        case = dict(reversed(minimal().items()))
        case["patient"]["mrn"], case["people"][0]["role"] = 1, "boss"
        assert [pointer for _, pointer in found(case)] == ["/people/0/role", "/patient/mrn"]

    def test_items_are_ordered_as_numbers(self):
        """The tenth comes after the second."""
        case = minimal()
        case["milestones"] = [{"code": "incision"} for _ in range(12)]
        case["milestones"][2]["at"] = case["milestones"][10]["at"] = "08:30"
        assert [pointer for _, pointer in found(case)] == ["/milestones/2/at", "/milestones/10/at"]

    def test_a_place_that_is_not_in_the_file_stands_with_its_parent(self):
        """A pointer into nowhere does not break the order."""
        rows = [Problem("c", "error", pointer, "", "") for pointer in ("/b/9/x", "/b/x", "/a/x/y", "/b/0/0", "")]
        ordered = in_document_order([*rows, rows[0]], {"a": {"x": 1}, "b": [2]})
        assert [row.pointer for row in ordered] == ["", "/a/x/y", "/b/9/x", "/b/x", "/b/0/0"]


class TestPatientData:
    """No problem says anything that stood in the file."""

    def test_no_text_of_the_file_is_repeated(self):
        """A canary in the place of every string."""

        def replace(node: object) -> object:
            if isinstance(node, dict):
                return {key: replace(value) for key, value in node.items()}
            if isinstance(node, list):
                return [replace(value) for value in node]
            return CANARY if isinstance(node, str) else node

        assert CANARY not in spoken(replace(full()))

    def test_no_number_of_the_file_is_repeated(self):
        """A canary in the place of every number."""

        def replace(node: object) -> object:
            if isinstance(node, dict):
                return {key: replace(value) for key, value in node.items()}
            if isinstance(node, list):
                return [replace(value) for value in node]
            return node if isinstance(node, (str, bool)) else 987654321

        assert "987654321" not in spoken(replace(full()))

    @pytest.mark.parametrize("value", ["1", 1, [], {CANARY: 1}, None, CANARY, "\ud800", "a\u202e", "\x07"])
    def test_no_key_of_the_file_is_repeated(self, value):
        """An unknown key may be a name; its place is told by counting."""
        case = minimal()
        case["patient"][CANARY] = value
        case["patient"][CANARY + "\ud800"] = value
        said = spoken(json.dumps(case).encode())
        assert CANARY not in said
        assert "key 4 of this object" in said

    def test_no_key_within_an_unknown_key_is_repeated(self):
        """Known keys and item numbers below an unknown key are left out as well."""
        case = minimal()
        case[CANARY] = [{"patient": "a\u202e", "987654321": "\x07"}]
        codes = {"case.control_character", "case.bidi_control", "case.unknown_key"}
        assert codes == {code for code, _ in found(case)}
        assert {""} == {pointer for _, pointer in found(case)}

    @pytest.mark.parametrize("value", [1, "2026-01-01", [], {}, True, None])
    def test_no_id_of_the_file_is_repeated(self, value):
        """References that lead nowhere are told by their place."""
        case = full()
        case["order"]["ordered_by"] = case["events"][0]["channels"][0] = "zebulon"
        case["people"].append({"id": "surg1", "role": "surgeon", "name": CANARY, "degree": value})
        said = spoken(case)
        assert CANARY not in said
        assert "zebulon" not in said


class TestErrorTypes:
    def test_every_kind_of_error_that_the_contract_can_raise_is_known(self):
        """Each field broken in every way gives a code of ours; every run breaks the first of several alike."""
        ways = ["", "x", " ", 1, -1, 1.5, 1e300, True, None, [], {}, [1], {"x": 1}, "x" * 9000, [{}] * 600]
        codes: set[str] = set()
        visited: set[tuple[str, ...]] = set()

        def visit(node: object, place: list[object]) -> None:
            if isinstance(node, (dict, list)):
                for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
                    visit(value, [*place, key])
            # Items of a list are of one kind: their fields differ in nothing that the contract says.
            field = tuple("*" if isinstance(part, int) else str(part) for part in place)
            if field in visited and not ALL:
                return
            visited.add(field)
            for way in ways:
                case = full()
                holder = case
                for part in place[:-1]:
                    holder = holder[part]
                if place:
                    holder[place[-1]] = way
                try:
                    load_case(data(case))
                except CaseInvalidError as error:
                    codes.update(row.code for row in error.problems)

        visit({key: full()[key] for key in ("patient", "encounter", "criteria", "channels", "threshold_tests")}, [])
        assert "case.not_valid" not in codes
        assert {"case.wrong_type", "case.pattern", "case.too_long", "case.out_of_range", "case.not_a_date"} <= codes

    def test_an_unforeseen_kind_has_a_code_all_the_same(self):
        """A newer validator may know errors that we do not."""
        problem = translate({"type": "brand_new", "loc": ("patient",), "msg": "", "input": None}, {})
        assert (
            problem.code,
            problem.pointer,
            problem.expected,
        ) == ("case.not_valid", "/patient", "a value of the contract's type")

    def test_every_known_kind_has_advice(self):
        """Each entry is a code and a sentence."""
        for code, action in KNOWN_ERROR_TYPES.values():
            assert code.startswith("case.")
            assert action.endswith(".")

    def test_short_lists_of_codes_are_shown(self):
        """The person can choose at once."""
        case = minimal()
        case["patient"]["sex"] = "f"
        assert "one of female, male, other, unknown" in spoken(case)

    def test_patterns_are_told_in_words(self):
        """No regular expression reaches a technologist."""
        case = minimal()
        case["encounter"]["time_zone"] = "Central time"
        assert "an IANA time zone such as America/Chicago" in spoken(case)

    def test_the_contract_keys_are_all_keys_of_the_contract(self):
        """Every key of a full case is among them, and no other word of it."""

        def keys(node: object) -> set[str]:
            if isinstance(node, dict):
                return set(node).union(*map(keys, node.values()))
            return set().union(*map(keys, node)) if isinstance(node, list) else set()

        assert keys(full()) <= CONTRACT_KEYS
        assert not {"tech1", "E1", "ssep_lower"} & CONTRACT_KEYS


class TestVersions:
    def test_another_version_is_named_as_such(self):
        """The person is told to convert and not to choose a code."""
        case = minimal() | {"schema_version": "case.v2"}
        assert found(case) == [("case.unknown_version", "/schema_version")]
        assert "case.v1" in spoken(case)

    def test_a_missing_version_is_missing(self):
        """It is required, and not guessed."""
        case = minimal()
        del case["schema_version"]
        assert found(case) == [("case.missing_field", "/schema_version")]


class TestSize:
    """Absurd input ends in a named problem, and soon: what is too much is counted, not read.

    Measured is this process's own work, which no other process adds to; the slowest case takes a second of it, and one
    that reads everything, or compares everything with everything, takes many minutes.
    """

    @pytest.fixture(autouse=True)
    def _soon(self):
        start = time.process_time()
        yield
        assert time.process_time() - start < 60

    def test_one_byte_too_many(self, tmp_path):
        """A file that is too large is not even decoded."""
        content = b" " * (20 * 1024 * 1024 + 1)
        assert found(content) == [("case.too_large", "")]
        (tmp_path / "large.json").write_bytes(content + b" " * 1000)
        with pytest.raises(CaseInvalidError, match="at most 20 MB"):
            load_case(tmp_path / "large.json")

    def test_the_largest_file_is_read(self):
        """White space up to the limit is allowed."""
        content = data(minimal())
        load_case(content + b" " * (20 * 1024 * 1024 - len(content)))

    @pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
    def test_a_hundred_thousand_brackets(self, bracket):
        """Nesting does not exhaust the stack."""
        assert found(bracket * 100_000) == [("case.too_deep", "")]

    @pytest.mark.parametrize(("levels", "code"), [(62, "case.unknown_key"), (64, "case.too_deep")])
    def test_the_limit_of_depth_is_exact(self, levels, code):
        """The file itself is one level, an unknown key with lists has the rest."""
        case = data(minimal())[:-1] + b', "x": ' + b"[" * levels + b"]" * levels + b"}"
        assert [(code, "")] == found(case)

    def test_one_very_long_text(self):
        """Ten megabytes in a field of two hundred characters."""
        case = minimal()
        case["patient"]["name"] = "x" * 10_000_000
        assert found(case) == [("case.too_long", "/patient/name")]

    def test_one_very_long_suspicious_text(self):
        """Likewise with a control character in each place."""
        case = minimal()
        case["patient"]["name"] = "\x07" * 1_000_000
        assert found(case) == [("case.control_character", "/patient/name")]

    @pytest.mark.parametrize("digits", [400, 1_000_000])
    def test_one_very_long_number(self, digits):
        """A million digits are not converted."""
        case = data(minimal() | {"physiology": [{"at": at("08:10"), "map_mmhg": "@"}]})
        place = "/physiology/0/map_mmhg" if digits == 400 else ""
        assert [("case.not_finite", place)] == found(case.replace(b'"@"', b"9" * digits))

    def test_a_list_without_end(self):
        """Three million items are counted, not read."""
        assert found(minimal() | {"people": [0] * 3_000_000}) == [("case.too_many_items", "/people")]

    @pytest.mark.parametrize("keys", now_and_in_full((100_000, 1_000_000), (100_000,)))
    def test_an_object_with_too_many_keys(self, keys):
        """Unknown keys by the hundred thousand are counted, not read."""
        case = minimal()
        case["patient"] |= {f"k{number}": 0 for number in range(keys)}
        assert found(case) == [("case.too_many_items", "/patient")]

    def test_too_many_values(self):
        """Lists within lists, each short enough."""
        case = minimal() | {"events": [[[[0] * 100 for _ in range(100)] for _ in range(50)]]}
        assert found(case) == [("case.too_large", "")]

    def test_many_problems_are_cut_to_the_first_items(self):
        """Nobody reads a million problems; the first show the kind."""
        case = minimal() | {"physiology": [{"at": "08:10", "map_mmhg": "82"}] * 20_000}
        listed = found(case)
        assert listed[0] == ("case.more_problems", "")
        assert listed[1] == ("case.not_a_time", "/physiology/0/at")
        assert len(listed) == 1 + 2 * 10

    def test_many_problems_in_late_items_are_found(self):
        """Sound items at the head of a list do not hide the rest."""
        rows = [{"at": at("08:10")}] * 200 + [{"at": "08:10"}] * 10_000
        listed = found(minimal() | {"physiology": rows})
        assert listed[0] == ("case.more_problems", "")
        assert listed[1] == ("case.not_a_time", "/physiology/200/at")

    def test_many_problems_in_the_last_items_are_found(self):
        """However late they come."""
        rows = [{"at": at("08:10")}] * 5_000 + [{"at": "08:10"}] * 10_000
        listed = found(minimal() | {"physiology": rows})
        assert listed[:2] == [("case.more_problems", ""), ("case.not_a_time", "/physiology/5000/at")]

    @pytest.mark.parametrize("events", now_and_in_full((50, 200), (50,)))
    def test_empty_objects_without_end(self, events):
        """Each lacks every field: the most problems for the fewest bytes."""
        case = minimal() | {"events": [{"retests": [{"readings": [{}] * 40}] * 40}] * events}
        assert found(case)[0] == ("case.more_problems", "")


class TestLargestCases:
    def test_twelve_hours_load_in_one_pass(self):
        """Forty channels, two thousand rows of physiology and sixty events are no more than what they are made of.

        Measured is this process's own work: a fifth of a second, and minutes if each row were held against each other.
        """
        case = full()
        case["physiology"] *= 2_000
        case["channels"] += [
            channel(id=f"c{number}", measurements=[{"phase": "intraop", "reading": measured()}] * 100)
            for number in range(40)
        ]
        case["events"] += [dict(case["events"][0], id=f"X{number}") for number in range(60)]
        content = data(case)
        start = time.process_time()
        load_case(content)
        assert time.process_time() - start < 20


class TestTheModels:
    def test_the_contract_is_what_a_case_is_made_of(self):
        """Its keys may be printed in pointers; a model that somebody else derives opens none of its own to that."""

        class Stray(Model, filled_by=FilledBy.SCHEDULE):
            zebrafinch: str

        assert {Case, Event, Measurement, Reading, ReportHeader} <= set(contract_models())
        assert Stray not in contract_models()
        assert frozenset(name for model in contract_models() for name in model.model_fields) == CONTRACT_KEYS
