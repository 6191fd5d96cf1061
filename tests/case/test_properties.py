"""Whatever comes in either loads or raises `CaseInvalidError`, and the error keeps its promises."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.case import Case, load_case
from report_gen.case.limits import soft_warnings
from report_gen.case.load import CONTRACT_KEYS
from report_gen.errors import CaseInvalidError, Problem
from tests.cases.minimal import data, full, minimal
from tests.selection import examples

SLOW = settings(
    max_examples=examples(40, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["measured", "left", "tech1", "2026-03-02", "2026-03-02T08:30:00Z", "\ud800", "\u202e", "1e5"])
)
KEYS = st.sampled_from(sorted(CONTRACT_KEYS)) | st.text()
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)


def outcome(content: bytes) -> Case | tuple[Problem, ...]:
    """The case, or its problems."""
    try:
        return load_case(content)
    except CaseInvalidError as error:
        return error.problems


def load(content: bytes) -> Case | None:
    """The case, or None after its problems have been looked at."""
    found = outcome(content)
    if isinstance(found, Case):
        soft_warnings(found)
        return found
    assert found
    for row in found:
        assert row.severity == "error"
        assert row.code.startswith(("case.", "limits."))
        assert row.code != "case.not_valid"
        assert row.expected
        assert row.action
        # A place names only what the contract names: no text of the file can reach a log this way.
        assert all(token.isdecimal() or token in CONTRACT_KEYS for token in row.pointer.split("/")[1:])
    return None


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a tree."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path] + [found for key, value in items for found in places(value, (*path, key))]


FULL_PLACES = places(full())[1:]


def at_path(node: Any, path: tuple[Any, ...]) -> Any:
    """The value at a path, or None when changes have removed it."""
    for key in path:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return None
    return node


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A sound case with up to four places changed, removed, repeated or given a stranger."""
    case = full()
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(FULL_PLACES))
        holder, old = at_path(case, path[:-1]), at_path(case, path)
        if old is None or not isinstance(holder, (dict, list)):
            continue
        change = draw(st.sampled_from(["replace", "remove", "repeat", "add", "swap"]))
        if change == "remove":
            del holder[path[-1]]
        elif change == "repeat" and isinstance(holder, list):
            holder.append(copy.deepcopy(old))
        elif change == "add" and isinstance(old, dict):
            old[draw(KEYS)] = draw(TREES)
        elif change == "swap":
            holder[path[-1]] = copy.deepcopy(at_path(case, draw(st.sampled_from(FULL_PLACES))))
        else:
            holder[path[-1]] = draw(TREES)
    return case


class TestAnyInput:
    @SLOW
    @given(st.binary(max_size=200))
    def test_any_bytes(self, content):
        """Noise is never a case, and never another exception."""
        assert load(content) is None

    @SLOW
    @given(st.binary(max_size=60), st.integers(0, 2000), st.integers(0, 30))
    def test_a_case_with_a_stretch_of_noise(self, noise, place, length):
        """Damage in transit."""
        content = data(minimal())
        place %= len(content)
        load(content[:place] + noise + content[place + length :])

    @SLOW
    @given(st.text(max_size=200))
    def test_any_text(self, text):
        """Characters of every kind."""
        assert load(text.encode("utf-8", "surrogatepass")) is None

    @SLOW
    @given(TREES)
    def test_any_json(self, tree):
        """Trees with keys of the contract at every wrong place."""
        assert load(json.dumps(tree).encode()) is None

    @SLOW
    @given(st.dictionaries(KEYS, TREES, max_size=8))
    def test_a_case_with_any_additions(self, additions):
        """A sound core with anything beside or in place of its parts."""
        load(json.dumps(minimal() | additions).encode())

    @SLOW
    @given(mutated())
    def test_a_full_case_with_changes(self, tree):
        """A few mistakes of every kind."""
        load(json.dumps(tree).encode())

    @SLOW
    @given(mutated())
    def test_the_same_file_gives_the_same_answer(self, tree):
        """Case or problems, twice the same."""
        content = json.dumps(tree).encode()
        assert outcome(content) == outcome(content)


class TestRoundTrip:
    def test_a_case_written_and_read_again_is_the_same(self):
        """The model's own JSON keeps the contract."""
        case = load_case(data(full()))
        assert case == load_case(case.model_dump_json().encode())

    @SLOW
    @given(st.permutations(sorted(full())))
    def test_the_order_of_keys_does_not_matter(self, order):
        """JSON objects have none."""
        tree = full()
        assert load_case(data(tree)) == load_case(data({key: tree[key] for key in order}))
