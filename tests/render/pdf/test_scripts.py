"""Names in every script: drawn in order, read back as recorded, and named where no font has them.

Most tests draw with a font of two Hebrew letters that they make themselves; those of the real scripts run where the
fonts of Debian's packages fonts-noto-core and fonts-noto-cjk are installed.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from report_gen import AssetError, Settings, generate
from report_gen.render import metrics
from report_gen.render.escape import printable
from report_gen.render.metrics import coverage, runs, text_width
from report_gen.render.pdf import script_fonts, script_status
from report_gen.render.pdf.scripts import StandIns
from tests.cases.quiet import case as case_data
from tests.cases.reports import loaded

pytest.importorskip("uharfbuzz", reason="the extra scripts (pip install -e '.[scripts]')")

ALEF, BET, GIMEL = "אבג"

NAMES = {
    "Polish": "Testowa-Gęślińska Świętosława",
    "Vietnamese": "Nguyễn Thử Nghiệm",
    "Vietnamese, decomposed": unicodedata.normalize("NFD", "Nguyễn Thử Nghiệm"),
    "Greek": "Δοκιμάκη Ελένη",
    "Russian": "Тестова Юлия",
    "Arabic": "اختبار ليلى",
    "Hebrew": "בדיקה נועה",
    "Hindi": "परीक्षण श्रेया क्षत्रिय",
    "Thai": "ทดสอบ น้ำผึ้ง กู้เกียรติ",
    "Chinese": "测试，小明",
    "Japanese": "試験 さくら アキラ",
    "Korean": "김시험 민준",
    "rare Chinese character": "\U00020bb7田 試験",
    "emoji": "Testcase \U0001f600 Anna",
}
FOLDERS = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/opentype/noto"))
needs_noto = pytest.mark.skipif(
    not all(folder.is_dir() for folder in FOLDERS),
    reason="fonts of further scripts (apt-get install fonts-noto-core fonts-noto-cjk)",
)


def _font(path: Path, letters: str) -> None:
    """A font in which every letter is a box, each wider than the one before."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 600), (400, 600), (400, 0)):
        pen.lineTo(point)
    pen.closePath()
    box, blank = pen.glyph(), TTGlyphPen(None).glyph()
    names = {letter: f"uni{ord(letter):04X}" for letter in letters}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(letter): name for letter, name in names.items()})
    builder.setupGlyf({".notdef": blank, **dict.fromkeys(names.values(), box)})
    widths = {name: (500 + 100 * index, 100) for index, name in enumerate(names.values())}
    builder.setupHorizontalMetrics({".notdef": (500, 0), **widths})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Two Letters", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a font of alef and bet."""
    made = tmp_path_factory.mktemp("fonts")
    _font(made / "TwoLetters-Regular.ttf", ALEF + BET)
    return made


@pytest.fixture
def letters(folder):
    """The letters of a document drawn with that font, with their widths in force."""
    made = StandIns(folder)
    with metrics.stand_ins(made.advances):
        yield made


def _named(name: str, fonts: Path | None = None, **patient: str) -> tuple[bytes, tuple[str, ...]]:
    """The report of a patient of this name, and its notices."""
    data = case_data()
    data["patient"] = {**data["patient"], "name": name, **patient}
    report = generate(loaded(data), settings=Settings(script_fonts=fonts, bind=True))
    return report.pdf, report.notices


def _said(data: bytes) -> str:
    """The text of all pages: running heads, and the identification in the technical record."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


def _places(data: bytes, wanted: str) -> list[tuple[str, float]]:
    """Each of the wanted characters with its left edge, in the order of the pages' content."""
    pdf = pypdfium2.PdfDocument(data)
    try:
        found: list[tuple[str, float]] = []
        for page in (sheet.get_textpage() for sheet in pdf):
            text = [page.get_text_range(index, 1) for index in range(page.count_chars())]
            found += [(letter, page.get_charbox(index)[0]) for index, letter in enumerate(text) if letter in wanted]
        return found
    finally:
        pdf.close()


class TestDrawing:
    def test_a_name_is_drawn_and_read_back(self, folder):
        """No bracket, no notice; header and identification give the letters in reading order."""
        pdf, notices = _named(f"{ALEF}{BET} {BET}{BET}{ALEF}", folder)
        assert notices == ()
        assert _said(pdf).count(f"{ALEF}{BET} {BET}{BET}{ALEF}") >= 2

    def test_the_first_letter_stands_right(self, folder):
        """What reads from right to left stands so, words included, and Latin letters before and after do not move."""
        pdf, _ = _named(f"A {ALEF} {BET} Z", folder)
        placed = dict(reversed(_places(pdf, ALEF + BET)))
        assert placed[ALEF] > placed[BET]
        assert "Patient: A " in _said(pdf)

    def test_a_letter_that_the_font_lacks_keeps_its_bracket(self, folder):
        """One word that cannot be drawn leaves its whole stretch to the bracket; another stretch is drawn."""
        pdf, notices = _named(f"{ALEF}{GIMEL} and {ALEF}{BET}", folder)
        assert notices == ("not printed: 2 Hebrew characters",)
        assert f"[Hebrew: 2 characters not printable here] and {ALEF}{BET}" in _said(pdf)

    def test_a_long_name_ends_inside_the_page(self, folder):
        """Lines break between letters where they must, and the header cuts whole letters."""
        pdf, _ = _named(" ".join([ALEF * 7 + BET * 7] * 12), folder)
        lefts = [left for _, left in _places(pdf, ALEF + BET)]
        assert len(lefts) > 12 * 14
        assert min(lefts) >= 38
        assert max(lefts) <= 612 - 38
        header = _said(pdf).partition("Report T-1")[0]
        assert "MRN:" in header
        assert "..." in header  # the reader's way of writing an ellipsis

    def test_everything_is_black_and_tagged(self, folder):
        """The letters are shown inside the paragraph's own mark, with the colour that is in force."""
        pdf, _ = _named(f"{ALEF}{BET}", folder)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            font = opened.pages[0].Resources.Font["/ReportSansScripts0"]
            assert font.Subtype == "/Type3"
            assert len(font.CharProcs) == 3
            for name, width in zip(font.Encoding.Differences[1:], font.Widths, strict=True):
                operators = font.CharProcs[str(name)].read_bytes().split()
                assert operators[0] == str(width).encode()
                assert not {b"g", b"rg", b"k", b"G", b"RG", b"K"} & set(operators)
            assert b"<05D0>" in font.ToUnicode.read_bytes()

    def test_a_report_without_such_letters_holds_no_such_font(self, folder):
        """Nothing of it is loaded or written; the folder does not change a byte."""
        pdf, _ = _named("Testcase, Anna", folder)
        assert b"/Type3" not in pdf
        assert pdf == _named("Testcase, Anna", Path(__file__).parent)[0]

    def test_twice_and_in_another_process(self, folder):
        """The same fonts give the same bytes."""
        name = f"{ALEF}{BET} {BET}"
        pdf, _ = _named(name, folder)
        assert _named(name, folder)[0] == pdf
        program = (
            "import sys, hashlib, pathlib\nfrom tests.render.pdf.test_scripts import _named\n"
            "print(hashlib.sha256(_named(sys.argv[1], pathlib.Path(sys.argv[2]))[0]).hexdigest())"
        )
        command = [sys.executable, "-c", program, name, str(folder)]
        root = Path(__file__).parents[3]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
        assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


class TestWithoutAFont:
    @pytest.mark.parametrize("what", ["no font", "no library"])
    def test_the_bracket_and_the_notice_stay(self, folder, monkeypatch, what):
        """A machine without fonts or without the extra draws what it can and names the rest."""
        if what == "no library":
            monkeypatch.setattr(script_fonts, "_harfbuzz", lambda: None)
            script_fonts.script_fonts.cache_clear()
        try:
            pdf, notices = _named(f"{ALEF}{BET}, {ALEF}", Path(__file__).parent if what == "no font" else folder)
            status = script_status(folder)
        finally:
            monkeypatch.undo()
            script_fonts.script_fonts.cache_clear()
        assert notices == ("not printed: 2 Hebrew characters", "not printed: 1 Hebrew character")
        words = " ".join(_said(pdf).split())
        assert "[Hebrew: 2 characters not printable here], [Hebrew: 1 character not printable here]" in words
        if what == "no library":
            assert set(status.values()) == {"not drawn: the extra scripts is not installed"}

    def test_a_folder_that_is_not_there_is_an_error(self, tmp_path):
        """A wish that cannot be met is not passed over."""
        with pytest.raises(AssetError, match="folder named for fonts of further scripts does not exist"):
            _named("Testcase, Anna", tmp_path / "nowhere")

    def test_a_damaged_file_is_passed_over(self, tmp_path):
        """It draws nothing and stops nothing."""
        (tmp_path / "Broken-Regular.ttf").write_bytes(b"\0\1\0\0 no font")
        assert _named(ALEF, tmp_path)[1] == ("not printed: 1 Hebrew character",)

    def test_the_doctor_names_the_file(self, tmp_path):
        """Which font draws which script."""
        _font(tmp_path / "Shin-Regular.ttf", "ש")
        status = script_status(tmp_path)
        assert status["Hebrew"] == "Shin-Regular.ttf"
        assert status["Arabic"] == "not drawn: no font found"


class TestPrintable:
    SETTABLE = coverage().settable

    def _draw(self, text: str) -> tuple[list[str], str]:
        """The runs that were asked for, and the text with each in angle brackets."""
        asked: list[str] = []

        def draw(run: str) -> list[tuple[str, str]]:
            asked.append(run)
            return [(run, f"<{run}>")]

        return asked, printable(text, self.SETTABLE, draw).text

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("אב, גד (x)", ["אב, גד"]),
            ("אב, גד, x", ["אב, גד"]),
            ("אב 12 גד 34", ["אב 12 גד"]),
            ("漢字, 漢字 x", ["漢字", "漢字"]),
            ("אב x גד", ["אב", "גד"]),
            ("אב, 漢字", ["אב", "漢字"]),
            ("אב\nגד", ["אב", "גד"]),
            ("עלی\u200cرضا", ["עלی\u200cرضا"]),
        ],
    )
    def test_runs_hold_what_must_be_put_in_order_together(self, text, wanted):
        """Points and figures between words that read from right to left, none after them and none elsewhere."""
        assert self._draw(text)[0] == wanted

    def test_single_characters_are_not_settable(self):
        """What is drawn as a run is a run to the gate: nothing of it passes by itself."""
        assert printable(ALEF, self.SETTABLE, lambda run: [(run, "")]).text.startswith("[Hebrew: 1")

    def test_a_character_that_stands_for_a_letter_cannot_come_from_outside(self, letters):
        """A case that holds private-use characters does not borrow another name's letters."""
        letters.draw(ALEF)
        assert metrics.FIRST_STAND_IN in letters.advances
        made = printable(metrics.FIRST_STAND_IN, self.SETTABLE, letters.draw)
        assert made.text == "[Unassigned: 1 character not printable here]"


class TestMeasuring:
    def test_widths_are_those_of_the_letters(self, letters):
        """Each letter has its own width, inside the document only."""
        words = printable(f"a {ALEF}{BET}", coverage().settable, letters.draw).text
        assert text_width(words, 10) == pytest.approx(text_width("a ", 10) + 5 + 6, abs=0.01)
        with metrics.stand_ins({}):
            assert text_width(words, 10) > text_width("a ", 10) + 11

    def test_blanks_between_drawn_words_are_theirs(self, letters):
        """The words of a stretch and the blanks between them stay together; others do not."""
        words = printable(f"a {ALEF} {BET} b", coverage().settable, letters.draw).text
        assert [(face, len(part)) for face, part in runs(words)] == [
            (metrics.REGULAR, 2),
            (metrics.SCRIPTS, 3),
            (metrics.REGULAR, 2),
        ]


@needs_noto
class TestNames:
    @pytest.mark.parametrize("script", NAMES)
    def test_are_read_back_as_recorded(self, script):
        """In the running header and in the identification, composed; an emoji that no font draws has its bracket."""
        pdf, notices = _named(NAMES[script])
        wanted = unicodedata.normalize("NFC", NAMES[script])
        if script == "emoji" and notices:
            assert notices == ("not printed: 1 Symbol character",)
            wanted = "Testcase [Symbol: 1 character not printable here] Anna"
        else:
            assert notices == ()
        assert _said(pdf).count(wanted) >= 2

    @pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's pdftotext (apt-get install poppler-utils)")
    @pytest.mark.parametrize("script", [name for name in NAMES if name != "emoji"])
    def test_are_read_back_by_poppler(self, script, tmp_path):
        """Another reader, which sorts letters by where they stand."""
        (tmp_path / "x.pdf").write_bytes(_named(NAMES[script])[0])
        command = ["pdftotext", "-enc", "UTF-8", str(tmp_path / "x.pdf"), "-"]
        said = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        assert said.count(unicodedata.normalize("NFC", NAMES[script])) >= 2

    def test_tables_draw_them(self):
        """A person's name stands in several tables and sentences."""
        data = case_data()
        data["people"][0]["name"] = NAMES["Hindi"]
        report = generate(loaded(data), settings=Settings())
        assert report.notices == ()
        pdf = pypdfium2.PdfDocument(report.pdf)
        said = "".join(page.get_textpage().get_text_bounded() for page in pdf)
        pdf.close()
        assert "".join(NAMES["Hindi"].split()) in "".join(said.split())
