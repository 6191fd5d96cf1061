"""Sentence patterns: what they print, what they state, and that those of the files are used as they are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from report_gen.draft.pattern import Piece, Slot, parse
from report_gen.draft.patterns import SUBJECTS, entries, pattern
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted, Words
from report_gen.facts.fact import Fact, Value

DRAFT = Path(__file__).parents[2] / "report_gen" / "draft"
NAMED = re.compile(r"\b([A-Z][a-z]+), ([A-Z][a-z]+)\b|\b(?:Dr|Mr|Mrs|Ms)\b")
"""A person as the record writes one, or by title."""
INVENTED = ("Neuro", "Tech", "Surgeon", "Anesthesia")
"""What the people of the examples are called by, whatever stands behind it."""
ONSET = Fact("e.onset", "e", "event.onset", "/events/0", "known", side="left", values=(Value("at", "11:28"),))
EMPTY = Fact("e.empty", "e", "event.onset", "/events/0", "known")


class TestRendering:
    @pytest.mark.parametrize(
        ("text", "fact", "words"),
        [
            ("At {x.at}.", ONSET, "At 11:28."),
            ("At {x.at}.", EMPTY, "At not recorded."),
            ("Lost[ at {x.at}].", EMPTY, "Lost."),
            ("Lost[ at {x.at}|{x.at~, time not recorded}].", EMPTY, "Lost, time not recorded."),
            ("Lost[ at {x.at}|{x.at~, time not recorded}].", ONSET, "Lost at 11:28."),
            ("{x.side:upper_first}[ and [{x.more}]] lost.", ONSET, "Left and  lost."),
            ("{x.at=At once}.", ONSET, "At once."),
        ],
    )
    def test_prints(self, text, fact, words):
        """Slots, optional tails, alternatives, and words in place of a value."""
        assert parse(text).render({"x": Noted(fact)}) == words

    def test_states_what_it_prints_and_no_more(self):
        """A tail that is not printed states nothing; a value that is missing is stated to be missing."""
        states = parse("{x.at}[ {x.more}][|{x.more~none}]").render({"x": Noted(ONSET)}).states
        assert [(state.value, state.how) for state in states] == [("at", "says")]
        states = parse("{x.more}").render({"x": Noted(ONSET)}).states
        assert [(state.value, state.how) for state in states] == [("more", "lacks")]

    @pytest.mark.parametrize("own", ["It is over.", "Is it?", "\u201cStop.\u201d"])
    def test_one_full_stop(self, own):
        """Words that bring their own full stop keep it alone."""
        assert parse("{said}.").render({"said": Words(own)}) == own

    @pytest.mark.parametrize("text", ["[a", "a]", "{", "{x.at", "{x.at:nothing}", "{X}", "{x=words}"])
    def test_refuses_what_is_not_a_pattern(self, text):
        """A damaged pattern is found when it is read."""
        with pytest.raises(ValueError, match=r".+"):
            parse(text)

    def test_cites_what_its_arguments_are_of(self):
        """Facts are cited in the order of the arguments, once."""
        made = next((f"{subject}.{key}" for subject in SUBJECTS for key in entries(subject)), None)
        if made is not None:
            arguments = dict.fromkeys(pattern(made).arguments, ONSET)
            assert say(made, **arguments).facts == ("e.onset",)


def _uses() -> list[tuple[str, str, frozenset[str] | None]]:
    """Each use of a pattern in the writer: where, its name, and the names of the arguments that are passed."""
    uses: list[tuple[str, str, frozenset[str] | None]] = []
    for path in sorted(DRAFT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                subject, _, key = node.value.partition(".")
                if subject in SUBJECTS and key in entries(subject):
                    uses.append((path.name, node.value, None))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "phrase") and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant) and all(keyword.arg for keyword in node.keywords):
                    passed = frozenset(str(keyword.arg) for keyword in node.keywords) - {"shown_by"}
                    uses.append((path.name, str(name.value), passed))
    return uses


class TestFiles:
    def test_every_pattern_is_used(self):
        """None is left over."""
        used = {name for _, name, _ in _uses()}
        every = {f"{subject}.{key}" for subject in SUBJECTS for key in entries(subject)}
        assert every - used == set()

    def test_every_use_passes_what_the_pattern_takes(self):
        """No argument is missing, misspelt or without a slot."""
        faults = [
            (where, name, sorted(passed ^ set(pattern(name).arguments)))
            for where, name, passed in _uses()
            if passed is not None and passed != set(pattern(name).arguments)
        ]
        assert faults == []


def _expression(pieces: Sequence[Piece]) -> str:
    """A regular expression of what a pattern may print, whatever fills its slots."""
    made = []
    for piece in pieces:
        if isinstance(piece, str):
            made.append(re.escape(piece))
        elif isinstance(piece, Slot):
            made.append(re.escape(piece.words) if piece.how else ".+?")
        else:
            made.append(f"(?:{'|'.join(_expression(way) for way in piece.ways)})?")
    return "".join(made)


def _made_by(text: str, sentence: str) -> bool:
    """Whether a pattern can print a sentence; its full stop may be that of the words before it."""
    expression = re.compile(_expression(parse(text).pieces))
    return any(expression.fullmatch(sentence + end) for end in ("", "."))


class TestExamples:
    @pytest.mark.parametrize("subject", SUBJECTS)
    def test_each_is_made_by_its_pattern(self, subject):
        """Who reads the file sees what it prints, also after the pattern was changed."""
        faults = [key for key, entry in entries(subject).items() if not _made_by(entry.text, entry.example)]
        assert faults == []

    @pytest.mark.parametrize("subject", SUBJECTS)
    def test_none_names_a_person(self, subject):
        """Whoever stands in one is called by a role."""
        named = [(key, found) for key, entry in entries(subject).items() for found in NAMED.finditer(entry.example)]
        assert [(key, found.group()) for key, found in named if found.group(1) not in INVENTED] == []

    @pytest.mark.parametrize(
        ("text", "sentence", "made"),
        [
            ("At {x.at}.", "At 11:28.", True),
            ("At {x.at}.", "On 11:28.", False),
            ("Lost[ at {x.at}|{x.at~, time not recorded}].", "Lost, time not recorded.", True),
            ("Lost[ at {x.at}|{x.at~, time not recorded}].", "Lost.", True),
            ("Lost[ at {x.at}|{x.at~, time not recorded}].", "Lost, time unknown.", False),
            ("It is {x.at=over}.", "It is done.", False),
            ("Said: {x}.", "Said: \u201cStop.\u201d", True),
        ],
    )
    def test_what_a_pattern_makes(self, text, sentence, made):
        """Fixed words stand as they are, a slot holds anything, a bracket one of its ways or nothing."""
        assert _made_by(text, sentence) is made
