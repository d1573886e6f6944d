"""The version of Countervoice, from the one place that states it."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def version() -> str:
    """The version in pyproject.toml; where a wheel was installed, which holds none, the one it was built with."""
    project = ROOT / "pyproject.toml"
    if not project.exists():
        from importlib import metadata

        return metadata.version("countervoice")
    with project.open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
