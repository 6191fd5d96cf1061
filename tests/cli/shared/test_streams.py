"""What every command does with its streams."""

from __future__ import annotations

import io
import sys
import time

from report_gen.case import load_case
from report_gen.cli.shared.streams import load_timed
from tests.cli.commands import QUIET


class TestStandardInput:
    def test_waiting_for_it_is_told_apart(self, monkeypatch):
        """Who pipes a case in has not waited for us while it had not come."""

        class Slow(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                time.sleep(0.2)
                return super().read(size)

        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Slow(QUIET.read_bytes())))
        case, waited_s = load_timed("-")
        assert waited_s >= 0.2
        assert case == load_case(QUIET)
        assert load_timed(str(QUIET))[1] == 0.0
