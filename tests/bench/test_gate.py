"""The speed that is held: when the gate fails, what it holds, and that it says so. Its figures are made up here."""

from __future__ import annotations

import json
import socket
from itertools import cycle

import pytest

import bench.gate
from bench.__main__ import main
from bench.gate import (
    CEILINGS,
    FAILS_FROM,
    HELD,
    InTime,
    Timed,
    held_ratios,
    judge,
    late,
    renew,
    say,
    silent_endpoint,
    timed,
)
from bench.parts.stages import CASES
from report_gen.pipeline import OVER_PLAIN_S, TOTAL_S


def row(ratio: float, name: str = "quiet") -> Timed:
    """A row of the bench with this ratio."""
    return Timed(name, 10.0 * ratio, 10.0, ratio)


class TestRatios:
    @pytest.mark.parametrize(("ratio", "fails"), [(2.0, False), (2.99, False), (3.01, True), (0.1, False)])
    def test_fail_above_one_and_a_half_times_what_is_held(self, ratio, fails):
        """A report that takes half as long again as it did has become slow; a faster one is welcome."""
        (held,) = judge([row(ratio)], {"quiet": 2.0})
        assert (held.fails, FAILS_FROM) == (fails, 1.5)

    def test_of_a_row_that_is_not_held_fail(self):
        """A new row must be renewed before it can hold anything."""
        held = judge([row(1.0, "quiet"), row(1.0, "new")], {"quiet": 2.0})[1]
        assert held.fails
        assert next(say([held], [])).startswith("TOO SLOW new")

    def test_that_are_held_and_no_longer_measured_are_a_mistake(self):
        """A row that was renamed would otherwise hold nothing without a word."""
        with pytest.raises(ValueError, match="held and not measured: eventful"):
            judge([row(1.0)], {"quiet": 2.0, "eventful": 3.0})

    @pytest.mark.parametrize(("ratio", "fails"), [(2.49, False), (2.51, True)])
    def test_of_a_command_have_a_ceiling(self, ratio, fails):
        """Whatever was held: slower from renewal to renewal is slower too."""
        (held,) = judge([row(ratio, "command: check")], {"command: check": 2.4})
        assert (held.fails, CEILINGS["command: check"]) == (fails, 2.5)

    def test_are_medians_over_neighbours(self, monkeypatch):
        """One disturbed round changes nothing."""
        times = cycle([5.0, 1.0, 4.0, 1.0, 900.0, 1.0, 4.0, 1.0, 5.0, 1.0])
        monkeypatch.setattr(bench.gate, "_ms", lambda work: next(times))
        made = timed("quiet", 5, lambda: None, lambda: None, per=2)
        assert made == Timed("quiet", 5.0, 0.5, 10.0)

    def test_that_are_committed_cover_every_row(self):
        """Each case as a report, each kind of command; all are sane."""
        ratios = held_ratios(HELD)
        assert set(ratios) == {*CASES, "command: help", "command: check", "command: generate"}
        assert all(0 < ratio < 200 for ratio in ratios.values())
        assert ratios["command: help"] < 1
        assert max(ratios["command: check"], ratios["command: generate"]) <= 2.5

    def test_are_renewed(self, tmp_path):
        """With where and when they were taken."""
        renew([row(2.3456)], tmp_path / "ratios.json")
        kept = json.loads((tmp_path / "ratios.json").read_text(encoding="utf-8"))
        assert held_ratios(tmp_path / "ratios.json") == {"quiet": 2.346}
        assert set(kept) == {"about", "taken_on", "commit", "machine", "versions", "ratios"}

    @pytest.mark.parametrize("text", ["[]", "{}", '{"ratios": 3}', "none"])
    def test_out_of_another_file_are_refused(self, tmp_path, text):
        """With the command that writes them."""
        (tmp_path / "ratios.json").write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=r"--renew|Expecting value"):
            held_ratios(tmp_path / "ratios.json")


class TestDeadline:
    @pytest.mark.parametrize(
        ("s", "plain_s", "fails"),
        [
            (TOTAL_S - 0.01, 0.1, False),
            (TOTAL_S + 0.01, 0.1, True),
            (8.0, 8.0 - OVER_PLAIN_S + 0.01, False),
            (8.0, 8.0 - OVER_PLAIN_S - 0.01, True),
        ],
    )
    def test_is_six_seconds_or_that_of_the_plain_report_and_a_half(self, s, plain_s, fails):
        """Whatever the machine is."""
        report = InTime("behind faults", s, plain_s)
        assert report.fails is fails
        assert late([report]) == ([report] if fails else [])

    def test_counts_only_for_good_reports(self):
        """A command that fails at once is not in time."""
        report = InTime("behind faults", 0.1, 0.1, "code 6, 0 files")
        assert report.fails
        assert next(say([], [report])).startswith("LATE     behind faults")
        assert next(say([], [report])).endswith("code 6, 0 files")

    def test_is_measured_behind_an_endpoint_that_takes_and_never_answers(self):
        """Connections are made, as those of a client are; nothing comes back."""
        with silent_endpoint() as url:
            port = int(url.rpartition(":")[2].partition("/")[0])
            with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
                client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\n\r\n")
                client.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    client.recv(1)


class TestTheCommand:
    @pytest.fixture
    def measured(self, monkeypatch, tmp_path):
        """The gate with made-up figures: sets what each measuring finds, in turn."""

        def found(*ratios: float, s: float = 1.0) -> None:
            turns = iter(ratios)
            monkeypatch.setattr(bench.gate, "measure_held", lambda: [row(next(turns))])
            monkeypatch.setattr(bench.gate, "measure_in_time", lambda: [InTime("behind faults", s, 0.1)])
            renew([row(2.0)], tmp_path / "ratios.json")

        return found

    def test_passes_and_says_what_was_measured(self, measured, tmp_path, capsys):
        """A line each."""
        measured(2.2)
        assert main(["gate", "--to", str(tmp_path / "ratios.json")]) == 0
        shown = capsys.readouterr().out
        assert "ok       quiet" in shown
        assert "(held 2.00, 1.10 times)" in shown
        assert "ok       behind faults" in shown

    def test_fails_for_what_is_slow_twice(self, measured, tmp_path, capsys):
        """A busy minute of the machine is measured again; a slower program is slow again."""
        measured(4.0, 3.5)
        assert main(["gate", "--to", str(tmp_path / "ratios.json")]) == 1
        assert "TOO SLOW quiet" in capsys.readouterr().out
        measured(4.0, 2.5)
        assert main(["gate", "--to", str(tmp_path / "ratios.json")]) == 0

    def test_fails_for_what_is_late(self, measured, tmp_path, capsys):
        """However fast the rest is."""
        measured(1.0, s=6.5)
        assert main(["gate", "--to", str(tmp_path / "ratios.json")]) == 1
        assert "LATE     behind faults" in capsys.readouterr().out

    def test_renews(self, measured, tmp_path, capsys):
        """What is measured now is held from now on; no deadline is looked at."""
        measured(9.0)
        assert main(["gate", "--renew", "--to", str(tmp_path / "ratios.json")]) == 0
        assert held_ratios(tmp_path / "ratios.json") == {"quiet": 9.0}
        assert "wrote" in capsys.readouterr().out
