"""Makes the report fonts in ``report_gen/render/pdf/fonts`` from Liberation Sans 2 and DejaVu Sans 2.

    python tools/build_fonts.py LIBERATION2_DIR DEJAVU_DIR

On Debian the inputs come from the packages fonts-liberation2 (not fonts-liberation, whose 1.x release is under the GPL)
and fonts-dejavu-core. The outputs are modified versions: both licences ask that the reserved names are not kept, so
every name record says Report Sans; the licence texts stand beside the files.

Only scripts that are right when set letter by letter from left to right are kept. Hebrew, Arabic and the scripts of
South and South-East Asia need reordering or shaping: a glyph for them here would print a wrong name without a word.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates

OUT = Path(__file__).resolve().parent.parent / "report_gen" / "render" / "pdf" / "fonts"
RANGES = (
    (0x20, 0x7E),  # Basic Latin
    (0xA0, 0x2AF),  # Latin-1, Latin Extended, IPA
    (0x2B0, 0x36F),  # modifier letters, combining marks
    (0x370, 0x52F),  # Greek, Cyrillic
    (0x1E00, 0x1FFF),  # Latin Extended Additional (Vietnamese), Greek Extended
    (0x2010, 0x205E),  # punctuation
    (0x2070, 0x20BF),  # superscripts, subscripts, currency
    (0x2100, 0x218F),  # letter-like symbols, number forms
    (0x2190, 0x22FF),  # arrows, mathematical operators
    (0x25A0, 0x266F),  # shapes, symbols
    (0x2713, 0x2718),  # ticks and crosses
)
FALLBACK_EXTRA = ((0x531, 0x58A), (0x10D0, 0x10FF))  # Armenian, Georgian
STROKES = "-\u2010\u2011\u2212\u2013\u2014+\u00b1="
"""Lone strokes of the regular face that are too thin for a fax, which has a row of dots every 0.735 pt in standard
mode: the regular minus is 0.57 pt high at 8 pt and falls between two rows, so that a fall to minus 47 % arrives as
47 %."""
STROKE = 192
"""Height of a lone stroke of the regular face, in units: 0.75 pt at 8 pt, so that half of some row is always black. The
upright of a regular letter is 180 units wide: the strokes do not look bold, which means something in a report. Those of
the bold are 203 to 244."""
FIXED_TIME = 3_800_000_000  # seconds since 1904: the same bytes on every build


def wanted(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    """Code points of the ranges that draw something; controls and format characters stay out."""
    return {
        code
        for first, last in ranges
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) not in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
    }


def strengthen(font: TTFont, bold: TTFont) -> None:
    """Make the lone strokes of a font as high as `STROKE`, between its outlines and those of its bold.

    The advances of both are the same, so that no line changes.
    """
    names, bold_names = font.getBestCmap(), bold.getBestCmap()
    glyphs, metrics = font["glyf"], font["hmtx"]
    pairs = {names[ord(sign)]: bold_names[ord(sign)] for sign in STROKES if ord(sign) in names}
    for name, stronger in pairs.items():
        if metrics[name][0] != bold["hmtx"][stronger][0]:
            raise SystemExit(f"{name}: the bold is not as wide as the regular")
        glyph, other = glyphs[name], bold["glyf"][stronger]
        # The hyphens of other codes are made of the first.
        if not glyph.isComposite():
            thin, thick = stroke_height(glyph), stroke_height(other)
            share = (STROKE - thin) / (thick - thin)
            points = [
                (round(x + (to_x - x) * share), round(y + (to_y - y) * share))
                for (x, y), (to_x, to_y) in zip(glyph.coordinates, other.coordinates, strict=True)
            ]
            glyph.coordinates = GlyphCoordinates(points)
            if stroke_height(glyph) < STROKE - 1:
                raise SystemExit(f"{name}: {stroke_height(glyph)} units high, {STROKE} wanted")
    for name in pairs:
        glyphs[name].recalcBounds(glyphs)
        metrics[name] = (metrics[name][0], glyphs[name].xMin)


def stroke_height(glyph: Glyph) -> int:
    """Height of the level strokes of a glyph of straight lines: that of its shortest upright edge."""
    points, start = list(glyph.coordinates), 0
    edges: list[int] = []
    for end in glyph.endPtsOfContours:
        contour = points[start : end + 1]
        edges += [
            abs(y - to_y) for (x, y), (to_x, to_y) in zip(contour, [*contour[1:], contour[0]], strict=True) if x == to_x
        ]
        start = end + 1
    return min(edge for edge in edges if edge)


def build(
    source: Path, target: str, family: str, style: str, codes: set[int], *, strokes: Path | None = None
) -> set[int]:
    """Subset and rename one font; its lone strokes are strengthened with the font at `strokes` when that is given.

    Returns:
        The code points it covers.
    """
    options = subset.Options(
        hinting=False,
        layout_features=[],
        notdef_outline=True,
        recalc_timestamp=False,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        name_languages=[0x409],
        drop_tables=["GSUB", "GPOS", "GDEF", "kern", "FFTM", "DSIG"],
    )
    font = TTFont(source, recalcTimestamp=False)
    if strokes is not None:
        strengthen(font, TTFont(strokes))
    worker = subset.Subsetter(options)
    worker.populate(unicodes=codes)
    worker.subset(font)
    full = f"{family} {style}"
    names = {1: family, 2: style, 3: full, 4: full, 6: f"{family.replace(' ', '')}-{style}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font["head"].modified = font["head"].created = FIXED_TIME
    font.save(OUT / target)
    return set(font.getBestCmap())


def as_ranges(codes: set[int]) -> list[list[int]]:
    """Code points as inclusive ranges in order."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def advances(file: str, codes: list[int]) -> list[int]:
    """Width of each character in the units of a face that was built, 2048 to the em."""
    font = TTFont(OUT / file)
    if font["head"].unitsPerEm != 2048:
        raise SystemExit(f"{file}: {font['head'].unitsPerEm} units to the em; report_gen.render.metrics expects 2048")
    names, widths = font.getBestCmap(), font["hmtx"]
    return [widths[names[code]][0] for code in codes]


def write(file: str, table: dict[str, list[list[int]]] | dict[str, list[int]]) -> None:
    """One table as one line of JSON."""
    (OUT / file).write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")


def main(liberation: Path, dejavu: Path) -> None:
    """Build all faces, the coverage table, and the widths in the order of the coverage table."""
    OUT.mkdir(parents=True, exist_ok=True)
    codes = wanted(RANGES)
    plain, strong = liberation / "LiberationSans-Regular.ttf", liberation / "LiberationSans-Bold.ttf"
    regular = build(plain, "ReportSans-Regular.ttf", "Report Sans", "Regular", codes, strokes=strong)
    bold = build(strong, "ReportSans-Bold.ttf", "Report Sans", "Bold", codes)
    common = regular & bold
    rest = (codes | wanted(FALLBACK_EXTRA)) - common
    fallback = build(
        dejavu / "DejaVuSans.ttf", "ReportSansFallback-Regular.ttf", "Report Sans Fallback", "Regular", rest
    )
    write("coverage.json", {"primary": as_ranges(common), "fallback": as_ranges(fallback - common)})
    widths = {
        "regular": advances("ReportSans-Regular.ttf", sorted(common)),
        "bold": advances("ReportSans-Bold.ttf", sorted(common)),
        "fallback": advances("ReportSansFallback-Regular.ttf", sorted(fallback - common)),
    }
    write("widths.json", widths)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
