"""The one reader of what people configure: every problem at once, each with its place, and no value of the file."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict

from report_gen.configuration import MAX_BYTES, checked, read_toml
from report_gen.errors import ConfigurationError, ExitCode, FileAccessError


class PrinterError(ConfigurationError):
    """An invented form."""

    topic = "printer"


class Tray(BaseModel):
    """A part of it."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    sheets: int
    """Sheets that it holds."""


class Printer(BaseModel):
    """The whole."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: str = ""
    """What it is called."""
    main: Tray | None = None
    """The tray taken first."""
    others: tuple[Tray, ...] = ()
    """Further trays."""


def refused(text: str) -> ConfigurationError:
    """The error about a file."""
    with pytest.raises(PrinterError, match=r"^the printer: ") as caught:
        checked(read_toml(text.encode(), PrinterError, name="the printer"), Printer, PrinterError, name="the printer")
    return caught.value


class TestChecked:
    def test_every_problem_has_its_place_and_the_keys_of_its_own_table(self):
        """In tables and lists of tables too."""
        error = refused('nmae = "x"\nname = 3\n[main]\nsheet = 1\nsheets = "Zebrafinch"\n[[others]]\n')
        assert (error.code, error.exit_code) == ("printer.invalid", ExitCode.USAGE)
        assert {(row.pointer, row.code, row.expected) for row in error.problems} == {
            ("/nmae", "printer.unknown_key", "one of the keys name, main, others"),
            ("/name", "printer.invalid_value", "text (What it is called)"),
            ("/main/sheet", "printer.unknown_key", "one of the keys sheets"),
            (
                "/main/sheets",
                "printer.invalid_value",
                "a valid integer, unable to parse string as an integer (Sheets that it holds)",
            ),
            ("/others/0/sheets", "printer.missing_key", "this key (Sheets that it holds)"),
        }
        assert "Zebrafinch" not in str(error)
        assert error.__context__ is None

    def test_a_key_cannot_disturb_a_terminal(self):
        """Nor fill it."""
        (problem,) = refused(f'"\\u001b[2J{"x" * 100}" = 1').problems
        assert problem.pointer == f"/?[2J{'x' * 56}"


class TestReadToml:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"a = Zebrafinch", "UTF-8 text in TOML; see line 1"),
            (b"\xff", "UTF-8 text in TOML"),
            (b"a = " + b"[" * 100_000, "UTF-8 text in TOML"),
            (b"#" * (MAX_BYTES + 1), "at most 1 MB"),
            (b'format = "printer/2"', 'expected format = "printer/1"'),
        ],
        ids=["syntax", "encoding", "deep", "large", "format"],
    )
    def test_what_is_none(self, data, words):
        """With what is asked for, and nothing of what the file says."""
        with pytest.raises(PrinterError, match=r"^the printer: ") as caught:
            read_toml(data, PrinterError, name="the printer", form="printer/1")
        assert words in str(caught.value)
        assert "Zebrafinch" not in str(caught.value)
        assert caught.value.__context__ is None

    def test_a_file_that_cannot_be_read(self, tmp_path):
        """The system's reason."""
        with pytest.raises(FileAccessError, match="the printer cannot be read: No such file") as caught:
            read_toml(tmp_path / "missing.toml", PrinterError, name="the printer")
        assert caught.value.code == "printer.unreadable"

    def test_the_format_line_is_taken_away(self):
        """What is left are values."""
        assert read_toml(b'format = "printer/1"\nname = "a"', PrinterError, name="p", form="printer/1") == {"name": "a"}
