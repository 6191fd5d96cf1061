"""The veraPDF engine on our files: PDF/A-3a and PDF/UA-1, every rule.

Marked ``verapdf`` and run by ``.ci/run``, which brings the engine; ``VERAPDF_CLASSPATH`` names its jars.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from report_gen import Settings, claim_support, generate, load_case

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "samples" / "valid"
NAMES = (
    "published_c04_acdf",
    "published_c10_mca_clip",
    "invented_scoliosis_mep_loss",
    "invented_names_eight_scripts",
    "stress_twelve_hours",
)
"""Short files, one of two pages; figures and an event; names in further scripts, drawn where the machine has fonts for
them and named where it has not; tables split over many pages."""

pytestmark = pytest.mark.verapdf


@pytest.fixture(scope="module")
def validator(tmp_path_factory) -> list[str]:
    """The command that validates files, compiled from the wrapper beside this module."""
    jars = os.environ.get("VERAPDF_CLASSPATH", "")
    assert jars, "set VERAPDF_CLASSPATH to the jars of the veraPDF engine, as .ci/run does"
    folder = tmp_path_factory.mktemp("verapdf")
    source = Path(__file__).parent / "verapdf" / "Validate.java"
    subprocess.run(["javac", "-cp", jars, "-d", str(folder), str(source)], check=True)
    return ["java", "-cp", f"{jars}{os.pathsep}{folder}", "Validate", "3a,ua1"]


class TestVeraPdf:
    def test_finds_nothing(self, validator, tmp_path):
        """Not one rule of either standard fails: both parts, alone and bound, split tables, data, a checklist."""
        files = []
        for name in NAMES:
            report = generate(load_case(SAMPLES / f"{name}.json"))
            for part, data in (("report", report.pdf), ("record", report.record_pdf)):
                files.append(tmp_path / f"{name}-{part}.pdf")
                files[-1].write_bytes(data)
        files.append(tmp_path / "claim.pdf")
        files[-1].write_bytes(claim_support(load_case(SAMPLES / "published_c04_acdf.json")).pdf)
        files.append(tmp_path / "bound.pdf")
        settings = Settings(flavour="data", bind=True)
        files[-1].write_bytes(generate(load_case(SAMPLES / "invented_scoliosis_mep_loss.json"), settings=settings).pdf)
        done = subprocess.run([*validator, *map(str, files)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        assert done.stdout.count("PASS") == 2 * len(files)

    def test_would_find_something(self, validator, tmp_path):
        """A file that ReportLab makes by itself fails both."""
        from reportlab.pdfgen.canvas import Canvas

        canvas = Canvas(str(tmp_path / "plain.pdf"))
        canvas.drawString(72, 720, "plain")
        canvas.save()
        command = [*validator, str(tmp_path / "plain.pdf")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stdout.count("FAIL") == 2
