"""The life of a report after it was made: drafted, signed, delivered, attached to a claim.

None of it is part of the report. A report that is made again when it is known is the same report, with the same id and
the same bytes; it stands beside the case and is read for billing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from report_gen.case.contract.model import Case

__all__ = ["NOTHING_KNOWN", "ReportLife", "Signature"]


_LONGEST_NUMBER: Final = 64
"""Characters of an attachment control number at most, as in the case file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One professional's signature of a report."""

    at: datetime | None
    """When, with UTC offset. None: it is stated that the report was signed, and not when."""
    by: str | None
    """Who, by the person's id in the case. None: it is stated that the report was signed, and not by whom."""
    content_id: str | None
    """Content id of what was signed, as printed on its pages. Kept with the signature; no rule of a claim reads it.
    None: signed outside this program, which cannot say what exactly was signed."""

    def __post_init__(self) -> None:
        """Refuse a time of an unknown zone where it is made, not in the middle of a claim."""
        _zoned(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLife:
    """What became of one version of a report after it was made. Times carry their UTC offset.

    What a version amends is printed in it, and stands in the case.
    """

    drafted_at: datetime | None = None
    """When the draft was made. None: not known; making a report reads no clock."""
    signatures: tuple[Signature, ...] = ()
    """Signatures of the professionals, one each. Empty: not signed, or not known to be."""
    delivered_at: datetime | None = None
    """When the signed report reached the chart or the payer. None: not delivered, or not known."""
    attachment_control_number: str | None = None
    """Number that ties it, as an attachment, to the claim (PWK06 of the 837P): one line of 1 to 64 characters. None:
    none given yet."""
    from_record: bool = False
    """Whether it is what a person states in the case file. False: whoever passes it has it on record."""

    def __post_init__(self) -> None:
        """Refuse where it is made, not in the middle of a claim, what a case file could not hold."""
        _zoned(self.drafted_at, self.delivered_at)
        number = self.attachment_control_number
        if number is not None and not (0 < len(number) <= _LONGEST_NUMBER and number.isprintable() and number.strip()):
            raise ValueError("an attachment control number is one line of 1 to 64 characters")

    @classmethod
    def stated(cls, case: Case) -> ReportLife:
        """The life that a person states in the case file, of a report that was signed and sent outside this program."""
        header = case.report
        signed = header.signed_at is not None or header.signed_by is not None
        return cls(
            drafted_at=header.drafted_at,
            signatures=(Signature(at=header.signed_at, by=header.signed_by, content_id=None),) if signed else (),
            delivered_at=header.delivered_at,
            attachment_control_number=case.encounter.attachment_control_number,
            from_record=True,
        )

    @property
    def signed_at(self) -> datetime | None:
        """When the last professional signed: it is final when all have. None: not signed, or a time is unknown."""
        times = [signature.at for signature in self.signatures]
        known = [at for at in times if at is not None]
        return max(known) if known and len(known) == len(times) else None

    @property
    def first_signed_at(self) -> datetime | None:
        """When the first professional signed. None: no time of a signature is known."""
        return min((signature.at for signature in self.signatures if signature.at is not None), default=None)


def _zoned(*times: datetime | None) -> None:
    if any(at is not None and at.utcoffset() is None for at in times):
        raise ValueError("a time in the life of a report carries its UTC offset")


NOTHING_KNOWN: Final = ReportLife()
"""The life of a report of which nothing is known: it counts as unsigned."""
