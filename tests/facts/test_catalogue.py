"""The catalogue and what uses it, held to each other in both directions."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import report_gen.facts.catalogue as module
from report_gen import load_case
from report_gen.case.contract.signals import READING_VALUES
from report_gen.errors import AssetError
from report_gen.facts import Fact, Value, derive
from report_gen.facts.catalogue import catalogue
from report_gen.vocab import names, vocabulary
from tests.cases.maximal import maximal, maximal_facts
from tests.cases.parts import at, baseline, measurement, reading
from tests.cases.quiet import case, told_alone, with_alert
from tests.cases.reports import facts_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "report_gen"
FILES = [
    *sorted((ROOT / "samples" / "valid").glob("*.json")),
    *sorted(path for path in (ROOT / "samples" / "claims").glob("*.json") if "expected" not in path.name),
]
ASKED = {"code", "codes", "day", "flag", "instant", "number", "text", "value", "words"}
"""Methods of a fact that take the name of a value."""


def improved() -> dict:
    """A case with a closing response far above its baseline, and a criterion for that."""
    data = case()
    data["criteria"].append(
        {
            "id": "better",
            "modalities": ["tcmep"],
            "conditions": [{"parameter": "amplitude_increase_pct", "threshold": 50}],
            "reference": "test",
            "baseline_kind": "post_position",
        }
    )
    closings = [row for channel in data["channels"] for row in channel["measurements"] if row["phase"] == "closing"]
    for row in closings:
        if "latency_ms" not in row["reading"]:
            row["reading"]["amplitude_uv"] = 9000.0
    return data


def stated() -> dict:
    """An alert of which the record itself says that times and answers are not recorded."""
    untold = {"to": "surgeon", "at": None, "acknowledged": "not_recorded"}
    return with_alert(notifications=[untold], stated_causes=[{"causes": ["undetermined"], "by_role": "surgeon"}])


def never_seen_again() -> dict:
    """An alert after which nothing was read, neither at a re-test nor at closing."""
    return told_alone(notifications=[], interventions=[], retests=[], resolution=None)


def measured() -> dict:
    """An alert whose response has every value that a reading may have."""
    every = dict.fromkeys(READING_VALUES, 20.0) | {
        "interpeak_i_iii_ms": 2.5,
        "interpeak_i_v_ms": 5.0,
        "saturation_pct": 60.0,
        "tof_count": 2,
    }

    def channel() -> dict:
        rows = [baseline("08:30", reading(**every)), measurement("closing", "11:45", reading(**every))]
        return {"id": "mep-l", "modality": "tcmep", "side": "left", "muscle": "tibialis_anterior", "measurements": rows}

    at_event = [{"channel": "mep-l", "reading": reading(**every)}]
    data = with_alert(readings=at_event, retests=[{"at": at("10:20"), "readings": at_event}])
    data["channels"] = [channel(), *(row for row in data["channels"] if row["id"] != "mep-l")]
    rows = data["channels"][0]["measurements"]
    rows.insert(1, measurement("intraop", "10:00", reading(**every)))
    return data


def elsewhere() -> dict:
    """A case whose times do not fit its zone."""
    data = case()
    data["encounter"]["time_zone"] = "America/Phoenix"
    return data


def undated() -> dict:
    """A case whose day is that of its first time."""
    data = case()
    del data["encounter"]["date_of_service"]
    return data


@cache
def every_fact() -> tuple[Fact, ...]:
    """The facts of all samples, of the case in which every field is filled, and of chains with nothing in them."""
    bare = with_alert(notifications=[], interventions=[], retests=[], resolution=None)
    cases = (case(), with_alert(), bare, improved(), stated(), never_seen_again(), measured(), elsewhere(), undated())
    built = [facts_of(data) for data in cases]
    read = [derive(load_case(path)) for path in FILES]
    return tuple(fact for facts in (*read, maximal_facts(maximal()), *built) for fact in facts)


def form(value: Value) -> str:
    """The form of a value, as the catalogue names it."""
    if value.codes or value.code:
        return f"{'codes' if value.codes else 'code'} {value.vocabulary}".strip()
    if value.flag is not None:
        return "flag"
    if value.day is not None:
        return "day"
    return "time" if value.at is not None else "number" if value.number is not None else "text"


def faults(fact: Fact) -> Iterator[str]:
    """What a fact is that its kind may not be."""
    kind = catalogue().get(fact.kind)
    if kind is None:
        yield f"{fact.kind}: no such kind"
        return
    if fact.status not in kind.statuses:
        yield f"{fact.kind}: status {fact.status}"
    if fact.author not in kind.authors:
        yield f"{fact.kind}: author {fact.author}"
    if fact.must_state not in kind.must_state:
        yield f"{fact.kind}: must_state {fact.must_state}"
    for value in fact.values:
        allowed = kind.values.get(value.name, ())
        stands_for_itself = value.name == "text" and fact.status == "not_recorded"
        if form(value) not in allowed and not stands_for_itself:
            yield f"{fact.kind}: {value.name} is {form(value)}, not {' or '.join(allowed) or 'a value of it'}"


class TestFacts:
    def test_are_what_their_kind_says(self):
        """Status, author, duty and each value's form."""
        assert sorted({fault for fact in every_fact() for fault in faults(fact)}) == []

    def test_there_is_one_of_every_kind(self):
        """A kind that nothing derives is left over."""
        assert sorted(catalogue().keys() - {fact.kind for fact in every_fact()}) == []

    def test_every_value_of_a_kind_is_derived(self):
        """What readings, changes and physiology share need only be derived for one of the kinds that share it."""
        table = tomllib.loads((PACKAGE / "facts" / "catalogue.toml").read_text(encoding="utf-8"))
        found: dict[str, set[str]] = defaultdict(set)
        for fact in every_fact():
            found[fact.kind] |= {value.name for value in fact.values}
        idle = []
        for part, values in table.pop("shared").items():
            sharing = set().union(*(found[kind] for kind, row in table.items() if part in row.get("shares", ())))
            idle += [f"shared.{part}: {name}" for name in values if name not in sharing]
        idle += [f"{kind}: {name}" for kind, row in table.items() for name in row["values"] if name not in found[kind]]
        assert idle == []


class TestTheFile:
    def test_says_what_each_kind_states(self):
        """In words, once."""
        assert [kind.name for kind in catalogue().values() if not kind.says] == []

    def test_names_vocabularies_that_exist(self):
        """A code without a vocabulary is an id or a state of the contract."""
        forms = {part for kind in catalogue().values() for forms in kind.values.values() for part in forms}
        named = {part.partition(" ")[2] for part in forms if part.startswith("code")} - {""}
        assert named <= set(names())
        assert forms - {f"{word} {name}" for word in ("code", "codes") for name in named} <= {
            "code",
            "codes",
            "day",
            "flag",
            "number",
            "text",
            "time",
        }

    def test_statuses_of_a_vocabulary_are_its_codes(self):
        """With what stands for none of them."""
        assert catalogue()["event.resolution"].statuses == {*vocabulary("resolution_classes").codes, "not_recorded"}

    def test_nobodys_own_words_are_shown_to_a_model(self):
        """Names, times and quotes have slots; what only a professional words is worded by nobody else."""
        wordable = [kind for kind in catalogue().values() if kind.worded]
        assert len(wordable) > 15
        assert [kind.name for kind in wordable if "professional" in kind.authors] == []
        shown = [
            f"{kind.name}: {name}"
            for kind in wordable
            for name, how in kind.worded.items()
            if how in ("free", "verbatim") and {"time", "day"} & set(kind.values[name])
        ]
        assert shown == []

    @pytest.mark.parametrize("text", ["", "[x]\n", "[shared]\n[x]\nvalues = 3\n", "x ="])
    def test_a_damaged_one_is_an_asset_error(self, monkeypatch, tmp_path, text):
        """Named as what is to be installed again."""
        path = tmp_path / "catalogue.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(module, "_FILE", path)
        catalogue.cache_clear()
        try:
            with pytest.raises(AssetError, match="catalogue of facts"):
                catalogue()
        finally:
            catalogue.cache_clear()


def _asked(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Kinds and names of values that a module asks for by a literal: what is asked, and for which."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            literals = [row.value for row in node.args if isinstance(row, ast.Constant) and isinstance(row.value, str)]
            if node.func.attr == "of_kind":
                yield from (("kind", word) for word in literals)
            elif node.func.attr == "in_group" and len(node.args) == 2:
                yield from (("kind", word) for word in literals[-1:])
            elif node.func.attr in ASKED and len(node.args) == 1:
                yield from (("value", word) for word in literals)
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "kind":
            words = [word for side in node.comparators for word in ast.walk(side) if isinstance(word, ast.Constant)]
            yield from (("fact.kind", str(word.value)) for word in words)


def test_nobody_asks_for_a_kind_or_value_that_is_not_there():
    """A name spelt wrong would be an empty answer, and nobody would hear of it."""
    values = {name for kind in catalogue().values() for name in kind.values}
    unknown = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if place.partition("/")[0] not in ("facts", "draft", "checks", "claim", "guard", "llm"):
            continue
        for what, word in _asked(ast.parse(path.read_text(encoding="utf-8"))):
            if (what == "kind" and word not in catalogue()) or (what == "value" and word not in values):
                unknown.append(f"{place}: {what} {word!r}")
    assert unknown == []
