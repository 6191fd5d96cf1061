"""Results of stimulation tests and of mapping: left beside right, and once what all tests have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from report_gen.document.blocks import Cell, Column, Row, Section, Table
from report_gen.document.tables import with_constants, without_columns, without_empty_columns
from report_gen.draft.model import Block, Sentence, Stated
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.modalities import StimulationTest, stimulation_results
from report_gen.vocab import vocabulary

__all__ = ["stimulation_tests"]

_KINDS = (
    ("screw", "Pedicle screw stimulation"),
    ("nerve", "Nerve stimulation"),
    ("dilator", "Directional stimulation"),
    ("not_stated", "Stimulation, of what not stated"),
)
_SIDES = ("left", "right")


def stimulation_tests(facts: Facts) -> tuple[Section[Block], ...]:
    """Tables of screw, nerve and dilator tests and of mapping results; nothing when none is recorded."""
    every = stimulation_results(facts)
    blocks: list[Block] = []
    for kind, title in _KINDS:
        tests = [test for test in every if test.fact.group == f"threshold.{kind}"]
        if tests:
            blocks.append(_table_of(kind, title, tests))
    if mapped := facts.of_kind("mapping"):
        blocks.append(_mapping(mapped))
    return (Section("tests", "Stimulation tests and mapping", tuple(blocks)),) if blocks else ()


def _table_of(kind: str, title: str, tests: Sequence[StimulationTest]) -> Table[Sentence]:
    """Left beside right where tests of both sides name what they tested, else a row for each test."""
    sides = {test.fact.side for test in tests}
    beside = sides == set(_SIDES) and all(test.fact.text("where") for test in tests)
    if beside and not any(test.fact.text("direction") for test in tests):
        return _both_sides(kind, title, tests)
    return _listed(kind, title, tests)


def _both_sides(kind: str, title: str, tests: Sequence[StimulationTest]) -> Table[Sentence]:
    by_place: dict[str, dict[str, dict[str, list[StimulationTest]]]] = {}
    for test in tests:
        stages = by_place.setdefault(test.fact.text("where"), {})
        stages.setdefault("" if test.fact.flag("first") else test.fact.text("stage"), {}).setdefault(
            test.fact.side, []
        ).append(test)
    rows: list[Row] = []
    for place, stages in by_place.items():
        for stage, of_side in stages.items():
            label = f"{place}, {stage}" if stage else place
            most = max(len(found) for found in of_side.values())
            rows.extend(_pair(label, *_nth(of_side, index)) for index in range(most))
    columns = [
        Column(name, weight, group=side.capitalize())
        for side in _SIDES
        for name, weight in (("Result", 2.2), ("Muscle", 0.9), ("Time", 0.7))
    ]
    table = Table(f"tests-{kind}", title, (Column("Place", 1.7), *columns), tuple(rows), _notes(tests))
    return without_empty_columns(table)


def _nth(of_side: dict[str, list[StimulationTest]], index: int) -> list[StimulationTest | None]:
    found = [of_side.get(side, []) for side in _SIDES]
    return [rows[index] if index < len(rows) else None for rows in found]


def _pair(label: str, left: StimulationTest | None, right: StimulationTest | None) -> Row:
    cited = tuple(test.fact.id for test in (left, right) if test is not None)
    cells = [cell for test in (left, right) for cell in (_cells(test) if test is not None else (Cell(""),) * 3)]
    return Row((Cell(label, cited, strong=True), *cells))


def _cells(test: StimulationTest) -> tuple[Cell, Cell, Cell]:
    return _result(test), _muscle(test.fact), Cell(_time(test.fact) or "not recorded", (test.fact.id,))


def _result(test: StimulationTest) -> Cell:
    """The threshold with its side of the criterion, bold where the criterion is met."""
    met = test.criterion
    words = test.fact.text("result") + (f" ({met.text('text')})" if met is not None else "")
    cited = (test.fact.id, *((met.id,) if met is not None else ()))
    return Cell(words, cited, strong=met is not None and met.status == "met")


def _muscle(test: Fact) -> Cell:
    return Cell(test.text("muscle") or ("none" if test.status == "no_response" else "not recorded"), (test.id,))


def _time(fact: Fact) -> str:
    """The clock time, or the time as the record states it otherwise; empty where it has neither."""
    if fact.text("at") and fact.text("when"):
        return f"{fact.text('at')} ({fact.text('when')})"
    return fact.text("at") or fact.text("when")


def _notes(tests: Sequence[StimulationTest]) -> tuple[Sentence, ...]:
    """The criterion, how far was tested, the stage that goes without saying, and what is remarked of single tests."""
    return (
        *_criteria(tests),
        *_limits([test.fact for test in tests]),
        *_stage_note([test.fact for test in tests if test.fact.flag("first")]),
        *_remarks(test.fact for test in tests),
    )


def _criteria(tests: Sequence[StimulationTest]) -> list[Sentence]:
    named: dict[str, list[Fact]] = {}
    for test in tests:
        if test.criterion is not None:
            named.setdefault(test.criterion.text("criterion"), []).append(test.criterion)
    return [say("record.test_criterion", criterion=Noted(*held)) for held in named.values()]


def _limits(tests: Sequence[Fact]) -> list[Sentence]:
    """How far was tested: once where it is the same for all, else for those that reached another limit."""
    by_limit: dict[tuple[str, str], list[Fact]] = {}
    for test in tests:
        for name in ("max_tested_ma", "max_tested_v"):
            if test.text(name):
                by_limit.setdefault((name, test.text(name)), []).append(test)
    every = len(by_limit) == 1 and sum(len(rows) for rows in by_limit.values()) == len(tests)
    sentences: list[Sentence] = []
    for (name, words), rows in by_limit.items():
        told = [row for row in rows if not _says_the_highest(row)]
        if told:
            limit = Words(words, [Stated(row.id, name) for row in (rows if every else told)])
            places = None if every else joined_words([_where(row) for row in told], "; ")
            sentences.append(say("record.tested_up_to", limit=limit, places=places))
    return sentences


def _says_the_highest(fact: Fact) -> bool:
    """Whether the result of a test is itself the highest current or voltage that was tested."""
    reached = ("threshold_ma", "max_tested_ma"), ("threshold_v", "max_tested_v")
    pairs = [(fact.number(threshold), fact.number(limit)) for threshold, limit in reached]
    return fact.status == "no_response" or any(limit is not None and at == limit for at, limit in pairs)


def _where(test: Fact) -> Words:
    return phrase("record.where", test=test)


def _stage_note(first: Sequence[Fact]) -> list[Sentence]:
    """The stage that goes without saying; it is said once."""
    return [say("record.first_stage", test=Noted(*first))] if first else []


def _remarks(tests: Iterable[Fact]) -> list[Sentence]:
    """Remarks of single tests, each with its place; the same remark of several is told once."""
    by_words: dict[str, list[Fact]] = {}
    for test in tests:
        if test.text("note"):
            by_words.setdefault(test.text("note"), []).append(test)
    return [
        say(
            "record.remark",
            place=_upper(joined_words([_where(row) for row in rows])),
            test=Noted(*rows),
        )
        for rows in by_words.values()
    ]


def _upper(words: Words) -> Words:
    return Words(words[:1].upper() + words[1:], words.states)


def _listed(kind: str, title: str, tests: Sequence[StimulationTest]) -> Table[Sentence]:
    """A row for each test, with place, side and direction in columns of their own."""
    columns = (
        Column("Level, nerve or region", 1.5),
        Column("Direction", 1.0),
        Column("Side", 0.6),
        Column("Time", 0.7),
        Column("Result", 1.7),
        Column("Muscle", 0.8),
        Column("Stage", 1.0),
        Column("Tested up to", 0.8),
        Column("Tested up to, volts", 0.8),
        Column("Note", 1.9),
    )
    rows = tuple(_test_row(test) for test in tests)
    table: Table[Sentence] = Table(f"tests-{kind}", title, columns, rows, tuple(_criteria(tests)))
    nameless = {index for index in range(2) if not any(row.cells[index].text for row in rows)}
    return without_empty_columns(
        with_constants(
            without_columns(table, nameless),
            ("Stage", "Tested up to", "Tested up to, volts", "Note"),
            _told_once,
        )
    )


def _told_once(title: str, words: str, facts: tuple[str, ...]) -> Sentence:
    """What all rows say in a column, behind its title."""
    named = _VALUES[title]
    return say("record.each", title=title, words=Words(words, [Stated(fact, named) for fact in facts]))


_VALUES = {
    "Stage": "stage",
    "Tested up to": "max_tested_ma",
    "Tested up to, volts": "max_tested_v",
    "Note": "note",
    "Modality": "modality",
}
"""Which value of their facts the cells of a column print."""


def _test_row(test: StimulationTest) -> Row:
    fact = test.fact
    ids = (fact.id,)
    return Row(
        (
            Cell(fact.text("where"), ids),
            Cell(fact.text("direction"), ids),
            Cell(_side(fact), ids),
            Cell(_time(fact) or "not recorded", ids),
            _result(test),
            _muscle(fact),
            Cell(fact.text("stage"), ids),
            Cell(fact.text("max_tested_ma"), ids),
            Cell(fact.text("max_tested_v"), ids),
            Cell(fact.text("note"), ids),
        )
    )


def _side(fact: Fact) -> str:
    return vocabulary("sides").display(fact.side)


def _mapping(mapped: Sequence[Fact]) -> Table[Sentence]:
    columns = (
        Column("Site", 1.4),
        Column("Modality", 1.3),
        Column("Side", 0.6),
        Column("Time", 0.7),
        Column("Stimulus", 1.0),
        Column("Result", 2.6),
    )
    table: Table[Sentence] = Table("mapping", "Mapping", columns, tuple(_mapping_row(fact) for fact in mapped))
    return without_empty_columns(with_constants(table, ("Modality",), _told_once))


def _mapping_row(fact: Fact) -> Row:
    stimulus = " ".join(part for part in (fact.text("intensity_ma"), fact.text("polarity")) if part)
    after = {"yes": "; after-discharge recorded", "no": "; no after-discharge recorded"}.get(
        fact.text("after_discharge"), ""
    )
    return Row(
        (
            Cell(fact.text("site"), (fact.id,), strong=True),
            Cell(fact.text("modality"), (fact.id,)),
            Cell(_side(fact), (fact.id,)),
            Cell(_time(fact) or "not recorded", (fact.id,)),
            Cell(stimulus, (fact.id,)),
            Cell(fact.text("result") + after, (fact.id,)),
        )
    )
