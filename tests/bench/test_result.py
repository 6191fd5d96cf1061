"""A bench run as a file: what is read back, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.__main__ import main
from bench.measure import commit, percentiles
from bench.result import FORMAT, Part, Row, Run, load, save
from tests.selection import examples

RUN = Run(
    "quick",
    7,
    "2026-11-20T10:00:00Z",
    "0123456789+",
    {"cores": 2, "processor": "invented", "memory_gib": None},
    {"python": "3.11.7"},
    (
        Part(
            "stages",
            "How long?",
            (Row("quiet / load", {"p50_ms": 1.5, "runs": 3, "cold": False, "note": None}, {"wall_ms": (1.0, 1.5)}),),
            ("A note.",),
            2.5,
        ),
    ),
)
words = st.text(max_size=20)
values = st.floats(allow_nan=False, allow_infinity=False)
figures = st.one_of(values, st.integers(-(2**53), 2**53), words, st.booleans(), st.none())
rows = st.builds(
    Row,
    words,
    st.dictionaries(words, figures),
    st.dictionaries(words, st.lists(values).map(tuple)),
    st.booleans(),
    words,
)
parts = st.builds(Part, words, words, st.lists(rows, max_size=3).map(tuple), st.lists(words).map(tuple), values)
runs = st.builds(
    Run,
    st.sampled_from(["smoke", "quick", "full"]),
    st.integers(0, 2**31),
    words,
    words,
    st.dictionaries(words, figures),
    st.dictionaries(words, words),
    st.lists(parts, max_size=3).map(tuple),
)


class TestRoundTrip:
    @settings(max_examples=examples(12, 40), deadline=None)
    @given(run=runs)
    def test_what_is_written_is_read(self, tmp_path_factory, run):
        """With whole numbers still whole and shares of time unrounded."""
        path = tmp_path_factory.mktemp("run") / "run.json"
        save(run, path)
        again = load(path)
        assert again == run
        kinds = [[type(value) for value in row.figures.values()] for part in run.parts for row in part.rows]
        assert [[type(value) for value in row.figures.values()] for part in again.parts for row in part.rows] == kinds

    def test_nothing_half_written_is_left(self, tmp_path, monkeypatch):
        """An interrupt in the middle of writing leaves the file that was there."""
        path = tmp_path / "run.json"
        save(RUN, path)

        def interrupted(handle):
            raise KeyboardInterrupt

        monkeypatch.setattr("os.fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            save(replace(RUN, seed=8), path)
        assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]
        assert load(path).seed == 7

    def test_a_value_that_is_no_number_is_not_written(self, tmp_path):
        """Not every reader of JSON knows NaN."""
        part = replace(RUN.parts[0], rows=(Row("x", {"p50_ms": float("nan")}),))
        with pytest.raises(ValueError, match="JSON compliant"):
            save(replace(RUN, parts=(part,)), tmp_path / "run.json")


def damaged():
    """Texts that are not a bench run."""
    good = {
        "format": FORMAT,
        **json.loads(json.dumps(RUN, default=lambda value: {name: getattr(value, name) for name in value.__slots__})),
    }
    row = good["parts"][0]["rows"][0]
    yield "empty", ""
    yield "cut off", json.dumps(good)[:-20]
    yield "another format", json.dumps({**good, "format": "else/1"})
    yield "no format", json.dumps({name: value for name, value in good.items() if name != "format"})
    yield "a list", "[]"
    yield "no parts", json.dumps({name: value for name, value in good.items() if name != "parts"})
    yield "another scale", json.dumps({**good, "scale": "huge"})
    yield (
        "words for values",
        json.dumps({**good, "parts": [{**good["parts"][0], "rows": [{**row, "samples": {"a": ["b"]}}]}]}),
    )
    yield "a list for figures", json.dumps({**good, "parts": [{**good["parts"][0], "rows": [{**row, "figures": [1]}]}]})
    yield "not a number", json.dumps({**good, "parts": [{**good["parts"][0], "seconds": float("nan")}]})
    yield "too deep", "[" * 100_000


class TestRefused:
    @pytest.mark.parametrize(("name", "text"), list(damaged()), ids=lambda value: value if len(value) < 30 else "")
    @pytest.mark.parametrize("command", [["show"], ["plot"], ["compare"]])
    def test_a_damaged_or_foreign_file_is_one_line_and_exit_code_4(self, tmp_path, capsys, command, name, text):
        """In every command that reads one, and never a traceback."""
        path = tmp_path / "run.json"
        path.write_text(text, encoding="utf-8")
        save(RUN, tmp_path / "good.json")
        files = [str(tmp_path / "good.json")] if command == ["compare"] else []
        assert main([*command, *files, str(path)]) == 4
        error = capsys.readouterr().err
        assert "run.json is not a bench run" in error
        assert error.count("\n") == 1

    def test_a_missing_file_is_exit_code_4(self, tmp_path, capsys):
        """And says which."""
        assert main(["show", str(tmp_path / "nowhere.json")]) == 4
        assert "nowhere.json" in capsys.readouterr().err

    def test_wrong_usage_is_exit_code_2(self, capsys):
        """As everywhere in Python."""
        for arguments in ([], ["show"], ["run", "--only", "nothing"], ["run", "--smoke", "--full"]):
            with pytest.raises(SystemExit) as ended:
                main(arguments)
            assert ended.value.code == 2
        capsys.readouterr()


class TestRows:
    @pytest.mark.parametrize(
        ("row", "skipped", "failed"),
        [
            (Row("a", {"p50_ms": 1.0}), False, False),
            (Row("a", ok=False, why="no pages"), False, True),
            (Row("a", {"p50_ms": 1.0}, ok=False, why="no pages"), False, True),
            (Row("a", why="typst is not installed"), True, False),
            (Row("a", ok=False, why="skipped: typst is not installed"), True, False),
            (Row("a"), False, True),
        ],
    )
    def test_a_row_counts_or_is_skipped_or_failed(self, row, skipped, failed):
        """One without figures and without a reason must not pass for a success."""
        assert (row.skipped, row.failed) == (skipped, failed)


class TestMeasured:
    @pytest.mark.parametrize(
        ("count", "figures"), [(19, (10, None, None, 19)), (20, (10, 19, None, 20)), (100, (50, 95, 99, 100))]
    )
    def test_a_percentile_takes_enough_values(self, count, figures):
        """With fewer it would be the greatest value by another name."""
        found = percentiles([float(n) for n in range(1, count + 1)], "ms")
        assert found == dict(zip(("p50_ms", "p95_ms", "p99_ms", "max_ms"), figures, strict=True))

    def test_without_git_there_is_no_commit(self, monkeypatch):
        """And no error."""
        monkeypatch.setenv("PATH", "")
        assert commit() == ""
