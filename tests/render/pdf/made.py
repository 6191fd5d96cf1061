"""Documents made up for tests of the page setter: every kind of block, and lengths to choose."""

from __future__ import annotations

from datetime import UTC, datetime

from report_gen.document.blocks import (
    Cell,
    Chronology,
    Column,
    KeyValue,
    KeyValues,
    PageBlock,
    Paragraph,
    Part,
    Phrase,
    Row,
    Section,
    SectionRole,
    SignatureBlock,
    SignatureLine,
    Table,
    TimeEntry,
    ToConfirm,
)
from report_gen.document.pages import Pages, Running

AT = datetime(2026, 4, 14, 18, 30, tzinfo=UTC)
RUNNING = Running(
    kind="Intraoperative neurophysiological monitoring",
    mark="DRAFT – NOT SIGNED",
    identity=(
        ("Patient", "Testcase, Bella"),
        ("MRN", "TEST-0002"),
        ("DOB", "2011-11-20"),
        ("Encounter", "TEST-ENC-0002"),
        ("Date of service", "2026-04-14"),
        ("Facility", "Example Hospital"),
    ),
    reference="Report made-up-v1-0123456789, version 1",
    foot="DRAFT – NOT SIGNED – NOT FOR BILLING",
    content="Content 0000-1111-2222-3333",
)


def words(count: int, start: str = "Sentence") -> Phrase:
    """A sentence of so many words."""
    return Phrase(" ".join([start, *["with words"] * max(0, (count - 2) // 2), "ends."]))


def prose(sentences: int, length: int = 12, **more: bool | str) -> Paragraph[Phrase]:
    """A paragraph of so many sentences."""
    return Paragraph(tuple(words(length, f"S{number}") for number in range(sentences)), **more)  # type: ignore[arg-type]


def table(rows: int, *, grouped: bool = False, name: str = "made", panels: int = 1, text: str = "") -> Table[Phrase]:
    """A table of so many rows."""
    columns = (
        Column("Response", 2),
        Column("Worst", 1, "right", "Left" if grouped else ""),
        Column("Closing", 1, "right", "Left" if grouped else ""),
        Column("Worst", 1, "right", "Right" if grouped else ""),
        Column("Closing", 1, "right", "Right" if grouped else ""),
        Column("Event", 2),
    )
    body = tuple(
        Row(
            (
                Cell(f"{name} {number}", strong=True),
                Cell("1360 µV, 20.6 ms"),
                Cell("17 %"),
                Cell("15 %"),
                Cell("48 %"),
                Cell(text or f"E{number}"),
            )
        )
        for number in range(rows)
    )
    return Table(name, f"Caption of {name}", columns, body, (Phrase(f"Note of {name}."),), panels=panels)  # type: ignore[arg-type]


def chronology(entries: int, length: int = 20, name: str = "chain") -> Chronology[Phrase]:
    """An alert of so many entries."""
    return Chronology(
        name,
        f"Course of {name}",
        tuple(
            TimeEntry(f"11:{number:02d}", (), (words(4, f"{name}{number}"), words(length)), strong=number == 0)
            for number in range(entries)
        ),
    )


def signature(title: str = "Interpreting professional", confirmations: int = 3) -> SignatureBlock:
    """A signature block with statements to confirm."""
    return SignatureBlock(
        title,
        "From the log, to confirm or correct.",
        (SignatureLine("Printed name", "Neuro, Nora, MD"), SignatureLine("Signature"), SignatureLine("Date and time")),
        tuple(
            ToConfirm(f"Attended remotely from 08:02 to 10:10 with up to {n} other cases open at the same time.")
            for n in range(confirmations)
        ),
    )


def section(
    title: str, *blocks: PageBlock, role: SectionRole = "body", level: int = 1, part: Part = "report"
) -> Section[PageBlock]:
    """A section."""
    return Section(title.lower().replace(" ", "-"), title, blocks, level, role, part=part)  # type: ignore[arg-type]


def pages(*sections: Section[PageBlock], prefix: str = "", counted: str = "Page {page} of {pages}") -> Pages:
    """A document."""
    running = Running(
        RUNNING.kind,
        RUNNING.mark,
        RUNNING.identity,
        RUNNING.reference,
        RUNNING.foot,
        RUNNING.content,
        counted,
        "Drafted 2026-04-14 13:30",
    )
    return Pages(sections, running, "made-up report", "made up", "en-US", AT, prefix)


def report(alerts: int = 1) -> Pages:
    """A report with every kind of block."""
    grid = KeyValues(
        (
            KeyValue("Procedure", "posterior spinal fusion T4–L1, segmental instrumentation, rod derotation", ()),
            KeyValue("Diagnosis", "adolescent idiopathic scoliosis, thoracic (M41.124), Cobb 62°", ()),
            KeyValue("Surgeon", "Surgeon, Sam, MD", ()),
            KeyValue("Monitored", "08:46–13:14, prone", ()),
            KeyValue("Ordered and performed", " ".join(["SSEP ulnar and posterior tibial; TcMEP"] * 5), ()),
        )
    )
    result = Paragraph(
        (Phrase("ALERT 11:28: TcMEP lost in both tibialis anterior."), Phrase("At closing left 15 % of baseline.")),
        strong=True,
    )
    return pages(
        section("Intraoperative monitoring report", grid, role="title"),
        section("Result", result, prose(2), role="result"),
        section("Impression", prose(4, proposed=True, label="Proposal"), role="impression"),
        section("Results by response", table(9, grouped=True), role="summary"),
        section("Limitations", prose(3, strong=True), role="limitations"),
        section("Course", prose(3), role="course"),
        *(
            section(f"E{number}: alert, TcMEP, both legs", chronology(7, name=f"E{number}"), level=2, role="event")
            for number in range(alerts)
        ),
        section("Supervision", prose(2), role="attestation"),
        section(
            "Signatures",
            signature(),
            signature("Technologist", 1),
            signature("Technologist", 0),
            role="attestation",
        ),
    )


def record(rows: int = 60) -> Pages:
    """A technical record with a long table."""
    return pages(
        section("Technical record", prose(1), role="title", part="record"),
        section("All readings", table(rows, name="reading"), part="record"),
        section("Agents", table(8, name="agent", panels=2), part="record"),
        prefix="B",
        counted="Page B{page} of B{pages}",
    )
