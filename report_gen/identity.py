"""The two ids of a report: which report it is, and what exactly it says.

The report id is that of the record: case id, version, and a digest that stands for the revision, which a case file does
not number. An upgrade of the program renames nothing. The content id is that of the words: it changes with the
program, a model's wording, or anything else that changes ``report.json``.
"""

from __future__ import annotations

import hashlib

from report_gen.case.contract.administration import STATED_LIFE
from report_gen.case.contract.model import Case

__all__ = ["content_id", "report_id"]


def report_id(case: Case) -> str:
    """Id of the report of a case, such as ``C-17-v1-0123456789``: its case id, its version, and 40 bits of a digest.

    The digest is the SHA-256 of the case as it is reported: every value that differs from its default in the contract,
    in the contract's order, without what became of the report afterwards (`report_gen.life`). A field that the contract
    gains is not in the files written before, so that they keep their ids. Holds no patient's data.
    """
    reported = _reported(case).model_dump_json(exclude_defaults=True)
    return f"{case.case_id}-v{case.report.version}-{hashlib.sha256(reported.encode()).hexdigest()[:10]}"


def _reported(case: Case) -> Case:
    """The case without what is stated of the life of its report; set to the default, so that no empty part is left."""
    return case.model_copy(
        update={
            part: getattr(case, part).model_copy(update=dict.fromkeys(fields)) for part, fields in STATED_LIFE.items()
        }
    )


def content_id(report_json: bytes) -> str:
    """What stands in the footer of every page: the first 64 bits of the SHA-256 of ``report.json``, in hexadecimal."""
    digest = hashlib.sha256(report_json).hexdigest()
    return "-".join(digest[start : start + 4] for start in range(0, 16, 4))
