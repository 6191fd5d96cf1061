"""A grammar file that cannot be read says where and why; one that can gives rules that hold together."""

from __future__ import annotations

import pytest

from report_gen.guard.reader.meaning import EMPTY, Meaning, Proposition, alone, joined, listed, named, paired, stated
from report_gen.guard.reader.notation import OneOf, Reference, SaidValue, parse_rules
from report_gen.guard.reader.rules import compiled

TEMPLATE = "act: act\n    {text}\n        e.g. x\n        means y\n"


def rule(text: str) -> str:
    """A file of one rule with one alternative."""
    return TEMPLATE.replace("{text}", text)


class TestAFile:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Act\n    x\n", "no name of a rule"),
            ("    x\n", "without a rule"),
            ("act\n", "has no alternative"),
            ("act\n    x\n", "needs an example"),
            ("act\n    e.g. x\n", "an example of nothing"),
            (rule("[x"), "not closed"),
            (rule("x]"), "unexpected ']'"),
            (rule("{X}"), "no slot"),
        ],
    )
    def test_that_cannot_be_read_says_why(self, text: str, words: str) -> None:
        """With the name of the file."""
        with pytest.raises(ValueError, match=f"f.grammar.*{words}"):
            parse_rules(text, "f.grammar")

    def test_has_each_kind_of_element(self) -> None:
        """Words, references, values, choices."""
        (found,) = parse_rules(rule("the {actor:@roles} {deed+}[ now| then] {=side:left}"), "f")
        items = found.alternatives[0].items
        assert [type(item) for item in items] == [str, Reference, Reference, OneOf, SaidValue]


class TestTheRules:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (rule("x") + rule("y"), "two rules are called act"),
            (rule("{deed}"), "which is no rule"),
            (rule("{act} x"), "can begin with itself"),
            (rule("[x]"), "can read nothing"),
        ],
    )
    def test_that_do_not_hold_together_say_why(self, text: str, words: str) -> None:
        """Before any sentence is read."""
        with pytest.raises(ValueError, match=words):
            compiled(parse_rules(text, "f"))


def row(**values: str) -> Meaning:
    """What is said of one thing."""
    return Meaning((frozenset(values.items()),))


ACT = Meaning(EMPTY.rows, (Proposition("act", frozenset({("done", "pause")})),))


class TestMeanings:
    def test_one_thing_is_not_said_twice(self) -> None:
        """Of a row, of a statement, or in a list."""
        assert joined(row(at="11:29"), row(at="11:30")) is None
        assert joined(ACT, ACT) is None
        assert listed(ACT, ACT) is None
        assert listed(ACT, row(at="11:29")) is None

    def test_what_is_stated_gets_no_name_and_what_is_bare_is_not_stated(self) -> None:
        """A value must be named once, and only then."""
        assert named("at", ACT) is None
        assert named("at", row(at="11:29")) is None
        assert stated("act", alone("11:29")) is None
        assert named("at", alone("11:29")) == row(at="11:29")

    def test_lists_are_paired_only_where_they_are_as_long_as_each_other(self) -> None:
        """`Respectively` of two and three is nonsense."""
        two = Meaning((frozenset({("to", "a")}), frozenset({("to", "b")})))
        assert paired(two, row(at="11:29")) is None
        times = Meaning((frozenset({("at", "11:29")}), frozenset({("at", "11:30")})))
        assert paired(two, times) == Meaning(
            (frozenset({("to", "a"), ("at", "11:29")}), frozenset({("to", "b"), ("at", "11:30")}))
        )

    def test_too_many_things_are_not_spoken_of(self) -> None:
        """Nobody would follow."""
        many = Meaning(tuple(frozenset({("to", str(number))}) for number in range(9)))
        other = Meaning(tuple(frozenset({("at", str(number))}) for number in range(9)))
        assert joined(many, other) is None
