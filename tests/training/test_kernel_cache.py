"""The cache of kernels is small before torch is loaded, unless somebody chose its size."""

import os

import pytest

from training.kernel_cache import VARIABLE, keep_few_kernels


@pytest.mark.parametrize(("chosen", "kept"), [(None, "300"), ("1024", "1024"), ("0", "0")])
def test_a_chosen_capacity_stays(monkeypatch: pytest.MonkeyPatch, chosen: str | None, kept: str) -> None:
    monkeypatch.setenv(VARIABLE, chosen or "")
    if chosen is None:
        monkeypatch.delenv(VARIABLE)
    keep_few_kernels()
    assert os.environ[VARIABLE] == kept
