"""Writes several files so that all of them appear whole or none does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from report_gen.errors import FileAccessError

__all__ = ["expect_folder", "write_whole"]


def expect_folder(folder: Path) -> None:
    """Refuse a folder that `write_whole` could not use, before any work is done for it.

    Raises:
        FileAccessError: It is a file, or neither it nor the folder that it would stand in is there.
    """
    try:
        usable = folder.is_dir() or (folder.parent.is_dir() and not os.path.lexists(folder))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    if not usable:
        raise _no_folder(folder)


def _no_folder(folder: Path) -> FileAccessError:
    for path in (folder, folder.parent):
        if os.path.lexists(path) and not path.is_dir():
            return FileAccessError("file.no_folder", f"{str(path)!r} is not a folder; name another")
    return FileAccessError(
        "file.no_folder", f"the folder {str(folder.parent)!r} does not exist; create it first, or name another"
    )


def write_whole(folder: Path, contents: Mapping[str, bytes], *, replace: bool) -> tuple[Path, ...]:
    """Write `contents` (file name to bytes) into a folder: temporary files, fsync, then rename.

    Args:
        folder: Folder; made when only its last part is missing.
        contents: Bytes by file name.
        replace: Whether files that are there may be replaced.

    Returns:
        The paths written, in the order given.

    Raises:
        FileAccessError: The folder cannot be made or is not writable, a file is there and may not be replaced, or the
            disk is full. The folder is then as it was: nothing of ours is left behind, and what was replaced is back.
    """
    targets = [folder / name for name in contents]
    new_folder = False
    try:
        expect_folder(folder)
        new_folder = not folder.is_dir()
        folder.mkdir(exist_ok=True)
        taken = [path.name for path in targets if os.path.lexists(path)]
        if taken and not replace:
            raise _taken(folder, taken)
        _write(folder, dict(zip(targets, contents.values(), strict=True)), replace=replace)
    except BaseException as error:
        if new_folder:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, FileExistsError):
            raise _taken(folder, [path.name for path in targets if os.path.lexists(path)]) from None
        if isinstance(error, OSError):
            raise _cannot_write(folder, error) from error
        raise
    return tuple(targets)


def _cannot_write(folder: Path, error: OSError) -> FileAccessError:
    return FileAccessError(
        "file.cannot_write",
        f"cannot write in {str(folder)!r}: {error.strerror or 'input/output error'}; nothing was left behind",
    )


def _taken(folder: Path, names: list[str]) -> FileAccessError:
    return FileAccessError(
        "file.exists", f"{', '.join(names)} already in {str(folder)!r}; use --force to replace, or another folder"
    )


def _write(folder: Path, contents: Mapping[Path, bytes], *, replace: bool) -> None:
    """All files or none, whatever interrupts."""
    waiting: dict[Path, Path] = {}
    kept: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for target, data in contents.items():
            waiting[target] = _name(folder)
            _fill(waiting[target], data)
        for target in contents:
            if replace and target.is_file():
                kept[target] = _name(folder)
                _keep(target, kept[target])
        for target, path in waiting.items():
            _place(path, target, replace=replace)
            placed.append(target)
    except BaseException:
        # An interrupt between two renames must not leave half a pair either.
        for target in placed:
            with suppress(OSError):
                if target in kept:
                    kept[target].replace(target)
                else:
                    target.unlink(missing_ok=True)
        raise
    finally:
        for path in (*waiting.values(), *kept.values()):
            with suppress(OSError):
                path.unlink(missing_ok=True)
    _sync(folder)


def _name(folder: Path) -> Path:
    return folder / f".report-gen-{os.urandom(8).hex()}"


def _fill(path: Path, data: bytes) -> None:
    # Opened by name and not by tempfile, whose files are private: a report is shared the way the folder's files are.
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _keep(target: Path, path: Path) -> None:
    try:
        os.link(target, path)
    except OSError:
        # File systems without hard links.
        path.write_bytes(target.read_bytes())


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
        # File systems without hard links: the name is taken first, by an empty file that only we could have made.
        target.touch(exist_ok=False)
        try:
            path.replace(target)
        except OSError:
            target.unlink(missing_ok=True)
            raise


def _sync(folder: Path) -> None:
    """Make the new names durable where the platform allows it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
