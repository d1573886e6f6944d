"""A state holds what was mined under the names that people gave it, and a folder without one says how to get it."""

import os
import stat
import sys
from pathlib import Path

import pytest

from data.errors import StateError
from mining.edits import rename
from mining.register import RegisteredCause, open_register
from serving.fixes.folder import FixedFolder
from serving.state import find_state, read_state, stored_in
from tests.serving.small_world import small_mining
from tests.serving.state_world import renew


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other rights there")
def test_a_state_is_for_the_eyes_of_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        renew(tmp_path, "first")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_no_state_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(StateError, match=r"no mining in .*: run `countervoice mine FILE --out"):
        find_state(tmp_path)


def test_who_names_the_inside_of_a_mining_is_told_its_folder(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    with pytest.raises(
        StateError, match=r"is the inside of a mining, .*: name the folder around it, "
    ) as told:
        find_state(tmp_path / "state")
    assert str(tmp_path) in str(told.value)


def test_a_register_that_an_interrupted_mining_left_empty_names_nothing(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    (tmp_path / "causes.db").touch()
    assert [cause.label for cause in read_state(tmp_path).stored.mining.causes] == [
        "examples",
        "couriers",
        "battery",
    ]
    assert not FixedFolder(tmp_path).labels()
    assert not FixedFolder(tmp_path).standing().names


def test_a_name_is_a_label_also_where_its_cause_was_not_found_again(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    mined = {cause.id: cause.label for cause in small_mining().causes}
    assert stored_in(tmp_path).labels == mined
    with open_register(tmp_path / "causes.db", create=True) as register:
        for cause, name in {"c-0001": "Worked examples", "c-9999": "Old covers"}.items():
            register.put(RegisteredCause.waiting(cause, ()))
            rename(register, cause, name)
    assert stored_in(tmp_path).labels == {**mined, "c-0001": "Worked examples", "c-9999": "Old covers"}


def test_a_state_without_its_index_is_refused(tmp_path: Path) -> None:
    renew(tmp_path, "first")
    for file in (tmp_path / "state" / "index").iterdir():
        file.unlink()
    with pytest.raises(StateError, match="mine again"):
        read_state(tmp_path)
