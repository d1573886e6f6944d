"""What is packed into a wheel, a source archive and a Bento, and what that lies beside it is not."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parent.parent
EXPORTS = [f"data/kunden-export.{form}" for form in ("csv", "tsv", "jsonl", "ndjson", "parquet")]


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)["tool"]
    return found


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The files of the repository; none where these tests run outside of one."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode or not listed.stdout:
        pytest.skip("no repository")
    return listed.stdout.splitlines()


def test_a_source_archive_has_all_that_is_tracked_and_nothing_beside_it(
    tool: dict[str, Any], tracked: list[str]
) -> None:
    named = set(tool["hatch"]["build"]["targets"]["sdist"]["only-include"])
    assert {path.partition("/")[0] for path in tracked} <= named
    assert all((ROOT / name).exists() for name in named)


def test_tables_beside_the_rooms_files_are_packed_nowhere(tool: dict[str, Any], tracked: list[str]) -> None:
    for excluded in (tool["hatch"]["build"]["exclude"], tool["bentoml"]["build"]["exclude"]):
        left_out = GitIgnoreSpec.from_lines(excluded)
        assert all(left_out.match_file(path) for path in EXPORTS)
        assert not left_out.match_file("data/sample/feedback.csv")
    wheel = GitIgnoreSpec.from_lines(tool["hatch"]["build"]["exclude"])
    assert not list(wheel.match_files(tracked))
