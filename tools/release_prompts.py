"""Releases the prompts that are not released yet: writes their hashes into ``prompts/manifest.toml``.

    python tools/release_prompts.py

A released prompt never changes. When a file differs from its hash, or is gone, nothing is written; a new wording is a
new version.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from report_gen.llm.question.prompt import prompt_files

FOLDER = Path(__file__).resolve().parent.parent / "prompts"
HEAD = "# SHA-256 of released files, by tools/release_prompts.py. A released file never changes.\n\n[sha256]\n"


def versions(folder: Path) -> list[str]:
    """The prompts of a folder, released or not, by their descriptions."""
    return sorted(path.stem for path in folder.glob("*.v*.toml"))


def variable_faults(folder: Path, version: str) -> list[str]:
    """Variables that a template uses and the description does not declare, and the other way round."""
    about: dict[str, Any] = tomllib.loads((folder / f"{version}.toml").read_text(encoding="utf-8"))
    faults: list[str] = []
    for role in ("system", "user"):
        name = f"{version}.{role}.jinja"
        declared = set(about.get(role, {}).get("variables", {}))
        try:
            tree = ImmutableSandboxedEnvironment().parse((folder / name).read_text(encoding="utf-8"))
        except TemplateSyntaxError as error:
            faults.append(f"{name}: line {error.lineno} is not Jinja")
            continue
        used = meta.find_undeclared_variables(tree)
        faults.extend(f"{name}: uses {variable}, which is not declared" for variable in sorted(used - declared))
        faults.extend(f"{name}: does not use {variable}, which is declared" for variable in sorted(declared - used))
    return faults


def release(folder: Path) -> list[str]:
    """Adds the hashes of new prompts to the manifest and returns the names of the new files.

    Raises:
        SystemExit: A released file changed or is gone, or a new prompt lacks a file or declares the wrong variables.
    """
    manifest = folder / "manifest.toml"
    released: dict[str, str] = {}
    if manifest.is_file():
        released = tomllib.loads(manifest.read_text(encoding="utf-8"))["sha256"]
    now = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.is_file()}
    faults = [f"{name}: released, and changed or gone since" for name in released if now.get(name) != released[name]]
    new: list[str] = []
    for version in versions(folder):
        fresh = [name for name in prompt_files(version) if name not in released]
        missing = [f"{name}: missing" for name in fresh if name not in now]
        faults.extend(missing or (variable_faults(folder, version) if fresh else []))
        new.extend(fresh)
    if faults:
        raise SystemExit("\n".join([*faults, "nothing written; a new wording is a new version"]))
    hashes = {**released, **{name: now[name] for name in new}}
    manifest.write_text(HEAD + "".join(f'"{name}" = "{hashes[name]}"\n' for name in sorted(hashes)), encoding="utf-8")
    return new


if __name__ == "__main__":
    print("\n".join(release(FOLDER)) or "nothing new")
