"""Finds the folders that live at the root of the repository and travel inside the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from report_gen.errors import AssetError

__all__ = ["ASSET_FOLDERS", "AssetFolder", "asset_folder"]

AssetFolder = Literal["prompts", "schemas"]
ASSET_FOLDERS: Final[tuple[AssetFolder, ...]] = ("prompts", "schemas")


def asset_folder(name: AssetFolder) -> Path:
    """The folder `name`: inside the installed package, or else at the root of the source tree.

    Raises:
        AssetError: Neither is there.
    """
    package = Path(__file__).parent
    for folder in (package / "_assets" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise AssetError("assets.folder", f"the folder {name} is missing; install report_gen again")
