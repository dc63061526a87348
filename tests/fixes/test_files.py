"""Writing: in one step, with the file's mode, and not over what somebody else wrote."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from lintscale.fixes.files import WriteError, unwritable, write
from lintscale.fixes.refusal import Cause, Refused


def test_mode_and_content(tmp_path: Path) -> None:
    path = tmp_path / "render.yaml"
    path.write_bytes(b"a\r\n")
    path.chmod(0o640)
    write(path, b"a\r\n", b"b\r\n")
    assert path.read_bytes() == b"b\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["render.yaml"]  # noqa: PTH208 - hidden files too


def test_whose_file_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs it as root in a container takes the file from nobody."""
    path = tmp_path / "render.yaml"
    path.write_bytes(b"a")
    owners: list[tuple[int, int]] = []

    def chown(name: str, user: int, group: int) -> None:
        assert Path(name).read_bytes() == b"b"
        owners.append((user, group))
        raise PermissionError  # which is no reason not to write it

    monkeypatch.setattr("os.chown", chown)
    write(path, b"a", b"b")
    assert owners == [(path.stat().st_uid, path.stat().st_gid)]
    assert path.read_bytes() == b"b"


def test_a_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "blueprint.yaml", tmp_path / "render.yaml"
    target.write_bytes(b"a")
    link.symlink_to(target)
    write(link, b"a", b"b")
    assert link.is_symlink()
    assert target.read_bytes() == b"b"


def test_what_changed_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "render.yaml"
    path.write_bytes(b"c")
    with pytest.raises(WriteError) as error:
        write(path, b"a", b"b")
    assert error.value.refused == Refused(Cause.CHANGED_MEANWHILE)
    assert path.read_bytes() == b"c"


def test_what_cannot_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "render.yaml"
    path.write_bytes(b"a")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError) as error:
        write(path, b"a", b"b")
    assert error.value.refused == Refused(Cause.UNWRITTEN, "No space left on device")
    assert path.read_bytes() == b"a"
    assert os.listdir(tmp_path) == ["render.yaml"]  # noqa: PTH208 - hidden files too


def test_which_files(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    own, other = root / "a.yaml", tmp_path / "b.yaml"
    own.write_bytes(b"a")
    other.write_bytes(b"b")
    (root / "out.yaml").symlink_to(other)
    (root / "in.yaml").symlink_to(own)
    (root / "folder").symlink_to(tmp_path)
    assert unwritable(own, root) is None
    assert unwritable(root / "in.yaml", root) is None
    # A person named it.
    assert unwritable(other, root) is None
    leads_out = Refused(Cause.LINK_LEADS_OUT)
    assert unwritable(root / "out.yaml", root) == leads_out
    assert unwritable(root / "folder" / "b.yaml", root) == leads_out
    assert unwritable(root / "c.yaml", root) == Refused(Cause.NO_FILE)
