"""What is said where an optional package is missing."""

import pytest

from data import extras
from data.errors import SettingsError


def test_a_package_that_is_there_is_not_spoken_of() -> None:
    extras.require("json", extra="train", purpose="this test")


def test_a_missing_package_is_told_with_the_extra_that_brings_it() -> None:
    with pytest.raises(
        SettingsError, match=r"this test needs no_such_package, .*pip install .*'\.\[train\]'"
    ):
        extras.require("no_such_package", extra="train", purpose="this test")
