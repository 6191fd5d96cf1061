"""Writes several files so that all of them appear whole or none does."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from report_gen.errors import FileAccessError

__all__ = ["write_whole"]


def write_whole(folder: Path, contents: Mapping[str, bytes], *, replace: bool) -> tuple[Path, ...]:
    """Write `contents` (file name to bytes) into an existing folder: temporary files, fsync, then rename.

    Args:
        folder: Existing folder.
        contents: Bytes by file name.
        replace: Whether files that are there may be replaced.

    Returns:
        The paths written, in the order given.

    Raises:
        FileAccessError: The folder is missing or not writable, a file is there and may not be replaced, or the disk
            is full. Nothing of ours is left behind.
    """
    if not folder.is_dir():
        raise FileAccessError("file.no_folder", f"the folder {str(folder)!r} does not exist; create it first")
    targets = [folder / name for name in contents]
    taken = [path.name for path in targets if path.exists()]
    if taken and not replace:
        raise FileAccessError(
            "file.exists", f"{', '.join(taken)} already in {str(folder)!r}; use --force to replace, or another folder"
        )
    temporary: list[Path] = []
    placed: list[Path] = []
    try:
        for data in contents.values():
            temporary.append(_temporary(folder, data))
        for path, target in zip(temporary, targets, strict=True):
            _place(path, target, replace=replace)
            placed.append(target)
    except OSError as error:
        # Files that replaced older ones are whole reports; only what was not there before is taken back.
        for target in placed:
            if target.name not in taken:
                target.unlink(missing_ok=True)
        raise FileAccessError(
            "file.cannot_write",
            f"cannot write in {str(folder)!r}: {error.strerror or 'input/output error'}; nothing was left behind",
        ) from error
    finally:
        for path in temporary:
            path.unlink(missing_ok=True)
    _sync(folder)
    return tuple(targets)


def _temporary(folder: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=".report-gen-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; a report is shared the way the folder's other files are.
        umask = os.umask(0)
        os.umask(umask)
        path.chmod(0o666 & ~umask)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


def _place(path: Path, target: Path, *, replace: bool) -> None:
    if replace:
        path.replace(target)
        return
    try:
        # A hard link fails when the name was taken meanwhile; a rename would overwrite silently.
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError:
        path.replace(target)


def _sync(folder: Path) -> None:
    """Make the new names durable where the platform allows it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
