"""What was read is kept as long as its file is the one that was read."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from serving.marks import is_settled, kept_once, mark_of


def test_who_asks_while_it_is_found_waits_for_it() -> None:
    began, go_on, found = Event(), Event(), []

    @kept_once
    def find(name: str) -> list[str]:
        found.append(name)
        began.set()
        assert go_on.wait(10)
        return [name]

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(find, "one") for _ in range(4)]
        assert began.wait(10)
        go_on.set()
        answers = [each.result(10) for each in asked]
    assert found == ["one"]
    assert all(answer is answers[0] for answer in answers)


def test_the_last_is_kept_and_an_error_is_not() -> None:
    found = []

    @kept_once
    def find(number: int) -> int:
        found.append(number)
        return 12 // number

    assert [find(number) for number in (3, 3, 4, 3)] == [4, 4, 3, 4]
    assert found == [3, 4, 3]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            find(0)
    assert found[3:] == [0, 0]
    assert find(3) == 4
    assert found[5:] == []


def test_what_is_forgotten_is_found_again_also_where_it_was_being_found() -> None:
    began, go_on, found = Event(), Event(), []

    @kept_once
    def find(name: str) -> str:
        found.append(name)
        began.set()
        assert go_on.wait(10)
        return name

    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(find, "one")
        assert began.wait(10)
        forgotten = pool.submit(find.forget)
        go_on.set()
        assert (asked.result(10), forgotten.result(10)) == ("one", None)
    assert find("one") == "one"
    assert found == ["one", "one"]


def test_a_file_that_replaces_another_has_another_mark(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    assert mark_of(path) is None
    path.write_text("one")
    first = mark_of(path)
    assert first == mark_of(path) is not None
    (tmp_path / "new").write_text("two")
    (tmp_path / "new").replace(path)
    assert mark_of(path) != first


def test_a_mark_is_settled_once_no_later_write_can_have_it(tmp_path: Path) -> None:
    path = tmp_path / "written in place"
    assert is_settled(mark_of(path))
    path.touch()
    assert not is_settled(mark_of(path))
    os.utime(path, ns=(0, path.stat().st_mtime_ns - 60 * 10**9))
    assert is_settled(mark_of(path))
