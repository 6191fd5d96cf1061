"""The layers of the package: imports point one way, there are no cycles, and heavy libraries have one home each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.house.source.imports import Import, cycles, imports

PACKAGE = Path(__file__).resolve().parents[3] / "report_gen"

# Lowest first, rooms to come included. A module may import from its own layer and from those before it, never from one
# after it.
LAYERS = (
    "version",
    "errors",
    "files",
    "assets",
    "attribute_docs",
    "configuration",
    "stopwatch",
    "vocab",
    "finding",
    "rules",
    "case",
    "life",
    "identity",
    "facts",
    "document",
    "draft",
    "guard",
    "llm",
    "narrate",
    "checks",
    "x12",
    "claim",
    "remit",
    "signing",
    "render",
    "exchange",
    "settings",
    "pipeline",
    "__init__",
    "store",
    "jobs",
    "web",
    "cli",
    "__main__",
)

# Pairs side by side: the order above must not make one lean on the other. A document knows of no record, and what is
# recorded lays out no page.
STRANGERS = (
    ("guard", "llm"),
    ("narrate", "checks"),
    ("narrate", "claim"),
    *((record, "document") for record in ("vocab", "rules", "case", "facts")),
)

# Library: the only part that may import it, and whether it may do so at module level.
HOMES = {
    "openai": ("report_gen.llm", False),
    "httpx": ("report_gen.llm", False),
    "httpx2": ("report_gen.llm", False),
    "reportlab": ("report_gen.render.pdf", True),
    "uharfbuzz": ("report_gen.render.pdf", False),
}


def layer(module: str) -> str:
    """The layer a module of the package belongs to."""
    return module.partition(".")[2].partition(".")[0] or "__init__"


def layer_faults(found: Sequence[Import], root: str = "report_gen") -> list[str]:
    """Imports against the order of the layers, and modules that have no layer."""
    faults = []
    for entry in found:
        if entry.target.split(".")[0] != root:
            continue
        lower, upper = layer(entry.target), layer(entry.importer)
        unknown = sorted({lower, upper} - set(LAYERS))
        if unknown:
            faults.append(f"{entry}: no layer for {', '.join(unknown)}; give it a place in LAYERS")
        elif LAYERS.index(lower) > LAYERS.index(upper) or (upper, lower) in STRANGERS or (lower, upper) in STRANGERS:
            faults.append(f"{entry}: {upper} may not import {lower}")
    return faults


def home_faults(found: Sequence[Import]) -> list[str]:
    """Imports of a library outside its home, or at module level where only functions may."""
    faults = []
    for entry in found:
        home, at_module_level = HOMES.get(entry.target.split(".")[0], ("", True))
        if not home or entry.typing_only:
            continue
        if not f"{entry.importer}.".startswith(f"{home}."):
            faults.append(f"{entry}: only {home} may")
        elif entry.at_module_level and not at_module_level:
            faults.append(f"{entry}: only inside a function")
    return faults


def graph(found: Sequence[Import], root: str = "report_gen") -> dict[str, set[str]]:
    """Module-level imports within the package; what only a type checker reads does not count."""
    edges: dict[str, set[str]] = {}
    for entry in found:
        edges.setdefault(entry.importer, set())
        if entry.at_module_level and not entry.typing_only and entry.target.split(".")[0] == root:
            edges[entry.importer].add(entry.target)
    return edges


@cache
def ours() -> tuple[Import, ...]:
    """Every import of the package."""
    return tuple(imports(PACKAGE))


class TestThePackage:
    def test_imports_point_to_lower_layers(self):
        """A module imports only from its own layer and the layers below it, inside functions too."""
        assert layer_faults(ours()) == []

    def test_there_are_no_import_cycles(self):
        """No module reaches itself through module-level imports."""
        assert cycles(graph(ours())) == []

    def test_heavy_libraries_stay_at_home(self):
        """The model client and ReportLab are imported in one place each, the former inside functions."""
        assert home_faults(ours()) == []

    def test_every_module_has_a_layer(self):
        """A new module at the top of the package must be given its place."""
        tops = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
        assert tops - set(LAYERS) == set()


@pytest.fixture
def planted(tmp_path):
    """Writes a small package of the given modules and returns its imports."""

    def write(**sources: str) -> list[Import]:
        package = tmp_path / "report_gen"
        for name in ("case", "facts", "llm", "render", "render/pdf"):
            (package / name).mkdir(parents=True, exist_ok=True)
            (package / name / "__init__.py").write_text("")
        (package / "__init__.py").write_text("")
        for name, text in sources.items():
            (package / f"{name.replace('__', '/')}.py").write_text(text)
        return imports(package)

    return write


class TestTheCheckItself:
    @pytest.mark.parametrize(
        "statement",
        [
            "from report_gen.facts.model import Facts",
            "import report_gen.facts.model",
            "from report_gen.facts import model",
            "from report_gen import facts",
            "from ..facts import model",
            "def late():\n    from report_gen.facts import model",
            "class Late:\n    def late(self):\n        import report_gen.facts.model",
            "import importlib\nlate = lambda: importlib.import_module('report_gen.facts.model')",
            "try:\n    import report_gen.facts.model\nexcept ImportError:\n    pass",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from report_gen.facts import model",
            "import report_gen",
        ],
    )
    def test_an_upward_import_is_found(self, planted, statement):
        """However it is written, a lower layer that imports a higher one is named with its place."""
        faults = layer_faults(planted(facts__model="", case__load=statement))
        assert len(faults) == 1
        assert "report_gen.case.load:" in faults[0]

    def test_a_downward_import_is_no_fault(self, planted):
        """The allowed direction passes."""
        assert layer_faults(planted(case__model="", facts__builder="from report_gen.case.model import Case")) == []

    def test_neighbours_do_not_lean_on_each_other(self, planted):
        """Parts that stand side by side may not import each other in either direction."""
        assert layer_faults(planted(guard="", llm__port="from report_gen import guard"))
        assert layer_faults(planted(guard="import report_gen.llm.port", llm__port=""))

    def test_a_module_without_a_layer_is_found(self, planted):
        """A drawer named utils cannot appear unnoticed."""
        assert "no layer for utils" in layer_faults(planted(utils="", cli="import report_gen.utils"))[0]

    def test_a_cycle_is_found(self, planted):
        """A circle over three modules of one layer is reported whole."""
        found = planted(
            facts__a="from report_gen.facts import b",
            facts__b="import report_gen.facts.c",
            facts__c="from report_gen.facts.a import x",
        )
        assert cycles(graph(found)) == [["report_gen.facts.a", "report_gen.facts.b", "report_gen.facts.c"]]

    @pytest.mark.parametrize(
        "statement",
        [
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from report_gen.facts.b import x",
            "def late():\n    from report_gen.facts.b import x",
        ],
    )
    def test_what_does_not_run_at_import_makes_no_cycle(self, planted, statement):
        """Imports for the type checker and inside functions do not close a circle."""
        assert cycles(graph(planted(facts__a=statement, facts__b="import report_gen.facts.a"))) == []

    def test_the_else_branch_of_type_checking_counts(self, planted):
        """What runs when TYPE_CHECKING is false does run."""
        source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import report_gen.facts.b"
        assert cycles(graph(planted(facts__a=source, facts__b="import report_gen.facts.a")))

    @pytest.mark.parametrize(
        ("module", "statement"),
        [
            ("facts__model", "def late():\n    import openai"),
            ("render__text", "from reportlab.lib import colors"),
            ("llm__adapter", "import httpx2"),
            ("llm__adapter", "import reportlab"),
            ("render__pdf__page", "def late():\n    import openai"),
        ],
    )
    def test_a_library_away_from_home_is_found(self, planted, module, statement):
        """A banned library is found outside its home, and at module level where only functions may import it."""
        assert len(home_faults(planted(**{module: statement}))) == 1

    def test_a_library_at_home_is_no_fault(self, planted):
        """The two homes work as intended."""
        found = planted(llm__adapter="def call():\n    import openai", render__pdf__page="import reportlab.pdfgen")
        assert home_faults(found) == []
