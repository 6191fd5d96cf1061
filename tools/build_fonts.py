"""Makes the report fonts in ``report_gen/render/pdf/fonts`` from Liberation Sans 2 and DejaVu Sans 2.

    python tools/build_fonts.py LIBERATION_DIR DEJAVU_DIR

On Debian the inputs come from the packages fonts-liberation and fonts-dejavu-core. The outputs are modified versions:
both licences ask that the reserved names are not kept, so every name record says Report Sans.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "report_gen" / "render" / "pdf" / "fonts"
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x250, 0x2AF),
    (0x2B0, 0x36F),
    (0x370, 0x3FF),
    (0x400, 0x52F),
    (0x5D0, 0x5EA),
    (0x1E00, 0x1EFF),
    (0x2000, 0x206F),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x25A0, 0x25FF),
    (0x2600, 0x266F),
    (0x2713, 0x2718),
)
FALLBACK_EXTRA = ((0x531, 0x58A), (0x10D0, 0x10FF))
FIXED_TIME = 3_800_000_000  # seconds since 1904: the same bytes on every build


def wanted(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    """Code points of the ranges that draw something; controls and format characters stay out."""
    return {
        code
        for first, last in ranges
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) not in ("Cc", "Cf", "Cn", "Co", "Cs")
    }


def build(source: Path, target: str, family: str, style: str, codes: set[int]) -> list[int]:
    """Subset and rename one font; returns the code points it covers."""
    options = subset.Options(
        hinting=False,
        layout_features=["kern", "mark", "mkmk", "ccmp"],
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        name_languages=[0x409],
    )
    font = TTFont(source, recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=codes)
    worker.subset(font)
    names = {
        1: family,
        2: style,
        3: f"{family} {style}",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
    }
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font["head"].modified = font["head"].created = FIXED_TIME
    font.save(OUT / target)
    return sorted(font.getBestCmap())


def as_ranges(codes: list[int]) -> list[list[int]]:
    """Sorted code points as inclusive ranges."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def main(liberation: Path, dejavu: Path) -> None:
    """Build all faces and the coverage table."""
    OUT.mkdir(parents=True, exist_ok=True)
    codes = wanted(RANGES)
    regular = build(
        liberation / "LiberationSans-Regular.ttf", "ReportSans-Regular.ttf", "Report Sans", "Regular", codes
    )
    bold = build(liberation / "LiberationSans-Bold.ttf", "ReportSans-Bold.ttf", "Report Sans", "Bold", codes)
    common = set(regular) & set(bold)
    rest = (codes - common) | wanted(FALLBACK_EXTRA)
    fallback = build(
        dejavu / "DejaVuSans.ttf", "ReportSansFallback-Regular.ttf", "Report Sans Fallback", "Regular", rest
    )
    table = {"primary": as_ranges(sorted(common)), "fallback": as_ranges(sorted(set(fallback) - common))}
    (OUT / "coverage.json").write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
