from __future__ import annotations

import json

import pytest

from report_gen.case.raw import escape_pointer, read_raw
from report_gen.errors import CaseInvalidError

KEYS = frozenset({"a", "b"})


def codes(content: bytes) -> list[tuple[str, str]]:
    """Codes and places found in bytes that can be read."""
    return [(row.code, row.pointer) for row in read_raw(content, keys=KEYS).problems]


def stopped(content: bytes) -> tuple[str, str]:
    """Code and expectation of what stopped the reading."""
    with pytest.raises(CaseInvalidError, match="1 problem in the case file") as caught:
        read_raw(content, keys=KEYS)
    (problem,) = caught.value.problems
    assert problem.pointer == ""
    return problem.code, problem.expected


class TestBytes:
    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
    def test_wide_encodings_are_named(self, encoding):
        """With and without byte-order mark."""
        code, expected = stopped('{"a": "x"}'.encode(encoding))
        assert code == "case.encoding"
        assert "UTF-8, found UTF-" in expected

    def test_the_mark_of_utf_8_is_read_over(self):
        """Some systems write it, and it says nothing (RFC 8259 section 8.1); the contract reads the rest."""
        content = '{"a": ["é", 1.50]}'.encode()
        raw = read_raw(b"\xef\xbb\xbf" + content)
        assert (content, ()) == (raw.data, raw.problems)

    @pytest.mark.parametrize("content", [b"\xef\xbb\xbf" * 2 + b"{}", b"\xef\xbb\xbf", b'{"a": 1}\xef\xbb\xbf'])
    def test_a_mark_elsewhere_is_no_json(self, content):
        """Once, and at the beginning."""
        assert stopped(content)[0] == "case.json_syntax"

    def test_the_place_of_a_foreign_byte_is_told(self):
        """Latin-1 text shows where it stops being UTF-8."""
        assert stopped(b'{"a": "\xe4"}') == ("case.encoding", "UTF-8; the byte at offset 7 is not")

    def test_sound_bytes_are_passed_on_untouched(self):
        """Nothing is written anew when nothing is wrong."""
        content = '{"a": ["é", 1.50, -0, true, null]}'.encode()
        raw = read_raw(content)
        assert (content, ()) == (raw.data, raw.problems)

    def test_broken_places_are_replaced_by_harmless_values(self):
        """The contract can still be checked around them."""
        raw = read_raw(b'{"a": NaN, "b": "x\\u0000y\\ud800"}', keys=KEYS)
        assert {"a": 0, "b": "x?y?"} == json.loads(raw.data) == raw.tree()


class TestSyntax:
    @pytest.mark.parametrize("content", [b"", b" ", b"{", b'{"a"}', b"{'a': 1}", b'{"a": 1} {', b'{"a": 01}', b"nul"])
    def test_what_is_not_json_is_told_by_line_and_column(self, content):
        """A person can find the place in an editor."""
        code, expected = stopped(content)
        assert code == "case.json_syntax"
        assert "line 1, column" in expected

    @pytest.mark.parametrize("content", [b"[]", b"1", b'"x"', b"null", b"NaN", b'"\\ud800"', b"true"])
    def test_anything_but_an_object_is_the_wrong_type(self, content):
        """Whatever stands at the top."""
        assert stopped(content) == ("case.wrong_type", "an object")

    def test_a_raw_control_character_is_not_json(self):
        """JSON asks for an escape."""
        assert stopped(b'{"a": "\x07"}')[0] == "case.json_syntax"


class TestNumbers:
    @pytest.mark.parametrize(
        "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9007199254740993", "-1" + "0" * 400]
    )
    def test_numbers_that_cannot_be_kept_are_found(self, number):
        """Each is told by its place, in an object and in a list."""
        assert codes(f'{{"a": {number}}}'.encode()) == [("case.not_finite", "/a")]
        assert codes(f'{{"a": [0, {number}]}}'.encode()) == [("case.not_finite", "/a/1")]

    @pytest.mark.parametrize("number", ["9007199254740992", "-9007199254740992", "1e300", "0", "-0.0", "1e-400"])
    def test_numbers_that_every_reader_keeps_are_fine(self, number):
        """Up to the limits."""
        assert codes(f'{{"a": {number}}}'.encode()) == []

    def test_truth_is_no_number(self):
        """True is not measured against the limits of numbers."""
        assert codes(b'{"a": true}') == []


class TestText:
    @pytest.mark.parametrize(
        "text", ["Zoë", "Łukasz", "王小明", "أحمد", "שרה", "नीता", "Ὀδυσσεύς", "😀", "a\tb\nc", "\ue000", "e\u0301"]
    )
    def test_every_script_is_fine(self, text):
        """Names are not faults; tabs and line ends are the contract's business."""
        assert codes(json.dumps({"a": text}).encode()) == []

    @pytest.mark.parametrize(
        "character", ["\x00", "\x07", "\x0b", "\x1f", "\x7f", "\x85", "\u2028", "\u2029", "\ufdd0", "\ufffe", "\uffff"]
    )
    def test_control_characters_are_found(self, character):
        """They are invisible, or break a line where none was typed."""
        assert codes(json.dumps({"a": f"x{character}"}).encode()) == [("case.control_character", "/a")]

    @pytest.mark.parametrize("character", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    def test_direction_marks_are_found(self, character):
        """A name must not read otherwise than it is stored."""
        assert codes(json.dumps({"a": f"x{character}"}).encode()) == [("case.bidi_control", "/a")]

    @pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\ud800x", "\\udc00\\ud800"])
    def test_half_characters_are_found(self, escape):
        """Escapes that no whole character comes of."""
        assert codes(f'{{"a": "{escape}"}}'.encode()) == [("case.lone_surrogate", "/a")]

    def test_a_pair_of_halves_is_whole(self):
        """A character outside the basic plane may be written as two escapes."""
        assert codes(b'{"a": "\\ud83d\\ude00"}') == []

    def test_several_faults_of_one_text_are_all_told(self):
        """One place, three codes."""
        found = codes(b'{"a": "\\ud800\\u0007\\u202e"}')
        assert {"case.lone_surrogate", "case.control_character", "case.bidi_control"} == {code for code, _ in found}


class TestKeys:
    def test_repeated_keys_are_found_at_every_depth(self):
        """Where the object stands, not which key it was."""
        assert codes(b'{"a": {"b": 1, "b": 1}, "b": 1, "b": 2}') == [
            ("case.duplicate_key", ""),
            ("case.duplicate_key", "/a"),
        ]

    def test_a_key_of_half_a_character_is_replaced(self):
        """The contract cannot be read with it."""
        raw = read_raw(b'{"\\ud800": 1, "\\ud801": 2}')
        assert [row.code for row in raw.problems] == ["case.lone_surrogate"] * 2
        assert json.loads(raw.data) == {"unreadable key 1": 1, "unreadable key 2": 2}

    def test_places_stop_above_unknown_keys(self):
        """An unknown key may be a name."""
        assert sorted(codes(b'{"x": [{"a": NaN}], "a": {"y": {"b": NaN}}}'), reverse=True) == [
            ("case.not_finite", "/a"),
            ("case.not_finite", ""),
        ]

    def test_places_are_escaped(self):
        """RFC 6901: tilde first, then slash."""
        assert escape_pointer("~1/") == "~01~1"
