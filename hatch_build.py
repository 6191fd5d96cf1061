"""Compiles the sentence templates while the package is built, so that no start of the program has to."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTemplates(BuildHookInterface):  # type: ignore[type-arg]
    """Puts ``compiled.py`` beside the templates, and into a wheel although git ignores it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile them; the room is loaded by its path, because the package's other dependencies are not here."""
        folder = Path(self.root) / "report_gen" / "draft" / "templates"
        spec = importlib.util.spec_from_file_location("templates_to_compile", folder / "__init__.py")
        if spec is None or spec.loader is None:
            raise ImportError("the templates cannot be loaded from report_gen/draft/templates")
        room = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(room)
        try:
            path: Path = room.compile_ahead()
        except OSError:
            # A checkout that cannot be written to; the program compiles them when it words its first sentence.
            return
        build_data["artifacts"].append(path.relative_to(self.root).as_posix())
