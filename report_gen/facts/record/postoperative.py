"""Facts of the course after surgery: each entry with its own time, author and words; none comes from a signal.

Source: clinical reference §1.6 and §10 fact 2.
"""

from __future__ import annotations

from report_gen.case.contract.aftermath import PostoperativeEntry
from report_gen.facts.builder import FactBuilder, term
from report_gen.facts.model import Value
from report_gen.facts.record.preoperative import add_finding, derive_examination
from report_gen.vocab import vocabulary

__all__ = ["derive_postoperative"]

_EXAMINED = ("waking", "examination", "follow_up", "discharge")
"""Kinds of entry that report an examination where they hold findings, a deficit or words."""


def derive_postoperative(b: FactBuilder) -> None:
    """Add the examination after surgery, and the entries of the course with their findings."""
    course = b.case.postoperative_course
    derive_examination(
        b,
        b.case.postoperative_examination,
        "postoperative.examination",
        "/postoperative_examination",
        told_elsewhere=any(_examines(entry) for entry in course),
    )
    ids = b.row_ids("postoperative.entry", course)
    for index, entry in enumerate(course):
        _entry(b, entry, ids[index], f"/postoperative_course/{index}")


def _examines(entry: PostoperativeEntry) -> bool:
    told = entry.findings or entry.deficit or entry.text or entry.result
    return bool(entry.kind in _EXAMINED and told) or bool(entry.findings or entry.deficit)


def _entry(b: FactBuilder, entry: PostoperativeEntry, fact_id: str, pointer: str) -> None:
    b.add(
        fact_id,
        "postoperative.entry",
        pointer,
        [
            term("kind", "postoperative_kinds", entry.kind, entry.kind_other or ""),
            *b.moment(entry.at, entry.when),
            _role(entry.by_role),
            b.words("by", b.person_name(entry.by, beside_role=entry.by_role != "not_recorded")),
            b.words("source", entry.source_note),
            b.words("text", entry.text),
            b.words("result", entry.result),
            b.coded("deficit", "postop_deficits", entry.deficit),
            Value("follows", "the entry before it", flag=True) if entry.when and entry.when.previous_entry else None,
            None if entry.linked_case is None else Value("linked_case", entry.linked_case, code=entry.linked_case),
        ],
        group=fact_id,
        status=entry.kind,
    )
    ids = b.row_ids(f"{fact_id}.finding", entry.findings)
    for index, finding in enumerate(entry.findings):
        place = f"{pointer}/findings/{index}"
        add_finding(b, finding, ids[index], "postoperative.finding", place, of=fact_id)


def _role(code: str) -> Value | None:
    """The role of who reports it; none where it is not recorded."""
    return None if code == "not_recorded" else term("by_role", "roles", code, vocabulary("roles").display(code))
