"""Which files are looked at, and which are left out with a reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lintscale.project.discovery import MAX_FILE_BYTES, Candidate, discover, read_bytes
from lintscale.project.reading import read_file


def write(root: Path, *names: str, text: str = "a: 1\n") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def names(root: Path, *paths: str, exclude: tuple[str, ...] = (), whole: bool = True) -> list[str]:
    wanted = [root / path for path in paths] or [root]
    found = discover(root, wanted, exclude, whole_project=whole)
    return [candidate.name for candidate in found.candidates if candidate.reported]


def test_dot_files_and_dot_folders_are_read(tmp_path: Path) -> None:
    write(tmp_path, ".render.yaml", ".aws/task-definition.json", "k8s/web.yml", "README.md")
    assert names(tmp_path) == [".aws/task-definition.json", ".render.yaml", "k8s/web.yml"]


def test_vendored_trees_and_environments_are_not(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.yaml",
        "node_modules/x/a.yaml",
        ".git/a.yaml",
        "vendor/a.yaml",
        ".venv/a.yaml",
        "env/pyvenv.cfg",
        "env/lib/a.yaml",
        "deep/third_party/a.json",
    )
    assert names(tmp_path) == ["a.yaml"]


def test_test_data_is_left_out_unless_a_person_names_it(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "pkg/testdata/b.yaml", "testdata.yaml")
    found = discover(tmp_path, [tmp_path])
    assert [candidate.name for candidate in found.candidates] == ["a.yaml", "testdata.yaml"]
    assert found.left_out == [("pkg/testdata", "test data; name the folder to check it")]
    assert names(tmp_path, "pkg/testdata") == ["pkg/testdata/b.yaml"]


def test_gitignore_files_hold_where_they_stand(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "out/a.yaml", "sub/a.yaml", "sub/keep.yaml", "sub/deep/a.yaml")
    (tmp_path / ".gitignore").write_text("/out/\n*.json\n", encoding="utf-8")
    (tmp_path / "sub" / ".gitignore").write_text("*.yaml\n!keep.yaml\n", encoding="utf-8")
    assert names(tmp_path) == ["a.yaml", "sub/keep.yaml"]


def test_what_a_person_names_is_read_although_it_is_ignored(tmp_path: Path) -> None:
    write(tmp_path, "out/a.yaml", "out/b.yaml", "c.yaml")
    (tmp_path / ".gitignore").write_text("out/\n", encoding="utf-8")
    assert names(tmp_path, "out") == ["out/a.yaml", "out/b.yaml"]
    assert names(tmp_path, "out/a.yaml") == ["out/a.yaml"]


def test_the_configs_exclude_holds_even_for_named_files(tmp_path: Path) -> None:
    write(tmp_path, "examples/a.yaml", "b.yaml")
    assert names(tmp_path, exclude=("examples/",)) == ["b.yaml"]
    found = discover(tmp_path, [tmp_path / "examples" / "a.yaml"], ("examples/",))
    assert [c.name for c in found.candidates if c.reported] == []
    assert found.left_out == [("examples/a.yaml", "excluded by the configuration")]


def test_the_rest_of_the_project_is_context_for_a_named_file(tmp_path: Path) -> None:
    write(tmp_path, "a/deployment.yaml", "b/hpa.yaml")
    found = discover(tmp_path, [tmp_path / "b" / "hpa.yaml"])
    assert [(c.name, c.reported) for c in found.candidates] == [
        ("a/deployment.yaml", False),
        ("b/hpa.yaml", True),
    ]


def test_outside_a_project_only_what_is_named_is_read(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "b.yaml")
    found = discover(tmp_path, [tmp_path / "b.yaml"], whole_project=False)
    assert [candidate.name for candidate in found.candidates] == ["b.yaml"]


def test_a_folder_with_a_files_name_is_told(tmp_path: Path) -> None:
    write(tmp_path, "render.yaml/inner.yaml")
    found = discover(tmp_path, [tmp_path])
    assert [candidate.name for candidate in found.candidates] == ["render.yaml/inner.yaml"]
    assert found.left_out == [("render.yaml", "a folder, not a file")]


def test_links_out_of_the_project_are_not_followed(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    write(project, "a.yaml")
    write(elsewhere, "secret.yaml")
    (project / "out.yaml").symlink_to(elsewhere / "secret.yaml")
    (project / "folder").symlink_to(elsewhere)
    (project / "same.yaml").symlink_to(project / "a.yaml")
    (project / "broken.yaml").symlink_to(project / "nothing.yaml")
    found = discover(project, [project])
    assert [candidate.name for candidate in found.candidates] == ["a.yaml"]
    assert found.left_out == [
        ("broken.yaml", "a broken symbolic link"),
        ("out.yaml", "a symbolic link that leads out of the project"),
    ]


@pytest.mark.parametrize("name", ["render.yaml", "railway.json"])
def test_a_file_of_ours_that_holds_a_single_value_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("42\n", encoding="utf-8")
    reading = read_file(Candidate(tmp_path / name, name))
    assert reading.source is None
    assert reading.left_out == ["nothing in it that Render, Railway, ECS or Kubernetes reads"]


def test_two_paths_that_overlap_are_walked_once(tmp_path: Path) -> None:
    write(tmp_path, "a/x.yaml", "b/y.yaml")
    assert names(tmp_path, "a", ".", "a/x.yaml") == ["a/x.yaml", "b/y.yaml"]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(OSError, match="16 MB is more than the 16 MB"):
        read_bytes(path)


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    with pytest.raises(OSError, match="not a regular file"):
        read_bytes(path)
