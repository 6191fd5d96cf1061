from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from report_gen.errors import ExitCode, FileAccessError
from report_gen.files import expect_folder, write_whole

PAIR = {"r.pdf": b"%PDF-new", "r.json": b"{}\n"}


def _all(folder: Path) -> dict[str, bytes]:
    """Name and content of everything in a folder, hidden files included."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _fail_on_call(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, number: int, error: BaseException) -> None:
    """Let the call `number` (from 1) of a function raise; the others do their work."""
    real, calls = getattr(owner, name), []

    def sometimes(*args: object, **kwargs: object) -> object:
        calls.append(args)
        if len(calls) == number:
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, sometimes)


class TestWriteWhole:
    def test_writes_every_file_and_returns_the_paths_in_order(self, tmp_path):
        """Both files are there, with their bytes, and nothing else."""
        assert (tmp_path / "r.pdf", tmp_path / "r.json") == write_whole(tmp_path, PAIR, replace=False)
        assert _all(tmp_path) == PAIR

    def test_files_get_the_permissions_that_the_umask_gives(self, tmp_path):
        """A report is as readable as any new file of the user."""
        (tmp_path / "plain").touch()
        write_whole(tmp_path, PAIR, replace=False)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        assert {stat.S_IMODE((tmp_path / "plain").stat().st_mode)} == modes

    def test_no_file_at_all_is_fine(self, tmp_path):
        """Nothing to write writes nothing."""
        assert write_whole(tmp_path, {}, replace=False) == ()
        assert _all(tmp_path) == {}

    @pytest.mark.parametrize("refuse", [expect_folder, lambda folder: write_whole(folder, PAIR, replace=True)])
    def test_a_folder_in_a_missing_folder_is_refused(self, tmp_path, refuse):
        """The message says what to do, before the work and at its end."""
        with pytest.raises(FileAccessError, match="does not exist; create it first, or name another") as caught:
            refuse(tmp_path / "none" / "new")
        assert (caught.value.code, caught.value.exit_code) == ("file.no_folder", ExitCode.FILE_ACCESS)
        assert list(tmp_path.iterdir()) == []

    def test_the_last_folder_is_made(self, tmp_path):
        """Its parent is there, so that nobody's typing error is followed far."""
        expect_folder(tmp_path / "new")
        assert list(tmp_path.iterdir()) == []
        write_whole(tmp_path / "new", PAIR, replace=False)
        assert _all(tmp_path / "new") == PAIR

    @pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    def test_a_folder_made_for_files_that_fail_is_gone_again(self, tmp_path, monkeypatch, trouble):
        """Nothing of ours is left behind."""

        def fails(handle: int) -> None:
            raise trouble

        monkeypatch.setattr(os, "fsync", fails)
        with pytest.raises((FileAccessError, KeyboardInterrupt)):
            write_whole(tmp_path / "new", PAIR, replace=False)
        assert list(tmp_path.iterdir()) == []

    def test_a_file_in_place_of_the_folder_is_refused(self, tmp_path):
        """A file is no folder."""
        (tmp_path / "file").touch()
        with pytest.raises(FileAccessError, match="is not a folder; name another"):
            write_whole(tmp_path / "file", PAIR, replace=True)

    @pytest.mark.parametrize("name", ["r.pdf", "r.json"])
    def test_an_existing_file_is_refused_without_replace(self, tmp_path, name):
        """Neither file of the pair is written, and the old one is untouched."""
        (tmp_path / name).write_bytes(b"old")
        with pytest.raises(FileAccessError, match=f"{name} already in") as caught:
            write_whole(tmp_path, PAIR, replace=False)
        assert caught.value.code == "file.exists"
        assert {name: b"old"} == _all(tmp_path)

    def test_a_dangling_link_counts_as_existing(self, tmp_path):
        """A name that is taken is taken, whatever it points to."""
        (tmp_path / "r.pdf").symlink_to(tmp_path / "nowhere")
        with pytest.raises(FileAccessError, match="already in"):
            write_whole(tmp_path, PAIR, replace=False)

    def test_replace_replaces(self, tmp_path):
        """The old content is gone, and no copy of it stays."""
        (tmp_path / "r.pdf").write_bytes(b"old")
        write_whole(tmp_path, PAIR, replace=True)
        assert _all(tmp_path) == PAIR

    def test_a_folder_under_the_name_of_a_file_is_an_error(self, tmp_path):
        """The first file of the pair does not stay without the second."""
        (tmp_path / "r.json").mkdir()
        with pytest.raises(FileAccessError, match="cannot write in"):
            write_whole(tmp_path, PAIR, replace=True)
        assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


class TestFailures:
    @pytest.mark.parametrize("number", [1, 2])
    @pytest.mark.parametrize("replace", [False, True])
    def test_a_full_disk_leaves_nothing(self, tmp_path, monkeypatch, number, replace):
        """The first or the second file cannot be written: neither appears."""
        _fail_on_call(monkeypatch, os, "fsync", number, OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(FileAccessError, match="No space left on device; nothing was left behind") as caught:
            write_whole(tmp_path, PAIR, replace=replace)
        assert caught.value.code == "file.cannot_write"
        assert _all(tmp_path) == {}

    def test_a_full_disk_leaves_what_was_there(self, tmp_path, monkeypatch):
        """Old reports survive a failed replacement."""
        (tmp_path / "r.pdf").write_bytes(b"old")
        _fail_on_call(monkeypatch, os, "fsync", 1, OSError(errno.ENOSPC, "No space left on device"))
        with pytest.raises(FileAccessError, match="No space left on device; nothing was left behind"):
            write_whole(tmp_path, PAIR, replace=True)
        assert _all(tmp_path) == {"r.pdf": b"old"}

    @pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
    def test_the_first_file_goes_when_the_second_cannot_be_placed(self, tmp_path, monkeypatch, error):
        """A pair is never half there, after an interrupt either."""
        (tmp_path / "r.pdf").write_bytes(b"old pdf")
        (tmp_path / "r.json").write_bytes(b"old json")
        _fail_on_call(monkeypatch, Path, "replace", 2, error)
        with pytest.raises((FileAccessError, KeyboardInterrupt)):
            write_whole(tmp_path, PAIR, replace=True)
        assert _all(tmp_path) == {"r.pdf": b"old pdf", "r.json": b"old json"}

    def test_a_new_first_file_goes_when_the_second_cannot_be_placed(self, tmp_path, monkeypatch):
        """What was not there before is not there afterwards."""
        (tmp_path / "r.json").write_bytes(b"old json")
        _fail_on_call(monkeypatch, Path, "replace", 2, OSError(errno.EIO, "Input/output error"))
        with pytest.raises(FileAccessError, match="nothing was left behind"):
            write_whole(tmp_path, PAIR, replace=True)
        assert _all(tmp_path) == {"r.json": b"old json"}

    def test_a_file_that_appears_meanwhile_is_not_overwritten(self, tmp_path, monkeypatch):
        """Another process took the second name after the look: its file stays, our first one goes."""
        link = os.link

        def late(source: Path, target: Path) -> None:
            if target.name == "r.json":
                target.write_bytes(b"theirs")
            link(source, target)

        monkeypatch.setattr(os, "link", late)
        with pytest.raises(FileAccessError, match="already in"):
            write_whole(tmp_path, PAIR, replace=False)
        assert _all(tmp_path) == {"r.json": b"theirs"}

    def test_a_file_system_without_hard_links_works(self, tmp_path, monkeypatch):
        """Names are then taken one by one."""
        monkeypatch.setattr(os, "link", _no_links)
        write_whole(tmp_path, PAIR, replace=False)
        assert _all(tmp_path) == PAIR
        write_whole(tmp_path, {"r.pdf": b"newer"}, replace=True)
        assert _all(tmp_path) == PAIR | {"r.pdf": b"newer"}

    def test_without_hard_links_a_failed_rename_leaves_no_empty_file(self, tmp_path, monkeypatch):
        """The name that was taken is given back."""
        monkeypatch.setattr(os, "link", _no_links)
        _fail_on_call(monkeypatch, Path, "replace", 1, OSError(errno.EIO, "Input/output error"))
        with pytest.raises(FileAccessError, match="Input/output error"):
            write_whole(tmp_path, PAIR, replace=False)
        assert _all(tmp_path) == {}

    @pytest.mark.skipif(os.geteuid() == 0, reason="a user other than root, who may do anything (run the tests as one)")
    def test_a_read_only_folder_is_an_error(self, tmp_path):
        """The operating system's own words are shown."""
        tmp_path.chmod(0o500)
        try:
            with pytest.raises(FileAccessError, match="Permission denied"):
                write_whole(tmp_path, PAIR, replace=False)
        finally:
            tmp_path.chmod(0o700)
        assert _all(tmp_path) == {}

    def test_a_folder_that_refuses_new_files_is_an_error(self, tmp_path, monkeypatch):
        """Likewise for every user, root included."""
        _fail_on_call(monkeypatch, Path, "open", 1, PermissionError(errno.EACCES, "Permission denied"))
        with pytest.raises(FileAccessError, match="Permission denied"):
            write_whole(tmp_path, PAIR, replace=False)
        assert _all(tmp_path) == {}

    def test_a_name_that_is_too_long_is_an_error(self, tmp_path):
        """The operating system's refusal is ours, not a crash."""
        with pytest.raises(FileAccessError, match="too long"):
            write_whole(tmp_path, {"x" * 300: b""}, replace=False)

    def test_a_folder_that_cannot_be_synced_is_no_failure(self, tmp_path, monkeypatch):
        """Some file systems refuse to sync a folder; the files are whole all the same."""
        _fail_on_call(monkeypatch, os, "fsync", 3, OSError(errno.EINVAL, "Invalid argument"))
        write_whole(tmp_path, PAIR, replace=False)
        assert _all(tmp_path) == PAIR


def _no_links(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")
