"""How far a report is signed, and what every rendering of it therefore says: marks, status, file properties."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal

from report_gen.checks.model import CheckedReport

__all__ = ["KIND", "Standing", "Status", "standing"]

KIND: Final = "Intraoperative neurophysiological monitoring"
"""Kind of report, printed beside the patient's identity."""

Status = Literal["draft", "partly_signed", "signed", "amended"]
"""What ``report.json`` calls a standing. A payer's copy is a copy of what is signed."""


class Standing(Enum):
    """How far a report is signed. Whatever a rendering says of that, it takes from here.

    Only `standing` tells which one a report has, by the type of the report: no caller can print an unsigned report as
    a signed one.
    """

    DRAFT = ("draft", "DRAFT – NOT SIGNED", "NOT FOR BILLING", "unsigned draft")
    """Nobody has signed."""
    PARTLY_SIGNED = ("partly_signed", "DRAFT – PARTLY SIGNED", "NOT FOR BILLING", "partly signed draft")
    """Of several named professionals some have signed: still a draft."""
    SIGNED = ("signed", "SIGNED", "", "signed")
    """Every named professional has signed."""
    AMENDED = ("amended", "AMENDED", "REPLACES THE VERSION BEFORE", "signed and amended")
    """Signed, after an earlier version that was signed too."""
    PAYER_COPY = ("signed", "PAYER'S COPY", "WITHOUT ATTACHED DATA", "payer's copy of the signed report")
    """What is signed, as it goes to a payer."""

    def __init__(self, status: Status, mark: str, reminder: str, words: str) -> None:
        """Name what a standing says in each place; an empty `reminder` adds nothing at the foot."""
        self.status: Status = status
        """In ``report.json``."""
        self.mark = mark
        """At the top of every page, and in the title of a browser's window."""
        self.foot = f"{mark} – {reminder}" if reminder else mark
        """At the foot of every page: the mark, and what must not be forgotten."""
        self.subject = f"{KIND} report, {words}"
        """In the properties of a file."""

    @property
    def signed(self) -> bool:
        """Whether everybody has signed who must; only then a payer gets a copy."""
        return self.status in ("signed", "amended")


def standing(report: CheckedReport) -> Standing:
    """The standing of a report. A checked one is a draft, because only signing makes anything else of it."""
    return Standing.DRAFT
