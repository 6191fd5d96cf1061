"""The results: one row a response group, worst and closing left and right; stimulation tests; what has no side."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.document.tables import without_empty_columns
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import FILTERS, Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.shares import share_of
from report_gen.facts.views.modalities import SummaryRow
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["results"]

_SIDES: Final = ("left", "right")
_SIDE_WORDS: Final = {"bilateral": "both sides", "not_recorded": "not recorded", "not_applicable": "", "": ""}
_READ_AS: Final = "Percent of baseline{}, latency change in ms"
_WORST: Final = "Worst before closing"
_AS_RECORDED: Final = "Responses as recorded"
_LONG_CELL: Final = 80
"""Characters of a cell from which its row takes the width of the table."""
_BOLD: Final = "; bold: criterion met"
_TESTED: Final = ("Lowest threshold", "Other results")
_UNREAD: Final = re.compile(r"\bno reading\b(?! recorded)")
"""What a cell says of a response that was not read between; of a modality that was never read a row says otherwise."""
_NOT_READ: Final = "; no reading: none until closing"


def results(facts: Facts) -> Section[Block]:
    """The tables of page one; nothing of a response that has no side stands under left or right."""
    rows = facts.summaries
    sided = [row for row in rows if not row.fact.side]
    unsided = [row for row in rows if row.fact.side]
    tables: list[Table[Sentence]] = []
    wide = [row for row in sided if any(len(fact.text("text")) > _LONG_CELL for fact in row.worst.values())]
    sided = [row for row in sided if row not in wide]
    lines, spans = list(map(_in_a_line, wide)), _spans(facts)
    if sided:
        tables.append(_sided(facts, sided, lines if unsided else [*lines, *spans]))
    else:
        spans = [*lines, *spans]
    if unsided:
        tables.append(_unsided(unsided, spans))
    tests = [fact for fact in facts.of_kind("summary.tests") if not fact.id.endswith(".mapping")]
    tables.extend(_stimulated(facts, tests))
    tables.extend(_mapped(facts))
    if spans and not sided and not unsided:
        tables.append(_wide("summary", "Results", spans))
    if not tables:
        cell = Cell("No result is recorded.", (facts.by_id["aggregate.closing"].id,))
        tables.append(_wide("summary", "Results", (Row((cell,)),)))
    # Whichever table is first is the one that others know as the summary.
    tables[0] = replace(tables[0], id="summary")
    return Section("summary", "Results", (*_criteria(facts), *tables), role="summary")


def _criteria(facts: Facts) -> list[Block]:
    """What the values are held against, a clause a criterion; that of a stimulation test stands in its row."""
    compared = {fact.modality for fact in facts.of_kind("result.group")}
    told: list[Words] = []
    for fact in facts.of_kind("criterion"):
        codes = [code for code in fact.codes("modalities") if code in compared]
        names = dict.fromkeys(vocabulary("modalities")[code].channel_label for code in codes)
        if names and fact.text("brief"):
            noted = Noted(fact)
            told.append(noted.says("modalities", joined(names)) + " " + noted.text("brief"))
    if not told:
        return []
    words = FILTERS["upper_first"](joined_words(told, "; "))
    return [Paragraph((say("page_one.criteria", those=words),), label="Criterion")]


def _in_a_line(row: SummaryRow) -> Row:
    """A row of many responses, each with what was seen of it, over the width of the table."""
    told = [
        f"{side} {row.worst[side].text('text')}; at closing {row.closing[side].text('text')}"
        for side in _SIDES
        if side in row.worst and side in row.closing
    ]
    events = f" ({row.events.text('text')})" if row.events is not None else ""
    cited = [*row.worst.values(), *row.closing.values(), *([row.events] if row.events is not None else [])]
    return _span(f"{row.fact.text('row')}{events}: {'. '.join(_upper(words) for words in told)}", row.fact, *cited)


def _wide(table_id: str, caption: str, rows: Sequence[Row]) -> Table[Sentence]:
    """A table of one column."""
    kept = tuple(Row(row.cells[:1]) for row in rows)
    return Table(table_id, caption, (Column("Result", 1.0),), kept)


def _sided(facts: Facts, rows: Sequence[SummaryRow], spans: Sequence[Row]) -> Table[Sentence]:
    columns = (
        Column("Response", 2.1),
        *(Column(title, 1.25, group=side.capitalize()) for side in _SIDES for title in (_WORST, "Closing")),
        Column("Event", 1.0),
    )
    built = [
        Row(
            (
                _name(row),
                *(_cell(cells.get(side)) for side in _SIDES for cells in (row.worst, row.closing)),
                _events(row),
            )
        )
        for row in rows
    ]
    return _table("summary", f"{_caption(facts, rows)}{_legend(built, spans)}", columns, built, spans)


def _caption(facts: Facts, rows: Sequence[SummaryRow]) -> str:
    """What the cells hold: what is left of the baseline where any of them was compared with one."""
    members = {
        name for row in rows for cells in (row.worst, row.closing) for fact in cells.values() for name in fact.inputs
    }
    compared = any(
        share_of(fact)
        for name in members
        if (fact := facts.by_id[name]).kind.endswith(".change") or fact.kind == "channel.worst"
    )
    return _READ_AS.format(_resets(facts, members)) if compared else _AS_RECORDED


def _resets(facts: Facts, members: Collection[str]) -> str:
    """Which modalities had their baseline reset, and when: what is read after it is held against the new one."""
    modalities = {facts.by_id[name].modality for name in members}
    told: list[str] = []
    for fact in facts.of_kind("modality.baseline_reset"):
        modality = facts.by_id[fact.group].modality
        if modality in modalities:
            at = fact.text("at")
            told.append(f"{vocabulary('modalities')[modality].channel_label} reset{f' {at}' if at else ''}")
    return f" ({'; '.join(dict.fromkeys(told))})" if told else ""


def _unsided(rows: Sequence[SummaryRow], spans: Sequence[Row]) -> Table[Sentence]:
    columns = (
        Column("Response", 2.1),
        Column("Side", 0.9),
        Column(_WORST, 2.0),
        Column("Closing", 2.0),
        Column("Event", 1.0),
    )
    built = [
        Row(
            (
                _name(row),
                Cell(_SIDE_WORDS.get(row.fact.side, row.fact.side), (row.fact.id,)),
                _cell(row.worst.get(row.fact.side)),
                _cell(row.closing.get(row.fact.side)),
                _events(row),
            )
        )
        for row in rows
    ]
    caption = f"Responses without a left or right side{_legend(built, spans)}"
    return _table("results-unsided", caption, columns, built, spans)


def _legend(rows: Sequence[Row], spans: Sequence[Row] = ()) -> str:
    """What a caption explains of the cells: what is bold, and what is not read."""
    cells = [cell for row in rows for cell in row.cells[1:]]
    bold = _BOLD if any(cell.strong for cell in cells) else ""
    unread = any(_UNREAD.search(cell.text) for cell in (*cells, *(row.cells[0] for row in spans)))
    return f"{bold}{_NOT_READ if unread else ''}"


def _table(
    table_id: str, caption: str, columns: Sequence[Column], rows: Sequence[Row], spans: Sequence[Row]
) -> Table[Sentence]:
    """A table without the columns in which no row says anything; rows that span it stand at its end."""
    spanning = [Row((row.cells[0], *[Cell("")] * (len(columns) - 1)), heading=True) for row in spans]
    return without_empty_columns(Table(table_id, caption, tuple(columns), (*rows, *spanning)))


def _name(row: SummaryRow) -> Cell:
    return Cell(row.fact.text("row"), (row.fact.id,))


def _cell(fact: Fact | None) -> Cell:
    if fact is None:
        return Cell("")
    return Cell(fact.text("text"), (fact.id,), strong=fact.status == "beyond")


def _events(row: SummaryRow) -> Cell:
    if row.events is None:
        return Cell("")
    return Cell(row.events.text("text"), (row.events.id,), strong=row.fact.status == "alert")


def _stimulated(facts: Facts, tests: Sequence[Fact]) -> list[Table[Sentence]]:
    """Stimulation tests, a row for each modality: its lowest results and the others; sides apart."""
    by_modality: dict[str, dict[str, Fact]] = {}
    for fact in tests:
        by_modality.setdefault(fact.modality, {})[fact.side] = fact
    names = {fact.modality: fact for fact in facts.of_kind("result.tests")}
    tables: list[Table[Sentence]] = []
    sided = {code: sides for code, sides in by_modality.items() if set(sides) & set(_SIDES)}
    if sided:
        columns = (
            Column("Stimulation", 1.6),
            *(Column(title, 1.3, group=side.capitalize()) for side in _SIDES for title in _TESTED),
            Column("Event", 0.9),
        )
        rows = [
            Row(
                (
                    Cell(names[code].text("row"), (names[code].id,)),
                    *(cell(sides.get(side)) for side in _SIDES for cell in (_lowest, _further)),
                    _test_events([sides[side] for side in _SIDES if side in sides]),
                )
            )
            for code, sides in sided.items()
        ]
        tables.append(_table("results-tests", f"Stimulation thresholds{_legend(rows)}", columns, rows, ()))
    rest = [
        (code, side, fact) for code, sides in by_modality.items() for side, fact in sides.items() if side not in _SIDES
    ]
    if rest:
        columns = (
            Column("Stimulation", 1.9),
            Column("Side", 0.9),
            *(Column(title, 2.1) for title in _TESTED),
            Column("Event", 1.0),
        )
        rows = [
            Row(
                (
                    Cell(names[code].text("row"), (names[code].id,)),
                    Cell(_SIDE_WORDS.get(side, side), (fact.id,)),
                    _lowest(fact),
                    _further(fact),
                    _test_events([fact]),
                )
            )
            for code, side, fact in rest
        ]
        caption = f"Stimulation thresholds without a left or right side{_legend(rows)}"
        tables.append(_table("results-tests-unsided", caption, columns, rows, ()))
    return tables


def _lowest(fact: Fact | None) -> Cell:
    """The tests at or below the criterion, in bold, else those with the lowest result."""
    if fact is None or not fact.text("lowest"):
        return Cell("")
    return Cell(fact.text("lowest"), (fact.id,), strong=fact.status == "met")


def _further(fact: Fact | None) -> Cell:
    """Further tests of the same places, then the other places; none of them met the criterion."""
    words = [fact.text(name) for name in ("later", "others") if fact.text(name)] if fact is not None else []
    return Cell("; ".join(words), (fact.id,)) if fact is not None and words else Cell("")


def _test_events(tests: Sequence[Fact]) -> Cell:
    words = dict.fromkeys(fact.text("events") for fact in tests if fact.text("events"))
    strong = any("alert" in said for said in words)
    return Cell("; ".join(words), tuple(fact.id for fact in tests) if words else (), strong=strong)


def _spans(facts: Facts) -> list[Row]:
    """What takes the width of the table: mapping, the train-of-four, modalities of which nothing was read."""
    modalities = facts.of_kind("modality")
    rows = [_mapping(fact) for fact in _mappings(facts) if fact.side not in _SIDES]
    covered = {
        fact.modality for kind in ("result.group", "result.tests", "summary.tests") for fact in facts.of_kind(kind)
    }
    tof = {
        fact.modality: fact for fact in facts.of_kind("modality") if vocabulary("modalities")[fact.modality].of_block
    }
    for fact in facts.of_kind("result.tof"):
        names = tuple(tof.values())
        label = names[0].text("label") if names else "TOF"
        rows.append(_span(f"{label}: {fact.text('text')}", fact, *names))
        covered |= set(tof)
    rows.extend(
        _span(f"{_upper(fact.text('label'))}: performed; no reading recorded", fact)
        for fact in modalities
        if fact.modality not in covered and fact.status == "performed"
    )
    rows.extend(_undecided(facts))
    return rows


def _undecided(facts: Facts) -> list[Row]:
    """Alerts whose criterion no recorded value decides, and why: their rows are not bold."""
    alike: dict[str, list[tuple[Fact, Fact]]] = {}
    for chain in facts.events:
        judged = chain.criterion
        if chain.event.status == "alert" and judged is not None and judged.status == "not_comparable":
            alike.setdefault(judged.text("text"), []).append((chain.event, judged))
    rows: list[Row] = []
    for words, pairs in alike.items():
        ids = joined(event.text("id") for event, _ in pairs)
        said = f"{ids}: recorded as alert; its criterion, {words}, {_why_undecided(pairs[0][1])}"
        rows.append(_span(said, *(fact for pair in pairs for fact in pair)))
    return rows


def _why_undecided(judged: Fact) -> str:
    """Why a criterion cannot be held against the values: it is seen in the trace, or a value is missing."""
    asked = [vocabulary("criterion_parameters")[code] for code in judged.codes("asks")]
    limits = [entry for entry in asked if entry.comparison != "state"]
    if len(limits) < len(asked):
        part = " in part" if limits else ""
        return f"is judged{part} from the trace; no recorded value shows whether it was met"
    missing = [vocabulary("parameters").display(entry.parameter) for entry in limits if entry.parameter]
    named = " or ".join(dict.fromkeys(missing)) or "response"
    return f"could not be checked: a usable {named} of a response, or its baseline, is not recorded"


def _mappings(facts: Facts) -> list[Fact]:
    return [fact for fact in facts.of_kind("summary.tests") if fact.id.endswith(".mapping")]


def _mapped(facts: Facts) -> list[Table[Sentence]]:
    """Mapping of the left and of the right side, a row for each modality."""
    by_modality: dict[str, dict[str, Fact]] = {}
    for fact in _mappings(facts):
        if fact.side in _SIDES:
            by_modality.setdefault(fact.modality, {})[fact.side] = fact
    rows = [
        Row(
            (
                Cell(_upper(next(iter(sides.values())).text("row")), tuple(fact.id for fact in sides.values())),
                *(_further(sides.get(side)) for side in _SIDES),
                _test_events(list(sides.values())),
            )
        )
        for sides in by_modality.values()
    ]
    columns = (Column("Mapping", 1.2), Column("Left", 2.6), Column("Right", 2.6), Column("Event", 0.9))
    return [_table("results-mapping", "Results of mapping", columns, rows, ())] if rows else []


def _mapping(fact: Fact) -> Row:
    side = _SIDE_WORDS.get(fact.side, fact.side)
    events = f" ({fact.text('events')})" if fact.text("events") else ""
    return _span(f"{_upper(fact.text('row'))}{f', {side}' if side else ''}{events}: {fact.text('others')}", fact)


def _span(words: str, *cited: Fact) -> Row:
    return Row((Cell(words, tuple(fact.id for fact in cited)),), heading=True)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
